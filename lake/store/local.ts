import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf, RetryableError } from '../../core/index.ts';
import { assertKey } from './keys.ts';
import { codeOf, guarded, isMissing } from './local-errors.ts';
import { createFolders, type Folders } from './local-folders.ts';
import { list } from './local-list.ts';
import { createTemporary } from './local-temporary.ts';
import type { Store } from './store.ts';

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
