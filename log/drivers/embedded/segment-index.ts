import { crc32 } from 'node:zlib';
import type { BlockHeader } from './block.ts';

/** A shard's blocks that begin within so many bytes behind an entry have no entry of their own. */
export const ENTRY_SPAN_BYTES = 64 * 1024;

/** Where the blocks of one shard lie in one segment. */
export interface ShardRange {
  readonly stream: number;
  readonly shard: number;
  /** Counter of the first record, and the one behind the last. */
  readonly first: number;
  next: number;
  /** Of its blocks. */
  bytes: number;
  /** Of its newest record, µs. */
  arrivalUs: number;
  /** First counters of some blocks, ascending, and where these lie. The first block is always among them. */
  readonly counters: number[];
  readonly offsets: number[];
  /** Of its blocks before each of those. */
  readonly bytesBefore: number[];
}

export interface SegmentIndex {
  /** Where the last block ends. */
  end: number;
  /** By {@link shardKey}. */
  readonly ranges: Map<number, ShardRange>;
}

/** Shards of all streams in one number; a shard's own is below 1,000,000, as in its sequence numbers. */
export function shardKey(stream: number, shard: number): number {
  return stream * 1_000_000 + shard;
}

export function createSegmentIndex(): SegmentIndex {
  return { end: 0, ranges: new Map() };
}

/** Takes in the block behind the last one. */
export function addBlock(
  index: SegmentIndex,
  { kind, stream, shard, at, bytes, first, count, arrivalUs }: BlockHeader,
) {
  index.end = at + bytes;
  if (kind !== 'records') return;
  const key = shardKey(stream, shard);
  let range = index.ranges.get(key);
  if (range === undefined) {
    range = { stream, shard, first, next: first, bytes: 0, arrivalUs: 0, counters: [], offsets: [], bytesBefore: [] };
    index.ranges.set(key, range);
  }
  const bytesBefore = range.bytes;
  range.next = first + count;
  range.bytes += bytes;
  range.arrivalUs = arrivalUs;
  const last = range.offsets.at(-1);
  if (last !== undefined && at - last < ENTRY_SPAN_BYTES) return;
  range.counters.push(first);
  range.offsets.push(at);
  range.bytesBefore.push(bytesBefore);
}

/** Where to begin to look for the block that holds `counter`, which the range has: at it, or little before. */
export function entryBefore({ counters, offsets }: ShardRange, counter: number): number {
  let low = 0;
  let high = counters.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((counters[middle] ?? 0) <= counter) low = middle;
    else high = middle - 1;
  }
  return offsets[low] ?? 0;
}

/** First counter of the newest blocks that have at most `bytes` together; null when none do. */
export function counterWithin(range: ShardRange | undefined, bytes: number): number | null {
  if (range === undefined) return null;
  const first = range.bytesBefore.findIndex((before) => range.bytes - before <= bytes);
  return range.counters[first] ?? null;
}

/** An index of another version is made anew from its segment. */
const VERSION = 2;

interface Stored {
  readonly version?: number;
  readonly end: number;
  readonly ranges: readonly ShardRange[];
}

/** A line with the CRC-32 of the rest, then JSON. */
export function encodeIndex(index: SegmentIndex): Buffer {
  const body = JSON.stringify({ version: VERSION, end: index.end, ranges: [...index.ranges.values()] });
  return Buffer.from(`${String(crc32(body))}\n${body}`);
}

/** Null when it is damaged, or not of this version. */
export function decodeIndex(bytes: Buffer): SegmentIndex | null {
  const newline = bytes.indexOf(10);
  const body = bytes.subarray(newline + 1);
  if (newline === -1 || bytes.toString('latin1', 0, newline) !== String(crc32(body))) return null;
  const { version, end, ranges } = JSON.parse(body.toString()) as Stored;
  if (version !== VERSION) return null;
  return { end, ranges: new Map(ranges.map((range) => [shardKey(range.stream, range.shard), range])) };
}
