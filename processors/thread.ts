import { setMaxListeners } from 'node:events';
import { SOURCES } from '../ingest/sources/index.ts';
import { createLocalStore, loadZstd } from '../lake/index.ts';
import { openLog, type Position } from '../log/index.ts';
import { createLiveSampler, SCORED_STREAM } from './live.ts';
import { createManifests, shardName } from './manifest.ts';
import type { FromThread, ThreadConfig, ToThread } from './messages.ts';
import { createPlaceOf } from './places/index.ts';
import { createProcess } from './process.ts';
import { createSkips, passingOver } from './skips.ts';
import { createSnapshots } from './snapshots.ts';
import { MANIFESTS_WAITING_MAX, runShard, type WorkerDeps } from './worker.ts';

/** How often scored rows are handed to the live stream, ms: short beside the second that a page may lag. */
const LIVE_EVERY_MS = 50;

export interface Thread {
  handle(message: ToThread): Promise<void>;
  readonly stopped: Promise<void>;
}

/** What a worker thread does, apart from being one: runs the shards that it is told to, until it is stopped. */
export async function createThread(config: ThreadConfig, post: (message: FromThread) => void): Promise<Thread> {
  const log = await openLog(config.log);
  const state = createLocalStore(config.state);
  const clock = () => Date.now() * 1000;
  const sampler = createLiveSampler(clock);
  const skips = createSkips(state);
  let skipOf = await skips.load();
  const deps: WorkerDeps = {
    log,
    lake: createLocalStore(config.lake),
    manifests: createManifests(state),
    snapshots: createSnapshots(state),
    process: passingOver(
      createProcess({ sources: SOURCES, placeOf: createPlaceOf(config.places) }),
      (shard, position) => skipOf(shard, position),
    ),
    codec: await loadZstd(),
    clock,
    limits: config.limits,
    snapshotEveryMs: config.snapshotEveryMs,
    fingerprint: config.fingerprint,
    live: config.live ? sampler.offer : () => {},
    report: (progress) => post({ type: 'progress', progress }),
  };
  const publishing = config.live ? publishLive(sampler.take, (records) => log.append(SCORED_STREAM, records)) : null;
  const stop = new AbortController();
  // Every shard of the thread waits on it; beyond ten Node would warn of a leak.
  setMaxListeners(0, stop.signal);
  const through = new Map<string, number>();
  const until = new Map<string, Position | null>();
  const running = new Map<string, Promise<void>>();
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const hasRoom = (shard: string, n: number) => n - (through.get(shard) ?? -1) <= MANIFESTS_WAITING_MAX;
  let resolveStopped = () => {};
  const stopped = new Promise<void>((resolve) => {
    resolveStopped = resolve;
  });

  const run = async (message: Extract<ToThread, { type: 'run' }>) => {
    const shard = shardName(message.ref);
    through.set(shard, message.through);
    // An end that came too late for the run before must not end this one.
    if (message.until === undefined) until.delete(shard);
    else until.set(shard, message.until);
    const room = async (n: number) => {
      // The stop must not wait for a committer that is stopping too: its manifests are taken on the next start.
      while (!hasRoom(shard, n) && !stop.signal.aborted) await new Promise<void>((resolve) => waiting.add(resolve));
    };
    const onLoaded = () => post({ type: 'loaded', shard });
    const work = (async () => {
      // Noted while another process had the shard.
      skipOf = await skips.load();
      await runShard(deps, { ...message.ref, until: () => until.get(shard), stop: stop.signal, onLoaded, room });
    })();
    running.set(shard, work);
    await work;
    running.delete(shard);
    until.delete(shard);
    post({ type: 'done', shard });
  };

  return {
    stopped,
    async handle(message) {
      if (message.type === 'run') await run(message);
      else if (message.type === 'until') until.set(message.shard, message.position);
      else if (message.type === 'through') {
        through.set(message.shard, message.n);
        wake();
      } else {
        stop.abort();
        wake();
        await Promise.all(running.values());
        await publishing?.end();
        await log.close();
        post({ type: 'stopped' });
        resolveStopped();
      }
    },
  };
}

/** Hands what is waiting to the live stream, every so often, one hand-over at a time. Best effort. */
function publishLive<T>(take: () => T[], append: (records: T[]) => Promise<unknown>) {
  let appending: Promise<unknown> | null = null;
  const flush = () => {
    const records = take();
    if (records.length === 0 || appending !== null) return;
    // The page does not matter so much as the lake: what cannot be shown is dropped.
    appending = append(records)
      .catch(() => {})
      .finally(() => {
        appending = null;
      });
  };
  const timer = setInterval(flush, LIVE_EVERY_MS);
  timer.unref();
  return {
    async end() {
      clearInterval(timer);
      await appending;
      flush();
      await appending;
    },
  };
}
