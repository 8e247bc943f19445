import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './local-errors.ts';

/** Temporary files live here, on the same file system as the objects, so that link and rename are atomic. */
const TEMPORARY = '.tmp';
/** No write takes an hour: an older temporary file belongs to a process that died. */
const TEMPORARY_AGE_MAX_MS = 3_600_000;

/** Writes synced files under names of their own; the first write sweeps what dead processes left. */
export function createTemporary(base: string) {
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
