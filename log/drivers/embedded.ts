import { ConfigError } from '../../core/index.ts';
import { checkShardCount, checkStreamName } from '../limits.ts';
import { createCatalog } from './embedded/catalog.ts';
import { createMemoryPlace, openPlace, type Place } from './embedded/place.ts';
import { counterOf, createReader } from './embedded/reader.ts';
import { createRetention } from './embedded/retention.ts';
import { openStore } from './embedded/store.ts';
import { createWatchers } from './embedded/watchers.ts';
import { createWriter } from './embedded/writer.ts';
import { createExpiry } from './embedded-expiry.ts';
import type { EmbeddedLog } from './embedded-log.ts';
import { appendPlaced } from './embedded-placed.ts';
import { createReads } from './embedded-reads.ts';
import { createChanges, createLookup } from './embedded-streams.ts';

export interface EmbeddedLogOptions {
  /** The folder of the log; created when it is not there. Needed unless it is ephemeral. */
  readonly path?: string;
  /** Keeps all in memory, and nothing beyond `close`: for test suites. */
  readonly ephemeral?: boolean;
  /** µs since 1970; the system's clock by default. */
  readonly clock?: () => number;
  /** Where the log is kept instead of in a folder; its lock is closed with the log. */
  readonly place?: Place;
}

const systemClock = (): number => Date.now() * 1000;

/**
 * Opens the embedded log, which any number of processes and worker threads may have open at once. Appends are
 * flushed before they are acknowledged and before any reader sees them. ConfigError when the path cannot be used.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const { clock = systemClock } = options;
  const environment = await openStore(placeOf(options));
  const catalog = createCatalog(environment);
  const watchers = createWatchers(environment);
  const writer = createWriter({ store: environment, catalog: catalog.forAppends, clock, onFlushed: watchers.notify });
  const reader = createReader(environment, clock);
  const retention = createRetention(environment, writer, reader);
  // Freed space is not worth waiting for; what fails now is tried again at the next open.
  const sweeping = retention.sweepAll().catch(() => undefined);
  let closing: Promise<void> | null = null;

  /** Every read sees the newest commit, whoever made it. */
  const fresh = (): void => {
    if (closing !== null) throw new ConfigError('[log/embedded] the log is closed; open it again');
    environment.refresh();
  };
  const lookup = createLookup(environment, catalog, fresh);
  const inTransaction = createLookup(environment, catalog, () => undefined);
  const expiry = createExpiry({ catalog, environment, retention, writer, clock, fresh });

  const log: EmbeddedLog = {
    driver: 'embedded',
    ...lookup,
    ...createReads({ environment, catalog, reader, watchers, fresh }),
    async createStream(stream, { shards }) {
      checkStreamName(stream, 'embedded');
      checkShardCount(shards, 'embedded');
      await writer.run(() => catalog.create(stream, shards, Math.floor(clock())));
      return catalog.stream(stream).description;
    },
    async describeStream(stream) {
      fresh();
      return catalog.stream(stream).description;
    },
    listStreams: async () => lookup.names(),
    deleteStream: (stream) => log.change((streams) => streams.delete(stream)),
    async change(work) {
      const deleted: number[] = [];
      const result = await writer.run(() => work(createChanges(inTransaction, catalog, Math.floor(clock()), deleted)));
      for (const id of deleted) await retention.sweep(id);
      return result;
    },
    async splitShard(stream, shardId, newStartingHashKey) {
      await log.change((streams) => streams.split(stream, shardId, newStartingHashKey));
      return log.describeStream(stream);
    },
    async mergeShards(stream, shardId, adjacentShardId) {
      await log.change((streams) => streams.merge(stream, shardId, adjacentShardId));
      return log.describeStream(stream);
    },
    // Not async: an append of one record has no time for promises of promises.
    append(stream, records) {
      if (records.every((record) => record.explicitHashKey === undefined)) return writer.append(stream, null, records);
      return appendPlaced({ catalog, writer, fresh }, stream, records);
    },
    appendToShard: writer.append,
    async trim(stream, shardId, position) {
      fresh();
      const shard = catalog.shard(stream, shardId);
      await retention.trim(shard, counterOf(shard, position));
    },
    hold: (stream, shardId, holder, position) =>
      log.change((streams) => streams.hold(stream, shardId, holder, position)),
    retain: (stream, retention) => log.change((streams) => streams.setRetention(stream, retention)),
    async retention(stream) {
      fresh();
      return catalog.stream(stream).retention;
    },
    enforceRetention: expiry.run,
    close() {
      closing ??= (async () => {
        await expiry.stop();
        await writer.close();
        await sweeping;
        watchers.close();
        await environment.close();
      })();
      return closing;
    },
  };
  return log;
}

function placeOf({ path, place, ephemeral = false }: EmbeddedLogOptions): Place {
  if (place !== undefined) return place;
  if (ephemeral) return createMemoryPlace();
  if (path !== undefined) return openPlace(path);
  throw new ConfigError('[log/embedded] the log has no folder; give a path, or say that it is ephemeral');
}
