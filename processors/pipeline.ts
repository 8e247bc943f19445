import type { Table } from '../lake/index.ts';
import { comparePositions, type Log, type Position } from '../log/index.ts';
import { type Committed, createCommitter } from './committer.ts';
import type { Runner } from './detections/index.ts';
import { type BatchTable, type Manifest, type Manifests, type ShardRef, shardName } from './manifest.ts';
import type { ThreadConfig } from './messages.ts';
import { type Pool, startPool } from './pool.ts';
import { createTurnstile } from './turnstile.ts';
import type { Progress } from './worker.ts';

/** The consumer group whose transactions say how far the lake is. */
export const GROUP = 'beagle';

const RULES_EVERY_MS = 30_000;

export interface PipelineDeps {
  readonly log: Log;
  readonly thread: ThreadConfig;
  readonly threads: number;
  readonly manifests: Manifests;
  readonly tables: Readonly<Record<BatchTable, Table>>;
  /** The rules across actors; null where none may run (rebuild). */
  readonly runner: Runner | null;
  readonly onProgress?: (progress: Progress) => void;
  readonly onCommit?: (committed: Committed) => void;
  /** Bounds the number of files; called after commits, never twice at a time. */
  readonly compact?: () => Promise<void>;
}

/** Workers, committer and rules, as one thing that follows streams into the lake. */
export interface Pipeline {
  /** Works every shard of a stream; resolves when their states are loaded. `until` gives the position to end behind, for each shard (absent: for ever). */
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
  /** Per shard the position that was last worked on. */
  readonly positions: ReadonlyMap<string, Position>;
}

/** Starts the threads; rejects when one cannot start. */
export async function startPipeline(deps: PipelineDeps): Promise<Pipeline> {
  const committer = createCommitter({ manifests: deps.manifests, tables: deps.tables, group: GROUP });
  const refs = new Map<string, ShardRef>();
  const runs = new Map<string, Promise<void>>();
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
  });
  pool.failed.catch(fail);

  const commitOnce = async () => {
    const committed = await committer.commit([...refs.keys()]);
    for (const [shard, manifest] of committed.newest) newest.set(shard, manifest);
    for (const [shard, n] of committed.through) pool.through(shard, n);
    if (committed.through.size > 0) deps.onCommit?.(committed);
    return committed.through.size > 0;
  };
  const commits = createTurnstile(async () => {
    while (await commitOnce());
    rules.request();
    compaction.request();
  }, fail);
  const { rules, compaction } = createFollowUps(deps, refs, newest, fail);

  const start = async (ref: ShardRef, until?: Position | null) => {
    const shard = shardName(ref);
    refs.set(shard, ref);
    const { loaded, ended } = pool.run(ref, await committer.through(shard), until);
    runs.set(shard, ended.catch(fail));
    return loaded;
  };
  const drainTo = async (ends: ReadonlyMap<string, Position | null>) => {
    for (const [shard, end] of ends) {
      if (pool.isRunning(shard)) pool.until(shard, end);
      else await start(refs.get(shard) as ShardRef, end);
    }
    await Promise.race([Promise.all([...ends.keys()].map((shard) => runs.get(shard))), failed]);
    await Promise.race([commits.settled(), failed]);
  };

  return {
    failed,
    positions,
    async follow(stream, until) {
      const { incarnation, shards } = await deps.log.describeStream(stream);
      const loading: Promise<void>[] = [];
      for (const { shardId } of shards) {
        const ref = { stream, incarnation, shardId };
        if (pool.isRunning(shardName(ref))) continue;
        loading.push(start(ref, until === undefined ? undefined : await until(shardId)));
      }
      await Promise.all(loading);
      commits.request();
    },
    async finished() {
      await Promise.race([Promise.all(runs.values()), failed]);
      await Promise.race([commits.settled(), failed]);
    },
    async drain() {
      await rules.close();
      await drainTo(await endsOf(deps.log, refs));
    },
    async settle(streams) {
      let ends = await endsOf(deps.log, refs, streams);
      for (;;) {
        await drainTo(ends);
        await Promise.race([rules.settled(), failed]);
        const grown = await endsOf(deps.log, refs, streams);
        if ([...grown].every(([shard, end]) => isReached(ends.get(shard) ?? null, end))) return;
        ends = grown;
      }
    },
    async stop() {
      await rules.close();
      await Promise.race([pool.stop(), failed]);
      await Promise.race([commits.settled(), failed]);
      await compaction.close();
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
  const runRules = async () => deps.runner?.run(await clockOf(deps, refs, newest));
  return {
    // Windows close with the clock, also while nothing is committed.
    rules: createTurnstile(runRules, fail, RULES_EVERY_MS),
    compaction: createTurnstile(async () => deps.compact?.(), fail),
  };
}

/** Where the log ends now, for each shard of these streams (absent: of all). */
async function endsOf(log: Log, refs: ReadonlyMap<string, ShardRef>, streams?: readonly string[]) {
  const ends = new Map<string, Position | null>();
  for (const [shard, ref] of refs) {
    if (streams !== undefined && !streams.includes(ref.stream)) continue;
    ends.set(shard, (await log.bounds(ref.stream, ref.shardId)).latest);
  }
  return ends;
}

const isReached = (at: Position | null, end: Position | null) =>
  end === null || (at !== null && comparePositions(at, end) >= 0);

/**
 * The minimum of the shard clocks: windows that end before it are closed. A shard that has caught up with its log
 * follows arrival time, as far as any shard has seen it: else one that is idle would hold back all others. 0 while
 * a shard has records and no manifest.
 */
async function clockOf(
  { log, manifests }: PipelineDeps,
  refs: ReadonlyMap<string, ShardRef>,
  newest: Map<string, Manifest>,
): Promise<number> {
  for (const shard of refs.keys()) {
    // One of an earlier run: this run has committed nothing of the shard yet.
    const standing = newest.has(shard) ? null : await manifests.newest(shard);
    if (standing !== null && !newest.has(shard)) newest.set(shard, standing);
  }
  const arrivalUs = Math.max(0, ...[...newest.values()].map((manifest) => manifest.arrivalUs));
  let clockUs = Number.POSITIVE_INFINITY;
  for (const [shard, { stream, shardId }] of refs) {
    const { latest } = await log.bounds(stream, shardId);
    if (latest === null) continue;
    const manifest = newest.get(shard);
    const ownUs = manifest?.clockUs ?? 0;
    const hasCaughtUp = manifest !== undefined && isReached(manifest.last, latest);
    clockUs = Math.min(clockUs, hasCaughtUp ? Math.max(ownUs, arrivalUs) : ownUs);
  }
  return Number.isFinite(clockUs) ? clockUs : 0;
}
