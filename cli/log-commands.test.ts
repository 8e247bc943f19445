import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../core/index.ts';
import { createLocalStore } from '../lake/index.ts';
import { openEmbeddedLog } from '../log/index.ts';
import { createLeases, createManifests, GROUP, shardName } from '../processors/index.ts';
import { createDataFolder } from './data-folder.ts';
import { runInProcess } from './fixture-lake.ts';
import { openLake, tableOf } from './lake-access.ts';
import { retain as retainOn } from './retention.ts';

let root: string;
let data: string;
let log: Awaited<ReturnType<typeof openEmbeddedLog>>;
const NOW_US = 1_767_603_600_000_000;
/** The clock of the log: a second a call. */
let ticksUs = NOW_US - 3_600_000_000;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-log-'));
  data = join(root, 'data');
  const folder = await createDataFolder(data);
  log = await openEmbeddedLog({ path: folder.log, clock: () => ticksUs });
  await log.createStream('events', { shards: 2 });
  await log.createStream('scored', { shards: 1 });
});
afterAll(async () => {
  await log.close();
  await rm(root, { recursive: true });
});

const run = (name: string, ...words: string[]) =>
  runInProcess(name, [...words, '--data', data], { clock: () => NOW_US });
const json = async <T>(name: string, ...words: string[]) => JSON.parse(await run(name, ...words, '--json')) as T;
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const append = (from: number, count: number) =>
  log.append(
    'events',
    Array.from({ length: count }, (_, i) => ({
      app: 'okta',
      source: 'test',
      key: `person:${from + i}`,
      data: Buffer.from(`{"n":${from + i}}`),
    })),
  );

describe('a log with two streams', () => {
  beforeAll(async () => {
    await append(0, 20);
    ticksUs += 60_000_000;
    await append(20, 5);
  });

  test('streams tells shards, records and the age of the oldest', async () => {
    expect(await json('log streams')).toEqual([
      expect.objectContaining({
        stream: 'events',
        incarnation: expect.stringMatching(/^[a-z0-9]{12}$/),
        shards: { open: 2, closed: 0 },
        records: 25,
        oldestAgeMs: 3_600_000,
      }),
      expect.objectContaining({ stream: 'scored', shards: { open: 1, closed: 0 }, records: 0, oldestAgeMs: null }),
    ]);
    expect(await run('log streams')).toMatch(
      /^stream +open +closed +records +oldest +to keep +created\n[─ ]+\nevents .* 60\.0 min +all /,
    );
  });

  test('shards tells hash keys, positions and the newest arrival', async () => {
    const shards = await json<Record<string, unknown>[]>('log shards', 'events');
    expect(shards).toHaveLength(2);
    expect(shards[0]).toMatchObject({
      shardId: 'shardId-000000000000',
      hashKeyRange: { start: '0', end: '170141183460469231731687303715884105727' },
      parents: [],
      closed: false,
      earliest: expect.stringMatching(/^49\d{54}$/),
      newestArrivalUs: expect.any(Number),
    });
    expect(shards.reduce((sum, shard) => sum + Number(shard.records), 0)).toBe(25);
    expect(await json('log shards', 'events', '--shard', 'shardId-000000000001')).toEqual([shards[1]]);
    expect(await run('log shards', 'events')).toContain('open');
    await expect(run('log shards', 'events', '--shard', 'shardId-7')).rejects.toThrow(/has no shard shardId-7/);
    await expect(run('log shards', 'nothing')).rejects.toThrow(ConfigError);
  });

  test('tail prints records from the horizon, or from a time, up to the limit', async () => {
    const all = lines(await run('log tail', 'events', '--from', 'horizon', '--limit', '25', '--json'));
    expect(all.map(({ key }) => key).sort()).toEqual(Array.from({ length: 25 }, (_, i) => `person:${i}`).sort());
    expect(all[0]).toMatchObject({ app: 'okta', source: 'test', data: expect.stringMatching(/^\{"n":\d+\}$/) });
    const time = new Date((ticksUs - 1_000_000) / 1000).toISOString();
    const late = lines(await run('log tail', 'events', '--from', time, '--limit', '5', '--json'));
    expect(late.map(({ key }) => key).sort()).toEqual(Array.from({ length: 5 }, (_, i) => `person:${20 + i}`).sort());
    const readable = await run('log tail', 'events', '--from', 'horizon', '--limit', '3');
    expect(readable.trim().split('\n')).toHaveLength(3);
    expect(readable).toMatch(/^2026-01-05T\S+ {2}[01]\/…\d{16} {2}okta +person:\d+ {2}\{"n":\d+\}$/m);
  });

  test('tail follows what comes while it runs', async () => {
    const tail = run('log tail', 'scored', '--limit', '2', '--json');
    const data = new Uint8Array([0xff, 0x00]);
    let hasEnded = false;
    void tail.finally(() => {
      hasEnded = true;
    });
    const deadlineMs = Date.now() + 20_000;
    // It reads from where the log ends when it looks first: so something is appended until it has seen two.
    while (!hasEnded && Date.now() < deadlineMs) {
      await log.append('scored', [{ app: '@scored', source: '', key: 'k', data }]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(lines(await tail)).toEqual([
      expect.objectContaining({ app: '@scored', dataBase64: '/wA=' }),
      expect.objectContaining({ app: '@scored', dataBase64: '/wA=' }),
    ]);
  });

  test('tail refuses a place that is none', async () => {
    for (const from of ['yesterday-ish', '42', '4900', '2026'])
      await expect(run('log tail', 'events', '--from', from)).rejects.toThrow(`--from ${JSON.stringify(from)}`);
  });

  test('lag is the age of the oldest record that the lake does not hold', async () => {
    const before = await json<Record<string, unknown>[]>('log lag');
    expect(before.map(({ stream, group }) => `${stream} ${group}`)).toEqual(['events beagle', 'events beagle']);
    expect(before.map(({ ageMs }) => ageMs)).toEqual([3_600_000, 3_600_000]);
    const description = await log.describeStream('events');
    const shardId = 'shardId-000000000000';
    const shard = shardName({ ...description, shardId });
    const { latest } = await log.bounds('events', shardId);
    const counts = { records: 1, events: 0, quarantine: 0, redeliveries: 0, findings: 0 };
    const adds = { events: [], quarantine: [], redeliveries: [], findings: [] };
    const manifest = { n: 0, after: null, last: latest ?? '', nonce: 'x', adds, counts, clockUs: 0, arrivalUs: 0 };
    const folder = await createDataFolder(data);
    await createManifests(createLocalStore(folder.state)).put(shard, {
      ...manifest,
      policyVersion: 0,
      fingerprint: '',
    });
    const lake = await openLake(folder.lake, () => {});
    await tableOf(lake, 'events').commit(() => [{ txn: { appId: `beagle/${shard}`, version: 0, lastUpdated: 0 } }], {
      operation: 'WRITE',
    });
    await lake.query.close();
    const [first, second] = await json<Record<string, unknown>[]>('log lag', 'events');
    expect(first).toMatchObject({ shardId, committed: latest, records: 0, ageMs: 0 });
    expect(second).toMatchObject({ committed: null, ageMs: 3_600_000 });
    expect(await json('log lag', 'events', '--group', 'other', '--shard', shardId)).toEqual([
      expect.objectContaining({ group: 'other', committed: null }),
    ]);
    expect(await run('log lag')).toMatch(/^group +stream +shard +behind +records +committed\n/);
  });
});

test('tail goes on with the children of a shard that is split', async () => {
  await log.createStream('splitting', { shards: 1 });
  const put = (n: number) =>
    log.append('splitting', [{ app: 'okta', source: '', key: `k${n}`, data: Buffer.from(String(n)) }]);
  await put(0);
  const tail = run('log tail', 'splitting', '--from', 'horizon', '--limit', '9', '--json');
  await log.splitShard('splitting', 'shardId-000000000000', '1000');
  for (let n = 1; n < 9; n++) await put(n);
  const read = lines(await tail);
  expect(read.map(({ data: text }) => Number(text)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(read[0]).toMatchObject({ shard: 'shardId-000000000000' });
  expect(await json('log streams')).toContainEqual(
    expect.objectContaining({ stream: 'splitting', shards: { open: 2, closed: 1 }, records: 9 }),
  );
  const file = join(root, 'splitting.ndjson');
  expect(await json('log export', 'splitting', '--to', file)).toMatchObject({ records: 9, whole: true });
  expect(await json('log import', file, '--stream', 'joined')).toMatchObject({ appended: 9 });
  expect(await json('log streams')).toContainEqual(
    expect.objectContaining({ stream: 'joined', shards: { open: 2, closed: 0 }, records: 9 }),
  );
  await log.deleteStream('splitting');
  await log.deleteStream('joined');
});

describe('skip', () => {
  test('refuses while somebody works on the shard, and says who it is', async () => {
    const { incarnation } = await log.describeStream('events');
    const shardId = 'shardId-000000000001';
    const { latest } = await log.bounds('events', shardId);
    const store = createLocalStore((await createDataFolder(data)).state);
    const leases = createLeases({ store, group: GROUP, owner: 'somebody' });
    await leases.observe();
    const lease = await leases.take(`shards/events@${incarnation}/${shardId}`);
    await expect(run('log skip', 'events', shardId, latest ?? '')).rejects.toThrow(/somebody works on events@/);
    await lease?.release();
  });

  const shard = 'shardId-000000000001';
  test('notes a record for the next start, once', async () => {
    const { latest } = await log.bounds('events', shard);
    const words = ['events', shard, latest ?? '', '--reason', 'ends the worker'];
    expect(await json('log skip', ...words)).toMatchObject({ stream: 'events', shard, position: latest, isNew: true });
    expect(await run('log skip', ...words)).toMatch(/^was noted before: /);
  });

  test('refuses what is no record, or is in the lake already', async () => {
    const { latest } = await log.bounds('events', 'shardId-000000000000');
    const skip = (...words: string[]) => run('log skip', 'events', ...words);
    await expect(skip('shardId-000000000000', latest ?? '')).rejects.toThrow(/behind the workers already/);
    await expect(skip(shard, 'x')).rejects.toThrow(/is no position/);
    const beyond = String(BigInt((await log.bounds('events', shard)).latest ?? 0) + 1n);
    await expect(skip(shard, beyond)).rejects.toThrow(/holds no record at/);
    await expect(skip('shardId-7', '1')).rejects.toThrow(/has no shard/);
    const [{ position = '' } = {}] = await log.appendToShard('events', shard, [
      { app: '@control', source: '', key: 'policy', data: new Uint8Array() },
    ]);
    await expect(skip(shard, position)).rejects.toThrow(/own records/);
  });
});

describe('retain', () => {
  const retain = (...words: string[]) => run('log retain', ...words);
  test('keeps so much of a stream from then on: by age, by bytes, or all of it', async () => {
    await log.createStream('kept', { shards: 1 });
    const kept = () => log.look('kept')?.retention;
    expect(await json('log retain', 'kept', '--age', '7d')).toEqual({
      stream: 'kept',
      ageMs: 604_800_000,
      shardBytes: null,
    });
    expect(kept()).toEqual({ ageMs: 604_800_000, shardBytes: null });
    expect(await retain('kept', '--age', '2h', '--bytes', '1000000')).toMatch(/^kept: what is beyond that/);
    expect(kept()).toEqual({ ageMs: 7_200_000, shardBytes: 1_000_000 });
    expect(await json('log streams')).toContainEqual(
      expect.objectContaining({ stream: 'kept', retention: { ageMs: 7_200_000, shardBytes: 1_000_000 } }),
    );
    expect(await run('log streams')).toMatch(/^kept .* 2\.0 h, 1000000 B a shard /m);
    expect(await retain('kept', '--forever')).toBe('kept: everything is kept\n');
    expect(kept()).toEqual({ ageMs: null, shardBytes: null });
    await log.deleteStream('kept');
  });

  test('refuses to guess, and to say what others’ logs keep', async () => {
    await expect(retain('events')).rejects.toThrow(/give --age, --bytes or both/);
    await expect(retain('events', '--age', '7d', '--forever')).rejects.toThrow(ConfigError);
    await expect(retain('nothing', '--age', '7d')).rejects.toThrow(ConfigError);
    const { retain: _, ...foreign } = { ...log, driver: 'kafka' as const };
    await expect(retainOn(foreign, 'events', { ageMs: 1, shardBytes: null })).rejects.toThrow(/what kafka keeps/);
  });
});

test('a folder without a log is refused, and stays as it is', async () => {
  for (const name of ['log streams', 'log lag']) {
    await expect(runInProcess(name, ['--data', join(root, 'nowhere')])).rejects.toThrow(/there is no log in/);
  }
});
