import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BASELINE_POLICY,
  eventRisk,
  type Policy,
  riskShares,
  SIGNAL_NAMES,
  type SignalName,
  scaleSignals,
  weightsOf,
} from '../../core/index.ts';
import { createTrial, DAY_US, START_US } from '../fixtures.ts';
import { createPerson } from '../person.ts';
import { score } from './score.ts';
import type { Draft, StepContext } from './step.ts';

const signals = fc.record(
  Object.fromEntries(
    SIGNAL_NAMES.map((name) => [
      name,
      fc.option(fc.double({ min: 0, max: name === 's_geo_speed_kmh' ? 2000 : 3, noNaN: true })),
    ]),
  ) as Record<SignalName, fc.Arbitrary<number | null>>,
);

function scored(given: Partial<Record<SignalName, number | null>>, policy: Policy, person = createPerson()) {
  const draft = createTrial().feed({ actor_uid: null, time: START_US }) as Draft;
  for (const name of SIGNAL_NAMES) draft[name] = given[name] ?? null;
  const scaled = new Float64Array(SIGNAL_NAMES.length);
  const weights = weightsOf(policy);
  score({ draft, person, atUs: START_US, weights, scaled } as unknown as StepContext);
  return draft;
}

describe('score', () => {
  test('is core’s formula, to the hundredth; reasons are the largest shares of it', () => {
    fc.assert(
      fc.property(signals, (given) => {
        const draft = scored(given, BASELINE_POLICY);
        const scaled = new Float64Array(SIGNAL_NAMES.length);
        scaleSignals(draft, scaled);
        const weights = weightsOf(BASELINE_POLICY);
        expect(Math.abs(draft.risk - eventRisk(scaled, weights))).toBeLessThan(0.00501);
        const shares = new Float64Array(weights.length);
        riskShares(scaled, weights, shares);
        const told = draft.reasons.map((reason) => reason.split(':') as [SignalName, string]);
        for (const [name, share] of told) {
          expect(Math.abs(Number(share) - shares[SIGNAL_NAMES.indexOf(name)]!)).toBeLessThan(0.00501);
        }
        const values = told.map(([, share]) => Number(share));
        expect(values).toEqual([...values].sort((a, b) => b - a));
        expect(told.length).toBeLessThanOrEqual(5);
        const untold = shares.filter((_, i) => !told.some(([name]) => name === SIGNAL_NAMES[i]));
        if (told.length < 5) expect(Math.max(0, ...untold)).toBeLessThan(0.05);
        // Nine signals may share alike: the five told are then five ninths.
        if (draft.risk > 0) expect(values.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.52);
      }),
    );
  });

  test('of nothing is nothing, without reasons', () => {
    expect(scored({}, BASELINE_POLICY)).toMatchObject({ risk: 0, user_risk: 0, reasons: [] });
  });

  test('one signal is the whole reason', () => {
    expect(scored({ s_new_device: 1 }, BASELINE_POLICY)).toMatchObject({ risk: 25, reasons: ['s_new_device:1.00'] });
  });

  test('what was carried over counts for the event, not for the person again', () => {
    const draft = scored({ s_user_risk: 100, s_new_country: 1 }, BASELINE_POLICY);
    expect(draft.risk).toBeCloseTo(100 * (1 - 0.7 * 0.65), 2);
    expect(draft.user_risk).toBeCloseTo(100 * 0.35 ** 3, 2);
  });

  test('what a person is remembered by does not depend on the policy: policies never write state', () => {
    const blind: Policy = {
      ...BASELINE_POLICY,
      version: 1,
      weights: Object.fromEntries(SIGNAL_NAMES.map((name) => [name, 0])) as Policy['weights'],
    };
    const draft = scored({ s_new_country: 1 }, blind);
    expect(draft.risk).toBe(0);
    expect(draft.user_risk).toBe(scored({ s_new_country: 1 }, BASELINE_POLICY).user_risk);
  });

  test('two shards under different policies hold the same memory of the same events', () => {
    const states = [false, true].map((isStrict) => {
      const { feed, putJson, state } = createTrial();
      const policy = { ...BASELINE_POLICY, version: 1, weights: { ...BASELINE_POLICY.weights, s_privileged: 0.9 } };
      if (isStrict) putJson('@control', { kind: 'policy', policy });
      for (let i = 0; i < 5; i++) feed({ is_privileged: true, time: START_US + i * DAY_US });
      return state.people;
    });
    expect(states[0]).toEqual(states[1]);
  });
});
