import type { MergeShardsInput, SplitShardInput } from '@aws-sdk/client-kinesis';
import type { ShardDetails, StreamChanges } from '../../drivers/embedded-log.ts';
import type { Call, KinesisError, Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { countStreams } from './create-stream.ts';
import { invalidArgument, onDemand, shardLimitExceeded, shardNotFound } from './faults.ts';
import { readShardId } from './shard-id.ts';
import { changeStream, checkActive, checkSettled, nameOf, passing, type Stream, updateDocument } from './stream.ts';

export function createSplitShard(context: Context): Operation<SplitShardInput, object> {
  return async (input, call) => {
    const { ShardToSplit = '', NewStartingHashKey = '' } = input;
    const shardId = demandShardId(call, input, ShardToSplit);
    await changeStream(context, call, input, (stream, streams) => {
      checkProvisioned(call, stream);
      const shard = demandShard(call, stream, streams, shardId);
      const { open } = countStreams(context, call, streams);
      if (open + 1 > context.shardLimit) throw shardLimitExceeded(call, open, context.shardLimit, 1);
      const { start, end } = shard.hashKeyRange;
      const hashKey = BigInt(NewStartingHashKey);
      if (hashKey <= BigInt(start) + 1n || hashKey >= BigInt(end)) {
        throw invalidArgument(
          `NewStartingHashKey ${NewStartingHashKey} used in SplitShard() on shard ${shardId} in stream ${stream.name} ` +
            `under account ${call.accountId} is not both greater than one plus the shard's StartingHashKey ${start} ` +
            `and less than the shard's EndingHashKey ${end}.`,
        );
      }
      checkActive(call, stream);
      checkEligible(call, stream, shard);
      streams.split(stream.name, shardId, NewStartingHashKey);
      updateDocument(streams, stream, { status: passing(context, 'UPDATING') });
    });
    return {};
  };
}

export function createMergeShards(context: Context): Operation<MergeShardsInput, object> {
  return async (input, call) => {
    const { ShardToMerge = '', AdjacentShardToMerge = '' } = input;
    const ids = [ShardToMerge, AdjacentShardToMerge].map((text) => demandShardId(call, input, text));
    await changeStream(context, call, input, (stream, streams) => {
      checkProvisioned(call, stream);
      const shards = ids.map((shardId) => demandShard(call, stream, streams, shardId));
      const [first, second] = shards as [ShardDetails, ShardDetails];
      if (!adjacent(first, second)) {
        throw invalidArgument(
          `Shards ${first.shardId} and ${second.shardId} in stream ${stream.name} under account ${call.accountId} ` +
            'are not an adjacent pair of shards eligible for merging',
        );
      }
      checkActive(call, stream);
      for (const shard of shards) checkEligible(call, stream, shard);
      streams.merge(stream.name, first.shardId, second.shardId);
      updateDocument(streams, stream, { status: passing(context, 'UPDATING') });
    });
    return {};
  };
}

function demandShardId(call: Call, input: SplitShardInput | MergeShardsInput, text: string): string {
  const shardId = readShardId(text);
  if (shardId === null) throw shardNotFound(text, nameOf(call, input), call.accountId);
  return shardId;
}

/** ValidationException for a stream whose shards the service looks after itself. */
export function checkProvisioned(call: Call, { name, document }: Stream): void {
  if (document.mode === 'ON_DEMAND') throw onDemand(name, call.accountId);
}

function demandShard(call: Call, stream: Stream, streams: StreamChanges, shardId: string): ShardDetails {
  checkSettled(call, stream);
  const shard = streams.shard(stream.name, shardId);
  if (shard === null) throw shardNotFound(shardId, stream.name, call.accountId);
  return shard;
}

function checkEligible(call: Call, stream: Stream, { shardId, closed }: ShardDetails): void {
  if (!closed) return;
  const fault: KinesisError = invalidArgument(
    `Shard ${shardId} in stream ${stream.name} under account ${call.accountId} has already been merged or split, ` +
      'and thus is not eligible for merging or splitting.',
  );
  throw fault;
}

/** In this order: the service takes no pair the other way round. */
function adjacent(low: ShardDetails, high: ShardDetails): boolean {
  return BigInt(low.hashKeyRange.end) + 1n === BigInt(high.hashKeyRange.start);
}
