import { Worker } from 'node:worker_threads';
import { ConfigError, RetryableError } from '../core/index.ts';
import type { Position } from '../log/index.ts';
import { type ShardRef, shardName } from './manifest.ts';
import type { FromThread, ThreadConfig, ToThread } from './messages.ts';
import type { Progress } from './worker.ts';

/** Threads are always compiled code; run from source, as tests do, they come from what was built. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/processors/worker-thread.js' : './worker-thread.js',
  import.meta.url,
);

/**
 * What an event leaves behind is dead within a batch. Room for it in the young generation saves copying it to
 * the old one: 500,000 events took 18.0 s instead of 23.7 (2 workers, Node 20), at the same resident memory.
 */
const LIMITS = { maxYoungGenerationSizeMb: 96 };

export interface Pool {
  /** Gives a shard to the thread with the fewest. */
  run(ref: ShardRef, through: number, until?: Position | null): ShardPromises;
  /** Where a running shard is to end. */
  until(shard: string, position: Position | null): void;
  /** Tells a shard's worker how far the committer is. */
  through(shard: string, n: number): void;
  isRunning(shard: string): boolean;
  /** Every worker finishes the batch in hand; resolves when all threads have ended. */
  stop(): Promise<void>;
  /** Rejects when a thread fails; never resolves. */
  readonly failed: Promise<never>;
}

/** When a shard's worker has loaded its state, and when its run has ended; both reject when a thread fails. */
export interface ShardPromises {
  readonly loaded: Promise<void>;
  readonly ended: Promise<void>;
}

interface Member {
  readonly worker: Worker;
  readonly shards: Set<string>;
  readonly ended: Promise<void>;
}

/** Starts worker threads that own whole shards and do all their work. */
export async function startPool(
  threads: number,
  config: ThreadConfig,
  onProgress: (progress: Progress) => void,
): Promise<Pool> {
  const loaded = new Map<string, () => void>();
  const done = new Map<string, () => void>();
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits for a run sees it; nobody need wait for `failed` itself.
  failed.catch(() => {});
  const handle = (member: Member, message: FromThread, ready: () => void) => {
    if (message.type === 'ready') ready();
    else if (message.type === 'progress') onProgress(message.progress);
    else if (message.type === 'failed') fail(revive(message));
    else if (message.type === 'loaded') loaded.get(message.shard)?.();
    else if (message.type === 'done') {
      member.shards.delete(message.shard);
      done.get(message.shard)?.();
      done.delete(message.shard);
    }
  };
  const members = await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(THREAD, { workerData: config, resourceLimits: LIMITS });
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      const member: Member = { worker, shards: new Set(), ended };
      const ready = new Promise<void>((resolve) =>
        worker.on('message', (message: FromThread) => handle(member, message, resolve)),
      );
      worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
      await Promise.race([ready, failed]);
      return member;
    }),
  );
  const memberOf = (shard: string) => members.find((member) => member.shards.has(shard));
  const send = (shard: string, message: ToThread) => memberOf(shard)?.worker.postMessage(message);
  return {
    failed,
    run(ref, through, until) {
      const shard = shardName(ref);
      const member = members.reduce((least, other) => (other.shards.size < least.shards.size ? other : least));
      member.shards.add(shard);
      const isLoaded = new Promise<void>((resolve) => loaded.set(shard, resolve));
      const hasEnded = new Promise<void>((resolve) => done.set(shard, resolve));
      send(shard, { type: 'run', ref, through, ...(until === undefined ? {} : { until }) });
      return { loaded: Promise.race([isLoaded, failed]), ended: Promise.race([hasEnded, failed]) };
    },
    until: (shard, position) => send(shard, { type: 'until', shard, position }),
    through: (shard, n) => send(shard, { type: 'through', shard, n }),
    isRunning: (shard) => memberOf(shard) !== undefined,
    async stop() {
      for (const { worker } of members) worker.postMessage({ type: 'stop' } satisfies ToThread);
      await Promise.race([Promise.all(members.map((member) => member.ended)), failed]).finally(() =>
        Promise.all(members.map((member) => member.worker.terminate())),
      );
    },
  };
}

function revive({ name, message }: { name: string; message: string }): Error {
  if (name === 'ConfigError') return new ConfigError(message);
  return name === 'RetryableError' ? new RetryableError(message) : new Error(message);
}
