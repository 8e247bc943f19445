import { ConfigError, ConflictError } from '../../core/index.ts';
import { checkShardCount, checkStreamName } from '../limits.ts';
import type { Shard } from '../log.ts';
import type { Catalog, OpenShard, OpenStream } from './embedded/catalog.ts';
import type { Environment } from './embedded/environment.ts';
import { readHead } from './embedded/head.ts';
import { counterOf } from './embedded/reader.ts';
import { KEEP_ALL, type ShardDetails, type StreamChanges, type StreamLookup } from './embedded-log.ts';

/** Looks up in the catalog; `fresh` lets the next look see the newest commit. */
export function createLookup(environment: Environment, catalog: Catalog, fresh: () => void): StreamLookup {
  const detailsAt = ({ shards, description }: OpenStream, i: number): ShardDetails => {
    const { createdUs, closedUs, sequence, stream, index } = shards[i] as OpenShard;
    const end = closedUs === null ? null : sequence.position(readHead(environment, stream.id, index).next);
    const shard = description.shards[i] as Shard;
    return { ...shard, createdUs, closedUs, startPosition: sequence.position(0), endPosition: end };
  };
  return {
    look(name) {
      fresh();
      const found = catalog.find(name);
      if (found === undefined) return null;
      const { id, description, retention } = found;
      return { description, retention, document: catalog.documents.ofStream(id) };
    },
    shards(name) {
      fresh();
      const stream = catalog.stream(name);
      return stream.shards.map((_, i) => detailsAt(stream, i));
    },
    shard(name, shardId) {
      fresh();
      const stream = catalog.stream(name);
      const i = stream.shards.findIndex((shard) => shard.shardId === shardId);
      return i === -1 ? null : detailsAt(stream, i);
    },
    shardOf(name, partitionKey, explicitHashKey) {
      fresh();
      const { shards, placement, placementOfHashKey } = catalog.stream(name);
      const at = explicitHashKey === undefined ? placement(partitionKey) : placementOfHashKey(hashKey(explicitHashKey));
      return shards[at]?.shardId ?? '';
    },
    names() {
      fresh();
      return catalog.names();
    },
    document(name) {
      fresh();
      return catalog.documents.ofLog(name);
    },
  };
}

/**
 * The changes of one transaction, at `nowUs`. Ids of deleted streams go to `deleted`: their space is to be freed once
 * the transaction is durable.
 */
export function createChanges(lookup: StreamLookup, catalog: Catalog, nowUs: number, deleted: number[]): StreamChanges {
  return {
    ...lookup,
    create(name, { shards, retention = KEEP_ALL, document = null }) {
      checkStreamName(name, 'embedded');
      checkShardCount(shards, 'embedded');
      if (catalog.find(name) !== undefined) {
        throw new ConflictError(`[log/embedded] stream ${name} exists already; delete it first`);
      }
      catalog.create(name, shards, nowUs, retention);
      if (document !== null) catalog.documents.putOfStream(catalog.stream(name).id, document);
    },
    delete(name) {
      deleted.push(catalog.delete(name));
    },
    split: (name, shardId, newStartingHashKey) => catalog.split(name, shardId, hashKey(newStartingHashKey), nowUs),
    merge: (name, shardId, adjacentShardId) => catalog.merge(name, shardId, adjacentShardId, nowUs),
    reshape(name, shards) {
      checkShardCount(shards, 'embedded');
      catalog.reshape(name, shards, nowUs);
    },
    setRetention: (name, retention) => catalog.setRetention(name, retention),
    hold(name, shardId, holder, position) {
      const shard = catalog.shard(name, shardId);
      const counter = position === null ? null : counterOf(shard, position);
      catalog.documents.putFloor(shard.stream.id, shard.index, holder, counter);
    },
    setDocument: (name, document) => catalog.documents.putOfStream(catalog.stream(name).id, document),
    setLogDocument: (name, document) => catalog.documents.putOfLog(name, document),
  };
}

/** The hash key of its decimal form; ConfigError when that is none from 0 to 2¹²⁸ − 1. */
export function hashKey(text: string): bigint {
  const key = /^(0|[1-9]\d{0,38})$/.test(text) ? BigInt(text) : -1n;
  if (key >= 0n && key < 1n << 128n) return key;
  throw new ConfigError(`[log/embedded] ${JSON.stringify(text)} is no hash key; use 0 to 2^128 - 1 in decimal`);
}
