import { comparePositions, type Log, type Position, type Start } from '../log/index.ts';
import { inherit } from './inherit.ts';
import { type Manifests, type ShardRef, shardName } from './manifest.ts';
import type { Process } from './process.ts';
import type { Snapshots } from './snapshots.ts';
import { createShardState, type ShardState } from './state.ts';

interface LoadDeps {
  readonly log: Log;
  readonly manifests: Manifests;
  readonly snapshots: Snapshots;
  readonly process: Process;
}

export interface Loaded {
  readonly shard: string;
  readonly state: ShardState;
  /** The last manifest's number and position; −1 and null when there is none. */
  readonly n: number;
  readonly last: Position | null;
}

/**
 * The state as the last manifest left it: the newest snapshot not beyond it, then the log up to it, unwritten. A shard
 * that came of a split or merge begins with what its parents ended with, and writes that down first.
 */
export async function loadShard(deps: LoadDeps, ref: ShardRef): Promise<Loaded> {
  const shard = shardName(ref);
  const manifest = await deps.manifests.newest(shard);
  const last = manifest?.last ?? null;
  const snapshot = await deps.snapshots.load(shard, last);
  const state = snapshot?.state ?? (await firstState(deps, ref));
  if (manifest !== null) await replay(deps, ref, state, snapshot?.position ?? null, manifest.last);
  return { shard, state, n: manifest?.n ?? -1, last };
}

/** Processes the records behind `from` up to `to`, for the state alone. */
async function replay(deps: LoadDeps, ref: ShardRef, state: ShardState, from: Position | null, to: Position) {
  const shard = shardName(ref);
  let start: Start = startBehind(from);
  let at = from;
  while (at === null || comparePositions(at, to) < 0) {
    const { records, next } = await deps.log.read(ref.stream, ref.shardId, start);
    if (records.length === 0) {
      throw new Error(
        `[processors/worker] ${shard}: the log ends before position ${to} that the last manifest names; restore the log or start a new data folder`,
      );
    }
    for (const record of records) {
      if (comparePositions(record.position, to) > 0) return;
      deps.process(state, record, shard, 0);
      at = record.position;
    }
    start = next;
  }
}

/** What a shard starts with: nothing, or what its parents ended with. */
async function firstState(deps: LoadDeps, ref: ShardRef): Promise<ShardState> {
  const { shards } = await deps.log.describeStream(ref.stream);
  const own = shards.find(({ shardId }) => shardId === ref.shardId);
  if (own === undefined || own.parents.length === 0) return createShardState();
  const parents: ShardState[] = [];
  for (const shardId of own.parents) {
    const parent = { ...ref, shardId };
    // One that nobody ever worked on: its records were gone before the first start.
    const final = await deps.manifests.final(shardName(parent));
    if (final !== null) parents.push((await loadShard(deps, parent)).state);
  }
  if (parents.length === 0) return createShardState();
  const state = inherit(parents, own.hashKeyRange);
  await deps.snapshots.save(shardName(ref), null, state);
  return state;
}

export const startBehind = (position: Position | null): Start =>
  position === null ? { type: 'TRIM_HORIZON' } : { type: 'AFTER_SEQUENCE_NUMBER', position };
