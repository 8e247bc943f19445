import type { Store } from '../lake/index.ts';
import { comparePositions, type Position } from '../log/index.ts';
import { decodeState, encodeState, type ShardState } from './state.ts';

/** So many snapshots of a shard are kept: the newest may lie beyond a manifest that never came to be. */
const KEPT = 3;
/** Positions are padded to this length, so that names sort as positions do: Kinesis's have 56 digits. */
const POSITION_DIGITS = 60;
/** Stands for the begin of a shard that has inherited a state: no record of such a shard has this position. */
const BEFORE_ALL = '0';

/**
 * Full snapshots of a shard's state, named by position. The recent uids lie beside them, an object an hour:
 * a past hour's is written once.
 */
export interface Snapshots {
  save(shard: string, position: Position | null, state: ShardState): Promise<void>;
  /** The newest whole one not beyond `position`; null when there is none. A position of null lies before all records. */
  load(shard: string, position: Position | null): Promise<{ position: Position | null; state: ShardState } | null>;
  /** Where that one stands; null when there is none, or it stands before all records. */
  newest(shard: string, position: Position): Promise<Position | null>;
}

/** The begin of a snapshot: where it stands, and the objects that hold its recent uids. */
interface Head {
  readonly position: Position | null;
  readonly uids: readonly { readonly key: string; readonly hour: number }[];
}

export function createSnapshots(store: Store): Snapshots {
  const written = new Set<string>();
  const folder = (shard: string) => `snapshots/${shard}/`;
  const uidsFolder = (shard: string) => `uids/${shard}/`;
  const keysOf = async (prefix: string) => {
    const keys: string[] = [];
    for await (const object of store.list(prefix)) keys.push(object.key);
    return keys;
  };
  /** By position: those of a log with longer positions than names are padded to sort otherwise than their names. */
  const snapshotsOf = async (shard: string) =>
    (await keysOf(folder(shard)))
      .map((key) => ({ key, position: unpadded(key.slice(folder(shard).length)) }))
      .sort((a, b) => comparePositions(a.position, b.position));
  const newestOf = async (shard: string, position: Position | null) =>
    (await snapshotsOf(shard)).findLast(
      (candidate) => comparePositions(candidate.position, position ?? BEFORE_ALL) <= 0,
    );
  const headOf = async (key: string): Promise<Head> => {
    const length = Buffer.from(await store.getRange(key, 0, 4)).readUInt32LE(0);
    return JSON.parse(Buffer.from(await store.getRange(key, 4, length)).toString('utf8')) as Head;
  };
  const sweep = async (shard: string) => {
    const keys = (await snapshotsOf(shard)).map(({ key }) => key);
    for (const key of keys.slice(0, Math.max(0, keys.length - KEPT))) await store.delete(key);
    const named = new Set<string>();
    const most = new Map<number, number>();
    for (const key of keys.slice(-KEPT)) {
      for (const uids of (await headOf(key)).uids) {
        named.add(uids.key);
        most.set(uids.hour, Math.max(most.get(uids.hour) ?? 0, countOf(uids.key)));
      }
    }
    const oldestHour = Math.min(...most.keys());
    for (const key of most.size === 0 ? [] : await keysOf(uidsFolder(shard))) {
      const hour = Number(key.slice(uidsFolder(shard).length).split('-')[0]);
      // What no snapshot names may belong to one that is being written: only what has been overtaken goes.
      if (named.has(key) || (hour >= oldestHour && countOf(key) >= (most.get(hour) ?? 0))) continue;
      await store.delete(key);
      written.delete(key);
    }
  };
  return {
    async save(shard, position, state) {
      // All bytes are taken before the first wait: the state goes on changing meanwhile. Hour and count name an
      // hour's uids, since they are a function of the log; what this process wrote is not written again.
      const encoded = encodeState(state);
      const segments = state.recentUids.hours().map(({ hour, count }) => {
        const key = `${uidsFolder(shard)}${hour}-${count}`;
        return { hour, key, bytes: written.has(key) ? null : state.recentUids.bytesOf(hour) };
      });
      for (const { key, bytes } of segments) {
        if (bytes === null) continue;
        await store.put(key, bytes);
        written.add(key);
      }
      const head = Buffer.from(JSON.stringify({ position, uids: segments.map(({ key, hour }) => ({ key, hour })) }));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(head.length);
      await store.put(
        `${folder(shard)}${(position ?? BEFORE_ALL).padStart(POSITION_DIGITS, '0')}`,
        Buffer.concat([length, head, encoded]),
      );
      // The snapshot stands whether or not older ones can be taken away; the next save tries again.
      await sweep(shard).catch(() => {});
    },
    async newest(shard, position) {
      const found = await newestOf(shard, position);
      return found === undefined ? null : (await headOf(found.key)).position;
    },
    async load(shard, position) {
      const known = (await snapshotsOf(shard)).filter(
        (candidate) => comparePositions(candidate.position, position ?? BEFORE_ALL) <= 0,
      );
      for (const { key } of known.reverse()) {
        const loaded = await loadWhole(store, key, written);
        if (loaded !== null) return loaded;
      }
      return null;
    },
  };
}

/** Null without one of its parts: an older one, or the log from its beginning, leads to the same state. */
async function loadWhole(store: Store, key: string, written: Set<string>) {
  const bytes = await store.get(key);
  if (bytes === null) return null;
  const headLength = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(0);
  const head = JSON.parse(Buffer.from(bytes.subarray(4, 4 + headLength)).toString('utf8')) as Head;
  const state = decodeState(bytes.subarray(4 + headLength));
  for (const uids of head.uids) {
    const stored = await store.get(uids.key);
    if (stored === null) return null;
    state.recentUids.restore(uids.hour, stored);
    written.add(uids.key);
  }
  return { position: head.position, state };
}

/** An hour's object is named `<hour>-<count>`. */
const countOf = (key: string) => Number(key.slice(key.lastIndexOf('-') + 1));
const unpadded = (name: string) => name.replace(/^0+(?=\d)/, '');
