import type { Shard } from '@aws-sdk/client-kinesis';
import type { ShardDetails } from '../../drivers/embedded-log.ts';
import { positionBefore } from '../../sequence.ts';
import type { Context } from './context.ts';
import type { Stream } from './stream.ts';

/**
 * A shard as the API shows it. Its numbers start before its first record's, as the service's do: whoever reads AFTER
 * the number that a shard starts with, as the API Reference offers (GetShardIterator), gets that record, too.
 */
export function toShard({ shardId, parents, hashKeyRange, startPosition, endPosition }: ShardDetails): Shard {
  const [parent, adjacent] = parents;
  return {
    ShardId: shardId,
    ...(parent === undefined ? {} : { ParentShardId: parent }),
    ...(adjacent === undefined ? {} : { AdjacentParentShardId: adjacent }),
    HashKeyRange: { StartingHashKey: hashKeyRange.start, EndingHashKey: hashKeyRange.end },
    SequenceNumberRange: {
      StartingSequenceNumber: positionBefore(startPosition),
      ...(endPosition === null ? {} : { EndingSequenceNumber: endPosition }),
    },
  };
}

/** When the stream's oldest records kept came at the earliest, µs. */
export function trimHorizonUs(context: Context, { description, retention }: Stream): number {
  if (retention.ageMs === null) return description.createdUs;
  return Math.max(description.createdUs, Math.floor(context.clock()) - retention.ageMs * 1000);
}

/**
 * The shards that still have something to give, by id: of the closed ones those whose retention is not over. None
 * while the stream is being created.
 */
export function listedShards(context: Context, stream: Stream): readonly ShardDetails[] {
  if (stream.status === 'CREATING') return [];
  const horizonUs = trimHorizonUs(context, stream);
  return context.log.shards(stream.name).filter((shard) => isKept(shard, horizonUs));
}

/** One of {@link listedShards}; null when it is none of them. */
export function listedShard(context: Context, stream: Stream, shardId: string): ShardDetails | null {
  const shard = stream.status === 'CREATING' ? null : context.log.shard(stream.name, shardId);
  return shard !== null && isKept(shard, trimHorizonUs(context, stream)) ? shard : null;
}

function isKept({ closedUs }: ShardDetails, horizonUs: number): boolean {
  return closedUs === null || closedUs >= horizonUs;
}
