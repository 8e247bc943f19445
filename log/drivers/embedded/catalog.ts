import { ConfigError, ConflictError } from '../../../core/index.ts';
import { createHashKeyPlacement, createPlacement } from '../../hash-key.ts';
import type { StreamDescription } from '../../log.ts';
import { createSequence, type Sequence } from '../../sequence.ts';
import { KEEP_ALL, type Retention } from '../embedded-log.ts';
import { createDocuments, type Documents } from './catalog-documents.ts';
import {
  merged,
  newStream,
  reshaped,
  type StoredShard,
  type StoredStream,
  split,
  withoutShards,
} from './catalog-stored.ts';
import type { Environment } from './environment.ts';
import { COUNTERS_KEY, deletedKey, STREAMS_FROM, STREAMS_TO, streamKey, streamOfKey } from './keys.ts';

/** One object for one shard for as long as the catalog lives: whoever collects by shard may use it as a key. */
export interface OpenShard {
  readonly stream: OpenStream;
  /** The number in the shard's id. */
  readonly index: number;
  readonly shardId: string;
  readonly sequence: Sequence;
  readonly createdUs: number;
  /** When it was split or merged, µs; null while it takes records. As of the last look at its stream. */
  readonly closedUs: number | null;
}

/** A stream with what is derived from its description once; one object for as long as the stream lives. */
export interface OpenStream {
  readonly id: number;
  readonly description: StreamDescription;
  /** Closed ones included. */
  readonly shards: readonly OpenShard[];
  /** Position in `shards` of the open one that a key belongs to. */
  readonly placement: (partitionKey: string) => number;
  /** Position in `shards` of the open one that holds a hash key. */
  readonly placementOfHashKey: (hashKey: bigint) => number;
  readonly retention: Retention;
}

export interface Catalog {
  /** The stream as it is now, whoever changed it last; ConfigError when there is none. */
  stream(name: string): OpenStream;
  find(name: string): OpenStream | undefined;
  shard(name: string, shardId: string): OpenShard;
  /** Of the shards only those that take records; ConflictError for a closed one. What a writer needs. */
  readonly forAppends: Catalog;
  names(): string[];
  readonly documents: Documents;
  /** All below inside a write transaction. Each checks all before it writes the first byte. */
  create(name: string, shards: number, nowUs: number, retention?: Retention): void;
  /** Gives the id, under which the blocks still lie. */
  delete(name: string): number;
  split(name: string, shardId: string, newStartingHashKey: bigint, nowUs: number): void;
  merge(name: string, shardId: string, adjacentShardId: string, nowUs: number): void;
  /** Splits and merges until the stream has so many open shards of even ranges. */
  reshape(name: string, shards: number, nowUs: number): void;
  setRetention(name: string, retention: Retention): void;
  /** Takes closed shards out of the description; their records must be trimmed already. */
  forget(name: string, shardIds: readonly string[]): void;
}

const NAMES_MAX = 100_000;

interface Opened {
  readonly bytes: Buffer;
  readonly stored: StoredStream;
  readonly stream: Mutable<OpenStream>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is stored under a name, opened once for as long as it stays as it is. */
function createLook(environment: Environment): (name: string) => Opened | undefined {
  const opened = new Map<string, Opened>();
  return (name) => {
    const bytes = environment.get(streamKey(name));
    const known = opened.get(name);
    if (bytes === undefined) {
      opened.delete(name);
      return undefined;
    }
    if (known?.bytes.equals(bytes)) return known;
    const stored = JSON.parse(bytes.toString()) as StoredStream;
    const stream = openStream(name, stored, known?.stored.id === stored.id ? known.stream : undefined);
    const found = { bytes: Buffer.from(bytes), stored, stream };
    opened.set(name, found);
    return found;
  };
}

export function createCatalog(environment: Environment): Catalog {
  const look = createLook(environment);
  const demand = (name: string): Opened => {
    const found = look(name);
    if (found !== undefined) return found;
    throw new ConfigError(`[log/embedded] there is no stream ${JSON.stringify(name)}; create it first`);
  };
  const shard = (name: string, shardId: string): OpenShard => {
    const found = demand(name).stream.shards.find((one) => one.shardId === shardId);
    if (found !== undefined) return found;
    throw new ConfigError(`[log/embedded] stream ${name} has no shard ${JSON.stringify(shardId)}; describe the stream`);
  };
  const openShard = (name: string, shardId: string): OpenShard => {
    const found = shard(name, shardId);
    if (found.closedUs === null) return found;
    throw new ConflictError(`[log/embedded] shard ${shardId} of stream ${name} is closed; append to its children`);
  };
  const all: Omit<Catalog, 'forAppends'> = {
    stream: (name) => demand(name).stream,
    find: (name) => look(name)?.stream,
    shard,
    names: () => environment.keys(STREAMS_FROM, STREAMS_TO, NAMES_MAX).map(streamOfKey),
    ...createCatalogChanges(environment, look, demand),
  };
  const forAppends = { ...all, shard: openShard } as Mutable<Catalog>;
  forAppends.forAppends = forAppends;
  return { ...all, forAppends };
}

type Changes = Pick<
  Catalog,
  'create' | 'delete' | 'split' | 'merge' | 'reshape' | 'setRetention' | 'forget' | 'documents'
>;

function createCatalogChanges(
  environment: Environment,
  look: (name: string) => Opened | undefined,
  demand: (name: string) => Opened,
): Changes {
  const documents = createDocuments(environment);
  const put = (name: string, stored: StoredStream): void =>
    environment.put(streamKey(name), Buffer.from(JSON.stringify(stored)));
  const reshard = (name: string, nowUs: number, change: (stored: StoredStream, atUs: number) => StoredStream): void => {
    const { stored } = demand(name);
    const { id, createdUs } = nextCreation(environment, nowUs);
    const changed = change(stored, createdUs);
    count(
      environment,
      id,
      changed.shards.reduce((latest, shard) => Math.max(latest, shard.createdUs), createdUs),
    );
    put(name, changed);
  };
  return {
    documents,
    create(name, shards, nowUs, retention = KEEP_ALL) {
      const open = look(name)?.stream.shards.filter((one) => one.closedUs === null).length;
      if (open === shards) return;
      if (open !== undefined) {
        throw new ConflictError(
          `[log/embedded] stream ${name} exists with ${open} shards, not ${shards}; delete it or use its number`,
        );
      }
      const { id, createdUs } = nextCreation(environment, nowUs);
      count(environment, id + 1, createdUs);
      put(name, newStream(id, shards, createdUs, retention));
    },
    delete(name) {
      const { id } = demand(name).stored;
      environment.remove(streamKey(name));
      environment.put(deletedKey(id), Buffer.from([1]));
      documents.removeOfStream(id);
      return id;
    },
    split: (name, shardId, newStartingHashKey, nowUs) =>
      reshard(name, nowUs, (stored, atUs) => split(name, stored, shardId, newStartingHashKey, atUs)),
    merge: (name, shardId, adjacentShardId, nowUs) =>
      reshard(name, nowUs, (stored, atUs) => merged(name, stored, shardId, adjacentShardId, atUs)),
    reshape: (name, shards, nowUs) => reshard(name, nowUs, (stored, atUs) => reshaped(name, stored, shards, atUs)),
    setRetention: (name, retention) => put(name, { ...demand(name).stored, retention }),
    forget: (name, shardIds) => put(name, withoutShards(demand(name).stored, shardIds)),
  };
}

/**
 * The next stream's id, and a time of creation strictly later than any shard's before, so that what is created later
 * has greater sequence numbers.
 */
function nextCreation(environment: Environment, nowUs: number): { readonly id: number; readonly createdUs: number } {
  const counters = environment.get(COUNTERS_KEY);
  return { id: counters?.readDoubleLE(0) ?? 1, createdUs: Math.max(nowUs, (counters?.readDoubleLE(8) ?? 0) + 1) };
}

function count(environment: Environment, id: number, createdUs: number): void {
  const counters = Buffer.alloc(16);
  counters.writeDoubleLE(id, 0);
  counters.writeDoubleLE(createdUs, 8);
  environment.put(COUNTERS_KEY, counters);
}

/** Opens what is stored; `before` is changed in place when it is the same stream, and so are its shards. */
function openStream(name: string, stored: StoredStream, before?: Mutable<OpenStream>): Mutable<OpenStream> {
  const { id, incarnation, createdUs, retention = KEEP_ALL } = stored;
  const known = new Map(before?.shards.map((shard) => [shard.shardId, shard as Mutable<OpenShard>]));
  const stream = before ?? ({ id } as Mutable<OpenStream>);
  const shards = stored.shards.map((shard): OpenShard => {
    const found = known.get(shard.shardId);
    if (found?.createdUs === shard.createdUs) {
      found.closedUs = shard.closedUs ?? null;
      return found;
    }
    return openShard(stream, shard);
  });
  const open = stored.shards.flatMap((shard, at) => (shard.closedUs === undefined ? [{ shard, at }] : []));
  const ranges = open.map(({ shard }) => shard.hashKeyRange);
  const placement = createPlacement(ranges);
  const placementOfHashKey = createHashKeyPlacement(ranges);
  const positionOf = (i: number): number => open[i]?.at ?? 0;
  stream.description = {
    stream: name,
    incarnation,
    createdUs,
    shards: stored.shards.map(({ shardId, hashKeyRange, parents = [], closedUs }) => ({
      shardId,
      hashKeyRange,
      parents,
      closed: closedUs !== undefined,
    })),
  };
  stream.shards = shards;
  stream.placement = (partitionKey) => positionOf(placement(partitionKey));
  stream.placementOfHashKey = (hashKey) => positionOf(placementOfHashKey(hashKey));
  stream.retention = retention;
  return stream;
}

function openShard(stream: OpenStream, { shardId, createdUs, closedUs }: StoredShard): OpenShard {
  const index = Number(shardId.slice(-12));
  return {
    stream,
    index,
    shardId,
    createdUs,
    closedUs: closedUs ?? null,
    sequence: createSequence(createdUs, index),
  };
}
