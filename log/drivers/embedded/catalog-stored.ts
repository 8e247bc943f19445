import { randomInt } from 'node:crypto';
import { ConfigError, ConflictError } from '../../../core/index.ts';
import { evenHashKeyRanges, type HashKeyRange } from '../../hash-key.ts';

/** A shard as the catalog keeps it. */
export interface StoredShard {
  readonly shardId: string;
  readonly hashKeyRange: HashKeyRange;
  readonly createdUs: number;
  readonly parents?: readonly string[];
  /** When it was split or merged; not there while it takes records. */
  readonly closedUs?: number;
}

export interface StoredStream {
  /** Never used again, so that the blocks of a deleted stream can never be taken for another's. */
  readonly id: number;
  readonly incarnation: string;
  readonly createdUs: number;
  readonly shards: readonly StoredShard[];
  /** The number of the next shard; as many as there are shards when it is not there. */
  readonly nextShard?: number;
  readonly retentionMs?: number | null;
}

/** Numbers of shards fit into a sequence number's six digits. */
const SHARD_NUMBERS_MAX = 1_000_000;

export function newStream(id: number, shards: number, createdUs: number, retentionMs: number | null): StoredStream {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const incarnation = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('');
  return {
    id,
    incarnation,
    createdUs,
    shards: evenHashKeyRanges(shards).map((hashKeyRange, i) => ({ shardId: shardIdOf(i), hashKeyRange, createdUs })),
    nextShard: shards,
    retentionMs,
  };
}

/** As Kinesis names shards: `shardId-` and twelve digits. */
export function shardIdOf(number: number): string {
  return `shardId-${String(number).padStart(12, '0')}`;
}

/**
 * The stream with one shard closed and its hash keys in two children, the second of which begins at
 * `newStartingHashKey`. ConfigError when there is no such shard or the key does not lie in it behind its start,
 * ConflictError when it is closed.
 */
export function split(
  name: string,
  stream: StoredStream,
  shardId: string,
  newStartingHashKey: bigint,
  nowUs: number,
): StoredStream {
  const { hashKeyRange } = openShardOf(name, stream, shardId);
  const start = BigInt(hashKeyRange.start);
  const end = BigInt(hashKeyRange.end);
  if (newStartingHashKey <= start || newStartingHashKey > end) {
    throw new ConfigError(
      `[log/embedded] shard ${shardId} of stream ${name} cannot be split at ${newStartingHashKey}; choose a hash key from ${start + 1n} to ${end}`,
    );
  }
  return closing(name, stream, [shardId], nowUs, [
    { start: hashKeyRange.start, end: String(newStartingHashKey - 1n) },
    { start: String(newStartingHashKey), end: hashKeyRange.end },
  ]);
}

/**
 * The stream with two shards closed and their hash keys in one child. ConfigError when a shard is not there or their
 * hash keys do not follow each other, in whatever order they are given; ConflictError when one is closed.
 */
export function merged(
  name: string,
  stream: StoredStream,
  shardId: string,
  adjacentShardId: string,
  nowUs: number,
): StoredStream {
  const given = [openShardOf(name, stream, shardId), openShardOf(name, stream, adjacentShardId)] as const;
  const [low, high] =
    BigInt(given[0].hashKeyRange.start) < BigInt(given[1].hashKeyRange.start) ? given : [given[1], given[0]];
  if (BigInt(low.hashKeyRange.end) + 1n !== BigInt(high.hashKeyRange.start)) {
    throw new ConfigError(
      `[log/embedded] shards ${shardId} and ${adjacentShardId} of stream ${name} are not adjacent; merge neighbours`,
    );
  }
  return closing(name, stream, [shardId, adjacentShardId], nowUs, [
    { start: low.hashKeyRange.start, end: high.hashKeyRange.end },
  ]);
}

/**
 * The stream with `shards` open shards of even ranges, by splits at the new bounds and merges between them; a shard
 * that has its range already stays. Each step is a µs after the one before it, from `nowUs` on.
 */
export function reshaped(name: string, stream: StoredStream, shards: number, nowUs: number): StoredStream {
  let atUs = nowUs;
  let shaped = stream;
  for (const { start, end } of evenHashKeyRanges(shards)) {
    for (const bound of [BigInt(start), BigInt(end) + 1n]) {
      const around = openShards(shaped).find(({ hashKeyRange }) => liesInside(bound, hashKeyRange));
      if (around !== undefined) shaped = split(name, shaped, around.shardId, bound, atUs++);
    }
    const pieces = openShards(shaped)
      .filter(({ hashKeyRange }) => within(hashKeyRange, start, end))
      .sort((a, b) => (BigInt(a.hashKeyRange.start) < BigInt(b.hashKeyRange.start) ? -1 : 1));
    for (let first = pieces[0], i = 1; i < pieces.length; i++) {
      const next = pieces[i];
      if (first === undefined || next === undefined) break;
      shaped = merged(name, shaped, first.shardId, next.shardId, atUs++);
      first = shaped.shards.at(-1);
    }
  }
  return shaped;
}

function openShards(stream: StoredStream): StoredShard[] {
  return stream.shards.filter((shard) => shard.closedUs === undefined);
}

function liesInside(bound: bigint, { start, end }: HashKeyRange): boolean {
  return bound > BigInt(start) && bound <= BigInt(end);
}

function within(range: HashKeyRange, start: string, end: string): boolean {
  return BigInt(range.start) >= BigInt(start) && BigInt(range.end) <= BigInt(end);
}

/** The stream without these shards, which must be closed. */
export function withoutShards(stream: StoredStream, shardIds: readonly string[]): StoredStream {
  const { nextShard = stream.shards.length } = stream;
  const shards = stream.shards.filter((shard) => shard.closedUs === undefined || !shardIds.includes(shard.shardId));
  return { ...stream, shards, nextShard };
}

function openShardOf(name: string, stream: StoredStream, shardId: string): StoredShard {
  const shard = stream.shards.find((one) => one.shardId === shardId);
  if (shard === undefined) {
    throw new ConfigError(`[log/embedded] stream ${name} has no shard ${JSON.stringify(shardId)}; describe the stream`);
  }
  if (shard.closedUs === undefined) return shard;
  throw new ConflictError(`[log/embedded] shard ${shardId} of stream ${name} is closed already; use an open one`);
}

function closing(
  name: string,
  stream: StoredStream,
  parents: readonly string[],
  nowUs: number,
  children: readonly HashKeyRange[],
): StoredStream {
  const { nextShard = stream.shards.length } = stream;
  if (nextShard + children.length > SHARD_NUMBERS_MAX) {
    throw new ConflictError(`[log/embedded] stream ${name} has had ${nextShard} shards; create another stream`);
  }
  const kept = stream.shards.map((shard) => (parents.includes(shard.shardId) ? { ...shard, closedUs: nowUs } : shard));
  const born = children.map((hashKeyRange, i) => ({
    shardId: shardIdOf(nextShard + i),
    hashKeyRange,
    createdUs: nowUs,
    parents,
  }));
  return { ...stream, shards: [...kept, ...born], nextShard: nextShard + born.length };
}
