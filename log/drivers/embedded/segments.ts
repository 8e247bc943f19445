import { ConfigError } from '../../../core/index.ts';
import type { Files, LogFile } from './files.ts';
import { createWalk, type Segment, segmentsIn } from './segment.ts';
import {
  addBlock,
  counterWithin,
  createSegmentIndex,
  decodeIndex,
  encodeIndex,
  entryBefore,
  type SegmentIndex,
  type ShardRange,
  shardKey,
} from './segment-index.ts';

/** Files kept open, and indexes of sealed segments kept in memory. */
const FILES_OPEN_MAX = 32;
const INDEXES_KEPT_MAX = 16;

/** What is always known of a shard's blocks in a segment. */
export type RangeSummary = Omit<ShardRange, 'counters' | 'offsets'>;

interface Part {
  readonly segment: Segment;
  /** Grows while it is the newest. */
  readonly index: { readonly end: number; readonly ranges: ReadonlyMap<number, RangeSummary> };
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
  /** What lies in the folder, whose newest segment that counts has the number `active`; its index is then empty. */
  load(active: number): SegmentIndex;
  readonly active: () => Segment;
  /** The newest segment is full: writes down what lies in it, durably. */
  seal(): Promise<void>;
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

export function createSegments(files: Files, indexOf: (segment: Segment, until: number) => SegmentIndex): Segments {
  const open = createOpenFiles(files);
  const kept = new Map<number, SegmentIndex>();
  const sealed = new Map<number, Part>();
  let active: { readonly segment: Segment; readonly index: SegmentIndex } | null = null;
  let byShard = new Map<number, { readonly part: Part; readonly range: RangeSummary }[]>();

  const known = (): { readonly segment: Segment; readonly index: SegmentIndex } => {
    if (active === null) throw new ConfigError('[log/embedded] the log is not open; open it first');
    return active;
  };
  const keep = (segment: Segment, index: SegmentIndex): SegmentIndex => {
    kept.delete(segment.number);
    if (kept.size >= INDEXES_KEPT_MAX) kept.delete(kept.keys().next().value ?? 0);
    kept.set(segment.number, index);
    return index;
  };
  /** The index of a sealed segment. */
  const fullIndex = (segment: Segment, until: number): SegmentIndex => {
    const found = kept.get(segment.number);
    if (found !== undefined) return found;
    const file = files.open(segment.indexName);
    if (file === null) return keep(segment, indexOf(segment, until));
    const bytes = Buffer.allocUnsafe(file.size());
    const read = file.read(bytes, 0);
    file.close();
    return keep(segment, (read === bytes.length ? decodeIndex(bytes) : null) ?? indexOf(segment, until));
  };
  const summaryOf = (segment: Segment, index: SegmentIndex): Part => {
    const ranges = new Map<number, RangeSummary>();
    for (const [key, { stream, shard, first, next, bytes, arrivalUs }] of index.ranges) {
      ranges.set(key, { stream, shard, first, next, bytes, arrivalUs });
    }
    return { segment, index: { end: index.end, ranges } };
  };
  const rangesOf = (key: number): readonly { readonly part: Part; readonly range: RangeSummary }[] => {
    const older = byShard.get(key) ?? [];
    const { segment, index } = known();
    const newest = index.ranges.get(key);
    return newest === undefined ? older : [...older, { part: { segment, index }, range: newest }];
  };
  const group = (): void => {
    byShard = new Map();
    for (const part of sealed.values()) {
      for (const [key, range] of part.index.ranges) {
        const entry = { part, range };
        const group = byShard.get(key);
        if (group === undefined) byShard.set(key, [entry]);
        else group.push(entry);
      }
    }
  };
  return {
    load(number) {
      const there = segmentsIn(files.names()).filter((segment) => segment.number <= number);
      const newest = there.pop();
      if (newest?.number !== number) {
        throw new ConfigError(`[log/embedded] segment ${number} is missing; restore the log from a copy`);
      }
      const names = new Set(there.map((segment) => segment.name));
      for (const [n, { segment }] of sealed) if (!names.has(segment.name)) sealed.delete(n);
      const older = new Map(sealed);
      sealed.clear();
      there.forEach((segment, i) => {
        const part =
          older.get(segment.number) ?? summaryOf(segment, fullIndex(segment, there[i + 1]?.number ?? number));
        sealed.set(segment.number, part);
      });
      group();
      active = { segment: newest, index: createSegmentIndex() };
      return active.index;
    },
    active: () => known().segment,
    async seal() {
      const { segment, index } = known();
      const draft = `${segment.indexName}.new`;
      files.remove(draft);
      const file = files.create(draft);
      try {
        file.write([encodeIndex(index)], 0);
        await file.sync();
      } finally {
        file.close();
      }
      files.rename(draft, segment.indexName);
    },
    begin(segment, file, index) {
      const before = known();
      sealed.set(before.segment.number, summaryOf(before.segment, keep(before.segment, before.index)));
      group();
      open.add(segment, file);
      active = { segment, index };
    },
    locate(stream, shard, counter) {
      const key = shardKey(stream, shard);
      const { segment, index } = known();
      const newest = index.ranges.get(key);
      if (newest !== undefined && counter >= newest.first) {
        return counter < newest.next ? { segment, at: entryBefore(newest, counter), end: index.end } : null;
      }
      const older = byShard.get(key)?.findLast(({ range }) => range.first <= counter);
      if (older === undefined || counter >= older.range.next) return null;
      const { part } = older;
      const range = fullIndex(part.segment, part.segment.number + 1).ranges.get(key);
      return range ? { segment: part.segment, at: entryBefore(range, counter), end: part.index.end } : null;
    },
    file: open.get,
    counterOfSize(stream, shard, bytesMax) {
      const key = shardKey(stream, shard);
      let left = bytesMax;
      for (const { part, range } of rangesOf(key).toReversed()) {
        if (range.bytes <= left) {
          left -= range.bytes;
          continue;
        }
        const full =
          part.segment === known().segment ? known().index : fullIndex(part.segment, part.segment.number + 1);
        const found = full.ranges.get(key);
        return found === undefined ? range.first : counterWithin(found, left);
      }
      return 0;
    },
    collect(lives) {
      let removed = 0;
      for (const [number, { segment, index }] of sealed) {
        if ([...index.ranges.values()].some(lives)) continue;
        open.drop(segment);
        // The index goes last: without it what is left of a segment would be read again.
        files.remove(segment.name);
        files.remove(segment.indexName);
        sealed.delete(number);
        kept.delete(number);
        removed++;
      }
      if (removed > 0) group();
    },
    close: open.close,
  };
}

/** Files of segments, the ones used last kept open. */
function createOpenFiles(files: Files) {
  const opened = new Map<string, LogFile>();
  const drop = (segment: Segment): void => {
    opened.get(segment.name)?.close();
    opened.delete(segment.name);
  };
  const add = (segment: Segment, file: LogFile): void => {
    if (opened.size >= FILES_OPEN_MAX) {
      const [name, oldest] = opened.entries().next().value ?? [];
      oldest?.close();
      opened.delete(name ?? '');
    }
    opened.set(segment.name, file);
  };
  return {
    add,
    drop,
    get(segment: Segment): LogFile | null {
      const known = opened.get(segment.name);
      if (known !== undefined) {
        // Used last, so closed last.
        opened.delete(segment.name);
        opened.set(segment.name, known);
        return known;
      }
      const file = files.open(segment.name);
      if (file !== null) add(segment, file);
      return file;
    },
    close() {
      for (const file of opened.values()) file.close();
      opened.clear();
    },
  };
}

/** The index of a segment from its blocks themselves, as far as those of flush `flushEnd`, which is not taken in. */
export function indexFromBlocks(file: LogFile, segment: Segment, flushEnd: number): SegmentIndex {
  const index = createSegmentIndex();
  const walk = createWalk(file, segment);
  const size = file.size();
  for (let header = walk.find(0, size); header !== null; ) {
    if (header.flush >= flushEnd) break;
    addBlock(index, header);
    const end: number = header.at + header.bytes;
    header = walk.headerAt(end) ?? walk.find(end, size);
  }
  return index;
}
