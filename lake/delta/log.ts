import { ConfigError } from '../../core/index.ts';
import type { Store } from '../store/store.ts';
import { type Entry, parseCommit } from './actions.ts';
import { readCheckpoint } from './checkpoint-read.ts';
import { beforeVersion, commitKey, lastCheckpointKey, logFolder, parseLogName } from './names.ts';
import { applyActions, emptyState, type TableState } from './state.ts';

/** Commits read at a time while a log is replayed: hides the latency of an object store. */
const READ_AHEAD = 16;

interface Listing {
  readonly commits: readonly number[];
  /** Complete classic checkpoints: the keys of their parts, by version. */
  readonly checkpoints: ReadonlyMap<number, readonly string[]>;
  readonly hasV2Checkpoint: boolean;
}

/**
 * The table's state at `target`, or at the newest version: the newest checkpoint at or before it, then the
 * commits. null when there is no table. ConfigError when the log has a gap or does not reach back or forward
 * to `target`.
 */
export async function loadState(store: Store, table: string, target?: number): Promise<TableState | null> {
  const hint = await readHint(store, table);
  const from = hint !== null && hint <= (target ?? hint) ? hint : 0;
  let listing = await listLog(store, table, from);
  if (from > 0 && newestCheckpoint(listing, target) === null) listing = await listLog(store, table, 0);
  if (listing.commits.length === 0 && listing.checkpoints.size === 0) return null;

  const state = emptyState();
  const start = newestCheckpoint(listing, target);
  if (start !== null) {
    const actions = await readCheckpoint(store, listing.checkpoints.get(start) ?? []);
    const commit = await readCommit(store, table, start);
    applyActions(state, start, commit?.info.timestamp ?? 0, actions);
    state.checkpoint = { version: start, actions: actions.length };
    state.tailActions = 0;
  }
  const wanted = listing.commits.filter((version) => version > state.version && version <= (target ?? version));
  assertContiguous(table, state.version + 1, wanted, listing.hasV2Checkpoint);
  for (let i = 0; i < wanted.length; i += READ_AHEAD) {
    const versions = wanted.slice(i, i + READ_AHEAD);
    const entries = await Promise.all(versions.map((version) => readCommit(store, table, version)));
    for (const [index, version] of versions.entries()) {
      const entry = entries[index] ?? gap(table, version);
      applyActions(state, version, entry.info.timestamp ?? 0, entry.actions);
    }
  }
  if (target !== undefined && state.version !== target) {
    throw new ConfigError(`[lake/delta] ${table} has no version ${target}; the newest is ${state.version}`);
  }
  return state;
}

/**
 * Applies the commits behind the state's version, one look-up each and one more to find the end. Gives the
 * version whose commit carries `nonce`, if it is among them.
 */
export async function advance(store: Store, table: string, state: TableState, nonce?: string): Promise<number | null> {
  let mine: number | null = null;
  for (;;) {
    const version = state.version + 1;
    const entry = await readCommit(store, table, version);
    if (entry === null) return mine;
    applyActions(state, version, entry.info.timestamp ?? 0, entry.actions);
    if (nonce !== undefined && entry.info.txnId === nonce) mine = version;
  }
}

/** One commit; null when there is none of that version. */
export async function readCommit(store: Store, table: string, version: number): Promise<Entry | null> {
  const key = commitKey(table, version);
  const bytes = await store.get(key);
  return bytes === null ? null : parseCommit(bytes, key);
}

/** The oldest commit that is still there. */
export async function firstCommit(store: Store, table: string): Promise<number | null> {
  for await (const { key } of store.list(logFolder(table))) {
    const name = parseLogName(key.slice(logFolder(table).length));
    if (name?.kind === 'commit') return name.version;
  }
  return null;
}

/** `_last_checkpoint` is a hint: when it is absent, damaged or stale the whole log is listed. */
async function readHint(store: Store, table: string): Promise<number | null> {
  const bytes = await store.get(lastCheckpointKey(table));
  if (bytes === null) return null;
  try {
    const { version } = JSON.parse(new TextDecoder().decode(bytes)) as { version?: unknown };
    return typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 ? version : null;
  } catch {
    return null;
  }
}

async function listLog(store: Store, table: string, from: number): Promise<Listing> {
  const commits: number[] = [];
  const parts = new Map<string, string[]>();
  const checkpoints = new Map<number, string[]>();
  let hasV2Checkpoint = false;
  for await (const { key } of store.list(logFolder(table), beforeVersion(table, from))) {
    const name = parseLogName(key.slice(logFolder(table).length));
    if (name === null) continue;
    if (name.kind === 'commit') commits.push(name.version);
    else if (name.kind === 'checkpoint-v2') hasV2Checkpoint = true;
    else {
      const id = `${name.version}/${name.parts}`;
      const keys = [...(parts.get(id) ?? []), key];
      parts.set(id, keys);
      if (keys.length === name.parts) checkpoints.set(name.version, keys);
    }
  }
  return { commits, checkpoints, hasV2Checkpoint };
}

function newestCheckpoint(listing: Listing, target: number | undefined): number | null {
  const versions = [...listing.checkpoints.keys()].filter((version) => version <= (target ?? version));
  return versions.length === 0 ? null : Math.max(...versions);
}

function assertContiguous(table: string, first: number, versions: readonly number[], hasV2Checkpoint: boolean): void {
  for (const [index, version] of versions.entries()) {
    if (version === first + index) continue;
    if (hasV2Checkpoint) {
      throw new ConfigError(`[lake/delta] ${table} uses the table feature v2Checkpoint, which Beagle does not read`);
    }
    gap(table, first + index);
  }
}

function gap(table: string, version: number): never {
  throw new ConfigError(`[lake/delta] ${table} lacks version ${version} in its log; the table is damaged`);
}
