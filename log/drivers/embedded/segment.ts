import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type BlockHeader, HEADER_BYTES, isWhole, MARK_BYTES, readHeader } from './block.ts';
import type { LogFile } from './files.ts';

/**
 * A segment is one file of blocks. Its name holds its number, by which segments follow each other, and a random
 * salt, from which the seed of its blocks' checksums is made: it has no header that could be damaged.
 */
export interface Segment {
  readonly number: number;
  readonly name: string;
  /** Of the file that tells where each shard's blocks lie in it, once it is sealed. */
  readonly indexName: string;
  readonly seed: number;
}

const NAME = /^(\d{10})-([0-9a-f]{16})\.segment$/;

export function newSegment(number: number): Segment {
  return segmentOf(number, randomBytes(8).toString('hex'));
}

/** The segments among the names of a folder's files, by their numbers. */
export function segmentsIn(names: readonly string[]): Segment[] {
  const found = names.flatMap((name) => {
    const parts = NAME.exec(name);
    return parts === null ? [] : [segmentOf(Number(parts[1]), parts[2] ?? '')];
  });
  return found.sort((a, b) => a.number - b.number);
}

function segmentOf(number: number, salt: string): Segment {
  const stem = `${String(number).padStart(10, '0')}-${salt}`;
  return { number, name: `${stem}.segment`, indexName: `${stem}.index`, seed: crc32(Buffer.from(stem)) };
}

/** What is read at once while only headers are wanted, bytes. */
const WINDOW_BYTES = 16 * 1024;

/** Goes through a segment's file header by header. */
export interface Walk {
  /** The block at `at`, its body not checked; null when none begins there. */
  headerAt(at: number): BlockHeader | null;
  /** All bytes of a block; null when they are not what was written. */
  bytesOf(header: BlockHeader): Buffer | null;
  /** The first block at or behind `from` and before `to`; null when there is none. */
  find(from: number, to: number): BlockHeader | null;
  /** The file may have changed since the last call. */
  refresh(): void;
}

export function createWalk(file: LogFile, { seed }: Segment): Walk {
  const window = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  let from = 0;
  let length = 0;
  /** Offset in the window of `at`, with at least a header's bytes behind it unless the file ends there. */
  const load = (at: number): number => {
    if (at < from || at + HEADER_BYTES > from + length) {
      from = at;
      length = file.read(window, at);
    }
    return at - from;
  };
  const headerAt = (at: number): BlockHeader | null => {
    const offset = load(at);
    return readHeader(window.subarray(0, length), offset, at, seed);
  };
  return {
    headerAt,
    bytesOf(header) {
      const bytes = Buffer.allocUnsafeSlow(header.bytes);
      return file.read(bytes, header.at) === header.bytes && isWhole(bytes, header) ? bytes : null;
    },
    find(start, to) {
      for (let at = start; at < to; at++) {
        const offset = load(at);
        const found = window.subarray(0, length).indexOf(MARK_BYTES, offset);
        // The mark's first bytes may be the window's last ones.
        at = found === -1 ? Math.max(at, from + length - MARK_BYTES.length) : from + found;
        const header = at < to ? headerAt(at) : null;
        if (header !== null) return header;
      }
      return null;
    },
    refresh() {
      length = 0;
    },
  };
}
