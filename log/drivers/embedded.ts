import { ConfigError } from '../../core/index.ts';
import { checkRecords, checkShardCount, checkStreamName } from '../limits.ts';
import type { Log, Start } from '../log.ts';
import { createCatalog, type OpenShard } from './embedded/catalog.ts';
import { type OpenEnvironment, openLmdb } from './embedded/environment.ts';
import { readHead } from './embedded/head.ts';
import { counterOf, createReader } from './embedded/reader.ts';
import { createRetention } from './embedded/retention.ts';
import { createWatchers } from './embedded/watchers.ts';
import { createWriter } from './embedded/writer.ts';

export interface EmbeddedLogOptions {
  /** The folder of the log; created when it is not there. */
  readonly path: string;
  /** µs since 1970; the system's clock by default. */
  readonly clock?: () => number;
  /** Opens the store; LMDB by default. */
  readonly openEnvironment?: OpenEnvironment;
}

const systemClock = (): number => Date.now() * 1000;

/**
 * Opens the embedded log, which any number of processes and worker threads may have open at once. Appends are
 * flushed before they are acknowledged and before any reader sees them. ConfigError when the path cannot be used.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<Log> {
  const { path, clock = systemClock, openEnvironment = openLmdb } = options;
  const environment = openEnvironment(path);
  const catalog = createCatalog(environment);
  const watchers = createWatchers(environment);
  const writer = createWriter({ environment, catalog, clock, onFlushed: watchers.notify });
  const reader = createReader(environment, clock);
  const retention = createRetention(environment, writer);
  // Freed space is not worth waiting for; what fails now is tried again at the next open.
  const sweeping = retention.sweepAll().catch(() => undefined);
  let closing: Promise<void> | null = null;

  /** Every read sees the newest commit, whoever made it. */
  const fresh = (): void => {
    if (closing !== null) throw new ConfigError('[log/embedded] the log is closed; open it again');
    environment.refresh();
  };
  const headOf = (shard: OpenShard) => readHead(environment, shard.stream.id, shard.index);
  /** Reads and watches are synchronous below: without this a loop of them would let nobody else have a turn. */
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

  return {
    driver: 'embedded',
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
    async listStreams() {
      fresh();
      return catalog.names();
    },
    async deleteStream(stream) {
      const id = await writer.run(() => catalog.delete(stream));
      await retention.sweep(id);
    },
    async append(stream, records) {
      checkRecords(records, 'embedded');
      return writer.append(stream, null, records);
    },
    async appendToShard(stream, shardId, records) {
      checkRecords(records, 'embedded');
      return writer.append(stream, shardId, records);
    },
    async read(stream, shardId, start, readOptions = {}) {
      await turn();
      fresh();
      return reader.read(catalog.shard(stream, shardId), start, readOptions);
    },
    async watch(stream, shardId, start, timeoutMs, signal) {
      fresh();
      const shard = catalog.shard(stream, shardId);
      const at: Start = start.type === 'LATEST' ? startAtTip(shard, headOf(shard).next) : start;
      const ready = (): boolean => {
        const now = catalog.shard(stream, shardId);
        if (now.stream.id !== shard.stream.id) return true;
        const head = headOf(now);
        return reader.resolve(now, at, head) < head.next;
      };
      await watchers.wait(ready, timeoutMs, signal);
    },
    async bounds(stream, shardId) {
      fresh();
      const shard = catalog.shard(stream, shardId);
      const { earliest, next } = headOf(shard);
      if (earliest === next) return { earliest: null, latest: null };
      return { earliest: shard.sequence.position(earliest), latest: shard.sequence.position(next - 1) };
    },
    async trim(stream, shardId, position) {
      fresh();
      const shard = catalog.shard(stream, shardId);
      await retention.trim(shard, counterOf(shard, position));
    },
    close() {
      closing ??= (async () => {
        await writer.close();
        await sweeping;
        watchers.close();
        await environment.close();
      })();
      return closing;
    },
  };
}

function startAtTip(shard: OpenShard, next: number): Start {
  return { type: 'AT_SEQUENCE_NUMBER', position: shard.sequence.position(next) };
}
