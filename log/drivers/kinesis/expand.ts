import type { _Record as NativeRecord } from '@aws-sdk/client-kinesis';
import { hashKeyOf } from '../../hash-key.ts';
import type { LogRecord, Shard } from '../../log.ts';
import { deaggregate, type UserRecord } from './aggregate.ts';
import { unseal } from './envelope.ts';
import { positionOf } from './position.ts';

/** When Kinesis took a record, ms since 1970, as it says itself. */
export const arrivalMsOf = (record: NativeRecord): number => record.ApproximateArrivalTimestamp?.getTime() ?? 0;

/**
 * The records in one record of Kinesis: itself, or those that a producer packed into it. As KCL does, one whose hash
 * key lies outside of the shard is left out: its producer has put it again into the right one.
 */
export function expand(native: NativeRecord, shard: Shard, foreignApp: string, arrivalUs: number): LogRecord[] {
  const { Data = new Uint8Array(0), PartitionKey: key = '', SequenceNumber = '' } = native;
  const inner = deaggregate(Data);
  if (inner === null) return [logRecord(Data, key, positionOf(SequenceNumber, 0), foreignApp, arrivalUs)];
  const records: LogRecord[] = [];
  inner.forEach((record, sub) => {
    if (!isOf(shard, record)) return;
    records.push(logRecord(record.data, record.key, positionOf(SequenceNumber, sub), foreignApp, arrivalUs));
  });
  return records;
}

const DECIMAL = /^\d+$/;

function isOf({ hashKeyRange }: Shard, { key, explicitHashKey }: UserRecord): boolean {
  const hashKey = explicitHashKey !== null && DECIMAL.test(explicitHashKey) ? BigInt(explicitHashKey) : hashKeyOf(key);
  return BigInt(hashKeyRange.start) <= hashKey && hashKey <= BigInt(hashKeyRange.end);
}

function logRecord(bytes: Uint8Array, key: string, position: string, foreignApp: string, arrivalUs: number): LogRecord {
  const opened = unseal(bytes);
  if (opened === null) return { app: foreignApp, source: '', key, data: bytes, position, arrivalUs };
  return { ...opened, key: opened.key ?? key, position, arrivalUs };
}
