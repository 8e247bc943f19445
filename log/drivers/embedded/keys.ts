/*
 * Keys of the state; numbers are big-endian, so that bytes sort as numbers do.
 *   0x01                          counters: next stream id, last creation time
 *   0x02 name                     a stream: JSON
 *   0x03 id u32                   a deleted stream whose heads are still to be removed
 *   0x04 id u32 shard u32         head of a shard
 */
export const COUNTERS_KEY = Buffer.from([1]);
const STREAM = 2;
const DELETED = 3;
const HEAD = 4;

export const STREAMS_FROM = Buffer.from([STREAM]);
export const STREAMS_TO = Buffer.from([STREAM + 1]);
export const DELETED_FROM = Buffer.from([DELETED]);
export const DELETED_TO = Buffer.from([DELETED + 1]);

export function streamKey(stream: string): Buffer {
  return Buffer.concat([STREAMS_FROM, Buffer.from(stream)]);
}

export function streamOfKey(key: Buffer): string {
  return key.toString('utf8', 1);
}

export function deletedKey(id: number): Buffer {
  return numbered(DELETED, [id]);
}

export function idOfKey(key: Buffer): number {
  return key.readUInt32BE(1);
}

export function headKey(id: number, shard: number): Buffer {
  return numbered(HEAD, [id, shard]);
}

export function headsFrom(id: number): Buffer {
  return numbered(HEAD, [id]);
}

function numbered(kind: number, numbers: readonly number[]): Buffer {
  const key = Buffer.allocUnsafe(1 + 4 * numbers.length);
  key[0] = kind;
  for (let i = 0; i < numbers.length; i++) key.writeUInt32BE(numbers[i] ?? 0, 1 + 4 * i);
  return key;
}
