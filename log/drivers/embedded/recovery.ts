import { ConfigError } from '../../../core/index.ts';
import { type BlockHeader, encodeChanges, placeBlock } from './block.ts';
import type { Files, LogFile } from './files.ts';
import { createWalk, newSegment, type Segment, segmentsIn } from './segment.ts';
import type { Tail } from './tail.ts';

interface Seen {
  readonly header: BlockHeader;
  readonly isWhole: boolean;
}

/**
 * Finds how far the log is from the segments alone, and cuts what a power failure left of the last flush; begins the
 * log where there is none. While it runs nobody may write.
 *
 * A flush begins only once the one before it is on disk. So what is damaged and has a later flush behind it was
 * acknowledged once, and stays for readers to stumble over; only the last flush may be torn, and then it was never
 * acknowledged: it goes as a whole.
 */
export function recover(files: Files): Tail {
  for (;;) {
    const segment = segmentsIn(files.names()).at(-1);
    if (segment === undefined) return begin(files);
    const file = files.open(segment.name);
    const found = file && lastFlush(file, segment);
    if (file && found) {
      file.truncate(found.end);
      file.sync();
      file.close();
      // Its name may be as new as a writer's that died before he synced it.
      files.sync();
      return { flush: found.flush, segment: segment.number, flushAt: found.flushAt, end: found.end, isSealed: false };
    }
    file?.close();
    // A segment whose first flush was torn; kept aside all the same, for its name is all that tells so.
    files.rename(segment.name, `${segment.name}.torn`);
  }
}

/** The first segment, in which no stream is. */
function begin(files: Files): Tail {
  const segment = newSegment(1);
  const file = files.create(segment.name);
  const block = encodeChanges([], 'state');
  placeBlock(block, { seed: segment.seed, at: 0, flush: 1, flushAt: 0, isLast: true });
  file.write([block], 0);
  file.sync();
  file.close();
  files.sync();
  return { flush: 1, segment: segment.number, flushAt: 0, end: block.length, isSealed: false };
}

/** The last whole flush of a segment; null when there is none. */
function lastFlush(file: LogFile, segment: Segment): { flush: number; flushAt: number; end: number } | null {
  const seen = blocksOf(file, segment);
  const newest = seen.at(-1)?.header;
  if (newest === undefined) return null;
  const last = seen.filter(({ header }) => header.flush === newest.flush);
  if (isComplete(last)) return { flush: newest.flush, flushAt: newest.flushAt, end: newest.at + newest.bytes };
  const before = seen.findLast(({ header }) => header.flush < newest.flush)?.header;
  if (before === undefined) return null;
  // What is damaged before the torn flush belongs to an earlier one: the end is where the torn one began.
  return { flush: before.flush, flushAt: before.flushAt, end: newest.flushAt };
}

/** All blocks that can be made out, in order; those of earlier flushes behind later ones are left over and no part. */
function blocksOf(file: LogFile, segment: Segment): Seen[] {
  const walk = createWalk(file, segment);
  const size = file.size();
  const seen: Seen[] = [];
  let flush = 0;
  for (let header = walk.find(0, size); header !== null; ) {
    if (header.flush < flush) break;
    flush = header.flush;
    const isWhole = walk.bytesOf(header) !== null;
    seen.push({ header, isWhole });
    // The length of a block that is not whole is as its header says: that has a checksum of its own.
    const end: number = header.at + header.bytes;
    header = walk.headerAt(end) ?? walk.find(end, size);
  }
  return seen;
}

function isComplete(blocks: readonly Seen[]): boolean {
  const [first] = blocks;
  let at = first?.header.flushAt ?? 0;
  for (const { header, isWhole } of blocks) {
    if (header.at !== at || !isWhole) return false;
    at += header.bytes;
  }
  return blocks.at(-1)?.header.isLast === true;
}

/** Whether the tail's newest flush lies in the segment as it was written. */
export function holdsFlush(file: LogFile, segment: Segment, { flush, flushAt, end }: Tail): boolean {
  const walk = createWalk(file, segment);
  let at = flushAt;
  while (at < end) {
    const header = walk.headerAt(at);
    if (header === null || header.flush !== flush || walk.bytesOf(header) === null) return false;
    at += header.bytes;
    if (header.isLast) break;
  }
  return at === end && end > 0;
}

export function segmentDamaged({ name }: Segment, at: number): ConfigError {
  return new ConfigError(`[log/embedded] ${name} is damaged at byte ${at}; restore the log from a copy`);
}
