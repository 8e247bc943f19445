import type { _Record, ChildShard, GetRecordsInput, GetRecordsOutput } from '@aws-sdk/client-kinesis';
import { ConfigError } from '../../../core/index.ts';
import type { LogRecord, ReadResult } from '../../log.ts';
import type { Call, Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { dryRun, invalidArgument, noSuchShard, rateExceeded, throughputExceeded } from './faults.ts';
import { findShard } from './get-shard-iterator.ts';
import { openIterator, type ShardIterator, sealIterator } from './iterator.ts';
import { recordBytes, wasEncrypted } from './put.ts';
import { nameOf, type Stream } from './stream.ts';

/** The API Reference, GetRecords. */
const RECORDS_MAX = 10_000;
const BYTES_MAX = 10 * 1024 * 1024;

export function createGetRecords(context: Context): Operation<GetRecordsInput, GetRecordsOutput> {
  return async (input, call) => {
    const iterator = await openIterator(context, input.ShardIterator ?? '');
    const { StreamARN, StreamId, Limit = RECORDS_MAX } = input;
    if (
      nameOf(call, { StreamARN, StreamId, ...(StreamARN ? {} : { StreamName: iterator.stream }) }) !== iterator.stream
    ) {
      throw invalidArgument(`The ShardIterator does not belong to the stream of StreamARN ${StreamARN}.`);
    }
    const { stream, shard } = findShard(context, call, iterator.stream, iterator.shardId);
    dryRun(input.DryRun);
    const { throughput } = context;
    if (throughput !== null && !throughput.read(stream, shard.shardId)) {
      throw throughputExceeded(rateExceeded(shard.shardId, stream.name, call.accountId));
    }
    const result = await read(context, call, stream, iterator, Limit);
    throughput?.readBytes(stream, shard.shardId, bytesOf(result.records));
    return output(context, stream, iterator, result);
  };
}

async function read(
  context: Context,
  call: Call,
  stream: Stream,
  { incarnation, shardId, start }: ShardIterator,
  recordsMax: number,
): Promise<ReadResult> {
  // An iterator of an earlier stream of that name lies before all records of this one.
  const from = incarnation === stream.description.incarnation ? start : { type: 'TRIM_HORIZON' as const };
  try {
    return await context.log.read(stream.name, shardId, from, { recordsMax, bytesMax: BYTES_MAX });
  } catch (error) {
    const gone = error instanceof ConfigError && context.log.look(stream.name) === null;
    throw gone ? noSuchShard(shardId, stream.name, call.accountId) : error;
  }
}

async function output(
  context: Context,
  stream: Stream,
  { shardId }: ShardIterator,
  { records, next, millisBehindLatest, ended }: ReadResult,
): Promise<GetRecordsOutput> {
  const { name, description } = stream;
  const iterator = { stream: name, incarnation: description.incarnation, shardId, start: next };
  return {
    Records: records.map(toApiRecord),
    MillisBehindLatest: millisBehindLatest,
    ...(ended
      ? { ChildShards: childShards(context, name, shardId) }
      : { NextShardIterator: await sealIterator(context, iterator) }),
  };
}

/** A record as the API shows it. */
export function toApiRecord(record: LogRecord): _Record {
  const { position, arrivalUs, data, key } = record;
  const shown = {
    SequenceNumber: position,
    ApproximateArrivalTimestamp: new Date(Math.floor(arrivalUs / 1000)),
    Data: data,
    PartitionKey: key,
  };
  return wasEncrypted(record) ? { ...shown, EncryptionType: 'KMS' } : shown;
}

/** What goes on where a closed shard ends. */
export function childShards(context: Context, stream: string, shardId: string): ChildShard[] {
  return context.log
    .shards(stream)
    .filter(({ parents }) => parents.includes(shardId))
    .map((child) => ({
      ShardId: child.shardId,
      ParentShards: [...child.parents],
      HashKeyRange: { StartingHashKey: child.hashKeyRange.start, EndingHashKey: child.hashKeyRange.end },
    }));
}

/** What records count against limits. */
export function bytesOf(records: readonly LogRecord[]): number {
  let bytes = 0;
  for (const { data, key } of records) bytes += recordBytes(data, key);
  return bytes;
}
