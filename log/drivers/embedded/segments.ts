import { ConfigError } from '../../../core/index.ts';
import type { Files, LogFile } from './files.ts';
import { createIndexFiles } from './index-files.ts';
import { createOpenFiles } from './open-files.ts';
import { type Segment, segmentsIn } from './segment.ts';
import {
  counterWithin,
  createSegmentIndex,
  entryBefore,
  type SegmentIndex,
  type ShardRange,
  shardKey,
} from './segment-index.ts';

/** What is always known of a shard's blocks in a segment. */
export type RangeSummary = Omit<ShardRange, 'counters' | 'offsets' | 'bytesBefore'>;

/** A sealed segment. */
interface Sealed {
  readonly segment: Segment;
  readonly end: number;
  readonly ranges: ReadonlyMap<number, RangeSummary>;
}

interface SealedRange {
  readonly part: Sealed;
  readonly range: RangeSummary;
}

export interface Located {
  readonly segment: Segment;
  /** Where the search for the block begins. */
  readonly at: number;
  /** Behind the segment's last block. */
  readonly end: number;
}

/** The segments of a log as one handle knows them. */
export interface Segments {
  /** Takes in the folder, whose newest segment that counts has the number `active`; gives its index, empty. */
  load(active: number): SegmentIndex;
  readonly active: () => Segment;
  /** The newest segment is full: writes down what lies in it, durably. */
  seal(): void;
  /** Another segment is the newest from now on. */
  begin(segment: Segment, file: LogFile, index: SegmentIndex): void;
  /** Null when the shard has no such record. */
  locate(stream: number, shard: number, counter: number): Located | null;
  /** Null when it is gone. Not to be closed. */
  file(segment: Segment): LogFile | null;
  /** Counter from which on the shard's blocks have at most so many bytes; 0 when all of them have. */
  counterOfSize(stream: number, shard: number, bytesMax: number): number;
  /** Deletes sealed segments in which nothing lives any more. */
  collect(lives: (range: RangeSummary) => boolean): void;
  close(): void;
}

export function createSegments(files: Files): Segments {
  const open = createOpenFiles(files);
  const indexes = createIndexFiles(files);
  const sealed = new Map<string, Sealed>();
  let byShard = new Map<number, SealedRange[]>();
  let active: { readonly segment: Segment; readonly index: SegmentIndex } | null = null;

  const newest = (): { readonly segment: Segment; readonly index: SegmentIndex } => {
    if (active === null) throw new ConfigError('[log/embedded] the log is not open; open it first');
    return active;
  };
  const locateSealed = (key: number, counter: number): Located | null => {
    const found = byShard.get(key)?.findLast(({ range }) => range.first <= counter);
    if (found === undefined || counter >= found.range.next) return null;
    const { segment, end } = found.part;
    const range = indexes.get(segment).ranges.get(key);
    return range === undefined ? null : { segment, at: entryBefore(range, counter), end };
  };
  return {
    load(number) {
      active = loadSealed(files, number, sealed, indexes.get);
      byShard = groupByShard(sealed);
      return active.index;
    },
    active: () => newest().segment,
    seal: () => indexes.write(newest().segment, newest().index),
    begin(segment, file, index) {
      const before = newest();
      indexes.keep(before.segment, before.index);
      sealed.set(before.segment.name, summaryOf(before.segment, before.index));
      byShard = groupByShard(sealed);
      open.add(segment, file);
      active = { segment, index };
    },
    locate(stream, shard, counter) {
      const key = shardKey(stream, shard);
      const { segment, index } = newest();
      const range = index.ranges.get(key);
      if (range === undefined || counter < range.first) return locateSealed(key, counter);
      return counter < range.next ? { segment, at: entryBefore(range, counter), end: index.end } : null;
    },
    file: open.get,
    counterOfSize(stream, shard, bytesMax) {
      const key = shardKey(stream, shard);
      const last = newest().index.ranges.get(key);
      if (last !== undefined && last.bytes > bytesMax) return counterWithin(last, bytesMax) ?? last.next;
      let left = bytesMax - (last?.bytes ?? 0);
      for (const { part, range } of byShard.get(key)?.toReversed() ?? []) {
        if (range.bytes > left) return counterWithin(indexes.get(part.segment).ranges.get(key), left) ?? range.next;
        left -= range.bytes;
      }
      return 0;
    },
    collect(lives) {
      const before = sealed.size;
      for (const { segment, ranges } of sealed.values()) {
        if ([...ranges.values()].some(lives)) continue;
        open.drop(segment);
        files.remove(segment.name);
        indexes.drop(segment);
        sealed.delete(segment.name);
      }
      if (sealed.size < before) byShard = groupByShard(sealed);
    },
    close: open.close,
  };
}

/** Brings `sealed` in line with the folder; gives the newest segment that counts, its index empty. */
function loadSealed(
  files: Files,
  number: number,
  sealed: Map<string, Sealed>,
  indexOf: (segment: Segment) => SegmentIndex,
): { segment: Segment; index: SegmentIndex } {
  const there = segmentsIn(files.names()).filter((segment) => segment.number <= number);
  const newest = there.pop();
  if (newest?.number !== number) {
    throw new ConfigError(`[log/embedded] segment ${number} of the log is missing; restore the log from a copy`);
  }
  const before = new Map(sealed);
  sealed.clear();
  for (const segment of there) {
    sealed.set(segment.name, before.get(segment.name) ?? summaryOf(segment, indexOf(segment)));
  }
  return { segment: newest, index: createSegmentIndex() };
}

function summaryOf(segment: Segment, index: SegmentIndex): Sealed {
  const ranges = new Map<number, RangeSummary>();
  for (const [key, { stream, shard, first, next, bytes, arrivalUs }] of index.ranges) {
    ranges.set(key, { stream, shard, first, next, bytes, arrivalUs });
  }
  return { segment, end: index.end, ranges };
}

/** Each shard's parts, oldest first. */
function groupByShard(sealed: ReadonlyMap<string, Sealed>): Map<number, SealedRange[]> {
  const byShard = new Map<number, SealedRange[]>();
  for (const part of sealed.values()) {
    for (const [key, range] of part.ranges) {
      const group = byShard.get(key);
      if (group === undefined) byShard.set(key, [{ part, range }]);
      else group.push({ part, range });
    }
  }
  return byShard;
}
