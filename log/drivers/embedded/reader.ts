import { ConfigError } from '../../../core/index.ts';
import type { LogRecord, Position, ReadOptions, ReadResult, Start } from '../../log.ts';
import { type Block, createBlocks } from './blocks.ts';
import type { OpenShard } from './catalog.ts';
import { type Head, readHead } from './head.ts';
import { readFailure, type Store } from './store.ts';

const RECORDS_MAX_DEFAULT = 10_000;
const BYTES_MAX_DEFAULT = 4 * 1024 * 1024;

export interface Reader {
  /** One consistent view, however many blocks it takes. */
  read(shard: OpenShard, start: Start, options: ReadOptions): ReadResult;
  /** The counter of the first record at or after `start`, or `next` or beyond when there is none yet. */
  resolve(shard: OpenShard, start: Start, head: Head): number;
}

/** `clock` gives µs since 1970. */
export function createReader(store: Store, clock: () => number): Reader {
  const blocks = createBlocks(store.segments);

  const atTimestamp = (shard: OpenShard, timestampUs: number, head: Head): number => {
    if (head.lastArrivalUs < timestampUs) return head.next;
    let low = head.earliest;
    let high = head.next;
    while (low < high) {
      const header = blocks.headerAt(shard, Math.floor((low + high) / 2));
      if (header.arrivalUs >= timestampUs) high = Math.max(header.first, low);
      else low = header.first + header.count;
    }
    return low;
  };
  const resolve = (shard: OpenShard, start: Start, head: Head): number => {
    switch (start.type) {
      case 'TRIM_HORIZON':
        return head.earliest;
      case 'LATEST':
        return head.next;
      case 'AT_SEQUENCE_NUMBER':
        return Math.max(counterOf(shard, start.position), head.earliest);
      case 'AFTER_SEQUENCE_NUMBER':
        return Math.max(counterOf(shard, start.position) + 1, head.earliest);
      case 'AT_TIMESTAMP':
        return atTimestamp(shard, start.timestampUs, head);
    }
  };
  return {
    resolve,
    read(shard, start, options) {
      for (;;) {
        const head = readHead(store, shard.stream.id, shard.index);
        try {
          return readFrom(shard, start, options, head);
        } catch (error) {
          // Another process may have trimmed and deleted what was about to be read.
          store.refresh();
          const now = readHead(store, shard.stream.id, shard.index);
          if (now.next < head.next) throw deleted(shard);
          if (now.earliest === head.earliest) throw readFailure(error);
        }
      }
    },
  };

  /** Null when it is damaged: what lies before is given, and the read that begins with it says so. */
  function blockOrNull(shard: OpenShard, counter: number): Block | null {
    try {
      return blocks.blockAt(shard, counter);
    } catch (error) {
      if (error instanceof ConfigError) return null;
      throw error;
    }
  }

  function readFrom(shard: OpenShard, start: Start, options: ReadOptions, head: Head): ReadResult {
    const { recordsMax = RECORDS_MAX_DEFAULT, bytesMax = BYTES_MAX_DEFAULT } = options;
    const from = resolve(shard, start, head);
    if (from >= head.next) {
      return { records: [], next: waitingStart(shard, start, from), millisBehindLatest: 0, ended: false };
    }
    const records: LogRecord[] = [];
    let counter = from;
    let bytes = 0;
    let block = blocks.blockAt(shard, counter);
    for (;;) {
      const { first, count } = block.header;
      const end = first + count;
      for (; counter < end; counter++) {
        const record = block.records[counter - first] as LogRecord;
        bytes += record.data.byteLength;
        if (records.length > 0 && (bytes > bytesMax || records.length >= recordsMax)) break;
        records.push(record);
      }
      if (counter < end || counter >= head.next) break;
      // Even where no more is taken: its arrival tells how far behind this read is.
      const following = blockOrNull(shard, counter);
      if (following === null) break;
      block = following;
    }
    const unread = counter < head.next;
    return {
      records,
      next: { type: 'AFTER_SEQUENCE_NUMBER', position: shard.sequence.position(counter - 1) },
      // Clients take 0 for the tip and may stop there.
      millisBehindLatest: unread ? Math.max(1, Math.floor((clock() - block.header.arrivalUs) / 1000)) : 0,
      ended: false,
    };
  }
}

/** Its head is gone. */
function deleted({ stream }: OpenShard): ConfigError {
  const name = stream.description.stream;
  return new ConfigError(`[log/embedded] stream ${name} was deleted while it was read; list the streams`);
}

/** What to ask for next when nothing was there: a time in the future stays a time, all else becomes a position. */
function waitingStart(shard: OpenShard, start: Start, from: number): Start {
  if (start.type === 'AT_TIMESTAMP') return start;
  return { type: 'AT_SEQUENCE_NUMBER', position: shard.sequence.position(from) };
}

/** The counter of a position; ConfigError when it is none of this shard. */
export function counterOf(shard: OpenShard, position: Position): number {
  const counter = shard.sequence.counterOf(position);
  if (counter !== null) return counter;
  const name = `${shard.stream.description.stream}/${shard.shardId}`;
  throw new ConfigError(`[log/embedded] ${JSON.stringify(position)} is no position of ${name}; read from TRIM_HORIZON`);
}
