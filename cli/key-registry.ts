import { join } from 'node:path';
import { open } from 'lmdb';
import type { KeyRegistry } from '../ingest/index.ts';
import type { DataFolder } from './data-folder.ts';

/** The registry of partition keys, in LMDB: processes on one data folder share it. */
export function openKeyRegistry(folder: DataFolder): KeyRegistry & { close(): Promise<void> } {
  const database = open<string, string>({ path: join(folder.state, 'keys'), compression: false });
  const seen = new Map<string, string>();
  return {
    keep(app, actorUid, key) {
      // LMDB's keys have at most 1,978 bytes; a native id has no more to say than its first 256 characters.
      const id = `${app}\n${actorUid.slice(0, 256)}`;
      const cached = seen.get(id);
      if (cached !== undefined) return cached;
      const kept = database.transactionSync(() => {
        const held = database.get(id);
        if (held === undefined) database.put(id, key);
        return held ?? key;
      });
      seen.set(id, kept);
      return kept;
    },
    flushed: async () => void (await database.flushed),
    close: () => database.close(),
  };
}
