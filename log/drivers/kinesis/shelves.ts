import type { Start } from '../../log.ts';
import type { Cursor } from './cursor.ts';
import type { Place } from './source.ts';

/** Readers of a shard that can go on where they left off; each may hold one answer of GetRecords, 10 MiB at most. */
const CURSORS_MAX = 3;

/** Cursors that nobody uses just now, by shard and by where they stand. */
export interface Shelves {
  /** Takes the cursor off its shelf: nobody else has it until it is put back. */
  take(place: Place, start: Start): Cursor | undefined;
  put(place: Place, cursor: Cursor): void;
  /** Closes the cursors of a stream; of all for an empty name. */
  forget(stream: string): void;
}

export function createShelves(): Shelves {
  const shelves = new Map<string, Map<string, Cursor>>();
  return {
    take(place, start) {
      const shelf = shelves.get(nameOf(place));
      const cursor = shelf?.get(keyOf(start));
      shelf?.delete(keyOf(start));
      return cursor;
    },
    put(place, cursor) {
      const shelf = shelves.get(nameOf(place)) ?? new Map<string, Cursor>();
      const key = keyOf(cursor.start);
      shelves.set(nameOf(place), shelf);
      shelf.get(key)?.close();
      shelf.delete(key);
      shelf.set(key, cursor);
      for (const [oldest, { close }] of shelf) {
        if (shelf.size <= CURSORS_MAX) break;
        close();
        shelf.delete(oldest);
      }
    },
    forget(stream) {
      for (const [name, shelf] of shelves) {
        if (stream !== '' && !name.startsWith(`${stream}/`)) continue;
        for (const cursor of shelf.values()) cursor.close();
        shelves.delete(name);
      }
    },
  };
}

const nameOf = ({ stream, shard }: Place): string => `${stream}/${shard.shardId}`;

function keyOf(start: Start): string {
  if ('position' in start) return `${start.type} ${start.position}`;
  return start.type === 'AT_TIMESTAMP' ? `${start.type} ${start.timestampUs}` : start.type;
}
