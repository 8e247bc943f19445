import { ConfigError } from '../../../core/index.ts';
import type { LogRecord } from '../../log.ts';
import { type BlockHeader, decodeBlock, HEADER_BYTES, readHeader } from './block.ts';
import type { OpenShard } from './catalog.ts';
import type { LogFile } from './files.ts';
import { createWalk, type Segment } from './segment.ts';
import { ENTRY_SPAN_BYTES } from './segment-index.ts';
import type { Located, Segments } from './segments.ts';

/** Shards whose place a reader left off at is remembered. */
const CURSORS_MAX = 16;
/** Read from a file at once, bytes, unless a block is larger. */
const SLICE_BYTES = 256 * 1024;
/** Blocks of a shard with so many bytes between them are read one by one: skipping then costs less than reading all. */
const SKIPPED_BYTES_MIN = 16 * 1024;
const HEADER = Buffer.alloc(HEADER_BYTES);

export interface Block {
  readonly header: BlockHeader;
  readonly records: readonly LogRecord[];
}

/** The blocks of all shards by the counters in them; ConfigError when one is damaged or missing. */
export interface Blocks {
  /** Only the header; the records' checksum is not verified. */
  headerAt(shard: OpenShard, counter: number): BlockHeader;
  blockAt(shard: OpenShard, counter: number): Block;
}

/** Where a reader is in a segment: many small blocks are decoded out of one slice of the file. */
interface Cursor {
  readonly segment: Segment;
  readonly file: LogFile;
  /** Never written to again: what is read from it is made of views. */
  slice: Buffer;
  sliceAt: number;
  /** The block decoded last. */
  block: Block | null;
  /** Whether the shard's blocks lie far apart: then only what is wanted is read. */
  isSparse: boolean;
}

export function createBlocks(segments: Segments): Blocks {
  const cursors = new Map<string, Cursor>();

  const cursorOf = (shard: OpenShard, segment: Segment, file: LogFile): Cursor => {
    const name = `${shard.stream.id}/${shard.index}`;
    const known = cursors.get(name);
    cursors.delete(name);
    if (cursors.size >= CURSORS_MAX) cursors.delete(cursors.keys().next().value ?? '');
    const cursor =
      known?.segment.name === segment.name && known.file === file
        ? known
        : { segment, file, slice: Buffer.alloc(0), sliceAt: 0, block: null, isSparse: false };
    cursors.set(name, cursor);
    return cursor;
  };
  const locate = (shard: OpenShard, counter: number): { place: Located; file: LogFile } => {
    const place = segments.locate(shard.stream.id, shard.index, counter);
    const file = place && segments.file(place.segment);
    if (!place || !file) throw damaged(shard, counter);
    return { place, file };
  };
  return {
    headerAt(shard, counter) {
      const { place, file } = locate(shard, counter);
      const walk = createWalk(file, place.segment);
      for (let at = place.at; at < place.end; ) {
        const header = walk.headerAt(at) ?? walk.find(at, place.end);
        if (header === null) break;
        if (isOf(shard, header) && counter < header.first + header.count) {
          if (counter >= header.first) return header;
          break;
        }
        at = header.at + header.bytes;
      }
      throw damaged(shard, counter);
    },
    blockAt(shard, counter) {
      const { place, file } = locate(shard, counter);
      const cursor = cursorOf(shard, place.segment, file);
      const { block } = cursor;
      if (block !== null && isIn(block.header, counter)) return block;
      // Reading on goes behind the last block, unless the index knows a place nearer to the next one.
      const before = block?.header;
      const lastEnd = before !== undefined && counter === before.first + before.count ? before.at + before.bytes : null;
      const begin = lastEnd === null ? place.at : Math.max(place.at, lastEnd);
      const found = search(cursor, shard, counter, begin, place.end);
      const bytes = found && blockBytes(cursor, found, place.end);
      const records = found && bytes && decodeBlock(bytes, found, shard.sequence.position);
      if (!records) throw damaged(shard, counter);
      // The next one is likely to be as far away.
      cursor.isSparse = lastEnd !== null && found.at - lastEnd >= SKIPPED_BYTES_MIN;
      cursor.block = { header: found, records };
      return cursor.block;
    },
  };
}

/** The block with `counter` behind `at`; null when it cannot be made out. */
function search(cursor: Cursor, shard: OpenShard, counter: number, begin: number, end: number): BlockHeader | null {
  const until = Math.min(end, begin + 2 * ENTRY_SPAN_BYTES);
  for (let at = begin; at < until; ) {
    const header = headerAt(cursor, at, end);
    if (header === null) {
      // Somebody else's block may be what is damaged here: look behind it.
      const next = createWalk(cursor.file, cursor.segment).find(at + 1, until);
      if (next === null) return null;
      at = next.at;
      continue;
    }
    if (isOf(shard, header) && counter < header.first + header.count) return counter >= header.first ? header : null;
    at += header.bytes;
  }
  return null;
}

function headerAt(cursor: Cursor, at: number, end: number): BlockHeader | null {
  const { file, segment, isSparse } = cursor;
  if (isSparse && !holds(cursor, at, HEADER_BYTES)) {
    return readHeader(HEADER.subarray(0, file.read(HEADER, at)), 0, at, segment.seed);
  }
  load(cursor, at, HEADER_BYTES, end);
  return readHeader(cursor.slice, at - cursor.sliceAt, at, segment.seed);
}

function blockBytes(cursor: Cursor, { at, bytes }: BlockHeader, end: number): Buffer {
  load(cursor, at, bytes, end);
  return cursor.slice.subarray(at - cursor.sliceAt, at - cursor.sliceAt + bytes);
}

/** Lets the slice hold `bytes` from `at` on, as far as the segment goes. */
function load(cursor: Cursor, at: number, bytes: number, end: number): void {
  if (holds(cursor, at, bytes)) return;
  // Never beyond the end: what is there now may be replaced, and may not be.
  const size = Math.max(0, Math.min(cursor.isSparse ? bytes : Math.max(bytes, SLICE_BYTES), end - at));
  const fresh = Buffer.allocUnsafeSlow(size);
  cursor.slice = fresh.subarray(0, cursor.file.read(fresh, at));
  cursor.sliceAt = at;
}

function holds({ slice, sliceAt }: Cursor, at: number, bytes: number): boolean {
  return at >= sliceAt && at + bytes <= sliceAt + slice.length;
}

function isOf(shard: OpenShard, header: BlockHeader): boolean {
  return header.kind === 'records' && header.stream === shard.stream.id && header.shard === shard.index;
}

function isIn(block: BlockHeader, counter: number): boolean {
  return counter >= block.first && counter < block.first + block.count;
}

function damaged(shard: OpenShard, counter: number): ConfigError {
  const name = `${shard.stream.description.stream}/${shard.shardId}`;
  return new ConfigError(
    `[log/embedded] the block of ${name} at ${shard.sequence.position(counter)} is damaged; restore the log from a copy or trim past it`,
  );
}
