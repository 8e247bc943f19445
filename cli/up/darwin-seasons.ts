import type { Policy } from '../../core/index.ts';
import { createLocalStore, EVENTS, tableAt } from '../../lake/index.ts';
import { evolve, loadEvaluationSet, policiesOf } from '../../optimizer/index.ts';
import { openLakeQuery } from '../lake-access.ts';
import type { DarwinConfig, FromDarwin } from './darwin-messages.ts';

/** Fewer events say nothing about a policy. */
const EVENTS_MIN = 500;
const LOOK_EVERY_MS = 2000;
/** A generation as often as this at most: the rest of the machine has work to do. */
const GENERATION_EVERY_MS = 2000;
/** After so many generations the history is read anew. */
const GENERATIONS_A_SEASON = 60;
const MEMORY_MB = 256;

export interface SeasonOptions {
  readonly config: DarwinConfig;
  /** The policy in force now. */
  readonly baseline: () => Policy;
  readonly stop: AbortSignal;
  readonly post: (message: FromDarwin) => void;
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * Evolves for as long as the process runs, in seasons: each reads the newest history and begins with the
 * policies of the season before. A restart goes on with the saved run on the history that it was measured on.
 */
export async function evolveInSeasons(options: SeasonOptions): Promise<void> {
  const { config, stop } = options;
  const events = tableAt(createLocalStore(config.lake), EVENTS, { clock: () => Date.now() * 1000 });
  let saved = config.saved?.state ?? null;
  let resumeAt = config.saved?.lakeVersion ?? null;
  while (!stop.aborted) {
    const snapshot = await events.snapshot();
    const version = resumeAt ?? snapshot.version;
    if (snapshot.numRecords < EVENTS_MIN || version > snapshot.version) {
      await options.wait(LOOK_EVERY_MS);
      continue;
    }
    const query = await openLakeQuery(config.lake, MEMORY_MB);
    const set = await loadEvaluationSet(query, { at: version }).finally(() => query.close());
    const resumed = resumeAt === null ? null : saved;
    const generations =
      (Math.floor((resumed?.darwin.generation ?? 0) / GENERATIONS_A_SEASON) + 1) * GENERATIONS_A_SEASON;
    const { state } = await evolve({
      set,
      generations,
      seed: config.seed,
      population: config.population,
      baseline: options.baseline(),
      signal: stop,
      ...(resumed !== null ? { resume: resumed } : { ancestors: saved === null ? [] : policiesOf(saved) }),
      async onGeneration(step, currentState) {
        const isLast = step.generation === generations;
        options.post({ type: 'generation', step, state: currentState(), lakeVersion: version, isLast });
        await options.wait(GENERATION_EVERY_MS);
      },
    });
    saved = state;
    resumeAt = null;
  }
}
