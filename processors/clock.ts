import { comparePositions, type Log, type Position } from '../log/index.ts';
import type { Manifest, Manifests, ShardRef } from './manifest.ts';

export const isReached = (at: Position | null, end: Position | null): boolean =>
  end === null || (at !== null && comparePositions(at, end) >= 0);

/** Where the log ends now, for each shard of these streams (absent: of all). */
export async function endsOf(
  log: Log,
  refs: ReadonlyMap<string, ShardRef>,
  streams?: readonly string[],
): Promise<Map<string, Position | null>> {
  const ends = new Map<string, Position | null>();
  for (const [shard, ref] of refs) {
    if (streams !== undefined && !streams.includes(ref.stream)) continue;
    ends.set(shard, (await log.bounds(ref.stream, ref.shardId)).latest);
  }
  return ends;
}

/**
 * The minimum of the shard clocks: windows that end before it are closed. A shard that has caught up with its log
 * follows arrival time, as far as any shard has seen it: else one that is idle would hold back all others. 0 while
 * a shard has records and no manifest.
 */
export async function clockOf(
  log: Log,
  manifests: Manifests,
  refs: ReadonlyMap<string, ShardRef>,
  newest: Map<string, Manifest>,
): Promise<number> {
  for (const shard of refs.keys()) {
    // One of an earlier run: this run has committed nothing of the shard yet.
    const standing = newest.has(shard) ? null : await manifests.newest(shard);
    if (standing !== null && !newest.has(shard)) newest.set(shard, standing);
  }
  const arrivalUs = Math.max(0, ...[...newest.values()].map((manifest) => manifest.arrivalUs));
  let clockUs = Number.POSITIVE_INFINITY;
  for (const [shard, { stream, shardId }] of refs) {
    const { latest } = await log.bounds(stream, shardId);
    if (latest === null) continue;
    const manifest = newest.get(shard);
    const ownUs = manifest?.clockUs ?? 0;
    const hasCaughtUp = manifest !== undefined && isReached(manifest.last, latest);
    clockUs = Math.min(clockUs, hasCaughtUp ? Math.max(ownUs, arrivalUs) : ownUs);
  }
  return Number.isFinite(clockUs) ? clockUs : 0;
}
