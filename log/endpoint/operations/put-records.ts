import type { PutRecordsInput, PutRecordsOutput, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import type { PlacedRecord } from '../../drivers/embedded-log.ts';
import type { Appended } from '../../log.ts';
import type { Call, Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { dryRun, invalidArgument, rateExceeded, violation } from './faults.ts';
import { appendRecords, checkHashKey, checkRecordSize, recordBytes, toRecord } from './put.ts';
import { demandUsable, type Stream } from './stream.ts';

/** The API Reference, PutRecords: data and keys of the whole request. */
const REQUEST_BYTES_MAX = 10 * 1024 * 1024;

export function createPutRecords(context: Context): Operation<PutRecordsInput, PutRecordsOutput> {
  return async (input, call) => {
    const entries = (input.Records ?? []).map(({ Data = new Uint8Array(0), PartitionKey, ExplicitHashKey }, i) => {
      if (PartitionKey !== undefined) return toRecord(Data, PartitionKey, ExplicitHashKey);
      const member = `records.${i + 1}.member.partitionKey`;
      throw violation(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
    });
    const stream = demandUsable(context, call, input);
    check(stream, entries);
    dryRun(input.DryRun);
    const refused = throttled(context, call, stream, entries);
    const accepted = refused.size === 0 ? entries : entries.filter((_, i) => !refused.has(i));
    const answers = accepted.length === 0 ? [] : await appendRecords(context, call, stream, accepted);
    return {
      FailedRecordCount: refused.size,
      Records: results(entries.length, refused, answers),
      ...(stream.document.encryptionKeyId === undefined ? {} : { EncryptionType: 'KMS' }),
    };
  };
}

function check(stream: Stream, entries: readonly PlacedRecord[]): void {
  let bytes = 0;
  entries.forEach(({ data, key, explicitHashKey }, i) => {
    checkRecordSize(stream, data, key, `records.${i + 1}.member.data`);
    checkHashKey(explicitHashKey);
    bytes += recordBytes(data, key);
  });
  if (bytes > REQUEST_BYTES_MAX) throw invalidArgument('Records size exceeds 10 MB limit');
}

/** The entries that their shards have no throughput left for, each with what is said of it. */
function throttled(
  context: Context,
  call: Call,
  stream: Stream,
  entries: readonly PlacedRecord[],
): ReadonlyMap<number, PutRecordsResultEntry> {
  const refused = new Map<number, PutRecordsResultEntry>();
  const { throughput, log } = context;
  if (throughput === null) return refused;
  entries.forEach(({ data, key, explicitHashKey }, i) => {
    const shardId = log.shardOf(stream.name, key, explicitHashKey);
    if (throughput.write(stream, shardId, recordBytes(data, key))) return;
    refused.set(i, {
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: rateExceeded(shardId, stream.name, call.accountId),
    });
  });
  return refused;
}

function results(
  count: number,
  refused: ReadonlyMap<number, PutRecordsResultEntry>,
  answers: readonly Appended[],
): PutRecordsResultEntry[] {
  let next = 0;
  return Array.from({ length: count }, (_, i) => {
    const refusal = refused.get(i);
    if (refusal !== undefined) return refusal;
    const answer = answers[next++];
    return { ShardId: answer?.shardId, SequenceNumber: answer?.position };
  });
}
