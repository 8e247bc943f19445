import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** One file of the log. What is written is there for every process at once, and after power loss once it is synced. */
export interface LogFile {
  readonly size: () => number;
  /** Fills `into` from `at` on; gives the number of bytes, fewer at the end of the file. */
  read(into: Buffer, at: number): number;
  /** Writes all parts one behind the other, or throws with an unknown part of them written. */
  write(parts: readonly Buffer[], at: number): void;
  /** Returns when all that was written is on disk. When it throws nothing can be said of it, now or later. */
  sync(): void;
  truncate(size: number): void;
  close(): void;
}

/** The folder of a log: a seam, so that a log can be kept in memory and tests can fail it. */
export interface Files {
  names(): string[];
  /** The file, or null when there is none. */
  open(name: string): LogFile | null;
  /** A new, empty file; throws when there is one. */
  create(name: string): LogFile;
  rename(from: string, to: string): void;
  /** Does nothing when it is gone already. */
  remove(name: string): void;
  /** A new name is only there after power loss once its folder is synced. */
  sync(): void;
}

/** Buffers that one writev takes (IOV_MAX on Linux). */
const PARTS_MAX = 1024;

/** The files in the folder `path`, which is created when it is not there; `sync` makes the names in a folder durable. */
export function openFolder(path: string, sync: (folder: string) => void = syncFolder): Files {
  const folder = resolve(path);
  const made = mkdirSync(folder, { recursive: true }) ?? folder;
  // From its own name up to that of the first folder on the way that was not there.
  for (let at = folder; at.length >= made.length && at !== dirname(at); at = dirname(at)) sync(dirname(at));
  return {
    names: () => readdirSync(path),
    open: (name) => unlessMissing(() => wrap(openSync(join(path, name), 'r+'))),
    create: (name) => wrap(openSync(join(path, name), 'wx+')),
    rename: (from, to) => renameSync(join(path, from), join(path, to)),
    remove: (name) => rmSync(join(path, name), { recursive: true, force: true }),
    sync: () => sync(path),
  };
}

function unlessMissing<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function syncFolder(path: string): void {
  // Windows cannot open a folder, and needs not: names are journaled there.
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function wrap(descriptor: number): LogFile {
  return {
    size: () => fstatSync(descriptor).size,
    read(into, at) {
      let done = 0;
      while (done < into.length) {
        const count = readSync(descriptor, into, done, into.length - done, at + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    },
    write(parts, at) {
      let position = at;
      for (let from = 0; from < parts.length; from += PARTS_MAX) {
        position += writeAll(descriptor, parts.slice(from, from + PARTS_MAX), position);
      }
    },
    sync: () => fdatasyncSync(descriptor),
    truncate: (size) => ftruncateSync(descriptor, size),
    close: () => closeSync(descriptor),
  };
}

function writeAll(descriptor: number, parts: readonly Buffer[], at: number): number {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  let written = writevSync(descriptor, parts, at);
  if (written === total) return total;
  // A disk that is nearly full takes a part and refuses the rest with the reason.
  const whole = Buffer.concat(parts);
  while (written < total) written += writeSync(descriptor, whole, written, total - written, at + written);
  return total;
}
