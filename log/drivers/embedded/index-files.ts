import type { Files, LogFile } from './files.ts';
import { createWalk, type Segment, segmentsIn } from './segment.ts';
import { addBlock, createSegmentIndex, decodeIndex, encodeIndex, type SegmentIndex } from './segment-index.ts';

/** Indexes kept in memory. */
const KEPT_MAX = 16;

/** The indexes of sealed segments, each in a file beside its segment, or made anew from it. */
export interface IndexFiles {
  get(segment: Segment): SegmentIndex;
  keep(segment: Segment, index: SegmentIndex): void;
  /** Writes it down, durably but for its name, which is so once the folder is synced. */
  write(segment: Segment, index: SegmentIndex): void;
  drop(segment: Segment): void;
}

export function createIndexFiles(files: Files): IndexFiles {
  const kept = new Map<string, SegmentIndex>();
  const keep = (segment: Segment, index: SegmentIndex): SegmentIndex => {
    kept.delete(segment.name);
    if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value ?? '');
    kept.set(segment.name, index);
    return index;
  };
  return {
    get: (segment) => kept.get(segment.name) ?? keep(segment, stored(files, segment) ?? fromBlocks(files, segment)),
    keep,
    write(segment, index) {
      const draft = `${segment.indexName}.new`;
      files.remove(draft);
      const file = files.create(draft);
      try {
        file.write([encodeIndex(index)], 0);
        file.sync();
      } finally {
        file.close();
      }
      files.rename(draft, segment.indexName);
    },
    drop(segment) {
      files.remove(segment.indexName);
      kept.delete(segment.name);
    },
  };
}

function stored(files: Files, segment: Segment): SegmentIndex | null {
  const file = files.open(segment.indexName);
  if (file === null) return null;
  const bytes = Buffer.allocUnsafe(file.size());
  const read = file.read(bytes, 0);
  file.close();
  return read === bytes.length ? decodeIndex(bytes) : null;
}

/**
 * The index of a segment from its blocks' headers. Where the next segment's flushes begin this one's end: what lies
 * behind was written when a sync failed, and never counted.
 */
function fromBlocks(files: Files, segment: Segment): SegmentIndex {
  const file = files.open(segment.name);
  if (file === null) return createSegmentIndex();
  const next = segmentsIn(files.names()).find(({ number }) => number > segment.number);
  const nextFile = next && files.open(next.name);
  try {
    const end = next && nextFile ? createWalk(nextFile, next).headerAt(0)?.flush : undefined;
    return indexUntil(file, segment, end ?? Number.POSITIVE_INFINITY);
  } finally {
    file.close();
    nextFile?.close();
  }
}

function indexUntil(file: LogFile, segment: Segment, flushEnd: number): SegmentIndex {
  const index = createSegmentIndex();
  const walk = createWalk(file, segment);
  const size = file.size();
  for (let header = walk.find(0, size); header !== null && header.flush < flushEnd; ) {
    addBlock(index, header);
    const end: number = header.at + header.bytes;
    header = walk.headerAt(end) ?? walk.find(end, size);
  }
  return index;
}
