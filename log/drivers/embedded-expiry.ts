import type { Catalog, OpenShard } from './embedded/catalog.ts';
import type { Environment } from './embedded/environment.ts';
import { readHead } from './embedded/head.ts';
import type { Reader } from './embedded/reader.ts';
import type { Retention } from './embedded/retention.ts';
import type { Writer } from './embedded/writer.ts';

/** How often what is too old is looked for, ms. */
const INTERVAL_MS = 30_000;

export interface ExpiryOptions {
  readonly environment: Environment;
  readonly catalog: Catalog;
  readonly reader: Reader;
  readonly retention: Retention;
  readonly writer: Writer;
  /** µs since 1970. */
  readonly clock: () => number;
  /** Lets the next look see the newest commit. */
  readonly fresh: () => void;
}

export interface Expiry {
  /** Once, now; waits for a run under way instead of beginning another. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

/** Trims every stream to its retention, in the background, not past what is held; one without keeps everything. */
export function createExpiry(options: ExpiryOptions): Expiry {
  const { environment, catalog, reader, retention, writer, clock, fresh } = options;
  let running: Promise<void> | null = null;

  const expireShard = async (shard: OpenShard, beforeUs: number): Promise<void> => {
    fresh();
    const head = readHead(environment, shard.stream.id, shard.index);
    const tooOld = reader.resolve(shard, { type: 'AT_TIMESTAMP', timestampUs: beforeUs }, head);
    const counter = Math.min(tooOld, catalog.documents.floorOf(shard.stream.id, shard.index) ?? tooOld);
    if (counter > head.earliest) await retention.trim(shard, counter);
  };
  const expireStream = async (name: string): Promise<void> => {
    fresh();
    const stream = catalog.find(name);
    if (stream === undefined || stream.retention.ageMs === null) return;
    const beforeUs = Math.floor(clock()) - stream.retention.ageMs * 1000;
    for (const shard of stream.shards) await expireShard(shard, beforeUs);
    const isEmpty = (shard: OpenShard): boolean => {
      const { earliest, next } = readHead(environment, shard.stream.id, shard.index);
      return earliest === next;
    };
    fresh();
    // One whose records somebody holds stays with them.
    const expired = stream.shards.filter(
      (shard) => shard.closedUs !== null && shard.closedUs < beforeUs && isEmpty(shard),
    );
    if (expired.length === 0) return;
    const shardIds = expired.map((shard) => shard.shardId);
    await writer.run(() => {
      if (catalog.find(name)?.id === stream.id) catalog.forget(name, shardIds);
    });
  };
  const all = async (): Promise<void> => {
    fresh();
    for (const name of catalog.names()) await expireStream(name);
  };
  const run = (): Promise<void> => {
    running ??= all().finally(() => {
      running = null;
    });
    return running;
  };
  // What fails now, a full disk say, is tried again at the next turn.
  const timer = setInterval(() => void run().catch(() => undefined), INTERVAL_MS);
  timer.unref();
  return {
    run,
    async stop() {
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
  };
}
