import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { IdentityEvent } from '../core/index.ts';
import type { Store } from '../lake/index.ts';
import { type Log, openEmbeddedLog, type Position } from '../log/index.ts';
import { CONTROL_APP } from './control.ts';
import { type WorkerSetup, workerDepsOf } from './fixture-worker.ts';
import { createMemoryStore, manifestOf, START_US } from './fixtures.ts';
import { createManifests, type Manifests, type ShardRef, shardName } from './manifest.ts';
import { type Progress, runShard, type ShardRun, type WorkerDeps } from './worker.ts';

const HOUR_US = 3_600_000_000;
let root: string;
let log: Log;
let ref: ShardRef;
let shard: string;
let state: ReturnType<typeof createMemoryStore>;
let lake: ReturnType<typeof createMemoryStore>;
let manifests: Manifests;
let nowUs: number;
let appended: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-worker-'));
  nowUs = START_US;
  appended = 0;
  log = await openEmbeddedLog({ path: root, clock: () => nowUs });
  const { incarnation, shards } = await log.createStream('s', { shards: 1 });
  ref = { stream: 's', incarnation, shardId: shards[0]!.shardId };
  shard = shardName(ref);
  state = createMemoryStore();
  lake = createMemoryStore();
  manifests = createManifests(state);
});
afterEach(async () => {
  await log.close();
  await rm(root, { recursive: true });
});

/** Appends so many events of three people; gives the position of the last. */
async function append(count: number, bytes = 0): Promise<Position> {
  const records = Array.from({ length: count }, () => {
    const n = appended++;
    const native = { native_uid: `n${n}`, device_uid: `d${n % 4}`, session_uid: `s${n % 2}`, pad: 'x'.repeat(bytes) };
    return { app: 'plain', source: 'test', key: `person:p${n % 3}`, data: Buffer.from(JSON.stringify(native)) };
  });
  return (await log.append('s', records)).at(-1)!.position;
}

interface Worker {
  readonly rows: IdentityEvent[];
  readonly progress: Progress[];
  readonly deps: WorkerDeps;
  run(run?: Partial<ShardRun>): Promise<void>;
}

function workerOf(changes: Partial<WorkerSetup> = {}): Worker {
  const rows: IdentityEvent[] = [];
  const progress: Progress[] = [];
  const deps: WorkerDeps = {
    ...workerDepsOf({
      log,
      lake,
      state,
      manifests,
      clock: () => nowUs,
      live: ({ row }) => rows.push(row),
      ...changes,
    }),
    report: (given) => progress.push(given),
  };
  const none = new AbortController().signal;
  return {
    rows,
    progress,
    deps,
    run: (run) => runShard(deps, { ...ref, until: () => undefined, stop: none, room: async () => {}, ...run }),
  };
}
const all = () => manifests.behind(shard, -1, 1000);
const countsOf = async () => (await all()).map(({ counts }) => counts.records);
const signalsOf = (rows: readonly IdentityEvent[]) =>
  rows.map(({ log_position, s_new_device, s_unusual_hour, session_age_s, user_risk, risk }) => ({
    log_position,
    s_new_device,
    s_unusual_hour,
    session_age_s,
    user_risk,
    risk,
  }));

describe('a worker', () => {
  test('drains up to and with the end that it is given, and no further', async () => {
    const end = await append(10);
    await append(5);
    const worker = workerOf();
    await worker.run({ until: () => end });
    expect(worker.rows).toHaveLength(10);
    const [manifest, ...more] = await all();
    expect(more).toEqual([]);
    expect(manifest).toMatchObject({
      n: 0,
      after: null,
      last: end,
      counts: { records: 10, events: 10, quarantine: 0, redeliveries: 0, findings: 0 },
      clockUs: START_US,
      arrivalUs: START_US,
      policyVersion: 0,
      fingerprint: 'f',
    });
    expect(manifest!.adds.events).toHaveLength(1);
    expect(lake.objects.has(`events/${manifest!.adds.events[0]!.path}`)).toBe(true);
  });

  test('given nothing to drain ends at once', async () => {
    await append(3);
    await workerOf().run({ until: () => null });
    expect(await all()).toEqual([]);
  });

  test('closes batches by count, each beginning where the one before ends', async () => {
    const end = await append(25);
    await workerOf({ limits: { recordsMax: 10 } }).run({ until: () => end });
    expect(await countsOf()).toEqual([10, 10, 5]);
    const found = await all();
    for (const [i, { after }] of found.entries()) expect(after).toBe(found[i - 1]?.last ?? null);
  });

  test('closes batches by bytes', async () => {
    const end = await append(20, 1000);
    await workerOf({ limits: { bytesMax: 5000 } }).run({ until: () => end });
    expect(await countsOf()).toEqual([5, 5, 5, 5]);
  });

  test('closes batches by age while nothing comes', async () => {
    await append(4);
    const stop = new AbortController();
    const running = workerOf().run({ stop: stop.signal });
    const at = setInterval(() => {
      nowUs += 1_000_000;
    }, 5);
    await vi.waitFor(async () => expect(await countsOf()).toEqual([4]), { timeout: 10_000 });
    clearInterval(at);
    stop.abort();
    await running;
  });

  test('follows what is appended while it runs, and finishes the batch in hand when it is stopped', async () => {
    const stop = new AbortController();
    const worker = workerOf();
    const running = worker.run({ stop: stop.signal });
    await append(3);
    await vi.waitFor(() => expect(worker.rows).toHaveLength(3), { timeout: 10_000 });
    await append(2);
    await vi.waitFor(() => expect(worker.rows).toHaveLength(5), { timeout: 10_000 });
    expect(await all()).toEqual([]);
    stop.abort();
    await running;
    expect(await countsOf()).toEqual([5]);
  });

  test('goes on after the last manifest, without a snapshot or from one, with the rows of one that never ended', async () => {
    const first = await append(10);
    const second = await append(10);
    const end = await append(10);
    const whole = workerOf({ manifests: createManifests(createMemoryStore()), lake: createMemoryStore() });
    await whole.run({ until: () => end });
    const rows: IdentityEvent[] = [];
    for (const [until, snapshotEveryMs] of [
      [first, 0],
      [second, 1e12],
      [end, 0],
    ] as const) {
      const worker = workerOf({ snapshotEveryMs, limits: { recordsMax: 4 } });
      await worker.run({ until: () => until });
      rows.push(...worker.rows);
      // Another day has come when it is started again; that is nothing to the rows.
      nowUs += 24 * HOUR_US;
    }
    expect(signalsOf(rows)).toEqual(signalsOf(whole.rows));
    expect([...state.objects.keys()].some((key) => key.startsWith('snapshots/'))).toBe(true);
  });

  test('without its snapshots gives the same rows', async () => {
    const middle = await append(10);
    const end = await append(10);
    const whole = workerOf({ manifests: createManifests(createMemoryStore()), lake: createMemoryStore() });
    await whole.run({ until: () => end });
    await workerOf({ snapshotEveryMs: 0 }).run({ until: () => middle });
    for (const key of state.objects.keys()) if (!key.startsWith('batches/')) state.objects.delete(key);
    const rest = workerOf();
    await rest.run({ until: () => end });
    expect(signalsOf(rest.rows)).toEqual(signalsOf(whole.rows.slice(10)));
  });

  test('whose manifest another wrote loads anew and goes on behind that one', async () => {
    const end = await append(9);
    const positions: Position[] = [];
    const { records } = await log.read('s', ref.shardId, { type: 'TRIM_HORIZON' });
    positions.push(...records.map((record) => record.position));
    const foreign = manifestOf(0, { after: null, last: positions[5]!, nonce: 'theirs' });
    let isFirst = true;
    const racing: Manifests = {
      ...manifests,
      async put(name, manifest) {
        if (isFirst) {
          isFirst = false;
          await manifests.put(name, foreign);
        }
        return manifests.put(name, manifest);
      },
    };
    const worker = workerOf({ manifests: racing, limits: { recordsMax: 4 } });
    await worker.run({ until: () => end });
    const found = await all();
    expect(found.map(({ nonce }) => nonce)[0]).toBe('theirs');
    expect(found.map(({ n, after, last }) => [n, after, last]).slice(0, 2)).toEqual([
      [0, null, positions[5]],
      [1, positions[5], positions[8]],
    ]);
    // Files of the lost attempt stay: others may name them; vacuum knows.
    const named = found.flatMap(({ adds }) => adds.events.map(({ path }) => `events/${path}`));
    expect([...lake.objects.keys()].length).toBeGreaterThan(named.length);
  });

  test('that was silent for an hour loads anew before it goes on', async () => {
    const middle = await append(4);
    const end = await append(4);
    const reads: string[] = [];
    let slept = false;
    const sleepy: Log = {
      ...log,
      async read(stream, shardId, start, options) {
        reads.push(start.type);
        const result = await log.read(stream, shardId, start, { ...options, recordsMax: 4 });
        if (!slept) {
          slept = true;
          // Meanwhile another took over, and wrote the first four.
          nowUs += 2 * HOUR_US;
          await manifests.put(shard, manifestOf(0, { last: middle, nonce: 'theirs' }));
        }
        return result;
      },
    };
    await workerOf({ log: sleepy }).run({ until: () => end });
    const found = await all();
    expect(found.map(({ nonce }) => nonce === 'theirs')).toEqual([true, false]);
    expect(found[1]).toMatchObject({ after: middle, last: end, counts: { records: 4 } });
  });

  test('waits with the next manifest until there is room, and loses nothing', async () => {
    const end = await append(30);
    let through = -1;
    const waiting: (() => void)[] = [];
    const room = async (n: number) => {
      while (n - through > 2) await new Promise<void>((resolve) => waiting.push(resolve));
    };
    const running = workerOf({ limits: { recordsMax: 5 } }).run({ until: () => end, room });
    for (; through < 5; through++) {
      await vi.waitFor(async () => expect((await all()).length).toBe(Math.min(6, through + 3)), { timeout: 10_000 });
      for (const resolve of waiting.splice(0)) setImmediate(resolve);
    }
    await running;
    expect(await countsOf()).toEqual([5, 5, 5, 5, 5, 5]);
  });

  test('writes a manifest for control records alone: they too are worked on once', async () => {
    const [{ position: end } = { position: '' }] = await log.append('s', [
      { app: CONTROL_APP, source: '', key: 'k', data: Buffer.from('{}') },
    ]);
    await workerOf().run({ until: () => end });
    expect((await all())[0]).toMatchObject({ last: end, counts: { records: 1, events: 0, quarantine: 1 } });
  });

  test('tells how many records it took, by app, and which manifest it put', async () => {
    const end = await append(7);
    const worker = workerOf();
    await worker.run({ until: () => end });
    const taken = worker.progress.reduce((sum, { records }) => sum + records, 0);
    expect(taken).toBe(7);
    expect(worker.progress.at(-1)).toMatchObject({ shard, position: end, manifest: 0 });
    expect(worker.progress[0]?.byApp).toEqual({ plain: 7 });
  });

  test('fails with the store’s error when files cannot be written, and puts no manifest', async () => {
    const end = await append(3);
    const full: Store = {
      ...lake,
      putIfAbsent: async () => {
        throw new Error('[lake/store] the disk is full');
      },
    };
    await expect(workerOf({ lake: full }).run({ until: () => end })).rejects.toThrow('the disk is full');
    expect(await all()).toEqual([]);
  });

  test('refuses a log that ends before what the last manifest names', async () => {
    const end = await append(3);
    await manifests.put(shard, manifestOf(0, { last: `${end}9` }));
    await expect(workerOf().run()).rejects.toThrow(
      /\[processors\/worker\] .* the log ends before position .*; restore/,
    );
  });
});
