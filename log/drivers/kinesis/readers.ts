import type { ReadOptions, ReadResult, Start } from '../../log.ts';
import { type Cursor, createCursor } from './cursor.ts';
import { arrivalMsOf } from './expand.ts';
import { pause } from './failure.ts';
import { createFanOut } from './fan-out.ts';
import { floorMsOf, isOfFuture } from './floor.ts';
import { createShelves } from './shelves.ts';
import { createPollSource, type Place, type SourceDeps } from './source.ts';
import type { Streams } from './streams.ts';
import type { Tips } from './tips.ts';

const PAGE_RECORDS_MAX = 10_000;

export interface ReadersOptions extends SourceDeps {
  readonly streams: Streams;
  readonly tips: Tips;
  readonly foreignApp: string;
  /** How long a watch waits between two looks, ms. */
  readonly pollMs: number;
  /** Name of the consumer for enhanced fan-out; null: GetRecords is polled. */
  readonly fanOut: string | null;
  /** ms since 1970. */
  readonly nowMs: () => number;
}

export interface Readers {
  read(stream: string, shardId: string, start: Start, options: ReadOptions): Promise<ReadResult>;
  watch(stream: string, shardId: string, start: Start, timeoutMs: number, signal?: AbortSignal): Promise<void>;
  forget(stream: string): void;
  close(): void;
}

/**
 * Reads and watches, with cursors kept by where they stand: whoever reads on from `next` goes on with the same
 * iterator, which costs one call, and any other start opens a cursor of its own.
 */
export function createReaders(options: ReadersOptions): Readers {
  const { streams, tips, nowMs } = options;
  const shelves = createShelves();
  const fanOut = options.fanOut === null ? null : createFanOut(options, streams, options.fanOut);

  const placeOf = async (stream: string, shardId: string): Promise<Place> => ({
    stream,
    shard: (await streams.shard(stream, shardId)).shard,
  });
  const open = (place: Place, start: Exclude<Start, { type: 'LATEST' }>): Cursor =>
    createCursor({
      place,
      start,
      foreignApp: options.foreignApp,
      openSource: (from) => fanOut?.open(place, from) ?? createPollSource(options, place, from),
      floorMsOf: (native) =>
        floorMsOf(
          options,
          place,
          { sequenceNumber: native.SequenceNumber ?? '', arrivalMs: arrivalMsOf(native) },
          nowMs,
        ),
      onFetched: (last) => tips.saw(place, last),
    });
  const resolveLatest = async (place: Place, start: Start): Promise<Exclude<Start, { type: 'LATEST' }>> => {
    if (start.type !== 'LATEST') return start;
    const last = await tips.last(place);
    return last === null ? { type: 'TRIM_HORIZON' } : { type: 'AFTER_SEQUENCE_NUMBER', position: last.position };
  };
  /** The cursor at this start, filled; null for a time that has not come. */
  const filled = async (place: Place, start: Exclude<Start, { type: 'LATEST' }>, recordsMax: number) => {
    if (start.type === 'AT_TIMESTAMP' && start.timestampUs > nowMs() * 1000) return null;
    const cursor = shelves.take(place, start) ?? open(place, start);
    try {
      await cursor.fill(recordsMax);
      return cursor;
    } catch (error) {
      cursor.close();
      if (start.type === 'AT_TIMESTAMP' && isOfFuture(error)) return null;
      throw error;
    }
  };

  return {
    async read(stream, shardId, start, readOptions) {
      const place = await placeOf(stream, shardId);
      const from = await resolveLatest(place, start);
      const nothing = { records: [], millisBehindLatest: 0, ended: false };
      if (start.type === 'LATEST') return { ...nothing, next: from };
      const cursor = await filled(place, from, readOptions.recordsMax ?? PAGE_RECORDS_MAX);
      if (cursor === null) return { ...nothing, next: from };
      const records = cursor.take(readOptions);
      shelves.put(place, cursor);
      return { records, next: cursor.start, millisBehindLatest: cursor.behindMs(nowMs()), ended: cursor.ended };
    },
    async watch(stream, shardId, start, timeoutMs, signal) {
      const deadline = performance.now() + timeoutMs;
      const place = await placeOf(stream, shardId);
      const from = await resolveLatest(place, start);
      while (signal?.aborted !== true) {
        const cursor = await filled(place, from, PAGE_RECORDS_MAX);
        if (cursor !== null) {
          shelves.put(place, cursor);
          if (cursor.hasRecords || cursor.ended) return;
        }
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) return;
        await pause(Math.min(leftMs, options.pollMs), signal);
      }
    },
    forget: shelves.forget,
    close: () => shelves.forget(''),
  };
}
