import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, messageOf, RetryableError } from '../../core/index.ts';
import { assertKey, compareKeys } from './keys.ts';
import type { Store, StoredObject } from './store.ts';

/** Temporary files live here, on the same file system as the objects, so that link and rename are atomic. */
const TEMPORARY = '.tmp';
/** No write takes an hour: an older temporary file belongs to a process that died. */
const TEMPORARY_AGE_MAX_MS = 3_600_000;

/**
 * A store in a folder of the local file system (created when absent). A write goes to a temporary file that is
 * synced, then linked (put if absent: link(2) is atomic and fails when the name exists) or renamed (put) to its
 * place; then the folder is synced. Throws ConfigError for a full disk or missing rights, RetryableError when
 * a write may or may not have happened.
 */
export function createLocalStore(root: string): Store {
  const base = resolve(root);
  const temporary = createTemporary(base);
  const folders = createFolders(base);
  const place = async (key: string, bytes: Uint8Array, move: typeof link): Promise<boolean> => {
    assertKey(key);
    const target = join(base, key);
    return guarded(`write ${key}`, base, async () => {
      const file = await temporary.write(bytes);
      try {
        await folders.make(dirname(target));
        await move(file, target);
      } catch (error) {
        if (codeOf(error) === 'EEXIST' && move === link) return false;
        throw error;
      } finally {
        await unlink(file).catch(() => {});
      }
      await folders.sync(dirname(target)).catch((error: unknown) => {
        throw new RetryableError(`[lake/store] ${key} may not be on disk: ${messageOf(error)}; read it and try again`);
      });
      return true;
    });
  };
  return {
    get: (key) => guarded(`read ${key}`, base, () => read(base, key)),
    getRange: (key, offset, length) => guarded(`read ${key}`, base, () => readRange(base, key, offset, length)),
    list: (prefix, startAfter) => list(base, prefix, startAfter ?? ''),
    putIfAbsent: (key, bytes) => place(key, bytes, link),
    put: async (key, bytes) => {
      await place(key, bytes, rename);
    },
    delete: (key) => guarded(`delete ${key}`, base, () => remove(base, key, folders)),
    locate: (key) => join(base, key),
  };
}

function createTemporary(base: string) {
  const folder = join(base, TEMPORARY);
  let ready: Promise<unknown> | null = null;
  const prepare = async () => {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const info = await stat(path).catch(() => null);
      if (info !== null && Date.now() - info.mtimeMs > TEMPORARY_AGE_MAX_MS) await unlink(path).catch(() => {});
    }
  };
  const create = async (bytes: Uint8Array) => {
    const path = join(folder, randomUUID());
    const file = await open(path, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await unlink(path).catch(() => {});
      throw error;
    } finally {
      await file.close();
    }
    return path;
  };
  return {
    write: async (bytes: Uint8Array): Promise<string> => {
      ready ??= prepare();
      try {
        await ready;
        return await create(bytes);
      } catch (error) {
        ready = null;
        // Somebody may have removed the folder under a running process: once more, from the start.
        if (codeOf(error) !== 'ENOENT') throw error;
        await prepare();
        return create(bytes);
      }
    },
  };
}

async function read(base: string, key: string): Promise<Uint8Array | null> {
  assertKey(key);
  try {
    return await readFile(join(base, key));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function readRange(base: string, key: string, offset: number, length: number): Promise<Uint8Array> {
  assertKey(key);
  const file = await open(join(base, key), 'r');
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

async function remove(base: string, key: string, folders: Folders): Promise<void> {
  assertKey(key);
  try {
    await unlink(join(base, key));
  } catch (error) {
    if (!isMissing(error)) throw error;
    return;
  }
  await folders.sync(dirname(join(base, key)));
}

/** Depth first, folders compared as `name/`: that is the order of the whole keys. */
async function* list(base: string, prefix: string, startAfter: string): AsyncIterable<StoredObject> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (folder !== '') assertKey(folder.slice(0, -1));
  yield* walk(base, folder, prefix, startAfter);
}

async function* walk(base: string, folder: string, prefix: string, startAfter: string): AsyncIterable<StoredObject> {
  const entries = await guarded(`list ${folder}`, base, () => entriesOf(join(base, folder)));
  const keys = entries
    .filter((entry) => !entry.name.startsWith('.tmp'))
    .map((entry) => folder + entry.name + (entry.isDirectory() ? '/' : ''))
    .sort(compareKeys);
  for (const key of keys) {
    const isFolder = key.endsWith('/');
    if (!key.startsWith(prefix) && !(isFolder && prefix.startsWith(key))) continue;
    if (isFolder) {
      if (compareKeys(key, startAfter) > 0 || startAfter.startsWith(key)) yield* walk(base, key, prefix, startAfter);
    } else if (compareKeys(key, startAfter) > 0) {
      const info = await stat(join(base, key)).catch(() => null);
      if (info !== null) yield { key, size: info.size, modifiedMs: info.mtimeMs };
    }
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

interface Folders {
  make(folder: string): Promise<void>;
  sync(folder: string): Promise<void>;
}

/** No store of ours has more folders than this in use; beyond it, some are synced more often than they must. */
const FOLDERS_KNOWN_MAX = 10_000;

/**
 * Folders, and names in them, made durable. A folder that this process has not synced yet is synced with all
 * above it up to the root: another writer may have made it a moment ago and not synced it.
 */
function createFolders(base: string): Folders {
  const known = new Set<string>();
  const tops = new Map<string, string>();
  return {
    make: async (folder) => {
      const created = await mkdir(folder, { recursive: true });
      if (created === undefined) return;
      known.delete(folder);
      tops.set(folder, dirname(resolve(created)));
    },
    sync: async (folder) => {
      // Windows cannot sync a folder.
      if (process.platform === 'win32') return;
      if (known.has(folder)) return syncFolder(folder);
      const top = [tops.get(folder) ?? base, base].reduce((a, b) => (a.length < b.length ? a : b));
      for (let path = folder; ; path = dirname(path)) {
        await syncFolder(path);
        if (path.length <= top.length || path === dirname(path)) break;
      }
      if (known.size >= FOLDERS_KNOWN_MAX) known.clear();
      tops.delete(folder);
      known.add(folder);
    },
  };
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | null)?.code ?? '');
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and start again',
  EDQUOT: 'the disk quota is used up; free some space and start again',
  EACCES: 'permission denied; give this user read and write rights',
  EPERM: 'not permitted; give this user read and write rights, on a file system that has hard links',
  EROFS: 'the file system is read-only; choose another folder',
  ENOTDIR: 'a part of the path is a file; choose another folder',
};

async function guarded<T>(action: string, base: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof RetryableError) throw error;
    const advice = ADVICE[codeOf(error)];
    if (advice !== undefined) throw new ConfigError(`[lake/store] cannot ${action} in ${base}: ${advice}`);
    if (codeOf(error) === 'ENOENT')
      throw new ConfigError(`[lake/store] cannot ${action} in ${base}: there is no such object`);
    throw new RetryableError(`[lake/store] cannot ${action} in ${base}: ${messageOf(error)}; try again`);
  }
}
