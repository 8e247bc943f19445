import { ConflictError, messageOf, RetryableError } from '../../core/index.ts';
import type { Store } from '../store/store.ts';
import { type Action, type CommitInfo, encodeCommit } from './actions.ts';
import { assertFits } from './conflict.ts';
import { advance } from './log.ts';
import { commitKey } from './names.ts';
import { assertWritable } from './protocol.ts';
import { applyActions, type Snapshot, type TableState } from './state.ts';

/** What the tables of a lake need of their surroundings. */
export interface TableDeps {
  /** µs since 1970 UTC. */
  readonly clock: () => number;
  /** Beagle's version, for commitInfo. */
  readonly version?: string;
  /** Waits `ms`; replaced in tests. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Unique text for every call; a UUID when absent. */
  readonly nonce?: () => string;
  /** Told of what failed but does no harm (a checkpoint that could not be written), in one line. */
  readonly warn?: (message: string) => void;
}

export interface CommitDescription {
  /** Delta's name of what was done: WRITE, OPTIMIZE, ADD COLUMNS … */
  readonly operation: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Gives the actions to commit on top of the snapshot; null when there is nothing to do. */
export type Plan = (snapshot: Snapshot) => readonly Action[] | null;

/** Somebody else wins each lost race, so this many in a row mean that something is wrong. */
const RACES_MAX = 1_000;
/** Failures of the store before the caller hears of it: about 6 s with the pauses below. */
const FAILURES_MAX = 6;
const PAUSE_FIRST_MS = 100;

interface Commit {
  readonly store: Store;
  readonly table: string;
  readonly state: TableState;
  readonly snapshotOf: (state: TableState) => Snapshot;
  readonly plan: Plan;
  readonly description: CommitDescription;
  readonly deps: Required<Pick<TableDeps, 'clock' | 'sleep' | 'nonce'>> & TableDeps;
}

/**
 * Commits by put-if-absent of the next version's name, planning anew on the newest version at every attempt.
 * All attempts carry one nonce: after a put that failed or was lost, the log says whether an attempt of ours
 * landed. ConflictError when the plan does not fit; RetryableError when the store kept failing and the outcome
 * is unknown.
 */
export async function commit(job: Commit): Promise<{ version: number } | null> {
  const { store, table, state, deps } = job;
  const nonce = deps.nonce();
  let failures = 0;
  for (let races = 0; races < RACES_MAX; ) {
    try {
      const landed = await advance(store, table, state, nonce);
      if (landed !== null) return { version: landed };
      const prepared = prepare(job, nonce);
      if (prepared === null) return null;
      const version = state.version + 1;
      if (await store.putIfAbsent(commitKey(table, version), prepared.bytes)) {
        applyActions(state, version, prepared.info.timestamp, prepared.actions);
        return { version };
      }
      races++;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      failures++;
      if (failures >= FAILURES_MAX) {
        throw new RetryableError(
          `[lake/delta] ${table}: whether the commit landed is unknown: ${messageOf(error)}; read the log before trying again`,
        );
      }
      await deps.sleep(PAUSE_FIRST_MS * 2 ** (failures - 1));
    }
  }
  throw new ConflictError(`[lake/delta] ${table}: lost ${RACES_MAX} races in a row; use fewer writers`);
}

function prepare({ table, state, snapshotOf, plan, description, deps }: Commit, nonce: string) {
  const snapshot = snapshotOf(state);
  const actions = plan(snapshot);
  if (actions === null) return null;
  assertWritable(table, snapshot.protocol, snapshot.metadata);
  assertFits(table, state, actions);
  const info = commitInfo(
    description,
    actions,
    nonce,
    Math.max(Math.floor(deps.clock() / 1000), state.timestampMs + 1),
    deps,
  );
  return { bytes: encodeCommit(info, actions), info, actions };
}

/** `timestampMs` never falls behind that of the version before, so that versions can be found by time. */
export function commitInfo(
  { operation, parameters }: CommitDescription,
  actions: readonly Action[],
  nonce: string,
  timestampMs: number,
  deps: Pick<TableDeps, 'version'>,
): CommitInfo & { readonly timestamp: number } {
  // Spark reads operationParameters as a map of strings.
  const operationParameters = Object.fromEntries(
    Object.entries(parameters ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return {
    timestamp: timestampMs,
    operation,
    operationParameters,
    engineInfo: deps.version === undefined ? 'beagle' : `beagle/${deps.version}`,
    txnId: nonce,
    isBlindAppend: actions.every((action) => 'add' in action || 'txn' in action),
  };
}
