import type { Log, Start } from '../../log/index.ts';

export const STREAM = 'bench';
/** Longer than a part of the bench lasts. */
const WATCH_MS = 10_000;

/** Records per second read from all shards, from the beginning to the end. */
export async function scan(log: Log, stop?: AbortSignal): Promise<number> {
  const startedMs = performance.now();
  const { shards } = await log.describeStream(STREAM);
  let read = 0;
  for (const { shardId } of shards) {
    let start: Start = { type: 'TRIM_HORIZON' };
    while (stop?.aborted !== true) {
      const { records, next } = await log.read(STREAM, shardId, start);
      if (records.length === 0) break;
      read += records.length;
      start = next;
    }
  }
  return read / ((performance.now() - startedMs) / 1000);
}

/** Reads what is appended to any shard from now on, for ever. */
export async function follow(log: Log): Promise<void> {
  const { shards } = await log.describeStream(STREAM);
  const stop = new AbortController();
  const one = async (shardId: string): Promise<void> => {
    for (let at: Start = { type: 'LATEST' }; ; ) {
      const { records, next } = await log.read(STREAM, shardId, at);
      if (records.length === 0) await log.watch(STREAM, shardId, next, WATCH_MS, stop.signal);
      at = next;
    }
  };
  await Promise.all(shards.map(({ shardId }) => one(shardId)));
}
