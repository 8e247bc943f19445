import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../../../core/index.ts';
import { type Files, openFolder } from './files.ts';
import { createMemoryLock, isOldLock, type Lock, lockName, openLmdbLock } from './lock.ts';
import { createMemoryFiles } from './memory-files.ts';

/** Where a log is kept: a seam, so that it can be in memory and tests can fail it. */
export interface Place {
  readonly files: Files;
  readonly lock: Lock;
  /** Tells this run of the machine from others; null when the system does not say. */
  readonly boot: string | null;
  /** A segment that would grow beyond it is followed by another. */
  readonly segmentBytesMax: number;
}

/** Large enough that few files make a log, small enough that space is freed in small steps. */
const SEGMENT_BYTES_MAX = 128 * 1024 * 1024;
/** In memory a file grows by being copied. */
const MEMORY_SEGMENT_BYTES_MAX = 8 * 1024 * 1024;

/** A folder, which any number of processes and threads of one machine may use. ConfigError when it cannot be used. */
export function openPlace(path: string, boot: string | null = bootId()): Place {
  try {
    const files = openFolder(path);
    if (existsSync(join(path, 'data.mdb'))) {
      throw new ConfigError('it holds a log of an earlier version of Beagle, which this one does not read');
    }
    const name = boot ?? '';
    for (const old of files.names()) if (isOldLock(old, name)) files.remove(old);
    return { files, lock: openLmdbLock(join(path, lockName(name))), boot, segmentBytesMax: SEGMENT_BYTES_MAX };
  } catch (error) {
    if (error instanceof ConfigError && error.message.startsWith('[')) throw error;
    throw new ConfigError(
      `[log/embedded] cannot open the log in ${path}: ${messageOf(error)}; check the path and its permissions`,
    );
  }
}

/** A place that is gone with the last log that uses it. */
export function createMemoryPlace(): Place {
  return {
    files: createMemoryFiles(),
    lock: createMemoryLock(),
    boot: 'memory',
    segmentBytesMax: MEMORY_SEGMENT_BYTES_MAX,
  };
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
