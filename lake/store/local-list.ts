import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assertKey, compareKeys } from './keys.ts';
import { guarded, isMissing } from './local-errors.ts';
import type { StoredObject } from './store.ts';

/** Depth first, folders compared as `name/`: that is the order of the whole keys. */
export async function* list(base: string, prefix: string, startAfter: string): AsyncIterable<StoredObject> {
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
