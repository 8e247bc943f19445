import { describe, expect, it } from 'vitest';
import { BASELINE_POLICY, type Policy } from '../../core/index.ts';
import { createEvaluationSet } from './evaluation-set.ts';
import { explainPolicy, explanationLines } from './explain.ts';
import { assessPolicy } from './objectives.ts';
import { syntheticHistory } from './synthetic-history.ts';

const history = syntheticHistory({ seed: 1, people: 30, days: 6, perDay: 12, campaigns: 6 });
const set = createEvaluationSet(history.columns, history.labels);
const baseline = { policy: BASELINE_POLICY, assessment: assessPolicy(set, BASELINE_POLICY) };
const strict: Policy = {
  ...BASELINE_POLICY,
  weights: { ...BASELINE_POLICY.weights, s_new_country: 0.5 },
  thresholds: { ...BASELINE_POLICY.thresholds, person: { stepUp: 20, block: 75 } },
  sessionLifetimeS: 28_800,
  guards: { ...BASELINE_POLICY.guards, privilegedNeedsMfa: true },
};

describe('the explanation of a policy', () => {
  it('says what changed, the largest first, and what it buys', () => {
    const { effects, changes } = explainPolicy(strict, assessPolicy(set, strict), baseline);
    expect(changes.map((change) => change.path)).toEqual([
      'guards.privilegedNeedsMfa',
      'thresholds.person.stepUp',
      'weights.s_new_country',
      'sessionLifetimeS',
    ]);
    expect(changes[1]!.text).toBe('Step-up threshold for people 40 → 20.');
    expect(changes[3]!.text).toBe('Session lifetime 12 h → 8 h.');
    expect(effects[0]).toMatch(/^Stops \d of 6 campaigns \(\d before\): [\d.]+ % of the attack impact is left/);
    expect(effects[1]).toMatch(/^Costs [\d.]+ min a user-week, [\d.]+ min more: [\d,]+ prompts, /);
    expect(effects[2]).toMatch(/^Control gaps [\d.]+ % \([\d.]+ % before\): \d of 8 controls/);
  });

  it('of the same policy finds no changes, and names the gaps with counts and sources', () => {
    const lines = explanationLines(explainPolicy(BASELINE_POLICY, baseline.assessment, baseline));
    expect(lines).toContain('Nothing is set differently.');
    expect(lines.some((line) => /\d+ of \d+ events let through unchallenged\. \(NIST/.test(line))).toBe(true);
    expect(lines.find((line) => line.startsWith('Costs'))).toContain('as before');
  });

  it('is honest when no attack is labelled', () => {
    const blind = createEvaluationSet(history.columns, []);
    const assessment = assessPolicy(blind, BASELINE_POLICY);
    const [first] = explainPolicy(BASELINE_POLICY, assessment, { policy: BASELINE_POLICY, assessment }).effects;
    expect(first).toMatch(/^No attack is labelled: judged by risk let through\. [\d.]+ % of the baseline risk/);
  });
});
