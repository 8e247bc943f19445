import { randomInt } from 'node:crypto';
import { ConfigError, ConflictError } from '../../../core/index.ts';
import { evenHashKeyRanges, type HashKeyRange } from '../../hash-key.ts';
import type { Retention } from '../embedded-log.ts';

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
  readonly retention?: Retention;
}

/** Numbers of shards fit into a sequence number's six digits. */
const SHARD_NUMBERS_MAX = 1_000_000;

export function newStream(id: number, shards: number, createdUs: number, retention: Retention): StoredStream {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const incarnation = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('');
  return {
    id,
    incarnation,
    createdUs,
    shards: evenHashKeyRanges(shards).map((hashKeyRange, i) => ({ shardId: shardIdOf(i), hashKeyRange, createdUs })),
    nextShard: shards,
    retention,
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
  const { nextShard = stream.shards.length } = stream;
  const born: Piece[] = [];
  const closedUs = new Map<string, number>();
  const step = (parents: readonly Piece[], ranges: readonly (readonly [bigint, bigint])[]): Piece[] => {
    const createdUs = nowUs + closedUs.size;
    for (const { shardId } of parents) closedUs.set(shardId, createdUs);
    const children = ranges.map(([start, end], i) => ({
      shardId: shardIdOf(nextShard + born.length + i),
      start,
      end,
      createdUs,
      parents: parents.map((parent) => parent.shardId),
    }));
    born.push(...children);
    return children;
  };
  const left = openPieces(stream).reverse();
  for (const { end } of evenHashKeyRanges(shards)) {
    const last = BigInt(end);
    let whole: Piece | undefined;
    for (let piece = left.pop(); piece !== undefined; piece = left.pop()) {
      let inside: Piece | undefined = piece;
      if (piece.end > last) {
        const [low, high] = step(
          [piece],
          [
            [piece.start, last],
            [last + 1n, piece.end],
          ],
        );
        inside = low;
        if (high !== undefined) left.push(high);
      }
      if (inside === undefined) break;
      whole = whole === undefined ? inside : step([whole, inside], [[whole.start, inside.end]])[0];
      if (inside.end === last) break;
    }
  }
  checkNumbers(name, nextShard + born.length);
  const stored = [...stream.shards, ...born.map(storedPiece)].map((shard) => {
    const atUs = closedUs.get(shard.shardId);
    return atUs === undefined ? shard : { ...shard, closedUs: atUs };
  });
  return { ...stream, shards: stored, nextShard: nextShard + born.length };
}

/** A shard while it is reshaped. */
interface Piece {
  readonly shardId: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly createdUs: number;
  readonly parents: readonly string[];
}

/** The open shards by their hash keys. */
function openPieces(stream: StoredStream): Piece[] {
  return stream.shards
    .filter((shard) => shard.closedUs === undefined)
    .map(({ shardId, hashKeyRange, createdUs, parents = [] }) => ({
      shardId,
      start: BigInt(hashKeyRange.start),
      end: BigInt(hashKeyRange.end),
      createdUs,
      parents,
    }))
    .sort((a, b) => (a.start < b.start ? -1 : 1));
}

function storedPiece({ shardId, start, end, createdUs, parents }: Piece): StoredShard {
  return { shardId, hashKeyRange: { start: String(start), end: String(end) }, createdUs, parents };
}

function checkNumbers(name: string, numbers: number): void {
  if (numbers <= SHARD_NUMBERS_MAX) return;
  throw new ConflictError(
    `[log/embedded] stream ${name} would have had ${numbers} shards, more than ${SHARD_NUMBERS_MAX}; create another stream`,
  );
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
  checkNumbers(name, nextShard + children.length);
  const kept = stream.shards.map((shard) => (parents.includes(shard.shardId) ? { ...shard, closedUs: nowUs } : shard));
  const born = children.map((hashKeyRange, i) => ({
    shardId: shardIdOf(nextShard + i),
    hashKeyRange,
    createdUs: nowUs,
    parents,
  }));
  return { ...stream, shards: [...kept, ...born], nextShard: nextShard + born.length };
}
