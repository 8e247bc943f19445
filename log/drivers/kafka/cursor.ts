import { ConfigError } from '../../../core/index.ts';
import type { LogRecord } from '../../log.ts';
import { latestBefore } from './arrival.ts';
import { faultOf } from './faults.ts';
import type { Offsets } from './offsets.ts';
import { committedMessages, recordOf } from './records.ts';
import type { TopicShard } from './topics.ts';

/** One place of reading in a shard, with what was fetched and not yet given. */
export interface Cursor {
  readonly shard: TopicShard;
  /** Where the caller reads on. */
  readonly at: number;
  /** The first record that was fetched and not yet given. */
  readonly unread: LogRecord | undefined;
  /** Bytes of data fetched and not yet given. */
  readonly bytes: number;
  /** Whether more is there behind what was fetched, as of the last fetch. */
  readonly hasMore: boolean;
  /** Fetches when nothing is left; waits up to `waitMs` for a first record. False when no connection was free to wait. */
  fill(waitMs: number): Promise<boolean>;
  /** Gives the next records, as many as the limits let, at least one if there is any. */
  take(recordsMax: number, bytesMax: number): LogRecord[];
}

/** Throws what `Offsets` throws; ConfigError when the shard ends before `at`. */
export function createCursor(offsets: Offsets, shard: TopicShard, from: number): Cursor {
  let at = from;
  let fetchFrom = from;
  let records: LogRecord[] = [];
  let given = 0;
  let bytes = 0;
  let hasMore = true;
  /** The running maximum of the stamps before `fetchFrom`, ms; null until a record is seen. */
  let latestMs: number | null = null;

  const fetch = async (waitMs: number) => {
    const options = waitMs > 0 ? { waitMs, polls: true } : {};
    try {
      return await offsets.fetch(shard, fetchFrom, options);
    } catch (error) {
      if (faultOf(error) !== 'OFFSET_OUT_OF_RANGE') throw error;
      const { low, high } = await offsets.range(shard);
      if (fetchFrom > high) throw behindTheEnd(shard, fetchFrom, high);
      fetchFrom = Math.max(fetchFrom, low);
      return offsets.fetch(shard, fetchFrom);
    }
  };
  return {
    shard,
    get at() {
      return at;
    },
    get unread() {
      return records[given];
    },
    get bytes() {
      return bytes;
    },
    get hasMore() {
      return hasMore;
    },
    async fill(waitMs) {
      if (given < records.length) return true;
      const found = await fetch(waitMs);
      if (found === null) return false;
      const messages = committedMessages(found, fetchFrom);
      const [first] = messages;
      if (first !== undefined) {
        latestMs ??= await latestBefore(Number(first.offset), Number(first.timestamp), (ms) =>
          offsets.since(shard, ms),
        );
      }
      records = messages.map((message) => {
        latestMs = Math.max(latestMs ?? 0, Number(message.timestamp));
        return recordOf(message, latestMs * 1000);
      });
      given = 0;
      bytes = records.reduce((sum, { data }) => sum + data.byteLength, 0);
      const last = found.messages.at(-1);
      if (last !== undefined) fetchFrom = Math.max(fetchFrom, Number(last.offset) + 1);
      hasMore = fetchFrom < Number(found.lastStableOffset);
      const newest = records.at(-1);
      if (newest !== undefined) offsets.saw(shard, Number(newest.position));
      return true;
    },
    take(recordsMax, bytesMax) {
      let end = given;
      let taken = 0;
      for (; end < records.length && end - given < recordsMax; end++) {
        const size = (records[end] as LogRecord).data.byteLength;
        if (end > given && taken + size > bytesMax) break;
        taken += size;
      }
      const slice = records.slice(given, end);
      given = end;
      bytes -= taken;
      const newest = slice.at(-1);
      if (newest !== undefined) at = Number(newest.position) + 1;
      return slice;
    },
  };
}

function behindTheEnd({ topic, partition, stream }: TopicShard, offset: number, high: number): ConfigError {
  return new ConfigError(
    `[log/kafka] ${topic}/${partition} ends before offset ${high}, but ${offset} was asked for: stream ${stream} lost records or is another than it was; restore it or start a new data folder`,
  );
}
