import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { ConfigError, messageOf } from '../../core/index.ts';
import type { Store } from '../store/store.ts';
import type { TableDefinition } from '../tables/definition.ts';
import { checkpointDue, writeCheckpoint } from './checkpoint.ts';
import { type CommitDescription, commit, type Plan, type TableDeps } from './commit.ts';
import { type Change, changesOf, type HistoryEntry, historyOf, versionAt } from './history.ts';
import { advance, loadState } from './log.ts';
import { type Optimized, type OptimizeOptions, optimize } from './optimize.ts';
import { assertReadable } from './protocol.ts';
import { emptyState, type Snapshot, type TableState, toSnapshot } from './state.ts';

/** A point in a table's life. */
export type At = { readonly version: number } | { readonly timestampUs: number };

/** A Delta table. One object may be shared; its operations on the log run one after another. */
export interface Table {
  readonly name: string;
  readonly definition: TableDefinition;
  readonly store: Store;
  /**
   * The newest version, or the one asked for; of a time, the last version committed at or before it, by
   * commitInfo.timestamp. ConfigError when there is none.
   */
  snapshot(at?: At): Promise<Snapshot>;
  /**
   * Commits what `plan` gives for the newest snapshot; it is called again at every attempt, with what others
   * committed in between. null = nothing to do. See {@link commit} for the errors.
   */
  commit(plan: Plan, description: CommitDescription): Promise<{ version: number } | null>;
  /** The newest `limit` (default 20) commits, the newest first. */
  history(limit?: number): Promise<HistoryEntry[]>;
  /** Commits after `version` in order, each with those of its files whose rows are new to the table. */
  changes(afterVersion: number): AsyncIterable<Change>;
  /** Rewrites small files into larger ones, see {@link optimize}; null when there is nothing to do. */
  optimize(options?: OptimizeOptions): Promise<Optimized | null>;
  /** Forgets what is cached: the next call reads the log from its last checkpoint. */
  reset(): void;
}

/** Old versions that are kept at hand. */
const OLD_SNAPSHOTS_MAX = 4;
/** After so long without a look at the log, its next commits may have been cleaned away: start anew. */
const STALE_AFTER_US = 3_600_000_000;

/** A handle on the table; reads nothing yet, and creates nothing: see `openTable`. */
export function tableAt(store: Store, definition: TableDefinition, given: TableDeps): Table {
  const { name } = definition;
  const deps = { sleep: (ms: number) => setTimeout(ms), nonce: randomUUID, ...given };
  let state = emptyState();
  let seenUs = 0;
  let tip: Snapshot | null = null;
  const old = new Map<number, Snapshot>();
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = queue.then(run);
    queue = turn.catch(() => {});
    return turn;
  };
  const snapshotOf = (current: TableState): Snapshot => {
    if (current !== state || tip?.version !== current.version) {
      const made = readableSnapshot(name, current);
      if (current !== state) return made;
      tip = made;
    }
    return tip;
  };
  const load = async (): Promise<void> => {
    const nowUs = deps.clock();
    if (state.version < 0 || nowUs - seenUs > STALE_AFTER_US) {
      const loaded = await loadState(store, name);
      if (loaded === null) throw noTable(store, name);
      state = loaded;
      tip = null;
    }
    seenUs = nowUs;
  };
  const newest = () =>
    inTurn(async () => {
      await load();
      await advance(store, name, state);
      return snapshotOf(state);
    });
  const past = async (version: number): Promise<Snapshot> => {
    const found = old.get(version) ?? (tip?.version === version ? tip : undefined);
    if (found !== undefined) return found;
    const loaded = await loadState(store, name, version);
    if (loaded === null) throw noTable(store, name);
    const made = readableSnapshot(name, loaded);
    old.set(version, made);
    if (old.size > OLD_SNAPSHOTS_MAX) old.delete([...old.keys()][0] ?? version);
    return made;
  };
  const table: Table = {
    name,
    definition,
    store,
    snapshot: async (at) => {
      if (at === undefined) return newest();
      if ('version' in at) return past(at.version);
      const { version } = await newest();
      return past(await versionAt(store, name, version, at.timestampUs));
    },
    commit: (plan, description) =>
      inTurn(async () => {
        await load();
        const done = await commit({ store, table: name, state, snapshotOf, plan, description, deps });
        if (done !== null && checkpointDue(state)) {
          // The commit stands whether or not its checkpoint can be written; the next commit tries again.
          await writeCheckpoint(store, name, state, deps.clock()).catch((error: unknown) => {
            deps.warn?.(`[lake/delta] ${name}: no checkpoint at ${state.version}: ${messageOf(error)}`);
          });
        }
        return done;
      }),
    history: async (limit = 20) => historyOf(store, name, (await newest()).version, limit),
    changes: (afterVersion) => changesOf(store, name, async () => (await newest()).version, afterVersion),
    optimize: (options) =>
      optimize({ store, definition, clock: deps.clock, snapshot: newest, commit: table.commit }, options),
    reset: () => {
      state = emptyState();
      tip = null;
      old.clear();
    },
  };
  return table;
}

function readableSnapshot(name: string, state: TableState): Snapshot {
  const { metadata, protocol } = state;
  if (metadata === null || protocol === null) {
    const what = metadata === null ? 'metaData' : 'protocol';
    throw new ConfigError(`[lake/delta] ${name} has no ${what} in its log; the table is damaged`);
  }
  assertReadable(name, protocol, metadata);
  return toSnapshot(state, metadata, protocol);
}

function noTable(store: Store, name: string): ConfigError {
  return new ConfigError(
    `[lake/delta] there is no table at ${store.locate(name)}; start the pipeline or check the folder`,
  );
}
