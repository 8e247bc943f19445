import type { PutRecordInput, PutRecordOutput } from '@aws-sdk/client-kinesis';
import { shardIdOf } from '../../drivers/embedded/catalog-stored.ts';
import { comparePositions } from '../../log.ts';
import { partsOfPosition } from '../../sequence.ts';
import type { Call, Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { dryRun, invalidArgument, rateExceeded, throughputExceeded, violation } from './faults.ts';
import { appendRecords, checkHashKey, checkRecordSize, goneOr, recordBytes, toRecord } from './put.ts';
import { demandUsable, type Stream } from './stream.ts';

export function createPutRecord(context: Context): Operation<PutRecordInput, PutRecordOutput> {
  return async (input, call) => {
    const { Data = new Uint8Array(0), PartitionKey, ExplicitHashKey, SequenceNumberForOrdering } = input;
    if (PartitionKey === undefined) {
      throw violation("Value null at 'partitionKey' failed to satisfy constraint: Member must not be null");
    }
    const stream = demandUsable(context, call, input);
    checkRecordSize(stream, Data, PartitionKey, 'data');
    checkHashKey(ExplicitHashKey);
    if (SequenceNumberForOrdering !== undefined) await checkOrdering(context, call, stream, SequenceNumberForOrdering);
    dryRun(input.DryRun);
    if (context.throughput !== null) {
      const shardId = context.log.shardOf(stream.name, PartitionKey, ExplicitHashKey);
      if (!context.throughput.write(stream, shardId, recordBytes(Data, PartitionKey))) {
        throw throughputExceeded(rateExceeded(shardId, stream.name, call.accountId));
      }
    }
    const [answer] = await appendRecords(context, call, stream, [toRecord(Data, PartitionKey, ExplicitHashKey)]);
    return {
      ShardId: answer?.shardId,
      SequenceNumber: answer?.position,
      ...(stream.document.encryptionKeyId === undefined ? {} : { EncryptionType: 'KMS' }),
    };
  };
}

/**
 * Whatever is appended next has a greater sequence number than any given so far on its shard or on its parents: that
 * is what is asked for, so all there is to do is to refuse a number that this stream never gave.
 */
async function checkOrdering(context: Context, call: Call, stream: Stream, sequenceNumber: string): Promise<void> {
  if (await wasGiven(context, call, stream, sequenceNumber)) return;
  throw invalidArgument(
    `ExclusiveMinimumSequenceNumber ${sequenceNumber} used in PutRecord on stream ${stream.name} ` +
      `under account ${call.accountId} is invalid.`,
  );
}

async function wasGiven(context: Context, call: Call, stream: Stream, sequenceNumber: string): Promise<boolean> {
  const from = partsOfPosition(sequenceNumber);
  if (from === null) return false;
  const shardId = shardIdOf(from.shardIndex);
  const { createdUs } = context.log.shard(stream.name, shardId) ?? {};
  if (createdUs === undefined) {
    // Of a closed shard whose retention is over: those that are left came after it.
    const last = context.log.shards(stream.name).at(-1);
    return last !== undefined && shardId < last.shardId && from.createdUs >= stream.description.createdUs;
  }
  if (createdUs !== from.createdUs) return false;
  try {
    const { next } = await context.log.read(stream.name, shardId, { type: 'LATEST' }, { recordsMax: 1 });
    return next.type === 'AT_SEQUENCE_NUMBER' && comparePositions(sequenceNumber, next.position) < 0;
  } catch (error) {
    throw goneOr(context, call, stream, error);
  }
}
