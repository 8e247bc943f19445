import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CLASS } from '../core/index.ts';
import { createLocalStore } from '../lake/index.ts';
import { comparePositions, type Log, openEmbeddedLog } from '../log/index.ts';
import { openTables, workerDepsOf } from './fixture-worker.ts';
import { MINUTE_US, START_US } from './fixtures.ts';
import { type BatchTable, shardName } from './manifest.ts';
import type { ThreadConfig } from './messages.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';
import type { startPool } from './pool.ts';
import { createTestPool } from './test-pool.ts';
import type { WorkerDeps } from './worker.ts';

let deps: Omit<WorkerDeps, 'report'>;
vi.mock('./pool.ts', () => ({
  startPool: (async (_threads, _config, report) => createTestPool({ ...deps, report })) satisfies typeof startPool,
}));

const roots: string[] = [];
afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, maxRetries: 5 });
});

/** A company of its own: log, lake and state in a folder; `rows` are what its events became. */
async function createTrial(shards: number) {
  const root = await mkdtemp(join(tmpdir(), 'beagle-reshard-'));
  roots.push(root);
  let nowUs = START_US;
  const log = await openEmbeddedLog({ path: join(root, 'log'), clock: () => nowUs });
  const { incarnation } = await log.createStream('events', { shards });
  const lake = createLocalStore(join(root, 'lake'));
  const tables = await openTables(lake);
  const state = createLocalStore(join(root, 'state'));
  const rows = new Map<string, string>();
  deps = workerDepsOf({
    log,
    lake,
    state,
    clock: () => nowUs,
    limits: { recordsMax: 7 },
    live({ row: { log_shard: _, log_position: __, ingested_at: ___, ...row } }) {
      const text = JSON.stringify(row, (_key, value) => (value instanceof Uint8Array ? String(value) : value));
      // A record that is worked again, after a restart, gives the same row.
      expect(rows.get(row.event_uid) ?? text).toBe(text);
      rows.set(row.event_uid, text);
    },
  });
  const { manifests } = deps;
  let logged: Log = log;
  const start = (acceptGaps = false): Promise<Pipeline> =>
    startPipeline({ log: logged, thread: {} as ThreadConfig, threads: 1, manifests, tables, runner: null, acceptGaps });
  return {
    log,
    rows,
    manifests,
    start,
    /** As a log does by age, with shards whose records are all gone. */
    forgetFirstShard: () => {
      const describeStream = async (stream: string) => {
        const found = await log.describeStream(stream);
        return { ...found, shards: found.shards.slice(1) };
      };
      logged = { ...log, describeStream };
      deps = { ...deps, log: logged };
    },
    nameOf: (shardId: string) => shardName({ stream: 'events', incarnation, shardId }),
    advance: (us: number) => {
      nowUs += us;
    },
    count: async (table: BatchTable) => (await tables[table].snapshot()).numRecords,
  };
}
type Trial = Awaited<ReturnType<typeof createTrial>>;

/** Event number i: logins of nine people, some failed, from changing devices; some are sent twice. */
function eventOf(i: number, atUs: number) {
  const native = {
    native_uid: `n${i % 10 === 9 ? i - 9 : i}`,
    time: atUs,
    class_uid: CLASS.authentication,
    status: (i * 7) % 5 < 2 ? 'failure' : 'success',
    device_uid: `d${(i * 13) % 4}`,
    actor_uid: `u${i % 9}`,
  };
  return { app: 'plain', source: '', key: `person:p${i % 9}`, data: Buffer.from(JSON.stringify(native)) };
}
const COUNT = 90;
/** The whole of it, the doubles too, is the same whatever happens between two records. */
const dataOf = (i: number) =>
  i % 10 === 9 ? eventOf(i - 9, START_US + (i - 9) * MINUTE_US) : eventOf(i, START_US + i * MINUTE_US);

async function splitLargest(log: Trial['log']): Promise<void> {
  const open = (await log.describeStream('events')).shards.filter(({ closed }) => !closed);
  const width = ({ start, end }: { start: string; end: string }) => BigInt(end) - BigInt(start);
  const largest = open.toSorted((a, b) => (width(a.hashKeyRange) < width(b.hashKeyRange) ? 1 : -1))[0]!;
  const middle = BigInt(largest.hashKeyRange.start) + width(largest.hashKeyRange) / 2n;
  await log.splitShard('events', largest.shardId, String(middle));
}

async function mergeFirst(log: Trial['log']): Promise<void> {
  const open = (await log.describeStream('events')).shards.filter(({ closed }) => !closed);
  const [a, b] = open.toSorted((x, y) => comparePositions(x.hashKeyRange.start, y.hashKeyRange.start));
  if (a !== undefined && b !== undefined) await log.mergeShards('events', a.shardId, b.shardId);
}

type Change = 'split' | 'merge' | 'restart';

/** All events, with these changes in between; gives the rows and counts. */
async function play(shards: number, changes: ReadonlyMap<number, Change>) {
  const trial = await createTrial(shards);
  let pipeline = await trial.start();
  await pipeline.follow('events');
  for (let i = 0; i < COUNT; i++) {
    trial.advance(MINUTE_US);
    await trial.log.append('events', [dataOf(i)]);
    const change = changes.get(i);
    if (change === 'split') await splitLargest(trial.log);
    else if (change === 'merge') await mergeFirst(trial.log);
    else if (change === 'restart') {
      await pipeline.stop();
      pipeline = await trial.start();
      await pipeline.follow('events');
    }
  }
  await pipeline.drain();
  await pipeline.stop();
  const counts = [await trial.count('events'), await trial.count('redeliveries')];
  // Whatever was a child of something that ended late is there at the next start.
  expect(counts[0]! + counts[1]!).toBe(COUNT);
  await trial.log.close();
  return { rows: [...trial.rows].sort().map(([, row]) => row), counts };
}

describe('a stream that is split and merged', () => {
  test('gives the same rows whatever the moment, and however often the pipeline starts anew', async () => {
    const plain = await play(1, new Map());
    expect(plain.counts).toEqual([COUNT - 9, 9]);
    expect(new Set(plain.rows).size).toBe(COUNT - 9);
    const change = fc.tuple(
      fc.integer({ min: 0, max: COUNT - 1 }),
      fc.constantFrom<Change>('split', 'split', 'merge', 'restart'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        expect(await play(1, new Map(changes))).toEqual(plain);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test('leaves shards alone that are at their end and in the lake', async () => {
    const trial = await createTrial(1);
    const pipeline = await trial.start();
    await pipeline.follow('events');
    for (let i = 0; i < 20; i++) await trial.log.append('events', [dataOf(i)]);
    await splitLargest(trial.log);
    for (let i = 20; i < 40; i++) await trial.log.append('events', [dataOf(i)]);
    await pipeline.drain();
    await pipeline.stop();
    const parent = trial.nameOf('shardId-000000000000');
    expect((await trial.manifests.final(parent))?.last).toBe((await trial.manifests.newest(parent))?.last);
    const again = await trial.start();
    await again.follow('events');
    await trial.log.append('events', [dataOf(40)]);
    await again.drain();
    expect(again.positions.has(parent)).toBe(false);
    expect(await trial.count('events')).toBe(37);
    await again.stop();
    await trial.log.close();
  });

  test('goes on with the children of a shard that the log forgot before anybody worked on it', async () => {
    const trial = await createTrial(1);
    await splitLargest(trial.log);
    await trial.log.append('events', [dataOf(0), dataOf(1)]);
    trial.forgetFirstShard();
    const pipeline = await trial.start();
    await pipeline.follow('events');
    await pipeline.drain();
    expect(await trial.count('events')).toBe(2);
    await pipeline.stop();
    await trial.log.close();
  });
});

describe('a log that forgot a shard before its end was processed', () => {
  test('stops the start of its children; when that is accepted they begin with what there is', async () => {
    const trial = await createTrial(1);
    const first = await trial.start();
    await first.follow('events');
    for (let i = 0; i < 9; i++) await trial.log.append('events', [dataOf(i)]);
    await first.drain();
    await first.stop();
    await trial.log.append('events', [dataOf(10)]);
    await splitLargest(trial.log);
    await trial.log.append('events', [dataOf(11), dataOf(9)]);
    trial.forgetFirstShard();
    const second = await trial.start();
    await expect(second.follow('events')).rejects.toMatchObject({ name: 'ConfigError' });
    await second.stop();
    const third = await trial.start(true);
    await third.follow('events');
    await third.drain();
    expect(third.gaps).toMatchObject([{ shard: trial.nameOf('shardId-000000000000'), recordsMax: null }]);
    // Event 9 is event 0 sent again: the children know what their parent has seen.
    expect([await trial.count('events'), await trial.count('redeliveries')]).toEqual([10, 1]);
    await third.stop();
    await trial.log.close();
  });
});

describe('a log that forgot what was not processed yet', () => {
  /** Ten records worked, ten more appended, the first fifteen forgotten. */
  async function forgetful() {
    const trial = await createTrial(1);
    const pipeline = await trial.start();
    await pipeline.follow('events');
    for (let i = 0; i < 9; i++) await trial.log.append('events', [dataOf(i)]);
    await pipeline.drain();
    await pipeline.stop();
    const answers = await trial.log.append(
      'events',
      Array.from({ length: 9 }, (_, i) => dataOf(i + 10)),
    );
    return { trial, answers };
  }

  test('stops the start, and says so', async () => {
    const { trial, answers } = await forgetful();
    await trial.log.trim('events', answers[4]!.shardId, answers[4]!.position);
    const pipeline = await trial.start();
    await expect(pipeline.follow('events')).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/forgot up to 4 records .*--accept-gaps/),
    });
    await pipeline.stop();
    await trial.log.close();
  });

  test('is gone on with when that is accepted, and tells what is lost', async () => {
    const { trial, answers } = await forgetful();
    await trial.log.trim('events', answers[4]!.shardId, answers[4]!.position);
    const pipeline = await trial.start(true);
    await pipeline.follow('events');
    await pipeline.drain();
    expect(pipeline.gaps).toMatchObject([{ earliest: answers[4]!.position, recordsMax: 4 }]);
    expect(await trial.count('events')).toBe(9 + 5);
    await pipeline.stop();
    await trial.log.close();
  });

  test('is none when only what was processed is gone', async () => {
    const { trial, answers } = await forgetful();
    await trial.log.trim('events', answers[0]!.shardId, answers[0]!.position);
    const pipeline = await trial.start();
    await pipeline.follow('events');
    await pipeline.drain();
    expect(pipeline.gaps).toEqual([]);
    expect(await trial.count('events')).toBe(18);
    await pipeline.stop();
    await trial.log.close();
  });
});
