import { shardName } from './manifest.ts';
import type { Pool } from './pool.ts';
import { runShard, type WorkerDeps } from './worker.ts';

/** Threads cannot run TypeScript: a pool whose workers run in this one, all else as in the real one. */
export function createTestPool(deps: WorkerDeps): Pool {
  const stop = new AbortController();
  const running = new Map<string, { end: string | null | undefined; ended: Promise<void> }>();
  return {
    failed: new Promise<never>(() => {}),
    run(ref, _through, until) {
      const shard = shardName(ref);
      if (running.has(shard)) throw new Error(`${shard} runs already`);
      let onLoaded = () => {};
      const loaded = new Promise<void>((resolve) => {
        onLoaded = resolve;
      });
      const held = { end: until, ended: Promise.resolve() };
      const work = runShard(deps, {
        ...ref,
        until: () => held.end,
        stop: stop.signal,
        onLoaded,
        room: async () => {},
      });
      held.ended = work.finally(() => running.delete(shard));
      running.set(shard, held);
      held.ended.catch(() => {});
      return { loaded: Promise.race([loaded, held.ended]), ended: held.ended };
    },
    until(shard, position) {
      const held = running.get(shard);
      if (held !== undefined) held.end = position;
    },
    through: () => {},
    isRunning: (shard) => running.has(shard),
    async stop() {
      stop.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}
