/** For tests: what a shard's worker is handed, over a log and stores of the test's own. */
import { openTable, type Store, type Table, type TableDeps } from '../lake/index.ts';
import { NOWHERE, PLAIN, UNCOMPRESSED } from './fixtures.ts';
import { BATCH_DEFINITIONS, BATCH_TABLES, type BatchTable, createManifests } from './manifest.ts';
import { createProcess } from './process.ts';
import { createSnapshots } from './snapshots.ts';
import { BATCH_LIMITS, type BatchLimits, type WorkerDeps } from './worker.ts';

type Given = Pick<WorkerDeps, 'log' | 'lake' | 'clock'>;

export interface WorkerSetup extends Given, Partial<Omit<WorkerDeps, keyof Given | 'limits' | 'report'>> {
  /** Where manifests and snapshots lie. */
  readonly state: Store;
  /** Those that are not the usual ones. */
  readonly limits?: Partial<BatchLimits>;
}

/** All but `report`, which is of whoever starts the worker: `plain` events from nowhere, and no snapshots by age. */
export function workerDepsOf({ state, limits, ...given }: WorkerSetup): Omit<WorkerDeps, 'report'> {
  return {
    manifests: createManifests(state),
    snapshots: createSnapshots(state),
    process: createProcess({ sources: new Map([['plain', PLAIN]]), placeOf: () => NOWHERE }),
    codec: UNCOMPRESSED,
    snapshotEveryMs: 1e12,
    fingerprint: 'f',
    live: () => {},
    ...given,
    limits: { ...BATCH_LIMITS, ...limits },
  };
}

/** The tables that batches write, on this machine's clock unless told otherwise. */
export async function openTables(
  lake: Store,
  deps: TableDeps = { clock: () => Date.now() * 1000 },
): Promise<Record<BatchTable, Table>> {
  const tables = {} as Record<BatchTable, Table>;
  for (const name of BATCH_TABLES) tables[name] = await openTable(lake, BATCH_DEFINITIONS[name], deps);
  return tables;
}
