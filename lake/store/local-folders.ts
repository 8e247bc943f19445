import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export interface Folders {
  make(folder: string): Promise<void>;
  sync(folder: string): Promise<void>;
}

/** No store of ours has more folders than this in use; beyond it, some are synced more often than they must. */
const FOLDERS_KNOWN_MAX = 10_000;

/**
 * Folders, and names in them, made durable. A folder that this process has not synced yet is synced with all
 * above it up to the root: another writer may have made it a moment ago and not synced it.
 */
export function createFolders(base: string): Folders {
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
