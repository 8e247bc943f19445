import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { BASELINE_POLICY, type Policy, SEGMENTS } from '../core/index.ts';
import { createRun, hypervolume, kneeOf, type Nsga2State, resumeRun, type Solution } from './darwin/index.ts';
import { createPolicyProblem } from './replay/evaluate.ts';
import type { EvaluationSet } from './replay/evaluation-set.ts';
import { decodePolicy, encodePolicy, GENES, policyIdOf, SESSION_LIFETIME_S } from './replay/genome.ts';
import { OBJECTIVE_NAMES, type PolicyObjectives } from './replay/objectives.ts';

/**
 * The reference point of every hypervolume, the same for all runs: all attack impact left, a quarter of an hour of
 * friction per user-week (beyond what anybody would deploy), every control failed. A policy that is no better than it
 * in some objective adds nothing.
 */
export const REFERENCE_POINT: PolicyObjectives = { security: 1, productivity: 15, compliance: 1 };

/** Most policies of a front. */
const FRONT_MAX = 100;

/** A policy of the front. */
export interface FrontPolicy {
  readonly policyId: string;
  readonly objectives: PolicyObjectives;
  readonly policy: Policy;
}

/** What is known after each generation. */
export interface EvolutionStep {
  readonly runId: string;
  readonly generation: number;
  /** Share of the box between the ideal (0, 0, 0) and REFERENCE_POINT that the front dominates, 0 to 1. */
  readonly hypervolume: number;
  /**
   * The best policies that the run has met so far, none dominating another, ordered by objectives: at most 100, and
   * none beyond REFERENCE_POINT unless there are only such.
   */
  readonly front: readonly FrontPolicy[];
  readonly kneeId: string;
  /** Policies replayed since the run began. */
  readonly evaluations: number;
  /** Time since this call began, ms. */
  readonly elapsedMs: number;
}

/** Everything that a later call needs to go on; JSON. */
export interface EvolutionState {
  readonly runId: string;
  /** Fingerprint of the history that the objectives were measured on. */
  readonly history: string;
  readonly darwin: Nsga2State;
  /** By generation, from 0 on. */
  readonly hypervolume: readonly number[];
}

export interface EvolveOptions {
  readonly set: EvaluationSet;
  /** Generations that the whole run has at its end, those before a resume included; generation 0 comes on top. */
  readonly generations: number;
  readonly seed: number | string;
  /** Even; 100 unless told. A resumed run keeps its own. */
  readonly population?: number;
  /**
   * The policy in force; core's baseline unless told. It begins the first generation, with two variants of it that
   * ask nothing and always.
   */
  readonly baseline?: Policy;
  /** State of an earlier call on the same history. On another history, begin anew with `ancestors`. */
  readonly resume?: EvolutionState;
  /** Policies to put into the first generation, such as the front of an earlier history's run. */
  readonly ancestors?: readonly Policy[];
  /** Called after each generation, 0 included (a resumed run: after the one it stands at). */
  readonly onGeneration?: (step: EvolutionStep, state: () => EvolutionState) => void | Promise<void>;
  /** Stops the run between two generations. */
  readonly signal?: AbortSignal;
  /** Milliseconds that never go back; `performance.now` unless told. */
  readonly nowMs?: () => number;
}

export interface Evolution extends Omit<EvolutionStep, 'generation' | 'hypervolume'> {
  /** Generations made; fewer than asked for when stopped. */
  readonly generations: number;
  /** By generation, from 0 on. */
  readonly hypervolume: readonly number[];
  readonly state: EvolutionState;
}

/**
 * Evolves access policies on a history. The same set, settings and seed give the same front, whether in one call or
 * resumed. Yields to the event loop between generations. RangeError when `resume` is another run's state.
 */
export async function evolve(options: EvolveOptions): Promise<Evolution> {
  const now = options.nowMs ?? (() => performance.now());
  const startedMs = now();
  const problem = createPolicyProblem(options.set);
  const population = options.resume?.darwin.settings.population ?? options.population ?? 100;
  const baseline = options.baseline ?? BASELINE_POLICY;
  const first = [baseline, ...cornersOf(baseline), ...(options.ancestors ?? [])].slice(0, population);
  const history = historyOf(options.set);
  if (options.resume && options.resume.history !== history) {
    throw new RangeError(
      '[optimizer/evolve] the saved run was measured on another history; resume it on the same lake version, or begin anew with its policies as ancestors',
    );
  }
  const runId = options.resume?.runId ?? hashOf([history, String(options.seed), population, first.map(policyIdOf)]);
  const run = options.resume
    ? resumeRun(problem, options.resume.darwin)
    : createRun(problem, {
        seed: options.seed,
        population,
        archive: { max: FRONT_MAX, limit: referenceVector() },
        initial: first.map(encodePolicy),
      });
  const volumes = [...(options.resume?.hypervolume ?? [])];
  const describe = (): EvolutionStep => {
    const front = run.front().map(frontPolicyOf);
    const volume = volumeOf(front);
    volumes[run.generation] = volume;
    const kneeId = (front[kneeOf(front.map(vectorOf))] as FrontPolicy).policyId;
    const { generation, evaluations } = run;
    return { runId, generation, hypervolume: volume, front, kneeId, evaluations, elapsedMs: now() - startedMs };
  };
  const state = (): EvolutionState => ({
    runId,
    history,
    darwin: run.state(),
    hypervolume: [...volumes],
  });
  let step = describe();
  await options.onGeneration?.(step, state);
  while (run.generation < options.generations && !options.signal?.aborted) {
    await setImmediate();
    if (options.signal?.aborted) break;
    run.step();
    step = describe();
    await options.onGeneration?.(step, state);
  }
  return { ...step, generations: run.generation, hypervolume: [...volumes], state: state() };
}

/** The policy made to ask nothing, and made to ask always: the ends of the front, which chance finds late. */
function cornersOf(policy: Policy): Policy[] {
  const all = (stepUp: number) =>
    Object.fromEntries(SEGMENTS.map((segment) => [segment, { stepUp, block: 100 }])) as Policy['thresholds'];
  const { min, max } = SESSION_LIFETIME_S;
  const serviceStepUpAllows = true;
  return [
    {
      ...policy,
      thresholds: all(100),
      sessionLifetimeS: max,
      guards: { privilegedNeedsMfa: false, serviceStepUpAllows },
    },
    { ...policy, thresholds: all(0), sessionLifetimeS: min, guards: { privilegedNeedsMfa: true, serviceStepUpAllows } },
  ];
}

/** The front's policies of a saved run, to begin with on another history. */
export function policiesOf(state: EvolutionState): Policy[] {
  const genomes = state.darwin.archive?.genomes ?? state.darwin.genomes;
  return Array.from({ length: genomes.length / GENES }, (_, i) =>
    decodePolicy(genomes.slice(i * GENES, (i + 1) * GENES)),
  );
}

function historyOf(set: EvaluationSet): string {
  return hashOf([set.lakeVersion, set.events, set.count, set.users, set.weeks, set.weight, set.campaigns]);
}

/** 16 hexadecimal digits. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function frontPolicyOf({ genome, objectives }: Solution): FrontPolicy {
  const policy = decodePolicy(genome);
  return { policyId: policyIdOf(policy), objectives: named(objectives), policy };
}

function named(vector: Float64Array): PolicyObjectives {
  const [security = 0, productivity = 0, compliance = 0] = vector;
  return { security, productivity, compliance };
}

function vectorOf(member: { readonly objectives: PolicyObjectives }): { objectives: number[] } {
  return { objectives: OBJECTIVE_NAMES.map((name) => member.objectives[name]) };
}

/** Share of the box from (0, 0, 0) to REFERENCE_POINT that the policies dominate. */
export function volumeOf(front: readonly { readonly objectives: PolicyObjectives }[]): number {
  const reference = referenceVector();
  const box = reference.reduce((product, side) => product * side, 1);
  return (
    hypervolume(
      front.map((member) => vectorOf(member).objectives),
      reference,
    ) / box
  );
}

function referenceVector(): number[] {
  return OBJECTIVE_NAMES.map((name) => REFERENCE_POINT[name]);
}
