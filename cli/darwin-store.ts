import { z } from 'zod';
import type { Row } from '../core/index.ts';
import type { Store } from '../lake/index.ts';
import type { EvolutionState, EvolutionStep, FrontPolicy } from '../optimizer/index.ts';

/** A run as it is kept between processes: its state, and the version of `events` that it is measured on. */
export interface SavedRun {
  readonly lakeVersion: number;
  readonly state: EvolutionState;
}

const savedSchema = z.object({
  lakeVersion: z.int(),
  state: z.looseObject({
    runId: z.string(),
    history: z.string(),
    darwin: z.looseObject({}),
    hypervolume: z.array(z.number()),
  }),
});

/** Darwin of `up` and `beagle evolve` keep a run each. */
export type RunName = 'up' | 'evolve';

const keyOf = (name: RunName) => `darwin/${name}.json`;

export async function saveRun(state: Store, name: RunName, run: SavedRun): Promise<void> {
  await state.put(keyOf(name), Buffer.from(JSON.stringify(run)));
}

export async function loadRun(state: Store, name: RunName): Promise<SavedRun | null> {
  const bytes = await state.get(keyOf(name));
  return bytes === null
    ? null
    : (savedSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))) as unknown as SavedRun);
}

/** What all rows of a run have in common. */
export interface RunFacts {
  readonly seed: number;
  readonly lakeVersion: number;
  readonly population: number;
  readonly atUs: number;
}

/** A row of `generations`. */
export function generationRow(step: EvolutionStep, facts: RunFacts, durationMs: number): Row {
  const best = (name: keyof FrontPolicy['objectives']) =>
    Math.min(...step.front.map((member) => member.objectives[name]));
  return {
    run: step.runId,
    generation: step.generation,
    created_at: facts.atUs,
    seed: facts.seed,
    lake_version: facts.lakeVersion,
    population: facts.population,
    evaluations: step.evaluations,
    hypervolume: step.hypervolume,
    front: JSON.stringify(step.front.map(({ policyId, objectives }) => ({ policyId, objectives }))),
    knee_id: step.kneeId,
    best_security: best('security'),
    best_productivity: best('productivity'),
    best_compliance: best('compliance'),
    duration_ms: durationMs,
    state: null,
  };
}

/** Rows of `policies` for members of a front. */
export function policyRows(
  members: readonly FrontPolicy[],
  step: Pick<EvolutionStep, 'runId' | 'generation' | 'kneeId'>,
  facts: RunFacts,
  parent: number,
): Row[] {
  return members.map(({ policyId, objectives, policy }) => ({
    policy_id: policyId,
    version: null,
    parent,
    status: policyId === step.kneeId ? 'knee' : 'front',
    effective_from: null,
    created_at: facts.atUs,
    run: step.runId,
    generation: step.generation,
    seed: facts.seed,
    lake_version: facts.lakeVersion,
    security: objectives.security,
    productivity: objectives.productivity,
    compliance: objectives.compliance,
    is_knee: policyId === step.kneeId,
    policy: JSON.stringify(policy),
    approved_by: null,
    comment: null,
  }));
}
