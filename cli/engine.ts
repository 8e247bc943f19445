import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createLocalStore, shouldOptimize } from '../lake/index.ts';
import type { Log, LogConfig } from '../log/index.ts';
import {
  BATCH_LIMITS,
  BATCH_TABLES,
  type BatchLimits,
  type BatchTable,
  type Committed,
  createManifests,
  createRunner,
  createSnapshots,
  DETECTIONS,
  loadPlaceData,
  type Manifests,
  type Pipeline,
  type PipelineDeps,
  type Progress,
  startPipeline,
} from '../processors/index.ts';
import type { DataFolder } from './data-folder.ts';
import { type Lake, tableOf } from './lake-access.ts';
import { placeFiles, sqlFolder } from './package-root.ts';

export interface EngineOptions {
  readonly log: Log;
  /** How the workers open the same log. */
  readonly logConfig?: LogConfig;
  /** Where the embedded log lies, if it is one; and where lake and state go. */
  readonly source: DataFolder;
  readonly target: DataFolder;
  readonly lake: Lake;
  readonly workers: number;
  readonly limits?: Partial<BatchLimits>;
  /** Whether rules across actors may run, and whether scored rows go to the page. */
  readonly detect: boolean;
  readonly live: boolean;
  /** Whether to go on where the log forgot records before they were processed. */
  readonly acceptGaps?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly onCommit?: (committed: Committed) => void;
}

export interface Engine {
  readonly pipeline: Pipeline;
  readonly manifests: Manifests;
}

const SNAPSHOT_EVERY_MS = 60_000;

/** Starts workers, committer and rules over a data folder: what `up`, `import`, `rebuild` and `bench` share. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const deps = await engineDeps(options);
  return { pipeline: await startPipeline(deps), manifests: deps.manifests };
}

/** What workers, committer and rules work with. */
export async function engineDeps(options: EngineOptions): Promise<PipelineDeps> {
  const { lake, target } = options;
  const state = createLocalStore(target.state);
  const manifests = createManifests(state);
  const tables = Object.fromEntries(BATCH_TABLES.map((name) => [name, tableOf(lake, name)])) as Record<
    BatchTable,
    (typeof lake.tables)[string]
  >;
  const limits = { ...BATCH_LIMITS, ...options.limits };
  const sql = async (text: string, params: readonly string[]) => (await lake.query.sql(text, { params })).rows;
  return {
    log: options.log,
    threads: options.workers,
    thread: {
      log: options.logConfig ?? { driver: 'embedded', path: options.source.log },
      lake: target.lake,
      state: target.state,
      places: await loadPlaceData(placeFiles()),
      limits,
      snapshotEveryMs: SNAPSHOT_EVERY_MS,
      fingerprint: fingerprintOf(limits),
      live: options.live,
    },
    manifests,
    // A second lake must not steer what the log of the first keeps.
    ...(target.root === options.source.root ? { snapshots: createSnapshots(state) } : {}),
    tables,
    runner: options.detect
      ? createRunner({
          log: options.log,
          events: tables.events,
          sql,
          state,
          detections: DETECTIONS,
          sqlFolder: sqlFolder(),
        })
      : null,
    compact: () => compact(lake),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(options.onCommit ? { onCommit: options.onCommit } : {}),
    acceptGaps: options.acceptGaps ?? false,
  };
}

/** One thread a core, and no more than there are shards. */
export function workersFor(asked: number | undefined, shards: number): number {
  return asked ?? Math.max(1, Math.min(shards, availableParallelism()));
}

async function compact(lake: Lake): Promise<void> {
  for (const name of BATCH_TABLES) {
    const table = tableOf(lake, name);
    if (shouldOptimize(await table.snapshot())) await table.optimize();
  }
}

function fingerprintOf(configuration: object): string {
  return createHash('sha256')
    .update(JSON.stringify({ version: 1, ...configuration }))
    .digest('hex')
    .slice(0, 16);
}
