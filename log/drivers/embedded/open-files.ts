import type { Files, LogFile } from './files.ts';
import type { Segment } from './segment.ts';

/** Files kept open. */
const OPEN_MAX = 32;

/** Files of segments, the ones used last kept open. */
export interface OpenFiles {
  add(segment: Segment, file: LogFile): void;
  /** Null when it is gone. Not to be closed. */
  get(segment: Segment): LogFile | null;
  drop(segment: Segment): void;
  close(): void;
}

export function createOpenFiles(files: Files): OpenFiles {
  const opened = new Map<string, LogFile>();
  const drop = (name: string): void => {
    opened.get(name)?.close();
    opened.delete(name);
  };
  const add = (segment: Segment, file: LogFile): void => {
    if (opened.size >= OPEN_MAX) drop(opened.keys().next().value ?? '');
    opened.set(segment.name, file);
  };
  return {
    add,
    get(segment) {
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
    drop: (segment) => drop(segment.name),
    close() {
      for (const name of [...opened.keys()]) drop(name);
    },
  };
}
