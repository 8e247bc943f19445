import { ConfigError, RetryableError } from '../core/index.ts';
import { comparePositions, type Log, type Position } from '../log/index.ts';
import { type Manifest, type Manifests, type ShardRef, shardName } from './manifest.ts';
import type { Snapshots } from './snapshots.ts';

/** A hold is a durable write: looked at no more often than this, and written only when it moves. */
const LOOK_EVERY_MS = 10_000;

export interface HoldsDeps {
  readonly log: Log;
  readonly manifests: Manifests;
  /** What the workers leave; without it nothing is held. */
  readonly snapshots?: Pick<Snapshots, 'newest'>;
  /** Number of the shard's last manifest that is in the lake; −1 for none. */
  readonly through: (shard: string) => Promise<number>;
  readonly holder: string;
  /** ms, from anywhere; the system's monotonic clock unless told. */
  readonly nowMs?: () => number;
}

/**
 * The floor of the log's retention: what a restart would read again stays, from the newest snapshot on that is not
 * beyond what the lake holds. Does nothing on logs whose retention is not Beagle's.
 */
export interface Holds {
  /** Moves the floors of these shards. What fails but may pass is tried at the next call. */
  keep(refs: Iterable<ShardRef>): Promise<void>;
  /** The lake holds the shard up to the end of this manifest. */
  committed(shard: string, manifest: Pick<Manifest, 'last'>): void;
  /** Lets go of a shard at its end at the next `keep`. */
  release(ref: ShardRef): void;
  /** Whether all that can be held of the shard is: of one without records nothing can. */
  isHeld(shard: string): boolean;
}

interface Held {
  /** The last position that the lake holds. */
  committed: Position | null;
  floor: Position | null;
  lookedMs: number;
}

export function createHolds(deps: HoldsDeps): Holds {
  const { log, manifests, snapshots, through, holder, nowMs = () => performance.now() } = deps;
  const isIdle = log.hold === undefined || snapshots === undefined;
  const held = new Map<string, Held>();
  const leaving = new Map<string, ShardRef>();

  /** As an earlier run left it. */
  const found = async (shard: string): Promise<Held> => {
    const n = await through(shard);
    const committed = n < 0 ? null : ((await manifests.read(shard, n))?.last ?? null);
    return { committed, floor: null, lookedMs: Number.NEGATIVE_INFINITY };
  };
  const floorOf = async (ref: ShardRef, shard: string, { committed, floor }: Held): Promise<Position | null> => {
    const snapshot = committed === null ? null : ((await snapshots?.newest(shard, committed)) ?? null);
    // Without one a restart reads from the begin.
    const from = snapshot ?? floor ?? (await log.bounds(ref.stream, ref.shardId)).earliest;
    return floor !== null && from !== null && comparePositions(from, floor) < 0 ? floor : from;
  };
  const move = async (ref: ShardRef): Promise<void> => {
    const shard = shardName(ref);
    const own = held.get(shard) ?? (await found(shard));
    if (!held.has(shard)) held.set(shard, own);
    if (own.floor !== null && nowMs() - own.lookedMs < LOOK_EVERY_MS) return;
    own.lookedMs = nowMs();
    const floor = await floorOf(ref, shard, own);
    if (floor === own.floor) return;
    await log.hold?.(ref.stream, ref.shardId, holder, floor);
    own.floor = floor;
  };
  const letGo = async (ref: ShardRef): Promise<void> => {
    try {
      await log.hold?.(ref.stream, ref.shardId, holder, null);
    } catch (error) {
      // The log has forgotten it already.
      if (!(error instanceof ConfigError)) throw error;
    }
    leaving.delete(shardName(ref));
    held.delete(shardName(ref));
  };
  return {
    async keep(refs) {
      if (isIdle) return;
      try {
        for (const ref of [...leaving.values()]) await letGo(ref);
        for (const ref of [...refs]) if (!leaving.has(shardName(ref))) await move(ref);
      } catch (error) {
        // A floor that stays where it is keeps too much, never too little.
        if (!(error instanceof RetryableError)) throw error;
      }
    },
    committed(shard, { last }) {
      const own = held.get(shard);
      if (own !== undefined) own.committed = last;
    },
    release: (ref) => void leaving.set(shardName(ref), ref),
    isHeld: (shard) => isIdle || (held.get(shard)?.floor ?? null) !== null,
  };
}
