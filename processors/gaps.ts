import { ConfigError } from '../core/index.ts';
import { comparePositions, type Log } from '../log/index.ts';
import { type Gap, type Manifests, type ShardRef, shardName } from './manifest.ts';

/**
 * What the log has forgotten of a shard between its last manifest and now; null when nothing is missing for certain.
 * A shard that was never processed has no gap: it begins where the log does.
 */
export async function findGap(log: Log, manifests: Manifests, ref: ShardRef): Promise<Gap | null> {
  const shard = shardName(ref);
  const after = (await manifests.newest(shard))?.last;
  if (after === undefined) return null;
  const { earliest } = await log.bounds(ref.stream, ref.shardId);
  if (earliest === null || comparePositions(after, earliest) >= 0) return null;
  // Kinesis's sequence numbers leave out some between any two records.
  const recordsMax = log.driver === 'kinesis' ? null : Number(BigInt(earliest) - BigInt(after) - 1n);
  return recordsMax === 0 ? null : { shard, after, earliest, recordsMax };
}

/** Notes the gap; ConfigError unless it is accepted. */
export async function acceptGap(manifests: Manifests, gap: Gap, accepted: boolean): Promise<void> {
  await manifests.noteGap(gap);
  if (accepted) return;
  const count = gap.recordsMax === null ? 'records' : `up to ${gap.recordsMax} records`;
  throw new ConfigError(
    `[processors/pipeline] ${gap.shard}: the log forgot ${count} between ${gap.after} and ${gap.earliest} before they were processed; start with --accept-gaps to go on without them`,
  );
}

/** How many records these gaps took at most; one for each of which the positions do not tell. */
export const lostIn = (gaps: readonly Gap[]): number =>
  gaps.reduce((sum, { recordsMax }) => sum + (recordsMax ?? 1), 0);
