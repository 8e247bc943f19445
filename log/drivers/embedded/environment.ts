import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { open } from 'lmdb';
import { ConfigError, messageOf } from '../../../core/index.ts';

/** What the driver needs of an ordered, transactional store of bytes: a seam, so that tests can fail it. */
export interface Environment {
  /** The value, valid only until the next call. */
  get(key: Buffer): Buffer | undefined;
  /** Keys from `from` (included) towards `to` (excluded), ascending or, when `from` > `to`, descending. */
  keys(from: Buffer, to: Buffer, max: number): Buffer[];
  /** Only inside the work of {@link write}. */
  put(key: Buffer, value: Buffer): void;
  /** Only inside the work of {@link write}. */
  remove(key: Buffer): void;
  /**
   * Runs `work` in the one write transaction that all processes take turns in. Resolves when what it wrote is on
   * disk; rejects when nothing of it is, or when that is unknown. `work` must not throw after it has written.
   */
  write(work: () => void): Promise<void>;
  /** Lets the next read see what was committed last, by whatever process. */
  refresh(): void;
  /**
   * Number of the newest commit of any process; cheap. Runs ahead: readers see the commit only once it is flushed.
   */
  lastTransaction(): number;
  close(): Promise<void>;
}

export type OpenEnvironment = (path: string) => Environment;

/** Shorter values (the catalog's, a single small event's) are not worth LZ4's header. */
const COMPRESSED_BYTES_MIN = 4096;

/** Address space mapped at first, bytes; lmdb-js maps more by itself when the file outgrows it. */
const MAP_BYTES = 4 * 1024 ** 3;

/** What is used of lmdb-js beside its declared types. */
interface Internals {
  readonly env: { info(): { readonly lastTxnId: number } };
}

/**
 * Opens or creates an LMDB environment in the folder `path`. ConfigError when that cannot be.
 *
 * `overlappingSync` is off on purpose. With it lmdb-js shows a commit to readers before it is flushed: a reader
 * could hand on a record that a power failure then takes back, and its position would be given out twice. Without
 * it LMDB itself syncs the pages, then writes the meta page through O_DSYNC, and only then is the commit visible
 * and the promise resolved.
 */
export function openLmdb(path: string, mapBytes = MAP_BYTES): Environment {
  try {
    mkdirSync(path, { recursive: true });
    const db = open<Buffer, Buffer>({
      path,
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
      mapSize: mapBytes,
      overlappingSync: false,
      // Audit events shrink to a quarter: less to write, and less of the file in memory while it is read.
      compression: { threshold: COMPRESSED_BYTES_MIN },
      // Batching by event turn adds a promise of its own that nobody can handle when a commit fails.
      eventTurnBatching: false,
      maxReaders: 512,
      cache: false,
    });
    syncFolder(path);
    syncFolder(dirname(path));
    return wrap(db);
  } catch (error) {
    throw new ConfigError(
      `[log/embedded] cannot open the log in ${path}: ${messageOf(error)}; check the path and its permissions`,
    );
  }
}

/** A new file is only there after power loss if its folder is flushed too. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function wrap(db: ReturnType<typeof open<Buffer, Buffer>>): Environment {
  const { env } = db as unknown as Internals;
  return {
    get: (key) => {
      const value = db.getBinaryFast(key);
      // lmdb-js hands out its own large buffer with `length` overridden: an honest view has the right bounds.
      return value && Buffer.from(value.buffer, value.byteOffset, value.length);
    },
    keys: (from, to, max) => [...db.getKeys({ start: from, end: to, reverse: from.compare(to) > 0, limit: max })],
    put: (key, value) => db.putSync(key, value),
    remove: (key) => {
      db.removeSync(key);
    },
    async write(work) {
      try {
        await db.transaction(work);
      } catch (error) {
        throw await causeOf(error);
      }
    },
    refresh: () => db.resetReadTxn(),
    lastTransaction: () => env.info().lastTxnId,
    close: () => db.close(),
  };
}

/** lmdb-js hides the reason of a failed commit in a second promise, rejected a moment later. */
async function causeOf(error: unknown): Promise<unknown> {
  const commitError = (error as { readonly commitError?: Promise<unknown> }).commitError;
  if (commitError === undefined) return error;
  return commitError.then(
    () => error,
    (cause: unknown) => cause,
  );
}
