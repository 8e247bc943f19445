import { createHash } from 'node:crypto';

/**
 * Records that the Kinesis Producer Library packed into one: `F3 89 9A C2`, an `AggregatedRecord` in protobuf, the
 * MD5 of that (amazon-kinesis-producer, aggregation-format.md):
 * AggregatedRecord {repeated string partition_key_table = 1; repeated string explicit_hash_key_table = 2; repeated Record records = 3}
 * Record {required uint64 partition_key_index = 1; optional uint64 explicit_hash_key_index = 2; required bytes data = 3; repeated Tag tags = 4}
 */
const MAGIC = [0xf3, 0x89, 0x9a, 0xc2] as const;
const DIGEST_BYTES = 16;

export interface UserRecord {
  readonly key: string;
  /** Decimal; null when the key's MD5 decides. */
  readonly explicitHashKey: string | null;
  readonly data: Uint8Array;
}

/** The user records inside, in order; null when the bytes are no whole aggregated record: then they are a plain one. */
export function deaggregate(bytes: Uint8Array): readonly UserRecord[] | null {
  if (bytes.byteLength < MAGIC.length + DIGEST_BYTES || MAGIC.some((byte, at) => bytes[at] !== byte)) return null;
  const message = bytes.subarray(MAGIC.length, bytes.byteLength - DIGEST_BYTES);
  const digest = createHash('md5').update(message).digest();
  if (digest.compare(bytes, bytes.byteLength - DIGEST_BYTES) !== 0) return null;
  const keys: string[] = [];
  const hashKeys: string[] = [];
  const bodies: Uint8Array[] = [];
  for (const field of fieldsOf(message)) {
    if (field === null) return null;
    const { number, value } = field;
    if (typeof value === 'number') continue;
    if (number === 1) keys.push(textOf(value));
    else if (number === 2) hashKeys.push(textOf(value));
    else if (number === 3) bodies.push(value);
  }
  const records: UserRecord[] = [];
  for (const body of bodies) {
    const record = userRecord(body, keys, hashKeys);
    if (record === null) return null;
    records.push(record);
  }
  return records;
}

function userRecord(bytes: Uint8Array, keys: readonly string[], hashKeys: readonly string[]): UserRecord | null {
  let key: string | undefined;
  let explicitHashKey: string | null | undefined = null;
  let data: Uint8Array | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field === null) return null;
    const { number, value } = field;
    if (number === 1 && typeof value === 'number') key = keys[value];
    else if (number === 2 && typeof value === 'number') explicitHashKey = hashKeys[value];
    else if (number === 3 && typeof value !== 'number') data = value;
  }
  if (key === undefined || data === undefined || explicitHashKey === undefined) return null;
  return { key, explicitHashKey, data };
}

interface Field {
  readonly number: number;
  /** A varint's value, or the bytes of a length-delimited field. */
  readonly value: number | Uint8Array;
}

/** The fields of a protobuf message; null, and nothing more, at bytes that are none. */
function* fieldsOf(bytes: Uint8Array): Generator<Field | null> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < bytes.byteLength && scale <= 2 ** 63; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.byteLength) {
    const tag = varint();
    const type = tag % 8;
    const number = Math.floor(tag / 8);
    const value = type === 0 || type === 2 ? varint() : type === 1 ? 8 : type === 5 ? 4 : Number.NaN;
    if (number === 0 || Number.isNaN(value)) {
      yield null;
      return;
    }
    if (type === 0) {
      yield { number, value };
      continue;
    }
    if (at + value > bytes.byteLength) {
      yield null;
      return;
    }
    const content = bytes.subarray(at, at + value);
    at += value;
    if (type === 2) yield { number, value: content };
  }
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
