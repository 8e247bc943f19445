import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, RetryableError } from '../../core/index.ts';
import type { LiveEvent } from '../../dashboard/index.ts';
import type { Log, Position, Start } from '../../log/index.ts';
import { SCORED_STREAM } from '../../processors/index.ts';

const SHARD = 'shardId-000000000000';
const WATCH_MS = 1000;
/** Scored rows older than this are forgotten: the lake has them. */
const KEPT_US = 600_000_000;
const TRIM_EVERY_US = 60_000_000;
/** Between two attempts while the log cannot be read. */
const RETRY_MS = 1000;
/** So long after the log failed for good, whoever else needs it has failed too, and says so. */
const GRACE_MS = 2000;

export interface LiveFeed {
  subscribe(listener: (events: readonly LiveEvent[]) => void): () => void;
  /** Resolves when the feed has ended, after the signal or because the log failed. */
  readonly ended: Promise<void>;
}

/**
 * Follows the stream of scored rows from now on, for the page; and forgets what is old. When the log fails while all
 * else goes on, that is a warning.
 */
export function followScored(
  log: Log,
  clock: () => number,
  stop: AbortSignal,
  warn: (message: string) => void,
  graceMs = GRACE_MS,
): LiveFeed {
  const listeners = new Set<(events: readonly LiveEvent[]) => void>();
  let start: Start = { type: 'LATEST' };
  const pause = (ms: number) => sleep(ms, undefined, { signal: stop, ref: false }).catch(() => {});
  const follow = async () => {
    let trimmedUs = clock();
    let mark: { position: Position; atUs: number } | null = null;
    while (!stop.aborted) {
      const { records, next } = await log.read(SCORED_STREAM, SHARD, start, { recordsMax: 1000 });
      start = next;
      const last = records.at(-1);
      if (last === undefined) {
        await log.watch(SCORED_STREAM, SHARD, start, WATCH_MS, stop);
        continue;
      }
      const events = records.map((record) => JSON.parse(Buffer.from(record.data).toString('utf8')) as LiveEvent);
      for (const listener of listeners) listener(events);
      // Kinesis forgets by itself, and only so.
      if (log.driver === 'kinesis') continue;
      mark ??= { position: last.position, atUs: last.arrivalUs };
      if (clock() - trimmedUs < TRIM_EVERY_US || clock() - mark.atUs < KEPT_US) continue;
      await log.trim(SCORED_STREAM, SHARD, mark.position);
      trimmedUs = clock();
      mark = { position: last.position, atUs: last.arrivalUs };
    }
  };
  const followOn = async () => {
    while (!stop.aborted) {
      try {
        await follow();
      } catch (error) {
        await pause(error instanceof RetryableError ? RETRY_MS : graceMs);
        if (error instanceof RetryableError || stop.aborted) continue;
        return warn(`[up] nothing new reaches the page: ${messageOf(error)}; start again`);
      }
    }
  };
  return {
    ended: followOn(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
