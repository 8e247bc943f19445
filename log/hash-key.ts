import { hash } from 'node:crypto';

/** One more than the largest hash key: Kinesis's hash keys are 128-bit unsigned integers. */
export const HASH_KEY_COUNT = 1n << 128n;

export interface HashKeyRange {
  /** Decimal, included. */
  readonly start: string;
  /** Decimal, included. */
  readonly end: string;
}

/**
 * The hash key of a partition key: the MD5 of its UTF-8 bytes as a big-endian integer, 0 to 2¹²⁸ − 1
 * (Kinesis Data Streams API Reference, PutRecord).
 */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${hash('md5', partitionKey)}`);
}

/**
 * Even ranges for `shards` shards, as CreateStream makes them: each ⌊2¹²⁸ / shards⌋ wide, the last one up to
 * 2¹²⁸ − 1. `shards` is an integer of at least 1.
 */
export function evenHashKeyRanges(shards: number): HashKeyRange[] {
  const width = HASH_KEY_COUNT / BigInt(shards);
  return Array.from({ length: shards }, (_, i) => ({
    start: String(width * BigInt(i)),
    end: String(i === shards - 1 ? HASH_KEY_COUNT - 1n : width * BigInt(i + 1) - 1n),
  }));
}

/**
 * Gives a function from hash key to the index of the range that holds it. The ranges may be in any order and must
 * cover all hash keys without overlap, as the open shards of a stream do.
 */
export function createHashKeyPlacement(ranges: readonly HashKeyRange[]): (hashKey: bigint) => number {
  if (ranges.length === 1) return () => 0;
  const sorted = ranges
    .map((range, index) => ({ end: BigInt(range.end), index }))
    .sort((a, b) => (a.end < b.end ? -1 : 1));
  return (hashKey) => {
    let low = 0;
    let high = sorted.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.end ?? 0n) < hashKey) low = middle + 1;
      else high = middle;
    }
    return sorted[low]?.index ?? 0;
  };
}

/** Keys remembered per placement: people come back, and a look-up is far cheaper than an MD5. */
const KEYS_REMEMBERED_MAX = 16_384;

/** As {@link createHashKeyPlacement}, from partition keys, whose hash keys are remembered. */
export function createPlacement(ranges: readonly HashKeyRange[]): (partitionKey: string) => number {
  if (ranges.length === 1) return () => 0;
  const place = createHashKeyPlacement(ranges);
  const remembered = new Map<string, number>();
  return (partitionKey) => {
    const known = remembered.get(partitionKey);
    if (known !== undefined) return known;
    const index = place(hashKeyOf(partitionKey));
    if (remembered.size >= KEYS_REMEMBERED_MAX) remembered.clear();
    remembered.set(partitionKey, index);
    return index;
  };
}
