import type { Environment } from './environment.ts';

/*
 * Keys, beside those of keys.ts:
 *   0x40 id u32   the document of a stream
 *   0x41 name     a document of the log
 */
const OF_STREAM = 0x40;
const OF_LOG = 0x41;

/** Small JSON values: what is known about a stream beside its shards, and about the log beside its streams. */
export interface Documents {
  /** The newest one committed, or written in this transaction; null when there is none. Not to be changed. */
  ofStream(id: number): unknown;
  ofLog(name: string): unknown;
  /** All below inside a write transaction; null removes. */
  putOfStream(id: number, value: unknown): void;
  putOfLog(name: string, value: unknown): void;
  removeOfStream(id: number): void;
}

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
    removeOfStream: (id) => environment.remove(streamKey(id)),
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
