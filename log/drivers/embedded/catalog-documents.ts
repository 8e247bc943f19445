import type { Environment } from './environment.ts';

/*
 * Keys, beside those of keys.ts:
 *   0x40 id u32   the document of a stream
 *   0x41 name     a document of the log
 *   0x42 id u32 shard u32   the floors of a shard: by holder, the counter that has to stay
 */
const OF_STREAM = 0x40;
const OF_LOG = 0x41;
const FLOORS = 0x42;

/** Small JSON values: what is known about a stream beside its shards, and about the log beside its streams. */
export interface Documents {
  /** The newest one committed, or written in this transaction; null when there is none. Not to be changed. */
  ofStream(id: number): unknown;
  ofLog(name: string): unknown;
  /** All below inside a write transaction; null removes. */
  putOfStream(id: number, value: unknown): void;
  putOfLog(name: string, value: unknown): void;
  /** With the floors of its shards. */
  removeOfStream(id: number): void;
  /** The lowest counter that somebody holds; null when nobody does. */
  floorOf(id: number, shard: number): number | null;
  /** Inside a write transaction; null lets go. */
  putFloor(id: number, shard: number, holder: string, counter: number | null): void;
}

type Floors = Readonly<Record<string, number>>;

/** Shards of a stream that has numbers for no more. */
const FLOORS_MAX = 1_000_000;
/** Documents kept parsed. */
const KEPT_MAX = 1000;

export function createDocuments(environment: Environment): Documents {
  const kept = new Map<string, { readonly bytes: Buffer; readonly value: unknown }>();

  const get = (key: Buffer): unknown => {
    const bytes = environment.get(key);
    if (bytes === undefined) return null;
    const name = key.toString('latin1');
    const known = kept.get(name);
    if (known?.bytes.equals(bytes)) return known.value;
    const value: unknown = JSON.parse(bytes.toString());
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(name, { bytes: Buffer.from(bytes), value });
    return value;
  };
  const put = (key: Buffer, value: unknown): void => {
    if (value === null) environment.remove(key);
    else environment.put(key, Buffer.from(JSON.stringify(value)));
  };
  return {
    ofStream: (id) => get(streamKey(id)),
    ofLog: (name) => get(logKey(name)),
    putOfStream: (id, value) => put(streamKey(id), value),
    putOfLog: (name, value) => put(logKey(name), value),
    removeOfStream(id) {
      environment.remove(streamKey(id));
      const floors = environment.keys(floorsKey(id), floorsKey(id + 1), FLOORS_MAX);
      for (const key of floors) environment.remove(key);
    },
    floorOf(id, shard) {
      const counters = Object.values((get(floorsKey(id, shard)) ?? {}) as Floors);
      return counters.length === 0 ? null : Math.min(...counters);
    },
    putFloor(id, shard, holder, counter) {
      const { [holder]: _, ...others } = (get(floorsKey(id, shard)) ?? {}) as Floors;
      const floors = counter === null ? others : { ...others, [holder]: counter };
      put(floorsKey(id, shard), Object.keys(floors).length === 0 ? null : floors);
    },
  };
}

function streamKey(id: number): Buffer {
  const key = Buffer.alloc(5);
  key[0] = OF_STREAM;
  key.writeUInt32BE(id, 1);
  return key;
}

function logKey(name: string): Buffer {
  return Buffer.concat([Buffer.from([OF_LOG]), Buffer.from(name)]);
}

function floorsKey(id: number, shard?: number): Buffer {
  const key = Buffer.alloc(shard === undefined ? 5 : 9);
  key[0] = FLOORS;
  key.writeUInt32BE(id, 1);
  if (shard !== undefined) key.writeUInt32BE(shard, 5);
  return key;
}
