import { describe, expect, it } from 'vitest';
import { BASELINE_POLICY, policySchema } from '../core/index.ts';
import { compareDominance, randomSearch } from './darwin/index.ts';
import { type EvolutionState, type EvolutionStep, evolve, policiesOf, REFERENCE_POINT, volumeOf } from './evolve.ts';
import { createPolicyProblem } from './replay/evaluate.ts';
import { createEvaluationSet } from './replay/evaluation-set.ts';
import { decodePolicy, policyIdOf } from './replay/genome.ts';
import { assessPolicy } from './replay/objectives.ts';
import { syntheticHistory } from './replay/synthetic-history.ts';

const history = syntheticHistory({ seed: 3, people: 40, days: 5, perDay: 10, campaigns: 8 });
const set = createEvaluationSet(history.columns, history.labels, { lakeVersion: 12 });
const settings = { set, generations: 6, population: 24, seed: 7 };
const still = { nowMs: () => 0 };

describe('evolve', () => {
  it('gives the same front for the same seed, and another for another', async () => {
    const first = await evolve({ ...settings, ...still });
    expect(await evolve({ ...settings, ...still })).toEqual(first);
    const other = await evolve({ ...settings, ...still, seed: 8 });
    expect(other.front).not.toEqual(first.front);
    expect(other.runId).not.toBe(first.runId);
  });

  it('equals the uninterrupted run when stopped, saved as JSON and resumed', async () => {
    const whole = await evolve({ ...settings, ...still });
    const stop = new AbortController();
    const half = await evolve({
      ...settings,
      ...still,
      signal: stop.signal,
      onGeneration: (step) => (step.generation === 3 ? stop.abort() : undefined),
    });
    expect(half.generations).toBe(3);
    const resume = JSON.parse(JSON.stringify(half.state)) as EvolutionState;
    expect(await evolve({ ...settings, ...still, resume })).toEqual(whole);
  });

  it('refuses to resume on another history, but begins there with the policies that it is given', async () => {
    const { state, front } = await evolve({ ...settings, generations: 2 });
    const later = createEvaluationSet(history.columns, history.labels, { lakeVersion: 13 });
    await expect(evolve({ ...settings, set: later, resume: state })).rejects.toThrow(/another history/);
    const steps: EvolutionStep[] = [];
    const ancestors = policiesOf(state);
    await evolve({
      ...settings,
      set: later,
      generations: 0,
      ancestors,
      onGeneration: (step) => {
        steps.push(step);
      },
    });
    // The same events: the earlier front is there again, as far as it fits, beside the policy in force.
    const ids = new Set(steps[0]!.front.map((member) => member.policyId));
    for (const policy of ancestors.slice(0, 21)) expect(ids).toContain(policyIdOf(policy));
    expect(ancestors.map(policyIdOf)).toEqual(front.map((member) => member.policyId));
  });

  it('tells after each generation a front of valid policies that none of it dominates, and a knee on it', async () => {
    const steps: EvolutionStep[] = [];
    const result = await evolve({
      ...settings,
      onGeneration: (step) => {
        steps.push(step);
      },
    });
    expect(steps.map((step) => step.generation)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(steps.map((step) => step.hypervolume)).toEqual(result.hypervolume);
    expect(steps.at(-1)!.evaluations).toBe(24 * 7);
    // The front is no larger than its bound here, so nothing is ever forgotten.
    for (let i = 1; i < steps.length; i++)
      expect(steps[i]!.hypervolume).toBeGreaterThanOrEqual(steps[i - 1]!.hypervolume);
    for (const { front, kneeId } of steps) {
      expect(front.map((member) => member.policyId)).toContain(kneeId);
      expect(new Set(front.map((member) => member.policyId)).size).toBe(front.length);
      const vectors = front.map((member) => Object.values(member.objectives));
      for (const a of vectors) for (const b of vectors) expect(compareDominance(a, b)).toBe(0);
    }
    for (const { policy, policyId, objectives } of result.front) {
      expect(policySchema.safeParse(policy).success).toBe(true);
      expect(policyIdOf(policy)).toBe(policyId);
      expect(assessPolicy(set, policy).objectives).toEqual(objectives);
    }
  });

  it('never ends with a front that the policy in force beats', async () => {
    const { front } = await evolve(settings);
    const baseline = Object.values(assessPolicy(set, BASELINE_POLICY).objectives);
    for (const member of front)
      expect(compareDominance(baseline, Object.values(member.objectives))).toBeGreaterThanOrEqual(0);
  });

  it('beats random search with the same evaluations in the median of five seeds', async () => {
    const gains: number[] = [];
    for (let seed = 0; seed < 5; seed++) {
      const result = await evolve({ ...settings, seed, generations: 20, population: 60 });
      const drawn = randomSearch(createPolicyProblem(set), { seed, evaluations: result.evaluations }).map(
        ({ genome, objectives: [security = 0, productivity = 0, compliance = 0] }) => ({
          policy: decodePolicy(genome),
          objectives: { security, productivity, compliance },
        }),
      );
      gains.push(result.hypervolume.at(-1)! - volumeOf(drawn));
    }
    gains.sort((a, b) => a - b);
    console.info(`hypervolume gained on random search, five seeds: ${gains.map((gain) => gain.toFixed(4)).join(' ')}`);
    expect(gains[2]).toBeGreaterThan(0);
  });

  it('measures volume as a share of the box up to the reference point', () => {
    expect(volumeOf([{ objectives: { security: 0, productivity: 0, compliance: 0 } }])).toBe(1);
    expect(volumeOf([{ objectives: { security: 0.5, productivity: 7.5, compliance: 0 } }])).toBe(0.25);
    expect(volumeOf([{ objectives: REFERENCE_POINT }])).toBe(0);
  });
});
