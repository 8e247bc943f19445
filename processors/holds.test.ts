import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigError, RetryableError } from '../core/index.ts';
import { createLocalStore, type Table } from '../lake/index.ts';
import { type Log, openEmbeddedLog } from '../log/index.ts';
import { openTables, workerDepsOf } from './fixture-worker.ts';
import { createMemoryStore, manifestOf, START_US } from './fixtures.ts';
import { createHolds } from './holds.ts';
import { type BatchTable, createManifests, shardName } from './manifest.ts';
import type { ThreadConfig } from './messages.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';
import type { startPool } from './pool.ts';
import type { Snapshots } from './snapshots.ts';
import { createTestPool } from './test-pool.ts';
import type { WorkerDeps } from './worker.ts';

let workerDeps: Omit<WorkerDeps, 'report'>;
vi.mock('./pool.ts', () => ({
  startPool: (async (_threads, _config, report) =>
    createTestPool({ ...workerDeps, report })) satisfies typeof startPool,
}));

const DAY_US = 86_400_000_000;
const FIRST = 'shardId-000000000000';

describe('retention under a pipeline', () => {
  let root: string;
  let log: Awaited<ReturnType<typeof openEmbeddedLog>>;
  let nowUs: number;
  let tables: Record<BatchTable, Table>;
  let count: number;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'beagle-holds-'));
    nowUs = START_US;
    count = 0;
    log = await openEmbeddedLog({ path: join(root, 'log'), clock: () => nowUs });
    await log.createStream('events', { shards: 1 });
    await log.change((streams) => streams.setRetention('events', { ageMs: 60_000, shardBytes: null }));
    const lake = createLocalStore(join(root, 'lake'));
    tables = await openTables(lake, { clock: () => 0 });
    const state = createLocalStore(join(root, 'state'));
    workerDeps = workerDepsOf({ log, lake, state, clock: () => nowUs, limits: { recordsMax: 5 } });
  });
  afterEach(async () => {
    await log.close();
    await rm(root, { recursive: true, maxRetries: 5 });
  });

  const start = async (): Promise<Pipeline> => {
    const { manifests, snapshots } = workerDeps;
    const thread = {} as ThreadConfig;
    const pipeline = await startPipeline({ log, thread, threads: 1, manifests, snapshots, tables, runner: null });
    await pipeline.follow('events');
    return pipeline;
  };
  const append = (more: number) =>
    log.append(
      'events',
      Array.from({ length: more }, () => {
        const data = Buffer.from(JSON.stringify({ native_uid: `n${count}`, time: nowUs }));
        return { app: 'plain', source: '', key: `person:p${count++ % 9}`, data };
      }),
    );
  const kept = async (shardId = FIRST) => {
    const { records } = await log.read('events', shardId, { type: 'TRIM_HORIZON' });
    return records.map(({ data }) => String(JSON.parse(Buffer.from(data).toString()).native_uid));
  };
  const age = async () => {
    nowUs += DAY_US;
    await log.enforceRetention();
  };
  const rows = async () => (await tables.events.snapshot()).numRecords;

  test('keeps all while there is no snapshot, then what lies behind the newest; no restart misses anything', async () => {
    const first = await start();
    await append(12);
    await first.drain();
    // All is in the lake, and a restart would read all of it again for the state.
    await age();
    expect(await kept()).toHaveLength(12);
    await first.stop();
    await append(3);
    const second = await start();
    await second.drain();
    await age();
    expect(await kept()).toEqual(['n11', 'n12', 'n13', 'n14']);
    await second.stop();
    const third = await start();
    await append(4);
    await third.drain();
    await third.stop();
    expect(third.gaps).toEqual([]);
    expect(await rows()).toBe(19);
  });

  test('lets go of a closed shard when the lake holds all of it: the log forgets it, and its children go on', async () => {
    const first = await start();
    await append(6);
    await log.splitShard('events', FIRST, String(2n ** 127n));
    await append(6);
    await first.drain();
    await first.stop();
    await age();
    expect(log.shards('events').map(({ shardId }) => shardId)).not.toContain(FIRST);
    await append(6);
    const second = await start();
    await second.drain();
    await second.stop();
    expect(await rows()).toBe(18);
  });
});

describe('a hold', () => {
  const ref = { stream: 'events', incarnation: 'abcdefghijkl', shardId: FIRST };
  const shard = shardName(ref);
  let written: (string | null)[];
  let earliest: string | null;
  let snapshot: string | null;
  let failure: Error | null;
  let nowMs: number;
  beforeEach(() => {
    written = [];
    earliest = null;
    snapshot = null;
    failure = null;
    nowMs = 0;
  });
  const log = {
    bounds: async () => ({ earliest, latest: earliest }),
    async hold(_stream: string, _shardId: string, _holder: string, position: string | null) {
      if (failure !== null) throw failure;
      written.push(position);
    },
  } as unknown as Log;
  const holdsOf = (given: Log = log, through = -1) => {
    const manifests = createManifests(createMemoryStore());
    const snapshots: Pick<Snapshots, 'newest'> = {
      newest: async (_shard, at) => (snapshot !== null && Number(snapshot) <= Number(at) ? snapshot : null),
    };
    const holds = createHolds({
      ...{ log: given, manifests, snapshots, holder: 'h', nowMs: () => nowMs },
      through: async () => through,
    });
    return { ...holds, manifests, keep: () => holds.keep([ref]), keepOthers: () => holds.keep([]) };
  };

  test('is where the log begins until there is a snapshot, is written when it moves, and looked at every 10 s', async () => {
    const holds = holdsOf();
    await holds.keep();
    expect([written, holds.isHeld(shard)]).toEqual([[], false]);
    earliest = '3';
    await holds.keep();
    expect([written, holds.isHeld(shard)]).toEqual([['3'], true]);
    snapshot = '8';
    holds.committed(shard, { last: '7' });
    nowMs = 10_000;
    await holds.keep();
    expect(written).toEqual(['3']);
    holds.committed(shard, { last: '9' });
    nowMs = 19_999;
    await holds.keep();
    expect(written).toEqual(['3']);
    nowMs = 20_000;
    await holds.keep();
    await holds.keep();
    expect(written).toEqual(['3', '8']);
    // Only snapshots beyond what the lake holds are left: it stays.
    snapshot = '99';
    nowMs = 40_000;
    await holds.keep();
    expect(written).toEqual(['3', '8']);
    holds.release(ref);
    await holds.keepOthers();
    expect(written).toEqual(['3', '8', null]);
  });

  test('begins with what an earlier run committed', async () => {
    earliest = '1';
    snapshot = '4';
    const holds = holdsOf(log, 6);
    await holds.manifests.put(shard, manifestOf(6));
    await holds.keep();
    expect(written).toEqual(['4']);
  });

  test('is tried again when it cannot be written just now, and not missed where the log forgot the shard', async () => {
    earliest = '1';
    failure = new RetryableError('[test] the disk is full');
    const holds = holdsOf();
    await holds.keep();
    expect(holds.isHeld(shard)).toBe(false);
    failure = null;
    await holds.keep();
    expect(written).toEqual(['1']);
    failure = new ConfigError('[test] no such shard');
    holds.release(ref);
    await holds.keepOthers();
    failure = new Error('a fault');
    holds.release(ref);
    await expect(holds.keepOthers()).rejects.toThrow('a fault');
  });

  test('is nothing to a log whose retention is its own', async () => {
    const { hold: _, ...own } = log;
    const holds = holdsOf(own as Log);
    await holds.keep();
    expect(holds.isHeld(shard)).toBe(true);
  });
});
