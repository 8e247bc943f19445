import type { Log, Position } from '../log/index.ts';
import { acceptGap, findGap } from './gaps.ts';
import { createLineage, type Unfinished } from './lineage.ts';
import { type Gap, type Manifests, type ShardRef, shardName } from './manifest.ts';
import type { Pool } from './pool.ts';

/** Gives the position behind which a shard is to end; null: at once. */
export type Until = (ref: ShardRef) => Promise<Position | null>;

export interface FollowerDeps {
  readonly log: Log;
  readonly manifests: Manifests;
  readonly pool: Pick<Pool, 'run' | 'isRunning'>;
  /** Number of the shard's last manifest that is in the lake; −1 for none. */
  readonly through: (shard: string) => Promise<number>;
  readonly acceptGaps: boolean;
  /** Told of each shard at its end of which the lake holds all. */
  readonly onRetired: (ref: ShardRef) => void;
  readonly fail: (error: unknown) => void;
}

/** Which shards are worked: those of the streams that are followed, each from when it may begin. */
export interface Follower {
  /** Shards whose manifests are to be committed, those that wait for their parents included. */
  readonly refs: ReadonlyMap<string, ShardRef>;
  readonly gaps: readonly Gap[];
  /** Looks for new shards of the stream and starts those that can; resolves when these have loaded their state. */
  follow(stream: string, until?: Until): Promise<void>;
  /** Starts the shard anew unless it runs, waits or is at its end. */
  start(ref: ShardRef, until?: Position | null): Promise<void>;
  /** From now on, shards of these streams that begin end where `until` says. */
  endAt(streams: ReadonlySet<string>, until: Until): void;
  /** Resolves when no shard of these streams (absent: of any) runs, those begun on the way included. */
  ended(streams?: ReadonlySet<string>): Promise<void>;
  /** The lake holds the shard up to this manifest. */
  committed(shard: string, n: number): void;
}

export function createFollower(deps: FollowerDeps): Follower {
  const { log, manifests, pool, through, acceptGaps, onRetired, fail } = deps;
  const waiting = new Map<string, Unfinished & { readonly until: Until | undefined }>();
  const runs = new Map<string, { readonly stream: string; readonly done: Promise<void> }>();
  /** Between the decision to start a shard and its worker's start lie a few looks into the store. */
  const starting = new Set<string>();
  const gaps: Gap[] = [];
  const isBusy = (shard: string) => waiting.has(shard) || starting.has(shard) || pool.isRunning(shard);
  let ending: { readonly streams: ReadonlySet<string>; readonly until: Until } | null = null;

  const note = async (gap: Gap) => {
    await acceptGap(manifests, gap, acceptGaps);
    gaps.push(gap);
  };
  const lineage = createLineage({ log, manifests, through, note, onRetired });
  const follow = async (stream: string, until: Until | undefined): Promise<void> => {
    for (const found of await lineage.discover(stream)) {
      const shard = shardName(found.ref);
      if (!isBusy(shard)) waiting.set(shard, { ...found, until });
    }
    const loading: Promise<void>[] = [];
    for (const [shard, found] of waiting) {
      if (found.ref.stream !== stream) continue;
      if (!(await lineage.canBegin(found)) || !waiting.delete(shard)) continue;
      loading.push(
        run(found.ref, found.until ?? (ending?.streams.has(stream) ? ending.until : undefined), found.until),
      );
    }
    await Promise.all(loading);
  };
  const run = async (ref: ShardRef, endOf: Until | undefined, until: Until | undefined): Promise<void> => {
    const shard = shardName(ref);
    starting.add(shard);
    lineage.add(ref);
    const gap = await findGap(log, manifests, ref);
    if (gap !== null) await note(gap);
    const end = endOf === undefined ? undefined : await endOf(ref);
    const { loaded, ended } = pool.run(ref, await through(shard), end);
    starting.delete(shard);
    // At the end of a closed shard its children can begin, for whatever it was followed.
    const onEnded = async () => {
      if (await lineage.isFinal(shard)) await follow(ref.stream, until);
    };
    runs.set(shard, { stream: ref.stream, done: ended.then(onEnded).catch(fail) });
    return loaded;
  };

  return {
    refs: lineage.refs,
    gaps,
    follow,
    async start(ref, end) {
      const shard = shardName(ref);
      if (isBusy(shard) || (await lineage.isFinal(shard)) || isBusy(shard)) return;
      await run(ref, end === undefined ? undefined : async () => end, undefined);
    },
    endAt(streams, until) {
      ending = { streams, until };
    },
    async ended(streams) {
      const awaited = new Set<Promise<void>>();
      for (;;) {
        const all = [...runs.values()].filter(({ stream }) => streams?.has(stream) ?? true);
        const more = all.map(({ done }) => done).filter((done) => !awaited.has(done));
        if (more.length === 0) return;
        for (const done of more) awaited.add(done);
        await Promise.all(more);
      }
    },
    committed: lineage.committed,
  };
}
