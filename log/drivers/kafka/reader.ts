import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, RetryableError } from '../../../core/index.ts';
import type { Position, ReadOptions, ReadResult, Start } from '../../log.ts';
import { type Cursor, createCursor } from './cursor.ts';
import { nameOf, type Offsets } from './offsets.ts';
import type { TopicShard } from './topics.ts';

const RECORDS_MAX_DEFAULT = 10_000;
const BYTES_MAX_DEFAULT = 4 * 1024 * 1024;
/** How long a broker holds a fetch that finds nothing, ms: a watch that ends early waits no longer for its connection. */
const POLL_MS = 250;
/** Places of reading that are remembered, and what they may hold unread, all together. */
const CURSORS_MAX = 1024;
const BUFFERED_BYTES_MAX = 256 * 1024 * 1024;
const TIMER_MS_MAX = 2 ** 31 - 1;

export interface Reader {
  read(shard: TopicShard, start: Start, options: ReadOptions): Promise<ReadResult>;
  /** `shard` is asked for within the time; what it throws, other than RetryableError, is thrown. */
  watch(shard: () => Promise<TopicShard>, start: Start, timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /** What was fetched of this shard is forgotten. */
  forget(shard: TopicShard): void;
}

/**
 * Reads at any position. Whoever reads on from `next` finds the cursor of the read before, with what was fetched
 * beyond it, and the next fetch under way; any other position costs a fetch. `clock` gives µs since 1970; `closing`
 * lets all watchers go.
 */
export function createReader(offsets: Offsets, clock: () => number, closing: AbortSignal): Reader {
  const { takeCursor, put, fetchAhead, forget } = createCursors(offsets);

  /** The offset to read at, by the deadline or as patiently as all else; null while no record has reached the time asked for. */
  const resolve = async (shard: TopicShard, start: Start, deadlineMs?: number): Promise<number | null> => {
    switch (start.type) {
      case 'TRIM_HORIZON':
        return (await offsets.range(shard, deadlineMs)).low;
      case 'LATEST':
        return (await offsets.range(shard, deadlineMs)).high;
      case 'AT_SEQUENCE_NUMBER':
        return offsetOf(start.position);
      case 'AFTER_SEQUENCE_NUMBER':
        return offsetOf(start.position) + 1;
      case 'AT_TIMESTAMP':
        return offsets.since(shard, Math.ceil(start.timestampUs / 1000), deadlineMs);
    }
  };
  return {
    async read(shard, start, { recordsMax = RECORDS_MAX_DEFAULT, bytesMax = BYTES_MAX_DEFAULT }) {
      const from = await resolve(shard, start);
      if (from === null) return { records: [], next: start, millisBehindLatest: 0, ended: false };
      const cursor = await takeCursor(shard, from);
      // A fetch may hold nothing but a hole: no records means that none are there.
      do await cursor.fill(0);
      while (cursor.unread === undefined && cursor.hasMore && !closing.aborted);
      const records = cursor.take(recordsMax, bytesMax);
      const { unread } = cursor;
      put(cursor);
      fetchAhead(cursor);
      const last = records.at(-1);
      if (last === undefined) return { records, next: startAt(from), millisBehindLatest: 0, ended: false };
      const oldestUs = unread?.arrivalUs ?? (cursor.hasMore ? last.arrivalUs : null);
      return {
        records,
        next: { type: 'AFTER_SEQUENCE_NUMBER', position: last.position },
        millisBehindLatest: oldestUs === null ? 0 : Math.max(0, Math.floor((clock() - oldestUs) / 1000)),
        ended: false,
      };
    },
    async watch(shardOf, start, timeoutMs, signal) {
      if (signal?.aborted === true || closing.aborted) return;
      const endMs = Date.now() + timeoutMs;
      const ended = new AbortController();
      const { signal: over } = ended;
      let from: number | null = null;
      /** True once something is there. */
      const look = async (): Promise<boolean> => {
        const shard = await shardOf();
        from ??= await resolve(shard, start, endMs);
        const waitMs = Math.max(1, Math.min(POLL_MS, endMs - Date.now()));
        if (from === null) return pause(waitMs, over);
        const cursor = await takeCursor(shard, from);
        const hadConnection = await cursor.fill(waitMs).finally(() => put(cursor));
        return hadConnection ? cursor.unread !== undefined : pause(waitMs, over);
      };
      const follow = async () => {
        // The first look is worth its time even when the caller has none. Where to look is asked for in here too: with
        // no broker there it takes as long as anything else.
        do {
          const isThere = await look().catch((error: unknown) => {
            if (error instanceof RetryableError) return pause(POLL_MS, over);
            throw error;
          });
          if (isThere) return;
        } while (!over.aborted && Date.now() < endMs);
      };
      const following = follow();
      following.catch(() => {});
      const aborted = new Promise<void>((resolve) => {
        for (const end of [signal, closing]) end?.addEventListener('abort', () => resolve(), { signal: over });
      });
      // A broker that hangs must not hold the caller.
      const late = sleep(Math.min(timeoutMs + POLL_MS, TIMER_MS_MAX), undefined, { signal: over }).catch(() => {});
      await Promise.race([following, aborted, late]).finally(() => ended.abort());
    },
    forget,
  };
}

/** Idle cursors by shard and place. */
function createCursors(offsets: Offsets) {
  interface Idle {
    readonly cursor: Cursor;
    ahead: Promise<unknown>;
    bytes: number;
  }
  /** The ones used last at the end. */
  const idle = new Map<string, Idle>();
  let buffered = 0;

  const nameAt = (shard: TopicShard, at: number) => `${nameOf(shard)}:${at}`;
  const count = (entry: Idle) => {
    buffered += entry.cursor.bytes - entry.bytes;
    entry.bytes = entry.cursor.bytes;
  };
  const remove = (name: string) => {
    const found = idle.get(name);
    if (found === undefined) return undefined;
    idle.delete(name);
    buffered -= found.bytes;
    return found;
  };
  return {
    /** Nobody else has it until it is put back. */
    async takeCursor(shard: TopicShard, at: number): Promise<Cursor> {
      const found = remove(nameAt(shard, at));
      if (found === undefined) return createCursor(offsets, shard, at);
      await found.ahead;
      return found.cursor;
    },
    put(cursor: Cursor): void {
      const name = nameAt(cursor.shard, cursor.at);
      remove(name);
      const entry = { cursor, ahead: NOTHING, bytes: 0 };
      idle.set(name, entry);
      count(entry);
      for (const oldest of idle.keys()) {
        if (idle.size <= CURSORS_MAX && (buffered <= BUFFERED_BYTES_MAX || idle.size === 1)) break;
        remove(oldest);
      }
    },
    /** Fetches on while the caller works on what it was given last. */
    fetchAhead(cursor: Cursor): void {
      const name = nameAt(cursor.shard, cursor.at);
      const entry = idle.get(name);
      if (entry === undefined || !cursor.hasMore || cursor.unread !== undefined) return;
      entry.ahead = cursor
        .fill(0)
        // What fails here fails again when it is needed, and is told then.
        .catch(() => {})
        .then(() => {
          if (idle.get(name) === entry) count(entry);
        });
    },
    /** What was fetched of this shard is let go. */
    forget(shard: TopicShard): void {
      const prefix = `${nameOf(shard)}:`;
      for (const name of [...idle.keys()]) if (name.startsWith(prefix)) remove(name);
    },
  };
}

const NOTHING = Promise.resolve();

/** False, after a while or at the signal. */
const pause = (ms: number, signal: AbortSignal): Promise<false> =>
  sleep(ms, false as const, { signal }).catch(() => false as const);

const startAt = (offset: number): Start => ({ type: 'AT_SEQUENCE_NUMBER', position: String(offset) });

/** The offset that a position stands for. ConfigError for any other text. */
export function offsetOf(position: Position): number {
  if (/^(0|[1-9]\d{0,15})$/.test(position) && Number.isSafeInteger(Number(position))) return Number(position);
  throw new ConfigError(
    `[log/kafka] ${JSON.stringify(position)} is no position of Kafka's, which are offsets in decimal; use one that append or read gave`,
  );
}
