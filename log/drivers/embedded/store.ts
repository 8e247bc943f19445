import { ConfigError, messageOf, RetryableError } from '../../../core/index.ts';
import type { Environment } from './environment.ts';
import type { LogFile } from './files.ts';
import { createFlusher } from './flush.ts';
import type { Place } from './place.ts';
import { holdsFlush, recover, segmentDamaged } from './recovery.ts';
import { createWalk, type Segment, segmentsIn, type Walk } from './segment.ts';
import { createSegments, type Segments } from './segments.ts';
import { createState } from './state.ts';
import { createTailFile, TAIL_NAME, type Tail, type TailFile, tailDamaged } from './tail.ts';
import { type Stage, takeIn, type View } from './view.ts';

/**
 * The log as files: segments of blocks, which are the truth; the state and the places of blocks, which every handle
 * keeps in memory and makes anew from the segments; and the tail, which says how far all that counts.
 */
export interface Store extends Environment {
  readonly segments: Segments;
  /**
   * Takes the lock that all processes share and writes one flush: runs `stage`, which alone sees what it changes of
   * the state, and resolves when the flush is on disk and visible to everybody. When it rejects, nothing has changed.
   */
  flush(stage: Stage): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the log in `place`, after a power failure as far as it was acknowledged. ConfigError when it is damaged or
 * cannot be opened.
 */
export async function openStore(place: Place): Promise<Store> {
  const view = await openView(place).catch(async (error: unknown) => {
    await place.lock.close();
    if (error instanceof ConfigError) throw error;
    const message = `cannot open the log: ${messageOf(error)}; check the disk, its room and the permissions`;
    throw new ConfigError(`[log/embedded] ${message}`, { cause: error });
  });
  const flush = createFlusher(view, () => refresh(view));
  return {
    segments: view.segments,
    get: view.state.get,
    keys: view.state.keys,
    put: (key, value) => view.state.change({ key, value }),
    remove: (key) => view.state.change({ key, value: null }),
    refresh: () => reading(() => refresh(view)),
    lastTransaction: () => reading(view.tailFile.flush),
    flush: (stage) => place.lock.hold(() => flush(stage)),
    async close() {
      await place.lock.close();
      view.segments.close();
      view.closeTail();
    },
  };
}

/** What a read failed of: as it is when the log itself is wrong, else the disk, perhaps for now. */
export function readFailure(error: unknown): Error {
  if (error instanceof ConfigError) return error;
  return new RetryableError(`[log/embedded] reading failed: ${messageOf(error)}; check the disk, then try again`, {
    cause: error,
  });
}

function reading<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw readFailure(error);
  }
}

async function openView(place: Place): Promise<View> {
  const { files, lock, boot } = place;
  const file = openTail(place);
  const tailFile = createTailFile(file, boot ?? '');
  const tailSync = (): void => {
    if (boot === null) file.sync();
  };
  const segments = createSegments(files);
  const view: View = {
    place,
    tailFile,
    tailSync,
    closeTail: file.close,
    state: createState(),
    segments,
    tail: { flush: 0, segment: 0, flushAt: 0, end: 0, isSealed: true },
    index: { end: 0, ranges: new Map() },
    reading: null,
    fileEnd: 0,
  };
  try {
    if (!isUsable(place, tailFile)) {
      await lock.hold(() => {
        if (isUsable(place, tailFile)) return;
        tailFile.write(recover(files));
        tailSync();
      });
    }
    refresh(view);
    return view;
  } catch (error) {
    segments.close();
    file.close();
    throw error;
  }
}

function openTail({ files }: Place): LogFile {
  const known = files.open(TAIL_NAME);
  if (known !== null) return known;
  try {
    return files.create(TAIL_NAME);
  } catch (error) {
    // Another process made it in the meantime.
    const made = files.open(TAIL_NAME);
    if (made === null) throw error;
    return made;
  }
}

/** Whether the tail is of this boot, and the segment is as it says. */
function isUsable({ files }: Place, tailFile: TailFile): boolean {
  const tail = tailFile.read();
  if (tail === null) return false;
  const segment = segmentsIn(files.names()).find(({ number }) => number === tail.segment);
  const file = segment && files.open(segment.name);
  if (!segment || !file) return false;
  try {
    return holdsFlush(file, segment, tail);
  } finally {
    file.close();
  }
}

/** Takes in what was flushed since the last look. */
function refresh(view: View): void {
  for (;;) {
    const tail = view.tailFile.read();
    if (tail === null) throw tailDamaged();
    try {
      moveTo(view, tail);
      return;
    } catch (error) {
      // Another process may have gone on to the next segment, and deleted what was about to be read.
      if (view.tailFile.read()?.segment === tail.segment) throw error;
    }
  }
}

function moveTo(view: View, tail: Tail): void {
  // Whether its file is to be written to may have changed all the same.
  if (tail.flush === view.tail.flush) view.tail = tail;
  else if (tail.segment !== view.tail.segment || tail.flush < view.tail.flush) load(view, tail);
  else catchUp(view, tail);
}

/** Makes state and index anew from the folder. */
function load(view: View, tail: Tail): void {
  view.index = view.segments.load(tail.segment);
  view.fileEnd = 0;
  view.state.clear();
  catchUp(view, tail);
}

/** Goes through the newest segment's file, which was closed and opened again if many others were read meanwhile. */
function walkOf(view: View, segment: Segment): Walk {
  const file = view.segments.file(segment);
  if (file === null) throw segmentDamaged(segment, 0);
  if (view.reading?.file !== file) view.reading = { file, walk: createWalk(file, segment) };
  view.reading.walk.refresh();
  return view.reading.walk;
}

function catchUp(view: View, tail: Tail): void {
  const { index } = view;
  const segment = view.segments.active();
  const walk = walkOf(view, segment);
  while (index.end < tail.end) {
    const header = walk.headerAt(index.end);
    const bytes = header === null || header.kind === 'records' ? null : walk.bytesOf(header);
    if (header === null || (header.kind !== 'records' && bytes === null)) throw segmentDamaged(segment, index.end);
    takeIn(view, index, header, bytes);
  }
  view.tail = tail;
}
