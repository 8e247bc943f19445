import type { Catalog, OpenShard } from './embedded/catalog.ts';
import type { Environment } from './embedded/environment.ts';
import { readHead } from './embedded/head.ts';
import type { Retention } from './embedded/retention.ts';
import type { Writer } from './embedded/writer.ts';

/** How often what is too old is looked for, ms. */
const INTERVAL_MS = 30_000;

export interface ExpiryOptions {
  readonly environment: Environment;
  readonly catalog: Catalog;
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
  const { environment, catalog, retention, writer, clock, fresh } = options;
  let running: Promise<void> | null = null;

  const isEmpty = ({ stream, index }: OpenShard): boolean => {
    const { earliest, next } = readHead(environment, stream.id, index);
    return earliest === next;
  };
  /** What fails for one, a damaged block say, must not keep the others' records for ever: it is told at the end. */
  const forEach = async <T>(all: Iterable<T>, expire: (one: T) => Promise<void>): Promise<void> => {
    const failures: unknown[] = [];
    for (const one of all) await expire(one).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  const expireStream = async (name: string): Promise<void> => {
    fresh();
    const stream = catalog.find(name);
    if (stream === undefined) return;
    const { ageMs, shardBytes } = stream.retention;
    if (ageMs === null && shardBytes === null) return;
    const beforeUs = ageMs === null ? Number.NEGATIVE_INFINITY : Math.floor(clock()) - ageMs * 1000;
    await forEach(stream.shards, async (shard) => {
      // Refuses all that is left once the log is being closed: who closes it waits for this.
      fresh();
      await retention.enforce(shard, {
        ...(ageMs === null ? {} : { beforeUs }),
        ...(shardBytes === null ? {} : { bytesMax: shardBytes }),
        floor: () => catalog.documents.floorOf(stream.id, shard.index),
      });
    });
    fresh();
    // One whose records somebody holds stays with them.
    const expired = stream.shards.filter((shard) => (shard.closedUs ?? beforeUs) < beforeUs && isEmpty(shard));
    if (expired.length === 0) return;
    const shardIds = expired.map((shard) => shard.shardId);
    await writer.run(() => {
      if (catalog.find(name)?.id === stream.id) catalog.forget(name, shardIds);
    });
  };
  const all = async (): Promise<void> => {
    fresh();
    await forEach(catalog.names(), expireStream);
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
