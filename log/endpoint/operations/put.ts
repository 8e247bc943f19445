import { ConfigError } from '../../../core/index.ts';
import type { PlacedRecord } from '../../drivers/embedded-log.ts';
import { HASH_KEY_COUNT } from '../../hash-key.ts';
import type { Appended, LogRecord } from '../../log.ts';
import type { Call } from '../operation.ts';
import type { Context } from './context.ts';
import { invalidArgument, streamNotFound, violation } from './faults.ts';
import { findStream, type Stream } from './stream.ts';
import { RECORD_KIB_DEFAULT } from './stream-document.ts';

/** Records from clients of the API come from no app that Beagle knows. */
const APP = 'kinesis';
/** The source of a record that was put while its stream had an encryption key: readers are told so, whatever came later. */
const ENCRYPTED = 'KMS';

export function toRecord(data: Uint8Array, key: string, explicitHashKey: string | undefined): PlacedRecord {
  const record = { app: APP, source: '', key, data };
  return explicitHashKey === undefined ? record : { ...record, explicitHashKey };
}

/** What a record counts against limits: its data and its key. */
export function recordBytes(data: Uint8Array, key: string): number {
  return data.byteLength + Buffer.byteLength(key);
}

/** ValidationException for a record larger than the stream takes; `member` is where its data stands. */
export function checkRecordSize({ document }: Stream, data: Uint8Array, key: string, member: string): void {
  const bytesMax = (document.maxRecordKiB ?? RECORD_KIB_DEFAULT) * 1024;
  if (recordBytes(data, key) <= bytesMax) return;
  throw violation(
    `Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${bytesMax}`,
  );
}

/** InvalidArgumentException for a hash key outside the 128 bits; its form has been checked. */
export function checkHashKey(explicitHashKey: string | undefined): void {
  if (explicitHashKey === undefined || BigInt(explicitHashKey) < HASH_KEY_COUNT) return;
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${explicitHashKey}`,
  );
}

/** Whether a record was put while its stream was encrypted. */
export function wasEncrypted({ app, source }: LogRecord): boolean {
  return app === APP && source === ENCRYPTED;
}

/** Appends; a stream that has gone meanwhile is not found. */
export async function appendRecords(
  context: Context,
  call: Call,
  stream: Stream,
  records: readonly PlacedRecord[],
): Promise<readonly Appended[]> {
  const encrypted = stream.document.encryptionKeyId !== undefined;
  const marked = encrypted ? records.map((record) => ({ ...record, source: ENCRYPTED })) : records;
  try {
    return await context.log.append(stream.name, marked);
  } catch (error) {
    throw goneOr(context, call, stream, error);
  }
}

/** What to throw for an error of the log: ResourceNotFoundException when it is that the stream has gone meanwhile. */
export function goneOr(context: Context, call: Call, { name }: Stream, error: unknown): unknown {
  const gone = error instanceof ConfigError && findStream(context, call, name, context.log) === null;
  return gone ? streamNotFound(name, call.accountId) : error;
}
