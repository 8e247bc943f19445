/*
 * Keys of the store; numbers are big-endian, so that bytes sort as numbers do.
 *   0x01                          counters: next stream id, last creation time
 *   0x02 name                     a stream: JSON
 *   0x03 id u32                   a deleted stream whose blocks are still to be removed
 *   0x04 id u32 shard u32         head of a shard
 *   0x05 id u32 shard u32 first   a block, by the counter of its first record (u64)
 */
export const COUNTERS_KEY = Buffer.from([1]);
const STREAM = 2;
const DELETED = 3;
const HEAD = 4;
const BLOCK = 5;

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

/** Lies just before all blocks of the shard, or of the stream when no shard is given. */
export function blocksFrom(id: number, shard?: number): Buffer {
  return numbered(BLOCK, shard === undefined ? [id] : [id, shard]);
}

export function headsFrom(id: number): Buffer {
  return numbered(HEAD, [id]);
}

export function blockKey(id: number, shard: number, first: number): Buffer {
  return numbered(BLOCK, [id, shard, Math.floor(first / 0x1_0000_0000), first % 0x1_0000_0000]);
}

export function firstOfKey(key: Buffer): number {
  return key.readUInt32BE(9) * 0x1_0000_0000 + key.readUInt32BE(13);
}

function numbered(kind: number, numbers: readonly number[]): Buffer {
  const key = Buffer.allocUnsafe(1 + 4 * numbers.length);
  key[0] = kind;
  for (let i = 0; i < numbers.length; i++) key.writeUInt32BE(numbers[i] ?? 0, 1 + 4 * i);
  return key;
}
