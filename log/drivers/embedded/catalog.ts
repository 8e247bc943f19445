import { randomInt } from 'node:crypto';
import { ConfigError, ConflictError } from '../../../core/index.ts';
import { createPlacement, evenHashKeyRanges, type HashKeyRange } from '../../hash-key.ts';
import type { StreamDescription } from '../../log.ts';
import { createSequence, type Sequence } from '../../sequence.ts';
import type { Environment } from './environment.ts';
import { COUNTERS_KEY, deletedKey, STREAMS_FROM, STREAMS_TO, streamKey, streamOfKey } from './keys.ts';

/** A shard as the catalog keeps it; later kinds (closed, with parents) add members. */
interface StoredShard {
  readonly shardId: string;
  readonly hashKeyRange: HashKeyRange;
  readonly createdUs: number;
}

interface StoredStream {
  /** Never used again, so that the blocks of a deleted stream can never be taken for another's. */
  readonly id: number;
  readonly incarnation: string;
  readonly createdUs: number;
  readonly shards: readonly StoredShard[];
}

export interface OpenShard {
  readonly stream: OpenStream;
  readonly index: number;
  readonly shardId: string;
  readonly sequence: Sequence;
}

/** A stream with what is derived from its description once. */
export interface OpenStream {
  readonly id: number;
  readonly description: StreamDescription;
  readonly shards: readonly OpenShard[];
  readonly placement: (partitionKey: string) => number;
}

export interface Catalog {
  /** The stream as it is now, whoever created or deleted it last; ConfigError when there is none. */
  stream(name: string): OpenStream;
  shard(name: string, shardId: string): OpenShard;
  names(): string[];
  /** Inside a write transaction. */
  create(name: string, shards: number, nowUs: number): void;
  /** Inside a write transaction: gives the id, under which the blocks still lie. */
  delete(name: string): number;
}

const NAMES_MAX = 100_000;

export function createCatalog(environment: Environment): Catalog {
  const opened = new Map<string, { readonly stored: Buffer; readonly stream: OpenStream }>();

  const find = (name: string): OpenStream | undefined => {
    const stored = environment.get(streamKey(name));
    const known = opened.get(name);
    if (stored === undefined) {
      opened.delete(name);
      return undefined;
    }
    if (known?.stored.equals(stored)) return known.stream;
    const stream = openStream(name, JSON.parse(stored.toString()) as StoredStream);
    opened.set(name, { stored: Buffer.from(stored), stream });
    return stream;
  };
  const stream = (name: string): OpenStream => {
    const found = find(name);
    if (found !== undefined) return found;
    throw new ConfigError(`[log/embedded] there is no stream ${JSON.stringify(name)}; create it first`);
  };
  return {
    stream,
    shard(name, shardId) {
      const found = stream(name).shards.find((shard) => shard.shardId === shardId);
      if (found !== undefined) return found;
      throw new ConfigError(
        `[log/embedded] stream ${name} has no shard ${JSON.stringify(shardId)}; describe the stream`,
      );
    },
    names: () => environment.keys(STREAMS_FROM, STREAMS_TO, NAMES_MAX).map(streamOfKey),
    create(name, shards, nowUs) {
      const found = find(name);
      if (found?.shards.length === shards) return;
      if (found !== undefined) {
        throw new ConflictError(
          `[log/embedded] stream ${name} exists with ${found.shards.length} shards, not ${shards}; delete it or use its number`,
        );
      }
      const counters = environment.get(COUNTERS_KEY);
      const id = counters?.readDoubleLE(0) ?? 1;
      // Strictly later than any stream before, so that a re-created stream has greater sequence numbers.
      const createdUs = Math.max(nowUs, (counters?.readDoubleLE(8) ?? 0) + 1);
      const next = Buffer.alloc(16);
      next.writeDoubleLE(id + 1, 0);
      next.writeDoubleLE(createdUs, 8);
      environment.put(COUNTERS_KEY, next);
      environment.put(streamKey(name), Buffer.from(JSON.stringify(newStream(id, shards, createdUs))));
    },
    delete(name) {
      const { id } = stream(name);
      environment.remove(streamKey(name));
      environment.put(deletedKey(id), Buffer.from([1]));
      return id;
    },
  };
}

function newStream(id: number, shards: number, createdUs: number): StoredStream {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const incarnation = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('');
  return {
    id,
    incarnation,
    createdUs,
    shards: evenHashKeyRanges(shards).map((hashKeyRange, i) => ({
      shardId: `shardId-${String(i).padStart(12, '0')}`,
      hashKeyRange,
      createdUs,
    })),
  };
}

function openStream(name: string, stored: StoredStream): OpenStream {
  const { id, incarnation, createdUs } = stored;
  const shards: OpenShard[] = [];
  const stream: OpenStream = {
    id,
    description: {
      stream: name,
      incarnation,
      createdUs,
      shards: stored.shards.map(({ shardId, hashKeyRange }) => ({ shardId, hashKeyRange, parents: [], closed: false })),
    },
    shards,
    placement: createPlacement(stored.shards.map((shard) => shard.hashKeyRange)),
  };
  stored.shards.forEach((shard, index) => {
    shards.push({ stream, index, shardId: shard.shardId, sequence: createSequence(shard.createdUs, index) });
  });
  return stream;
}
