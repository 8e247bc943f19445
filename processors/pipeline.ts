import type { Table } from '../lake/index.ts';
import type { Log, Position } from '../log/index.ts';
import { clockOf, endsOf, isReached } from './clock.ts';
import { type Committed, createCommitter } from './committer.ts';
import type { Runner } from './detections/index.ts';
import { createFollower } from './follower.ts';
import { createHolds } from './holds.ts';
import type { BatchTable, Gap, Manifest, Manifests, ShardRef } from './manifest.ts';
import type { ThreadConfig } from './messages.ts';
import { type Pool, startPool } from './pool.ts';
import { createRound } from './round.ts';
import type { Snapshots } from './snapshots.ts';
import { createTurnstile } from './turnstile.ts';
import type { Progress } from './worker.ts';

/** The consumer group whose transactions say how far the lake is. */
export const GROUP = 'beagle';

export const RULES_EVERY_MS = 30_000;

export interface PipelineDeps {
  readonly log: Log;
  readonly thread: ThreadConfig;
  readonly threads: number;
  readonly manifests: Manifests;
  readonly tables: Readonly<Record<BatchTable, Table>>;
  /** What the workers leave; by it the log's retention is held back. Absent: it is not (rebuild reads another's log). */
  readonly snapshots?: Snapshots;
  /** The rules across actors; null where none may run (rebuild). */
  readonly runner: Runner | null;
  readonly onProgress?: (progress: Progress) => void;
  readonly onCommit?: (committed: Committed) => void;
  /** Whether to go on where the log forgot records before they were processed; else that is a ConfigError. */
  readonly acceptGaps?: boolean;
  /** Bounds the number of files; called after commits, never twice at a time. */
  readonly compact?: () => Promise<void>;
}

/** Workers, committer and rules, as one thing that follows streams into the lake. */
export interface Pipeline {
  /**
   * Works every shard of a stream, those that come to be by a split or merge included, each when its parents are at
   * their end; resolves when the states of those that can begin now are loaded. `until` gives the position to end behind, for each shard (absent: for ever).
   */
  follow(stream: string, until?: (shardId: string) => Promise<Position | null>): Promise<void>;
  /**
   * Fixes the end of every followed shard where the log ends now, and resolves when all is committed up to
   * there. Findings that this brings up are appended behind the end: the next run takes them.
   */
  drain(): Promise<void>;
  /** Resolves when every followed shard has reached the end that it was given, and all of it is committed. */
  finished(): Promise<void>;
  /** As `drain`, again and again until the rules append nothing more. */
  settle(streams: readonly string[]): Promise<void>;
  /** Finishes the batches in hand, commits them and ends. */
  stop(): Promise<void>;
  /** Rejects when a worker or the committer fails. */
  readonly failed: Promise<never>;
  /** What the log forgot before it was processed, found at the start of shards. */
  readonly gaps: readonly Gap[];
  /** Per shard the position that was last worked on. */
  readonly positions: ReadonlyMap<string, Position>;
}

/** Starts the threads; rejects when one cannot start. */
export async function startPipeline(deps: PipelineDeps): Promise<Pipeline> {
  const committer = createCommitter({ manifests: deps.manifests, tables: deps.tables, group: GROUP });
  const positions = new Map<string, Position>();
  const newest = new Map<string, Manifest>();
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});

  const pool: Pool = await startPool(deps.threads, deps.thread, (progress) => {
    if (progress.position !== null) positions.set(progress.shard, progress.position);
    deps.onProgress?.(progress);
    if (progress.manifest !== null) commits.request();
    // The first record of all: until now there was nothing to hold.
    else if (!holds.isHeld(progress.shard)) holding.request();
  });
  pool.failed.catch(fail);

  const follower = createFollower({
    log: deps.log,
    manifests: deps.manifests,
    pool,
    through: committer.through,
    acceptGaps: deps.acceptGaps ?? false,
    onRetired: (ref) => holds.release(ref),
    fail,
  });
  const holds = createHolds({ ...deps, through: committer.through, holder: GROUP });
  const holding = createTurnstile(() => holds.keep(follower.refs.values()), fail);
  const commitOnce = createRound({ ...deps, committer, lineage: follower, pool, holds, newest });
  const commits = createTurnstile(async () => {
    while (await commitOnce());
    rules.request();
    compaction.request();
    holding.request();
  }, fail);
  const { rules, compaction } = createFollowUps(deps, follower.refs, newest, fail);

  const drainTo = async (ends: ReadonlyMap<string, Position | null>) => {
    // Shards that begin on the way, at the end of their parents, are drained too.
    const streams = new Set([...ends.keys()].flatMap((shard) => follower.refs.get(shard)?.stream ?? []));
    follower.endAt(streams, async ({ stream, shardId }) => (await deps.log.bounds(stream, shardId)).latest);
    for (const [shard, end] of ends) {
      const ref = follower.refs.get(shard);
      if (pool.isRunning(shard)) pool.until(shard, end);
      else if (ref !== undefined) await follower.start(ref, end);
    }
    await Promise.race([follower.ended(streams), failed]);
    await Promise.race([commits.settled(), failed]);
  };

  return {
    failed,
    positions,
    gaps: follower.gaps,
    async follow(stream, until) {
      await follower.follow(stream, until === undefined ? undefined : ({ shardId }) => until(shardId));
      await holding.settled();
      commits.request();
    },
    async finished() {
      await Promise.race([follower.ended(), failed]);
      await Promise.race([commits.settled(), failed]);
    },
    async drain() {
      await rules.close();
      await drainTo(await endsOf(deps.log, follower.refs));
    },
    async settle(streams) {
      let ends = await endsOf(deps.log, follower.refs, streams);
      for (;;) {
        await drainTo(ends);
        await Promise.race([rules.settled(), failed]);
        const grown = await endsOf(deps.log, follower.refs, streams);
        if ([...grown].every(([shard, end]) => isReached(ends.get(shard) ?? null, end))) return;
        ends = grown;
      }
    },
    async stop() {
      await rules.close();
      await Promise.race([pool.stop(), failed]);
      await Promise.race([commits.settled(), failed]);
      await compaction.close();
      await holding.settled();
      await holding.close();
    },
  };
}

/** What follows a commit: the rules across actors, and compaction. */
function createFollowUps(
  deps: PipelineDeps,
  refs: ReadonlyMap<string, ShardRef>,
  newest: Map<string, Manifest>,
  fail: (error: unknown) => void,
) {
  const runRules = async () => deps.runner?.run(await clockOf(deps.log, deps.manifests, refs, newest));
  return {
    // Windows close with the clock, also while nothing is committed.
    rules: createTurnstile(runRules, fail, RULES_EVERY_MS),
    compaction: createTurnstile(async () => deps.compact?.(), fail),
  };
}
