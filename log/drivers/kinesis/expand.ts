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
  const isOf = membership(shard);
  inner.forEach((record, sub) => {
    if (!isOf(record)) return;
    records.push(logRecord(record.data, record.key, positionOf(SequenceNumber, sub), foreignApp, arrivalUs));
  });
  return records;
}

/** No more digits than 2^128 − 1 has. */
const DECIMAL = /^\d{1,39}$/;

/** Whether a user record is of the shard. Many share a key of any length: each is looked at once. */
function membership({ hashKeyRange }: Shard): (record: UserRecord) => boolean {
  const start = BigInt(hashKeyRange.start);
  const end = BigInt(hashKeyRange.end);
  const within = (hashKey: bigint) => start <= hashKey && hashKey <= end;
  const byKey = remembered((key) => within(hashKeyOf(key)));
  const byHashKey = remembered((text) => (DECIMAL.test(text) ? within(BigInt(text)) : null));
  return ({ key, explicitHashKey }) =>
    (explicitHashKey === null ? null : byHashKey(explicitHashKey)) ?? byKey(key) ?? false;
}

function remembered(find: (text: string) => boolean | null): (text: string) => boolean | null {
  const found = new Map<string, boolean | null>();
  return (text) => {
    let known = found.get(text);
    if (known === undefined) {
      known = find(text);
      found.set(text, known);
    }
    return known;
  };
}

function logRecord(bytes: Uint8Array, key: string, position: string, foreignApp: string, arrivalUs: number): LogRecord {
  const opened = unseal(bytes);
  if (opened === null) return { app: foreignApp, source: '', key, data: bytes, position, arrivalUs };
  return { ...opened, key: opened.key ?? key, position, arrivalUs };
}
