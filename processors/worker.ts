import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '../core/index.ts';
import type { Codec, Store } from '../lake/index.ts';
import { comparePositions, type Log, type Position } from '../log/index.ts';
import {
  type Batch,
  type ClosedBatch,
  createBatch,
  DATES_MAX,
  type ManifestContext,
  manifestOf,
  newNonce,
  policyVersionOf,
  writeBatchFiles,
} from './batch.ts';
import type { LiveEvent } from './live.ts';
import { type Loaded, loadShard, startBehind } from './load-shard.ts';
import type { Manifests, ShardRef } from './manifest.ts';
import type { Process } from './process.ts';
import type { Snapshots } from './snapshots.ts';

export interface BatchLimits {
  readonly recordsMax: number;
  readonly bytesMax: number;
  readonly ageMsMax: number;
}

export const BATCH_LIMITS: BatchLimits = { recordsMax: 200_000, bytesMax: 64 * 1024 * 1024, ageMsMax: 10_000 };

/** At most so many manifests of a shard wait for the committer; then the worker waits. */
export const MANIFESTS_WAITING_MAX = 8;

export interface WorkerDeps {
  readonly log: Log;
  readonly lake: Store;
  readonly manifests: Manifests;
  readonly snapshots: Snapshots;
  readonly process: Process;
  readonly codec: Codec;
  /** Wall clock, µs. */
  readonly clock: () => number;
  readonly limits: BatchLimits;
  readonly snapshotEveryMs: number;
  readonly fingerprint: string;
  /** Scored rows for whoever watches; must not throw or wait. */
  readonly live: (event: LiveEvent) => void;
  readonly report: (progress: Progress) => void;
}

/** What a shard's worker tells while it works. */
export interface Progress {
  readonly shard: string;
  /** Records since the last report, in all and by app. */
  readonly records: number;
  readonly byApp: Readonly<Record<string, number>>;
  readonly position: Position | null;
  /** Age of the newest record when it was scored, ms. */
  readonly lagMs: number;
  /** A manifest was put: the committer has work. */
  readonly manifest: number | null;
}

export interface ShardRun extends ShardRef {
  /** Ends after this position (a drain's end); null: goes on until stopped. */
  readonly until: () => Position | null | undefined;
  /** Stops at the end of the batch in hand. */
  readonly stop: AbortSignal;
  /** Called when the state is loaded and new records are about to be read. */
  readonly onLoaded?: () => void;
  /** Resolves once fewer than MANIFESTS_WAITING_MAX manifests up to `n` wait for the committer. */
  readonly room: (n: number) => Promise<void>;
}

/** A worker that was silent for so long cannot know what others did meanwhile. */
const SILENCE_US_MAX = 3_600_000_000;

/** So many failures in a row that may pass, with pauses of 0.2 s to 6.4 s between them; then the run fails. */
const FAILURES_MAX = 6;
const PAUSE_MS = 100;
const FORGIVEN_US = 600_000_000;

const pause = (ms: number, stop: AbortSignal) => sleep(ms, undefined, { signal: stop }).catch(() => {});

/** Thrown inside a run when others may have gone on, or have: the state is not ours to keep. */
class Lost extends Error {}

/**
 * Works one shard until it is stopped or `until` is reached: from the last manifest on, decided by nothing else.
 * When another worker won a manifest, or this one was silent for an hour (a machine that slept), it loads the
 * state anew and goes on behind the last manifest.
 */
export async function runShard(deps: WorkerDeps, run: ShardRun): Promise<void> {
  let failures = 0;
  let failedUs = 0;
  while (!run.stop.aborted) {
    try {
      const loaded = await loadShard(deps, run);
      run.onLoaded?.();
      await createShardLoop(deps, run, loaded).go();
      return;
    } catch (error) {
      if (error instanceof Lost) continue;
      // Whatever the store or the log could not do just now: the last manifest is where to go on from.
      if (deps.clock() - failedUs > FORGIVEN_US) failures = 0;
      failedUs = deps.clock();
      if (!(error instanceof RetryableError) || ++failures > FAILURES_MAX) throw error;
      await pause(PAUSE_MS * 2 ** failures, run.stop);
    }
  }
}

/** One worker's hold of a shard, from a loaded state until it stops or loses it. */
function createShardLoop(deps: WorkerDeps, run: ShardRun, loaded: Loaded) {
  const { shard, state } = loaded;
  const batch: Batch = createBatch(deps.codec);
  let position = loaded.last;
  let openedUs = 0;
  let tally = newTally();

  const report = (manifest: number | null) => {
    deps.report({ shard, ...tally, position, manifest });
    tally = newTally();
  };

  const writer = createBatchWriter(deps, run, loaded, batch, report);

  const take = (record: Awaited<ReturnType<Log['read']>>['records'][number]) => {
    const nowUs = deps.clock();
    if (batch.records === 0) openedUs = nowUs;
    const outcome = deps.process(state, record, shard, nowUs);
    batch.add(outcome, record.position, record.arrivalUs);
    position = record.position;
    tally.records++;
    tally.byApp[record.app] = (tally.byApp[record.app] ?? 0) + 1;
    tally.lagMs = (nowUs - record.arrivalUs) / 1000;
    if (outcome.table === 'events') deps.live({ row: outcome.row, source: record.source, arrivalUs: record.arrivalUs });
  };

  const isFull = () =>
    batch.records >= deps.limits.recordsMax || batch.bytes >= deps.limits.bytesMax || batch.dates > DATES_MAX;

  /** Whether the shard is closed and all of it is worked, also when that is where `until` lay. */
  const isAtEnd = async () => {
    const { records, ended } = await deps.log.read(run.stream, run.shardId, startBehind(position), { recordsMax: 1 });
    return ended && records.length === 0;
  };

  return {
    async go(): Promise<void> {
      let start = startBehind(position);
      let seenUs = deps.clock();
      while (!run.stop.aborted) {
        if (deps.clock() - seenUs > SILENCE_US_MAX) throw new Lost();
        seenUs = deps.clock();
        const until = run.until();
        if (until !== undefined && (until === null || (position !== null && comparePositions(position, until) >= 0)))
          break;
        const { records, next, ended } = await deps.log.read(run.stream, run.shardId, start, { bytesMax: READ_BYTES });
        for (const record of records) {
          take(record);
          if (isFull()) await writer.flush();
          if (until !== undefined && until !== null && comparePositions(record.position, until) >= 0) break;
        }
        start = records.length === 0 ? next : startBehind(position);
        if (ended && records.length === 0) break;
        const ageMs = (deps.clock() - openedUs) / 1000;
        if (batch.records > 0 && ageMs >= deps.limits.ageMsMax) await writer.flush();
        if (tally.records > 0) report(null);
        if (records.length === 0)
          await deps.log.watch(run.stream, run.shardId, start, waitMs(batch, ageMs, deps.limits), run.stop);
      }
      await writer.flush();
      await writer.close(!run.stop.aborted && (await isAtEnd()));
    },
  };
}

const READ_BYTES = 1024 * 1024;
const WATCH_MS = 250;
const waitMs = (batch: Batch, ageMs: number, limits: BatchLimits) =>
  batch.records === 0 ? WATCH_MS : Math.max(1, Math.min(WATCH_MS, limits.ageMsMax - ageMs));

const newTally = () => ({ records: 0, byApp: {} as Record<string, number>, lagMs: 0 });

/** Closes batches: their files and manifest are written while the next batch fills, one after another. */
function createBatchWriter(deps: WorkerDeps, run: ShardRun, loaded: Loaded, batch: Batch, report: (n: number) => void) {
  const { shard, state } = loaded;
  let { n, last } = loaded;
  let snapshotUs = deps.clock();
  let writing: Promise<void> = Promise.resolve();
  let saving: Promise<void> = Promise.resolve();
  let isChanged = false;

  /** Only behind a won manifest, with the state as that manifest left it. */
  const save = () => {
    snapshotUs = deps.clock();
    isChanged = false;
    saving = deps.snapshots.save(shard, last, state);
    saving.catch(() => {});
  };

  const write = async (closed: ClosedBatch, context: ManifestContext) => {
    await run.room(context.n);
    const adds = await writeBatchFiles(deps.lake, closed, context.nonce, deps.clock());
    if (!(await deps.manifests.put(shard, manifestOf(closed, adds, context)))) throw new Lost();
    report(context.n);
  };

  return {
    async flush(): Promise<void> {
      await writing;
      if (batch.records === 0) return;
      const { clockUs } = state;
      const policyVersion = policyVersionOf(state);
      n++;
      const context = { nonce: newNonce(), n, after: last, clockUs, policyVersion, fingerprint: deps.fingerprint };
      const closed = batch.close();
      last = closed.last;
      isChanged = true;
      writing = write(closed, context);
      // Seen when it is awaited next; until then a rejection must not end the process.
      writing.catch(() => {});
      if (deps.clock() - snapshotUs < deps.snapshotEveryMs * 1000) return;
      await writing;
      await saving;
      save();
    },
    /**
     * Waits for what is being written, and leaves a snapshot for the next start. The last one of a closed shard is what
     * its children begin with: only when it is written are they told.
     */
    async close(isAtEnd: boolean): Promise<void> {
      await writing;
      await saving;
      if (isChanged || isAtEnd) save();
      await saving;
      if (isAtEnd) await deps.manifests.finish(shard, { n, last });
    },
  };
}
