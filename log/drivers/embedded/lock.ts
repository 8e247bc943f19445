import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { open } from 'lmdb';
import { ConfigError, messageOf } from '../../../core/index.ts';

/** Writers, in whatever process or thread, take turns. */
export interface Lock {
  /** Runs `work` while nobody else does. A process or thread that dies lets go. */
  hold(work: () => void): Promise<void>;
  close(): Promise<void>;
}

const LOCK = 'lock-';
/** Address space of the environment, which stays empty, bytes. */
const MAP_BYTES = 1024 * 1024;
const PAGES = 2;

/** The lock's folder inside a log's: one for each boot, for what a power failure leaves of it is not to be trusted. */
export function lockName(boot: string): string {
  return LOCK + createHash('md5').update(boot).digest('hex').slice(0, 12);
}

/** Whether a name in a log's folder is that of a lock of an earlier boot. */
export function isOldLock(name: string, boot: string): boolean {
  return name.startsWith(LOCK) && name !== lockName(boot);
}

interface SharedLock {
  readonly db: ReturnType<typeof open<Buffer, Buffer>>;
  users: number;
}

/**
 * The locks that handles of this thread have open, by folder. They share one: lmdb-js begins transactions in the
 * thread that opens an environment, which would wait for ever for a transaction of its own.
 */
const shared = new Map<string, SharedLock>();

/**
 * The write transaction of an LMDB environment that holds nothing: a lock among processes and threads that Node
 * itself does not have, which the system releases when its owner dies. Nothing is ever read from it or written to it.
 */
export function openLmdbLock(path: string): Lock {
  mkdirSync(path, { recursive: true });
  const folder = realpathSync(path);
  const lock = shared.get(folder) ?? { db: openEmpty(folder), users: 0 };
  shared.set(folder, lock);
  lock.users++;
  return {
    hold: (work) => inTransaction(lock.db, work),
    async close() {
      lock.users--;
      if (lock.users > 0) return;
      shared.delete(folder);
      await lock.db.close();
    },
  };
}

/**
 * The work is synchronous, its sync of the disk included: lmdb-js would keep a transaction open over a promise, but a
 * thread or process that is ended in between, `process.exit` included, would hang for ever. A worker thread can be
 * ended even within synchronous work; there lmdb-js begins and ends the transaction in a thread of its own, which
 * lets go, but takes several times as long.
 */
async function inTransaction(db: SharedLock['db'], work: () => void): Promise<void> {
  if (isMainThread) {
    db.transactionSync(work);
    return;
  }
  const failures: unknown[] = [];
  await db.transaction(() => {
    // Not thrown in here: lmdb-js would wrap it in promises of its own.
    try {
      work();
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0) throw failures[0];
}

function openEmpty(folder: string): SharedLock['db'] {
  checkLock(folder);
  return open<Buffer, Buffer>({
    path: folder,
    noSubdir: false,
    encoding: 'binary',
    keyEncoding: 'binary',
    mapSize: MAP_BYTES,
    overlappingSync: false,
    noSync: true,
    // Batching by event turn adds a promise of its own that nobody can handle when a commit fails.
    eventTurnBatching: false,
    maxReaders: 512,
    cache: false,
  });
}

/** LMDB believes what its file says and may crash on a damaged one; an empty environment's two pages are alike. */
function checkLock(folder: string): void {
  const path = join(folder, 'data.mdb');
  if (!existsSync(path)) return;
  const bytes = readBytes(path);
  const page = bytes.length / PAGES;
  const isEmpty = bytes.length === 0;
  const isAlike = page >= 4096 && bytes.subarray(8, page).equals(bytes.subarray(page + 8));
  if (isEmpty || (isAlike && bytes.readUInt32LE(24) === 0xbeef_c0de)) return;
  throw new ConfigError(
    `[log/embedded] the lock file ${path} is damaged; close all that use the log and delete the folder ${folder}`,
  );
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(`[log/embedded] cannot read ${path}: ${messageOf(error)}; check its permissions`);
  }
}

/** For a log in memory, which one thread alone uses. */
export function createMemoryLock(): Lock {
  let last: Promise<void> = Promise.resolve();
  return {
    hold(work) {
      const held = last.then(work);
      last = held.catch(() => undefined);
      return held;
    },
    close: () => last,
  };
}
