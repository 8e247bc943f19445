import type { Log } from '../log/index.ts';
import type { Final, Gap, Manifests, ShardRef } from './manifest.ts';
import { shardName } from './manifest.ts';

export interface LineageDeps {
  readonly log: Log;
  readonly manifests: Manifests;
  /** Number of the shard's last manifest that is in the lake; −1 for none. */
  readonly through: (shard: string) => Promise<number>;
  /** Told of what the log has forgotten; rejects when that must not be. */
  readonly note: (gap: Gap) => Promise<void>;
  /** Told of each shard at its end of which the lake holds all, those of earlier runs included. */
  readonly onRetired?: (ref: ShardRef) => void;
}

/** A shard that is not at its end. */
export interface Unfinished {
  readonly ref: ShardRef;
  /** Names of the shards that it came of. */
  readonly parents: readonly string[];
}

/**
 * Shards and what they came of: the children of a split or merge may begin when all of their parents are at their end,
 * and a shard at its end is left alone once the lake holds all of it.
 */
export interface Lineage {
  /** Shards whose manifests are to be committed. */
  readonly refs: ReadonlyMap<string, ShardRef>;
  /** The shards of a stream that are not at their end, as the log describes it now. */
  discover(stream: string): Promise<readonly Unfinished[]>;
  add(ref: ShardRef): void;
  /** Whether all that it came of is worked. */
  canBegin(shard: Unfinished): Promise<boolean>;
  /** Looks whether the shard is at its end. */
  isFinal(shard: string): Promise<boolean>;
  /** The lake holds the shard up to this manifest. */
  committed(shard: string, n: number): void;
}

export function createLineage({ log, manifests, through: throughOf, note, onRetired }: LineageDeps): Lineage {
  const refs = new Map<string, ShardRef>();
  const finals = new Map<string, Final>();
  /** Of those at their end the ones that the lake holds in full. */
  const retired = new Set<string>();
  const through = new Map<string, number>();
  const retire = (shard: string) => {
    const final = finals.get(shard);
    if (final === undefined || (through.get(shard) ?? -1) < final.n) return;
    retired.add(shard);
    const ref = refs.get(shard);
    if (ref !== undefined) onRetired?.(ref);
    refs.delete(shard);
  };
  const isFinal = async (shard: string): Promise<boolean> => {
    if (finals.has(shard)) return true;
    const final = await manifests.final(shard);
    if (final === null) return false;
    finals.set(shard, final);
    if (!through.has(shard)) through.set(shard, await throughOf(shard));
    retire(shard);
    return true;
  };
  /**
   * A shard that the log does not name any more, by age, and that did not reach its end: no matter if nobody ever
   * worked on it, a gap otherwise, behind which its children go on.
   */
  const isGone = async (shard: string): Promise<boolean> => {
    if (refs.has(shard) || retired.has(shard)) return false;
    const newest = await manifests.newest(shard);
    if (newest === null) return true;
    const { n, last } = newest;
    await note({ shard, after: last, earliest: last, recordsMax: null });
    await manifests.finish(shard, { n, last });
    return true;
  };

  return {
    refs,
    isFinal,
    async discover(stream) {
      const { incarnation, shards } = await log.describeStream(stream);
      const found: Unfinished[] = [];
      for (const { shardId, parents } of shards) {
        const ref = { stream, incarnation, shardId };
        const shard = shardName(ref);
        if (finals.has(shard)) continue;
        refs.set(shard, ref);
        if (await isFinal(shard)) continue;
        found.push({ ref, parents: parents.map((parent) => shardName({ ...ref, shardId: parent })) });
      }
      return found;
    },
    add: (ref) => void refs.set(shardName(ref), ref),
    async canBegin({ parents }) {
      for (const parent of parents) if (!(await isFinal(parent)) && !(await isGone(parent))) return false;
      return true;
    },
    committed(shard, n) {
      through.set(shard, n);
      retire(shard);
    },
  };
}
