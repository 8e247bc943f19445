import { comparePositions, type Log, type Position, type Start } from '../log/index.ts';
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

/** The state as the last manifest left it: the newest snapshot not beyond it, then the log up to it, unwritten. */
export async function loadShard(deps: LoadDeps, ref: ShardRef): Promise<Loaded> {
  const shard = shardName(ref);
  const manifest = await deps.manifests.newest(shard);
  if (manifest === null) return { shard, state: createShardState(), n: -1, last: null };
  const snapshot = await deps.snapshots.load(shard, manifest.last);
  const state = snapshot?.state ?? createShardState();
  let start: Start = startBehind(snapshot?.position ?? null);
  let at = snapshot?.position ?? null;
  while (at === null || comparePositions(at, manifest.last) < 0) {
    const { records, next } = await deps.log.read(ref.stream, ref.shardId, start);
    if (records.length === 0) {
      throw new Error(
        `[processors/worker] ${shard}: the log ends before position ${manifest.last} that the last manifest names; restore the log or start a new data folder`,
      );
    }
    for (const record of records) {
      if (comparePositions(record.position, manifest.last) > 0) break;
      deps.process(state, record, shard, 0);
      at = record.position;
    }
    start = next;
    if (comparePositions((records.at(-1) as { position: Position }).position, manifest.last) >= 0) break;
  }
  return { shard, state, n: manifest.n, last: manifest.last };
}

export const startBehind = (position: Position | null): Start =>
  position === null ? { type: 'TRIM_HORIZON' } : { type: 'AFTER_SEQUENCE_NUMBER', position };
