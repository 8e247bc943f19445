import type { _Record as NativeRecord } from '@aws-sdk/client-kinesis';
import { comparePositions, type LogRecord, type Position, type ReadOptions, type Start } from '../../log.ts';
import { arrivalMsOf, expand } from './expand.ts';
import { nextFilled } from './floor.ts';
import { parsePosition } from './position.ts';
import type { Place, RawStart, Source } from './source.ts';

/** A reader's place in a shard, with what was fetched and not given out yet. */
export interface Cursor {
  /** Where it stands: what `next` of the last read said. */
  readonly start: Start;
  readonly hasRecords: boolean;
  /** All of a closed shard has been given out. */
  readonly ended: boolean;
  /** Age of the oldest record not given out, ms. */
  behindMs(nowMs: number): number;
  /** Fetches, once, when nothing is held. */
  fill(recordsMax: number): Promise<void>;
  /** Gives out what is held, within the bounds. */
  take(options: ReadOptions): LogRecord[];
  close(): void;
}

export interface CursorOptions {
  readonly place: Place;
  readonly start: Exclude<Start, { type: 'LATEST' }>;
  readonly openSource: (start: RawStart) => Source;
  /** The greatest arrival up to this record, ms. */
  readonly floorMsOf: (record: NativeRecord) => Promise<number>;
  readonly foreignApp: string;
  /** Told of each fetch that gave records. */
  readonly onFetched: (last: NativeRecord) => void;
}

const RECORDS_MAX = 10_000;
const BYTES_MAX = 4 * 1024 * 1024;

export function createCursor(options: CursorOptions): Cursor {
  const { place, openSource, foreignApp } = options;
  const source = openSource(rawStartOf(options.start));
  const isWanted = filterOf(options.start);
  let start: Start = options.start;
  let held: LogRecord[] = [];
  let given = 0;
  let behindMs = 0;
  let isAtEnd = false;
  // A shard's first record, and the first one of a time, has none before it that is later.
  let floorMs = 'position' in options.start ? null : 0;

  return {
    get start() {
      return start;
    },
    get hasRecords() {
      return given < held.length;
    },
    get ended() {
      return isAtEnd && given >= held.length;
    },
    behindMs(nowMs) {
      const first = held[given];
      return first === undefined ? behindMs : Math.max(0, nowMs - Math.floor(first.arrivalUs / 1000));
    },
    async fill(recordsMax) {
      if (given < held.length || isAtEnd) return;
      for (;;) {
        const page = await nextFilled(source, recordsMax);
        held = [];
        given = 0;
        for (const native of page.records) {
          floorMs = Math.max(floorMs ?? (await options.floorMsOf(native)), arrivalMsOf(native));
          for (const record of expand(native, place.shard, foreignApp, floorMs * 1000))
            if (isWanted(record.position)) held.push(record);
        }
        behindMs = page.behindMs;
        isAtEnd = page.ended;
        const last = page.records.at(-1);
        if (last === undefined || isAtEnd) return;
        options.onFetched(last);
        // What was fetched lies before the start, or belongs to another shard: go on behind it.
        if (held.length > 0) return;
      }
    },
    take({ recordsMax = RECORDS_MAX, bytesMax = BYTES_MAX }) {
      const records: LogRecord[] = [];
      let bytes = 0;
      for (; given < held.length && records.length < recordsMax; given++) {
        const record = held[given];
        if (record === undefined || (records.length > 0 && bytes + record.data.byteLength > bytesMax)) break;
        bytes += record.data.byteLength;
        records.push(record);
      }
      const last = records.at(-1);
      if (last !== undefined) start = { type: 'AFTER_SEQUENCE_NUMBER', position: last.position };
      if (given >= held.length) {
        held = [];
        given = 0;
      }
      return records;
    },
    close: () => source.close(),
  };
}

/** A position may lie inside an aggregated record: reading begins with that record, and {@link filterOf} leaves out. */
function rawStartOf(start: CursorOptions['start']): RawStart {
  if (start.type === 'TRIM_HORIZON') return start;
  if (start.type === 'AT_TIMESTAMP') return { type: start.type, timestampMs: Math.ceil(start.timestampUs / 1000) };
  return { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: parsePosition(start.position).sequenceNumber };
}

function filterOf(start: CursorOptions['start']): (position: Position) => boolean {
  if (!('position' in start)) return () => true;
  const least = start.type === 'AT_SEQUENCE_NUMBER' ? 0 : 1;
  return (position) => comparePositions(position, start.position) >= least;
}
