import { describe, expect, test } from 'vitest';
import { createTrial, HOUR_US, MINUTE_US, START_US } from '../fixtures.ts';
import { MFA_CHANGES_MAX } from '../person.ts';

const CHANGES = { changes_mfa: true } as const;

describe('changes to MFA factors', () => {
  test('are counted with the event itself, up to an hour back', () => {
    const { feed } = createTrial();
    expect(feed({ time: START_US }).s_mfa_change_1h).toBe(0);
    expect(feed({ ...CHANGES, time: START_US }).s_mfa_change_1h).toBe(1);
    expect(feed({ time: START_US + HOUR_US - 1 }).s_mfa_change_1h).toBe(1);
    expect(feed({ time: START_US + HOUR_US }).s_mfa_change_1h).toBe(0);
  });

  test('that failed change nothing', () => {
    expect(createTrial().feed({ ...CHANGES, status: 'failure', time: START_US }).s_mfa_change_1h).toBe(0);
  });

  test('that come out of order count for later events', () => {
    const { feed } = createTrial();
    feed({ time: START_US + 30 * MINUTE_US });
    feed({ ...CHANGES, time: START_US }, { arrivalUs: START_US + 30 * MINUTE_US });
    expect(feed({ time: START_US + 31 * MINUTE_US }).s_mfa_change_1h).toBe(1);
  });

  test(`are at most ${MFA_CHANGES_MAX}, and unknown without an actor`, () => {
    const { feed } = createTrial();
    for (let i = 0; i < 40; i++) feed({ ...CHANGES, time: START_US + i });
    expect(feed({ time: START_US + 50 }).s_mfa_change_1h).toBe(MFA_CHANGES_MAX);
    expect(feed({ ...CHANGES, actor_uid: null, time: START_US + 50 }).s_mfa_change_1h).toBeNull();
  });
});
