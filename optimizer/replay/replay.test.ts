import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BASELINE_POLICY,
  CLASS,
  decide,
  eventRisk,
  type Policy,
  policySchema,
  SEGMENTS,
  SIGNAL_NAMES,
  scaleSignals,
  weightsOf,
} from '../../core/index.ts';
import { decisionOf, replayDecisions } from './decisions.ts';
import { createPolicyProblem } from './evaluate.ts';
import { createEvaluationSet, type EvaluationSet } from './evaluation-set.ts';
import { type EventColumns, eventAt, FACT_COLUMNS, trustKeyAt } from './event.ts';
import { decodePolicy, encodePolicy, GENES, policyIdOf } from './genome.ts';
import { assessPolicy } from './objectives.ts';
import { syntheticHistory } from './synthetic-history.ts';

const history = syntheticHistory({ seed: 1, people: 30, days: 6, perDay: 12, campaigns: 6 });
const set = createEvaluationSet(history.columns, history.labels);
const unlabelled = createEvaluationSet(history.columns, []);
const genomes = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: GENES, maxLength: GENES });
const policies = genomes.map((genome) => decodePolicy(genome));

/** Rows of `columns` in another order. */
function permuted(columns: EventColumns, order: readonly number[]): EventColumns {
  const names = [...FACT_COLUMNS, ...SIGNAL_NAMES];
  return Object.fromEntries(names.map((name) => [name, order.map((row) => columns[name][row])])) as never;
}

/** Set-row by set-row, what core says of the event. */
function decideEach(columns: EventColumns, policy: Policy): Map<string, string> {
  const scaled = new Float64Array(SIGNAL_NAMES.length);
  const weights = weightsOf(policy);
  return new Map(
    Array.from({ length: columns.event_uid.length }, (_, row) => {
      const event = eventAt(columns, row);
      scaleSignals(event.signals, scaled);
      const decision = decide(
        {
          risk: eventRisk(scaled, weights),
          segment: SEGMENTS[event.segment]!,
          sessionAgeS: event.session_age_s,
          mfa: event.mfa,
        },
        policy,
      );
      return [event.event_uid, decision];
    }),
  );
}

/** The uids of a set's rows, in its order. */
function uidsOf(columns: EventColumns): string[] {
  const by = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  const rows = Array.from({ length: columns.event_uid.length }, (_, row) => ({
    key: trustKeyAt(columns, row),
    time: columns.time[row]!,
    uid: columns.event_uid[row]!,
  }));
  return rows.sort((a, b) => by(a.key, b.key) || a.time - b.time || by(a.uid, b.uid)).map((row) => row.uid);
}

describe('replay', () => {
  it('decides every event as core’s decide does, whatever the policy', () => {
    const uids = uidsOf(history.columns);
    const outcomes = new Uint8Array(set.count);
    fc.assert(
      fc.property(policies, (policy) => {
        replayDecisions(set, policy, outcomes);
        const expected = decideEach(history.columns, policy);
        for (let i = 0; i < set.count; i++) {
          if (decisionOf(outcomes[i]!) !== expected.get(uids[i]!)) {
            throw new Error(`${uids[i]}: ${decisionOf(outcomes[i]!)} instead of ${expected.get(uids[i]!)}`);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not hang on the order of the rows', () => {
    const rows = Array.from({ length: history.columns.event_uid.length }, (_, row) => row);
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), fc.nat(), (order, seed) => {
        expect(createEvaluationSet(permuted(history.columns, order), [...history.labels].reverse())).toEqual(set);
        const bounded = { rowsMax: 500, seed };
        expect(createEvaluationSet(permuted(history.columns, order), history.labels, bounded)).toEqual(
          createEvaluationSet(history.columns, history.labels, bounded),
        );
      }),
      { numRuns: 5 },
    );
  });

  it('of an empty history finds nothing wrong with any policy but its own settings', () => {
    const empty = createEvaluationSet(permuted(history.columns, []), []);
    const { objectives, basis, controls } = assessPolicy(empty, BASELINE_POLICY);
    expect(objectives).toEqual({ security: 0, productivity: 0, compliance: 0 });
    expect(basis).toBe('risk');
    expect(controls.every((control) => !control.checked)).toBe(true);
  });
});

describe('sampling', () => {
  it('keeps all attacks, at most the rows allowed, and estimates friction within a third', () => {
    const long = syntheticHistory({ seed: 5, people: 60, days: 20, perDay: 12, campaigns: 4 });
    const whole = createEvaluationSet(long.columns, long.labels);
    const part = createEvaluationSet(long.columns, long.labels, { rowsMax: 4000 });
    expect(part.count).toBeLessThanOrEqual(4000);
    expect(part.count).toBeGreaterThan(3900);
    expect(part.weight * (part.count - long.labels.length)).toBeCloseTo(whole.count - long.labels.length);
    expect([part.users, part.weeks, part.events]).toEqual([whole.users, whole.weeks, whole.events]);
    const [sampled, exact] = [part, whole].map((s) => assessPolicy(s, BASELINE_POLICY).objectives);
    expect(sampled!.security).toBe(exact!.security);
    expect(Math.abs(sampled!.productivity / exact!.productivity - 1)).toBeLessThan(1 / 3);
  });

  it('takes part of the only session when it is too large', () => {
    const one = permuted(history.columns, [0, 1, 2, 3, 4, 5]);
    expect(createEvaluationSet(one, [], { rowsMax: 4 })).toMatchObject({ count: 4, weight: 1.5 });
  });
});

/** The policy with every threshold moved by `by`, within 0 to 100. */
function moved(policy: Policy, by: number): Policy {
  const at = (value: number) => Math.min(100, Math.max(0, value + by));
  const thresholds = Object.fromEntries(
    SEGMENTS.map((segment) => {
      const { stepUp, block } = policy.thresholds[segment];
      return [segment, { stepUp: at(stepUp), block: at(block) }];
    }),
  ) as Policy['thresholds'];
  return { ...policy, thresholds };
}

describe('objectives', () => {
  const both = (s: EvaluationSet, a: Policy, b: Policy) => [
    assessPolicy(s, a).objectives,
    assessPolicy(s, b).objectives,
  ];

  it('never leave more impact or wider gaps with lower thresholds, nor cost more with higher ones', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 60 }), fc.boolean(), (policy, by, labelled) => {
        const [strict, lax] = both(labelled ? set : unlabelled, moved(policy, -by), policy);
        expect(strict!.security).toBeLessThanOrEqual(lax!.security + 1e-12);
        expect(strict!.compliance).toBeLessThanOrEqual(lax!.compliance + 1e-12);
        expect(strict!.productivity).toBeGreaterThanOrEqual(lax!.productivity - 1e-12);
      }),
      { numRuns: 150 },
    );
  });

  it('never cost more when a single block threshold rises or sessions last longer', () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...SEGMENTS), fc.integer({ min: 1, max: 90 }), (policy, segment, by) => {
        const { stepUp, block } = policy.thresholds[segment];
        const later = { stepUp, block: Math.min(100, block + by) };
        const higher = { ...policy, thresholds: { ...policy.thresholds, [segment]: later } };
        const longer = { ...policy, sessionLifetimeS: policy.sessionLifetimeS + by * 3600 };
        const cost = assessPolicy(set, policy).objectives.productivity;
        expect(assessPolicy(set, higher).objectives.productivity).toBeLessThanOrEqual(cost + 1e-12);
        expect(assessPolicy(set, longer).objectives.productivity).toBeLessThanOrEqual(cost + 1e-12);
      }),
      { numRuns: 150 },
    );
  });

  it('are 1 impact and no friction when nothing is asked, no impact when all is blocked', () => {
    const lax: Policy = {
      ...BASELINE_POLICY,
      sessionLifetimeS: 31_536_000,
      weights: { ...decodePolicy(new Float64Array(GENES)).weights },
      guards: { privilegedNeedsMfa: false, serviceStepUpAllows: true },
    };
    expect(assessPolicy(set, lax).objectives).toMatchObject({ security: 1, productivity: 0 });
    const strict = moved(BASELINE_POLICY, -100);
    const blocked = assessPolicy(set, strict);
    expect(blocked.objectives.security).toBe(0);
    expect(blocked.objectives.productivity).toBeGreaterThan(100);
    expect(blocked.campaigns.every((campaign) => campaign.stopped)).toBe(true);
    expect(blocked.controls.find((control) => control.id === 'grant-challenge')).toMatchObject({ gap: 0, failed: 0 });
  });

  it('count a prompt for two hours of risk, a re-authentication for a session lifetime, a call for eight hours', () => {
    const hours = [0, 1, 3, 4, 8, 9];
    const columns = permuted(
      history.columns,
      hours.map(() => 1),
    );
    const made = {
      ...columns,
      event_uid: hours.map(String),
      time: hours.map((hour) => hour * 3600e6),
      session_uid: hours.map(() => 's'),
      session_age_s: hours.map((hour) => hour * 3600),
      actor_type: hours.map(() => 'user' as const),
      is_privileged: hours.map(() => false),
      class_uid: hours.map(() => CLASS.apiActivity),
      ...Object.fromEntries(SIGNAL_NAMES.map((name) => [name, hours.map(() => (name === 's_new_country' ? 1 : null))])),
    } as EventColumns;
    const one = createEvaluationSet(made, []);
    const person = (stepUp: number, block: number, sessionLifetimeS: number): Policy => ({
      ...BASELINE_POLICY,
      sessionLifetimeS,
      thresholds: { ...BASELINE_POLICY.thresholds, person: { stepUp, block } },
    });
    // Risk is 35 throughout. Prompts at 0 (covers 1), 3 (covers 4), 8 (covers 9).
    expect(assessPolicy(one, person(30, 99, 86_400)).friction).toMatchObject({ prompts: 3, reauthentications: 0 });
    // Too old from 3 h on: at 3 (covers 4), 8 (covers 9).
    expect(assessPolicy(one, person(50, 99, 7_200)).friction).toMatchObject({ prompts: 0, reauthentications: 2 });
    // Calls at 0 (covers up to 8) and 9; the blocked tried, so the prompts stay.
    expect(assessPolicy(one, person(30, 30, 86_400)).friction).toMatchObject({ prompts: 3, blocked: 2 });
    // (3 · 20 s + 2 · 30 min) for one user, 9 hours counting as a day.
    expect(assessPolicy(one, person(30, 30, 86_400)).objectives.productivity).toBeCloseTo(61 * 7);
  });

  it('say what they rest on', () => {
    expect(assessPolicy(set, BASELINE_POLICY).basis).toBe('labels');
    const byRisk = assessPolicy(unlabelled, BASELINE_POLICY);
    expect(byRisk.basis).toBe('risk');
    expect(byRisk.campaigns).toEqual([]);
    expect(byRisk.objectives.security).toBeGreaterThan(0);
  });

  it('replay 100,000 events in milliseconds', () => {
    const big = syntheticHistory({ seed: 2, people: 250, days: 20, perDay: 20, campaigns: 10 });
    const bigSet = createEvaluationSet(big.columns, big.labels);
    const problem = createPolicyProblem(bigSet);
    const out = new Float64Array(3);
    const spent: number[] = [];
    for (let i = 0; i < 40; i++) {
      const genome = Float64Array.from({ length: GENES }, (_, g) => ((i * 7 + g * 13) % 29) / 29);
      const started = performance.now();
      problem.evaluate(genome, out);
      spent.push(performance.now() - started);
    }
    spent.sort((a, b) => a - b);
    console.info(
      `replay of ${bigSet.count} events: ${spent[0]!.toFixed(2)} ms a policy at best, median ${spent[20]!.toFixed(2)}`,
    );
    // The best of 40, ten times over: this catches a lost order of magnitude, not a busy machine.
    expect(spent[0]).toBeLessThan(25);
  });
});

describe('genome', () => {
  it('always decodes to a valid policy, which encodes and decodes to itself', () => {
    fc.assert(
      fc.property(genomes, (genome) => {
        const policy = decodePolicy(genome);
        expect(policySchema.parse(policy)).toEqual(policy);
        const again = decodePolicy(encodePolicy(policy));
        expect(again).toEqual(policy);
        expect(policyIdOf(again)).toBe(policyIdOf(policy));
      }),
      { numRuns: 300 },
    );
  });

  it('expresses the baseline, and wild genes give a valid policy', () => {
    expect(decodePolicy(encodePolicy(BASELINE_POLICY))).toEqual(BASELINE_POLICY);
    expect(() => policySchema.parse(decodePolicy([-4, 9]))).not.toThrow();
  });

  it('names a policy by what it does alone', () => {
    const later = decodePolicy(encodePolicy(BASELINE_POLICY), { version: 7, parent: 6, effectiveFrom: 99 });
    expect(later).toMatchObject({ version: 7, parent: 6, effectiveFrom: 99 });
    expect(policyIdOf(later)).toBe(policyIdOf(BASELINE_POLICY));
    expect(policyIdOf({ ...later, sessionLifetimeS: 60 })).not.toBe(policyIdOf(later));
  });
});
