import type { GetShardIteratorInput, GetShardIteratorOutput } from '@aws-sdk/client-kinesis';
import type { Call, Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { dryRun, noSuchShard, shardNotFound } from './faults.ts';
import { sealIterator } from './iterator.ts';
import { listedShard } from './shard.ts';
import { readShardId } from './shard-id.ts';
import { readStart } from './start.ts';
import { findStream, nameOf, type Stream } from './stream.ts';

export function createGetShardIterator(context: Context): Operation<GetShardIteratorInput, GetShardIteratorOutput> {
  return async (input, call) => {
    const { stream, shard } = findShard(context, call, nameOf(call, input), input.ShardId ?? '');
    const start = readStart(context, call, stream, shard, {
      type: input.ShardIteratorType ?? '',
      sequenceNumber: input.StartingSequenceNumber,
      timestamp: input.Timestamp,
      operation: 'GetShardIterator',
    });
    dryRun(input.DryRun);
    const { shardId } = shard;
    // The tip is where it is now, not where it will be when the iterator is used.
    const resolved =
      start.type === 'LATEST' ? (await context.log.read(stream.name, shardId, start, { recordsMax: 1 })).next : start;
    const { incarnation } = stream.description;
    return {
      ShardIterator: await sealIterator(context, { stream: stream.name, incarnation, shardId, start: resolved }),
    };
  };
}

/** The shard of a stream; ResourceNotFoundException in the words that tell an impossible id from one that is not there. */
export function findShard(context: Context, call: Call, name: string, id: string) {
  const shardId = readShardId(id);
  if (shardId === null) throw shardNotFound(id, name, call.accountId);
  const stream: Stream | null = findStream(context, call, name, context.log);
  const shard = stream && listedShard(context, stream, shardId);
  if (!stream || !shard) throw noSuchShard(shardId, name, call.accountId);
  return { stream, shard };
}
