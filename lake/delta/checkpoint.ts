import type { Store } from '../store/store.ts';
import type { TableState } from './state.ts';

/** Fewer commits than this are read faster than a checkpoint. */
const COMMITS_MIN = 10;
/** A reader never has more commits to read than this: each is a request to the store. */
const COMMITS_MAX = 100;

/**
 * A checkpoint is due once the commits behind the last one hold more actions than it did (so that its cost is
 * spread evenly however large the table grows), but not before 10 commits and not later than 100.
 */
export function checkpointDue(state: TableState): boolean {
  const commits = state.version - state.checkpoint.version;
  return commits >= COMMITS_MAX || (commits >= COMMITS_MIN && state.tailActions > state.checkpoint.actions);
}

export async function writeCheckpoint(
  _store: Store,
  _table: string,
  _state: TableState,
  _nowUs: number,
): Promise<void> {}
