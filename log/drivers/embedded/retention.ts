import type { OpenShard } from './catalog.ts';
import type { Environment } from './environment.ts';
import { readHead, writeHead } from './head.ts';
import { blockKey, blocksFrom, DELETED_FROM, DELETED_TO, deletedKey, headsFrom, idOfKey } from './keys.ts';
import type { Writer } from './writer.ts';

/** Keys removed in one transaction: keeps the write lock short, so that appends are not held up. */
const REMOVED_MAX = 256;
const DELETED_MAX = 10_000;

export interface Retention {
  /** Forgets what lies before `counter`; readers see that at once, the space is freed in steps. */
  trim(shard: OpenShard, counter: number): Promise<void>;
  /** Frees the space of a deleted stream. */
  sweep(id: number): Promise<void>;
  /** Goes on with the deletions that a crash cut short. */
  sweepAll(): Promise<void>;
}

export function createRetention(environment: Environment, writer: Writer): Retention {
  const removeBetween = async (from: Buffer, to: Buffer): Promise<void> => {
    for (;;) {
      const removed = await writer.run(() => {
        const keys = environment.keys(from, to, REMOVED_MAX);
        for (const key of keys) environment.remove(key);
        return keys.length;
      });
      if (removed < REMOVED_MAX) return;
    }
  };
  const sweep = async (id: number): Promise<void> => {
    await removeBetween(blocksFrom(id), blocksFrom(id + 1));
    await removeBetween(headsFrom(id), headsFrom(id + 1));
    await writer.run(() => environment.remove(deletedKey(id)));
  };
  return {
    sweep,
    async sweepAll() {
      for (const key of environment.keys(DELETED_FROM, DELETED_TO, DELETED_MAX)) await sweep(idOfKey(key));
    },
    async trim(shard, counter) {
      const { id } = shard.stream;
      const to = await writer.run(() => {
        const head = readHead(environment, id, shard.index);
        const earliest = Math.max(head.earliest, Math.min(counter, head.next));
        writeHead(environment, id, shard.index, { ...head, earliest });
        const end = blockKey(id, shard.index, earliest);
        if (earliest === head.next || environment.get(end) !== undefined) return end;
        // The block that holds the earliest record kept also holds some before it: it stays whole.
        return environment.keys(end, blocksFrom(id, shard.index), 1)[0] ?? end;
      });
      await removeBetween(blocksFrom(id, shard.index), to);
    },
  };
}
