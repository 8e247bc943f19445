import type { Store } from '../lake/index.ts';
import { comparePositions, type Position } from '../log/index.ts';
import { decodeState, encodeState, type ShardState } from './state.ts';

/** So many snapshots of a shard are kept: the newest may lie beyond a manifest that never came to be. */
const KEPT = 3;
/** Positions are padded to this length, so that names sort as positions do: Kinesis's have 56 digits. */
const POSITION_DIGITS = 60;

/**
 * Full snapshots of a shard's state, named by position. The recent uids lie beside them, an object an hour:
 * a past hour's is written once.
 */
export interface Snapshots {
  save(shard: string, position: Position, state: ShardState): Promise<void>;
  /** The newest one not beyond `position`; null when there is none. */
  load(shard: string, position: Position): Promise<{ position: Position; state: ShardState } | null>;
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
  const sweep = async (shard: string, hours: readonly number[]) => {
    const keys = await keysOf(folder(shard));
    for (const key of keys.slice(0, Math.max(0, keys.length - KEPT))) await store.delete(key);
    if (keys.length < KEPT) return;
    // An hour's object is needed by the snapshots that are left, and they are minutes apart: an hour's grace.
    const oldestHour = Math.min(...hours) - 1;
    for (const key of await keysOf(uidsFolder(shard))) {
      if (Number(key.slice(uidsFolder(shard).length).split('-')[0]) < oldestHour) {
        await store.delete(key);
        written.delete(key);
      }
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
        `${folder(shard)}${position.padStart(POSITION_DIGITS, '0')}`,
        Buffer.concat([length, head, encoded]),
      );
      await sweep(
        shard,
        segments.map(({ hour }) => hour),
      );
    },
    async load(shard, position) {
      const names = (await keysOf(folder(shard))).map((key) => key.slice(folder(shard).length));
      const name = names.findLast((candidate) => comparePositions(unpadded(candidate), position) <= 0);
      if (name === undefined) return null;
      const bytes = await store.get(folder(shard) + name);
      if (bytes === null) return null;
      const headLength = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(0);
      const head = JSON.parse(Buffer.from(bytes.subarray(4, 4 + headLength)).toString('utf8')) as {
        position: Position;
        uids: { key: string; hour: number }[];
      };
      const state = decodeState(bytes.subarray(4 + headLength));
      for (const { key, hour } of head.uids) {
        const uids = await store.get(key);
        // Without one of its parts a snapshot is none: replaying the log from the start gives the same state.
        if (uids === null) return null;
        state.recentUids.restore(hour, uids);
      }
      return { position: head.position, state };
    },
  };
}

const unpadded = (name: string) => name.replace(/^0+(?=\d)/, '');
