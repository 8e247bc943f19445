import { expect } from 'vitest';
import { eventOf, HORIZON, oneShard, readCount, type Suite } from './suite.ts';

/** A watch ends when something is there to read, and not for nothing. */
export function watching({ it }: Suite): void {
  it('wakes a watcher when a record comes, through the same handle and through another', async ({
    log,
    open,
    visibleWithinMs,
  }) => {
    const [stream, shardId] = await oneShard(log);
    const other = await open();
    for (const writer of [log, other]) {
      const { next } = await log.read(stream, shardId, { type: 'LATEST' });
      const begun = Date.now();
      const woken = log.watch(stream, shardId, next, 30_000);
      await writer.append(stream, [eventOf(1)]);
      await woken;
      expect(Date.now() - begun).toBeLessThan(visibleWithinMs);
      expect(await readCount(log, stream, shardId, next, 1)).toHaveLength(1);
    }
    await other.close();
  });

  it('ends a watch at once when something is there, at the time-out, and at the signal', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    await log.watch(stream, shardId, HORIZON, 1);
    const abort = new AbortController();
    const aborted = log.watch(stream, shardId, HORIZON, 30_000, abort.signal);
    abort.abort();
    await aborted;
    await log.watch(stream, shardId, HORIZON, 30_000, abort.signal);
    await log.append(stream, [eventOf(1)]);
    await log.watch(stream, shardId, HORIZON, 30_000);
  });
}
