import { comparePositions, type Log } from '../../log/index.ts';
import { type Manifests, type Pipeline, shardName } from '../../processors/index.ts';
import { eventStreams } from '../policies.ts';

const LOOK_EVERY_MS = 1000;

export interface OtherStreams {
  stop(): Promise<void>;
}

/**
 * Looks for streams that others fill on the same log (imports) and works each up to where it ends, whenever it
 * has grown: they need no worker of their own while nothing comes.
 */
export function followOthers(
  log: Log,
  main: string,
  pipeline: Pipeline,
  manifests: Manifests,
  warn: (message: string) => void,
): OtherStreams {
  const reached = new Map<string, string>();
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    for (const stream of await eventStreams(log)) {
      if (stream === main || !(await hasGrown(stream))) continue;
      await pipeline.follow(stream, async (shardId) => (await log.bounds(stream, shardId)).latest);
    }
  };
  const hasGrown = async (stream: string) => {
    const { incarnation, shards } = await log.describeStream(stream);
    let grown = false;
    for (const { shardId } of shards) {
      const shard = shardName({ stream, incarnation, shardId });
      const { latest } = await log.bounds(stream, shardId);
      if (latest === null || reached.get(shard) === latest) continue;
      const done = (await manifests.newest(shard))?.last ?? null;
      if (done !== null && comparePositions(done, latest) >= 0) reached.set(shard, latest);
      else grown = true;
    }
    return grown;
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => warn(String(error)));
  }, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
