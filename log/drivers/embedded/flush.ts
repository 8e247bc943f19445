import { ConfigError } from '../../../core/index.ts';
import { type BlockHeader, encodeChanges, placeBlock } from './block.ts';
import type { LogFile } from './files.ts';
import { newSegment, type Segment, segmentsIn } from './segment.ts';
import { createSegmentIndex } from './segment-index.ts';
import type { Tail } from './tail.ts';
import { type Stage, takeIn, type View } from './view.ts';

/** Zeros written behind the tail at most, bytes: a sync of what the file already has room for costs half as much. */
const ROOM_BYTES_MAX = 1024 * 1024;
const ROOM_BYTES_MIN = 64 * 1024;
const ZEROS = Buffer.alloc(ROOM_BYTES_MAX);
const PROBE = Buffer.alloc(8);

/** Where a flush goes. */
interface Target {
  readonly segment: Segment;
  readonly file: LogFile;
  readonly at: number;
  readonly isNew: boolean;
}

/** Gives the function that writes one flush; only while the lock is held. `refresh` takes in what others flushed. */
export function createFlusher(view: View, refresh: () => void): (stage: Stage) => void {
  const { place, state, tailFile } = view;
  return (stage) => {
    refresh();
    let blocks: readonly Buffer[] = [];
    const changes = state.stage(() => {
      blocks = stage();
    });
    if (changes.length === 0 && blocks.length === 0) return;
    if (changes.length > 0) blocks = [encodeChanges(changes, 'changes'), ...blocks];
    const isOver = endOf(blocks, view.tail.end) > place.segmentBytesMax || view.tail.isSealed;
    const target = isOver ? roll(view) : current(view);
    if (target.isNew) blocks = [encodeChanges(state.all(), 'state'), ...blocks];
    let placed: Placed;
    try {
      placed = placeAll(view, target, blocks);
      write(view, target, blocks);
      sync(view, target);
    } catch (error) {
      giveUp(view, target);
      throw error;
    }
    tailFile.write(placed.tail);
    view.tailSync();
    show(view, target, placed, blocks);
  };
}

function current({ segments, tail }: View): Target {
  const segment = segments.active();
  const file = segments.file(segment);
  if (file === null) throw new ConfigError(`[log/embedded] ${segment.name} is gone; restore the log from a copy`);
  return { segment, file, at: tail.end, isNew: false };
}

/**
 * Ends the newest segment and begins another. Nobody knows of it until its first flush is done, and yet it is there:
 * a writer that dies before leaves it. Whoever went on in the old one would have his flushes taken for earlier ones
 * than what lies in it, so that one is sealed first.
 */
function roll({ place: { files }, segments, tail, tailFile, tailSync }: View): Target {
  const newest = segmentsIn(files.names()).at(-1)?.number ?? 0;
  segments.seal();
  const segment = newSegment(newest + 1);
  tailFile.write({ ...tail, isSealed: true });
  tailSync();
  try {
    return { segment, file: files.create(segment.name), at: 0, isNew: true };
  } catch (error) {
    tailFile.write(tail);
    throw error;
  }
}

/** What a flush is once its blocks have their places. */
interface Placed {
  readonly headers: readonly BlockHeader[];
  readonly tail: Tail;
}

function placeAll(view: View, { segment, at }: Target, blocks: readonly Buffer[]): Placed {
  const flush = view.tail.flush + 1;
  let end = at;
  const headers = blocks.map((block, i): BlockHeader => {
    const isLast = i === blocks.length - 1;
    const header = placeBlock(block, { seed: segment.seed, at: end, flush, flushAt: at, isLast });
    end += block.length;
    return header;
  });
  const tail: Tail = { flush, segment: segment.number, flushAt: at, end, isSealed: false };
  return { headers, tail };
}

function write(view: View, target: Target, blocks: readonly Buffer[]): void {
  const { file, at } = target;
  const end = endOf(blocks, at);
  if (end <= roomEnd(view, target, end)) {
    file.write(blocks, at);
    return;
  }
  const room = ZEROS.subarray(0, Math.min(Math.max(end, ROOM_BYTES_MIN), ROOM_BYTES_MAX));
  try {
    file.write([...blocks, room], at);
    view.fileEnd = end + room.length;
  } catch {
    // Perhaps the disk has no room for room.
    view.fileEnd = 0;
    file.truncate(at);
    file.write(blocks, at);
  }
}

/** Where blocks that begin at `at` end. */
function endOf(blocks: readonly Buffer[], at: number): number {
  let end = at;
  for (const block of blocks) end += block.length;
  return end;
}

/** Where the zeros behind the tail end: to look for that anew is only worth it when a flush up to `end` needs it. */
function roomEnd(view: View, { file, at, isNew }: Target, end: number): number {
  if (isNew) return at;
  const read = file.read(PROBE, at);
  if (PROBE.subarray(0, read).some((byte) => byte !== 0)) {
    // A writer that died before its flush counted left its bytes: they go, for a shorter flush would not cover them.
    file.truncate(at);
    view.fileEnd = 0;
    return at;
  }
  if (read < PROBE.length) return at + read;
  if (end > view.fileEnd) view.fileEnd = file.size();
  return view.fileEnd;
}

function sync({ place: { files }, tail, tailFile }: View, { file, isNew }: Target): void {
  try {
    file.sync();
  } catch (error) {
    // Linux forgets what it failed to write: another sync would succeed and mean nothing. The file is left alone.
    if (!isNew) tailFile.write({ ...tail, isSealed: true });
    throw error;
  }
  if (isNew) files.sync();
}

function giveUp({ place: { files }, tail, tailFile }: View, { segment, file, at, isNew }: Target): void {
  try {
    if (isNew) {
      file.close();
      files.remove(segment.name);
      files.sync();
      // Gone for good: where there is no room for another segment, the old one may have some.
      tailFile.write(tail);
    } else file.truncate(at);
  } catch {
    // What is left does not count: nothing says that it does, and the next flush covers or cuts it.
  }
}

/** From here on this handle's readers see the flush. */
function show(view: View, { segment, file, isNew }: Target, { headers, tail }: Placed, blocks: readonly Buffer[]) {
  if (isNew) {
    view.index = createSegmentIndex();
    view.segments.begin(segment, file, view.index);
  }
  headers.forEach((header, i) => {
    takeIn(view, view.index, header, blocks[i] ?? null);
  });
  view.tail = tail;
}
