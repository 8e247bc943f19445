import type { OpenShard } from './catalog.ts';
import { readHead, writeHead } from './head.ts';
import { DELETED_FROM, DELETED_TO, deletedKey, headKey, headsFrom, idOfKey } from './keys.ts';
import type { Reader } from './reader.ts';
import type { RangeSummary } from './segments.ts';
import type { Store } from './store.ts';
import type { Writer } from './writer.ts';

/** Keys removed in one flush: keeps flushes short, so that appends are not held up. */
const REMOVED_MAX = 256;
const DELETED_MAX = 10_000;

/** What of a shard is to be forgotten. */
export interface RetentionLimits {
  /** What arrived before this, µs since 1970. */
  readonly beforeUs?: number;
  /** What is left beyond so many bytes of blocks, the newest kept; as exact as the index is: 64 KiB and a block. */
  readonly bytesMax?: number;
  /**
   * Gives the counter of a record that must stay, and all behind it, whatever the limits say; null when there is none.
   * Asked in the very transaction that trims, so that nobody can take hold of what is being forgotten.
   */
  readonly floor?: () => number | null;
}

export interface Retention {
  /** Forgets what lies before `counter`; readers see that at once. Segments with nothing else are deleted. */
  trim(shard: OpenShard, counter: number): Promise<void>;
  /** Forgets the heads of a deleted stream, and the segments with nothing else. */
  sweep(id: number): Promise<void>;
  /** Goes on with the deletions that a crash cut short. */
  sweepAll(): Promise<void>;
  /** Trims the shard to its limits; does nothing when it is within them. */
  enforce(shard: OpenShard, limits: RetentionLimits): Promise<void>;
}

const noFloor = (): number | null => null;

export function createRetention(store: Store, writer: Writer, reader: Reader): Retention {
  const collect = (): void => {
    store.refresh();
    store.segments.collect(lives);
  };
  /** A block is alive while its shard has a head that lies before the block's end. */
  const lives = ({ stream, shard, next }: RangeSummary): boolean =>
    store.get(headKey(stream, shard)) !== undefined && readHead(store, stream, shard).earliest < next;
  const removeBetween = async (from: Buffer, to: Buffer): Promise<void> => {
    for (;;) {
      const removed = await writer.run(() => {
        const keys = store.keys(from, to, REMOVED_MAX);
        for (const key of keys) store.remove(key);
        return keys.length;
      });
      if (removed < REMOVED_MAX) return;
    }
  };
  const sweep = async (id: number): Promise<void> => {
    await removeBetween(headsFrom(id), headsFrom(id + 1));
    await writer.run(() => store.remove(deletedKey(id)));
    collect();
  };
  const trim = async (shard: OpenShard, counter: number, floor = noFloor): Promise<void> => {
    const { id } = shard.stream;
    await writer.run(() => {
      const head = readHead(store, id, shard.index);
      const earliest = Math.max(head.earliest, Math.min(counter, head.next, floor() ?? counter));
      if (earliest > head.earliest) writeHead(store, id, shard.index, { ...head, earliest });
    });
    collect();
  };
  return {
    trim: (shard, counter) => trim(shard, counter),
    sweep,
    async sweepAll() {
      for (const key of store.keys(DELETED_FROM, DELETED_TO, DELETED_MAX)) await sweep(idOfKey(key));
      collect();
    },
    async enforce(shard, { beforeUs, bytesMax, floor = noFloor }) {
      // Finding the place is synchronous: without this the shards of a large stream would let nobody else have a turn.
      await new Promise((resolve) => setImmediate(resolve));
      store.refresh();
      const head = readHead(store, shard.stream.id, shard.index);
      const byAge =
        beforeUs === undefined ? 0 : reader.resolve(shard, { type: 'AT_TIMESTAMP', timestampUs: beforeUs }, head);
      const bySize = bytesMax === undefined ? 0 : store.segments.counterOfSize(shard.stream.id, shard.index, bytesMax);
      const counter = Math.max(byAge, bySize);
      if (Math.min(counter, floor() ?? counter) > head.earliest) await trim(shard, counter, floor);
    },
  };
}
