import { describe, expect, test } from 'vitest';
import { BASELINE_POLICY, type Policy } from '../../core/index.ts';
import { createTrial, HOUR_US, START_US } from '../fixtures.ts';

/** A shard under a policy that weighs privileged actions alone. */
function under(changes: Partial<Policy>) {
  const trial = createTrial();
  const weights = { ...BASELINE_POLICY.weights, s_privileged: 0.5, s_user_risk: 0 };
  const policy: Policy = { ...BASELINE_POLICY, version: 3, parent: 0, weights, ...changes };
  trial.putJson('@control', { kind: 'policy', policy });
  return trial;
}
const thresholds = (stepUp: number, block: number) => ({
  ...BASELINE_POLICY.thresholds,
  privileged: { stepUp, block },
});

describe('the decision', () => {
  test('follows the thresholds, and names the policy', () => {
    const event = { is_privileged: true, time: START_US };
    expect(under({ thresholds: thresholds(51, 90) }).feed(event)).toMatchObject({
      decision: 'allow',
      policy_version: 3,
    });
    expect(under({ thresholds: thresholds(50, 90) }).feed(event).decision).toBe('step_up');
    expect(under({ thresholds: thresholds(10, 50) }).feed(event).decision).toBe('block');
  });

  test('takes machines by their own thresholds, which no prompt can help', () => {
    const service = { stepUp: 10, block: 90 };
    const event = { is_privileged: true, actor_type: 'service', time: START_US } as const;
    const guards = { privilegedNeedsMfa: false, serviceStepUpAllows: true };
    const given = { thresholds: { ...BASELINE_POLICY.thresholds, service } };
    expect(under({ ...given, guards }).feed(event).decision).toBe('allow');
    expect(under({ ...given, guards: { ...guards, serviceStepUpAllows: false } }).feed(event).decision).toBe('block');
    expect(
      under({ ...given, guards: { ...guards, serviceStepUpAllows: false } }).feed({ ...event, actor_type: 'system' })
        .decision,
    ).toBe('block');
  });

  test('asks again in a session that outlived its time', () => {
    const { feed } = under({ sessionLifetimeS: 3600 });
    feed({ session_uid: 's', time: START_US });
    expect(feed({ session_uid: 's', time: START_US + HOUR_US }).decision).toBe('allow');
    expect(feed({ session_uid: 's', time: START_US + HOUR_US + 1_000_000 }).decision).toBe('step_up');
  });

  test('asks for a second factor where a privileged action lacks it, when the policy says so', () => {
    const guards = { privilegedNeedsMfa: true, serviceStepUpAllows: true };
    const { feed } = under({ guards, thresholds: thresholds(90, 95) });
    expect(feed({ is_privileged: true, mfa: false, time: START_US }).decision).toBe('step_up');
    expect(feed({ is_privileged: true, mfa: null, time: START_US }).decision).toBe('allow');
    expect(feed({ is_privileged: true, mfa: true, time: START_US }).decision).toBe('allow');
    expect(feed({ mfa: false, time: START_US }).decision).toBe('allow');
  });
});
