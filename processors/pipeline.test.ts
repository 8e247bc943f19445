import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLocalStore, type Table } from '../lake/index.ts';
import { type Log, openEmbeddedLog } from '../log/index.ts';
import type { Committed } from './committer.ts';
import { CONTROL_APP } from './control.ts';
import { openTables, workerDepsOf } from './fixture-worker.ts';
import { MINUTE_US, START_US } from './fixtures.ts';
import type { BatchTable } from './manifest.ts';
import type { ThreadConfig } from './messages.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';
import type { Pool, startPool } from './pool.ts';
import { createTestPool } from './test-pool.ts';
import type { WorkerDeps } from './worker.ts';

let workerDeps: Omit<WorkerDeps, 'report'>;
const pools: Pool[] = [];
vi.mock('./pool.ts', () => ({
  startPool: (async (_threads, _config, report) => {
    const pool = createTestPool({ ...workerDeps, report });
    pools.push(pool);
    return pool;
  }) satisfies typeof startPool,
}));

let root: string;
let log: Log;
let nowUs: number;
let tables: Record<BatchTable, Table>;
let clocks: number[];
let commits: Committed[];
let pipeline: Pipeline | null;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-pipeline-'));
  nowUs = START_US;
  log = await openEmbeddedLog({ path: join(root, 'log'), clock: () => nowUs });
  await log.createStream('events', { shards: 2 });
  const lake = createLocalStore(join(root, 'lake'));
  tables = await openTables(lake);
  const state = createLocalStore(join(root, 'state'));
  workerDeps = workerDepsOf({ log, lake, state, clock: () => nowUs, limits: { recordsMax: 5 } });
  clocks = [];
  commits = [];
  pipeline = null;
});
afterEach(async () => {
  await pipeline?.stop();
  await Promise.allSettled(pools.splice(0).map((pool) => pool.stop()));
  await log.close();
  await rm(root, { recursive: true, maxRetries: 5 });
});

async function start(run: (clockUs: number) => Promise<number> = async () => 0) {
  pipeline = await startPipeline({
    log,
    thread: {} as ThreadConfig,
    threads: 1,
    manifests: workerDeps.manifests,
    tables,
    runner: {
      run(clockUs) {
        clocks.push(clockUs);
        return run(clockUs);
      },
    },
    onCommit: (committed) => commits.push(committed),
  });
  return pipeline;
}

let made = 0;
async function append(stream: string, count: number, atUs: number, shardId?: string) {
  const records = Array.from({ length: count }, () => ({
    app: 'plain',
    source: '',
    key: `person:p${made}`,
    data: Buffer.from(JSON.stringify({ native_uid: `n${made++}`, time: atUs })),
  }));
  if (shardId === undefined) await log.append(stream, records);
  else await log.appendToShard(stream, shardId, records);
}
const rowsInLake = async () => (await tables.events.snapshot()).numRecords;
const [FIRST, SECOND] = ['shardId-000000000000', 'shardId-000000000001'];

describe('a pipeline', () => {
  test('drains what was appended before, wholly and once, however it is started again', async () => {
    for (let i = 1; i <= 3; i++) {
      await append('events', 23, START_US);
      await start();
      await pipeline!.follow('events');
      await pipeline!.drain();
      expect(await rowsInLake()).toBe(23 * i);
      await pipeline!.stop();
    }
    expect(commits.reduce((sum, { counts }) => sum + counts.events, 0)).toBe(69);
    pipeline = null;
  });

  test('works a stream up to a given end and is finished then', async () => {
    await append('events', 12, START_US, FIRST);
    const { latest } = await log.bounds('events', FIRST);
    await append('events', 4, START_US, FIRST);
    await start();
    await pipeline!.follow('events', async (shardId) => (shardId === FIRST ? latest : null));
    await pipeline!.finished();
    expect(await rowsInLake()).toBe(12);
    expect([...pipeline!.positions.values()]).toEqual([latest]);
  });

  test('settles when the rules append nothing more: what they found is in the lake too', async () => {
    await append('events', 3, START_US);
    let rounds = 0;
    await start(async () => {
      if (++rounds <= 2) {
        const data = Buffer.from(JSON.stringify({ kind: 'nothing', rounds }));
        await log.append('events', [{ app: CONTROL_APP, source: '', key: 'k', data }]);
      }
      return 0;
    });
    await pipeline!.follow('events');
    await pipeline!.settle(['events']);
    expect((await tables.quarantine.snapshot()).numRecords).toBe(2);
  });

  test('tells why it failed', async () => {
    await append('events', 3, START_US);
    await start(async () => {
      throw new Error('the rules broke');
    });
    await pipeline!.follow('events');
    await expect(Promise.race([pipeline!.settle(['events']), pipeline!.failed])).rejects.toThrow('the rules broke');
    pipeline = null;
  });
});

describe('the clock of the rules', () => {
  test('is the least of the shards’ that have more to read', async () => {
    await append('events', 5, START_US - 60 * MINUTE_US, FIRST);
    await append('events', 5, START_US - 30 * MINUTE_US, SECOND);
    const { latest } = await log.bounds('events', FIRST);
    const other = (await log.bounds('events', SECOND)).latest;
    await append('events', 1, START_US, FIRST);
    await append('events', 1, START_US, SECOND);
    await start();
    await pipeline!.follow('events', async (shardId) => (shardId === FIRST ? latest : other));
    await pipeline!.finished();
    await vi.waitFor(() => expect(clocks.at(-1)).toBe(START_US - 60 * MINUTE_US));
  });

  test('follows arrival where a shard has caught up: one that is idle holds nothing back', async () => {
    await append('events', 5, START_US - 60 * MINUTE_US, FIRST);
    nowUs += 20 * MINUTE_US;
    await append('events', 5, nowUs, SECOND);
    await start();
    await pipeline!.follow('events');
    await pipeline!.settle(['events']);
    expect(clocks.at(-1)).toBe(START_US + 20 * MINUTE_US);
  });

  test('is 0 while a shard has records and no manifest, and knows manifests of an earlier run', async () => {
    await append('events', 5, START_US - 60 * MINUTE_US, FIRST);
    await start();
    await pipeline!.follow('events', async (shardId) => (await log.bounds('events', shardId)).latest);
    await pipeline!.finished();
    await pipeline!.stop();
    await append('events', 5, START_US, FIRST);
    await append('events', 5, START_US, SECOND);
    await start();
    await pipeline!.follow('events', async () => null);
    await pipeline!.settle([]);
    await vi.waitFor(() => expect(clocks.at(-1)).toBe(0));
  });
});
