import { ConfigError } from '../../core/index.ts';
import type { Store } from '../store/store.ts';
import type { AddFile, Entry } from './actions.ts';
import { firstCommit, readCommit } from './log.ts';
import { recordsOf } from './state.ts';

/** One commit, for people. */
export interface HistoryEntry {
  readonly version: number;
  readonly timestampUs: number;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly engine: string;
  readonly filesAdded: number;
  readonly filesRemoved: number;
  /** Rows in the added files, by their statistics. */
  readonly rowsAdded: number;
}

/** One commit, for those who follow a table. */
export interface Change {
  readonly version: number;
  readonly timestampUs: number;
  readonly adds: AddFile[];
}

/** The newest `limit` commits at or before `version`, the newest first; fewer when older ones are cleaned away. */
export async function historyOf(store: Store, table: string, version: number, limit: number): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for (let v = version; v >= 0 && entries.length < limit; v--) {
    const entry = await readCommit(store, table, v);
    if (entry === null) break;
    const adds = addsOf(entry);
    entries.push({
      version: v,
      timestampUs: timestampUs(entry),
      operation: entry.info.operation ?? 'UNKNOWN',
      parameters: entry.info.operationParameters ?? {},
      engine: entry.info.engineInfo ?? '',
      filesAdded: adds.length,
      filesRemoved: entry.actions.filter((action) => 'remove' in action).length,
      rowsAdded: adds.reduce((sum, add) => sum + recordsOf(add), 0),
    });
  }
  return entries;
}

/** Commits behind `after` up to the newest. ConfigError when some of them are cleaned away. */
export async function* changesOf(
  store: Store,
  table: string,
  newest: () => Promise<number>,
  after: number,
): AsyncIterable<Change> {
  const last = await newest();
  for (let version = after + 1; version <= last; version++) {
    const entry = await readCommit(store, table, version);
    if (entry === null) {
      throw new ConfigError(
        `[lake/delta] ${table} lacks version ${version} in its log; read a snapshot and go on from there`,
      );
    }
    yield { version, timestampUs: timestampUs(entry), adds: addsOf(entry).filter((add) => add.dataChange) };
  }
}

/**
 * The last version committed at or before the time, found by halving. That is right because no commit's
 * timestamp is behind the one before it; among commits of writers that do not see to this, it finds one of the
 * versions at which the time is passed.
 */
export async function versionAt(store: Store, table: string, newest: number, timeUs: number): Promise<number> {
  const at = async (version: number): Promise<number> => {
    const entry = await readCommit(store, table, version);
    return entry === null ? Number.NEGATIVE_INFINITY : timestampUs(entry);
  };
  if ((await at(newest)) <= timeUs) return newest;
  let low = (await firstCommit(store, table)) ?? newest;
  const firstUs = await at(low);
  if (firstUs > timeUs) {
    const first = new Date(firstUs / 1000).toISOString();
    throw new ConfigError(`[lake/delta] ${table} does not reach back that far; its first version is of ${first}`);
  }
  let high = newest;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await at(middle)) <= timeUs) low = middle;
    else high = middle;
  }
  return low;
}

const timestampUs = (entry: Entry): number => (entry.info.timestamp ?? 0) * 1000;

const addsOf = (entry: Entry): AddFile[] => entry.actions.flatMap((action) => ('add' in action ? [action.add] : []));
