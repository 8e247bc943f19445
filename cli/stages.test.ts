import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../core/index.ts';
import { openEmbeddedLog } from '../log/index.ts';
import { runInProcess } from './fixture-lake.ts';

// The commands that start threads, in this process: what they print, and what the lake holds after them.

let root: string;
let data: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-stages-'));
  data = join(root, 'data');
});
afterAll(() => rm(root, { recursive: true }));

const json = async <T>(name: string, ...words: string[]) =>
  JSON.parse(await runInProcess(name, [...words, '--json'])) as T;
const count = async (table: string, folder = data) => {
  const [row] = await json<{ n: number }[]>('lake sql', `select count(*) n from ${table}`, '--data', folder);
  return row?.n;
};

test('up generates, scores and lands a counted run, and tells its latency', async () => {
  const words = [
    '--count',
    '900',
    '--rate',
    '12000/min',
    '--people',
    '150',
    '--port',
    '0',
    '--shards',
    '2',
    '--data',
    data,
  ];
  const report = await json<Record<string, unknown>>('up', ...words);
  expect(report).toMatchObject({ generated: 900, events: 900, quarantined: 0, redelivered: 0, lost: 0, duplicates: 0 });
  expect(report.latencyMs).toMatchObject({ p50: expect.any(Number), p99: expect.any(Number) });
  expect(await count('events')).toBe(900);
  expect(await count('directory')).toBe(600);
});

test('up goes on in the same folder, and refuses other shards, a stranger’s address and a second process', async () => {
  const text = await runInProcess('up', [
    '--count',
    '100',
    '--rate',
    '12000/min',
    '--people',
    '150',
    '--port',
    '0',
    '--data',
    data,
  ]);
  expect(text).toBe('100 generated: 100 events, 0 quarantined, 0 redelivered, 0 lost, 0 duplicates\n');
  expect(await count('events')).toBe(1000);
  expect(await count('directory')).toBe(600);
  await expect(runInProcess('up', ['--shards', '3', '--port', '0', '--data', data])).rejects.toThrow(
    /has 2 shards, not 3/,
  );
  await expect(runInProcess('up', ['--host', '0.0.0.0', '--data', data])).rejects.toThrow(/--token/);
});

test('up goes on after a split and an approval: the children are told, the closed shard is not', async () => {
  const log = await openEmbeddedLog({ path: join(data, 'log') });
  await log.splitShard('events', 'shardId-000000000000', String(2n ** 126n));
  await runInProcess('policy approve', ['v0', '--data', data]);
  const words = ['--count', '100', '--rate', '12000/min', '--people', '150', '--port', '0', '--data', data];
  await expect(runInProcess('up', [...words, '--shards', '4'])).rejects.toThrow(/has 3 shards, not 4/);
  const report = await json<Record<string, unknown>>('up', ...words, '--shards', '3', '--retention', '7d');
  expect(report).toMatchObject({ generated: 100, events: 100, lost: 0, duplicates: 0 });
  const { records } = await log.read('events', 'shardId-000000000002', { type: 'TRIM_HORIZON' });
  expect(records[0]).toMatchObject({ app: '@control', source: 'policy:1' });
  expect(log.look('events')?.retention).toEqual({ ageMs: 604_800_000, shardBytes: null });
  await log.close();
});

test('rebuild makes the same rows in another lake', async () => {
  const to = join(root, 'again');
  const report = await json<Record<string, number>>(
    'rebuild',
    '--data',
    data,
    '--to',
    to,
    '--workers',
    '1',
    '--batch',
    '100',
  );
  expect(report).toMatchObject({ events: 1100, quarantined: 0, redelivered: 0, duplicates: 0, lost: 0 });
  const query = 'select * exclude (ingested_at) from events order by event_uid';
  const [one, two] = await Promise.all(
    [data, to].map((folder) => runInProcess('lake sql', [query, '--data', folder, '--json'])),
  );
  expect(two).toBe(one);
  await expect(runInProcess('rebuild', ['--data', data, '--to', data])).rejects.toThrow(ConfigError);
  await expect(runInProcess('rebuild', ['--data', data])).rejects.toThrow(/--to is missing/);
});

test('rebuild of a log that has forgotten something stops, unless that is accepted: then it tells how much', async () => {
  const log = await openEmbeddedLog({ path: join(data, 'log') });
  const { records } = await log.read('events', 'shardId-000000000001', { type: 'TRIM_HORIZON' });
  await log.trim('events', 'shardId-000000000001', records[20]?.position ?? '');
  await log.close();
  const forgotten = records.slice(0, 20).filter(({ app }) => !app.startsWith('@')).length;
  const words = ['--data', data, '--to', join(root, 'less'), '--workers', '1'];
  await expect(runInProcess('rebuild', words)).rejects.toThrow(`forgotten the records of ${forgotten} rows`);
  const report = await json<Record<string, number>>('rebuild', ...words, '--accept-gaps');
  expect(report).toMatchObject({ events: 1100 - forgotten, lost: forgotten, duplicates: 0 });
});

test('import lands an export once, whatever its form, and says what it left out', async () => {
  const folder = join(root, 'imported');
  const events = Array.from({ length: 50 }, (_, i) => ({
    uuid: `u-${i}`,
    published: new Date(Date.UTC(2026, 0, 5, 9, 0, i)).toISOString(),
    eventType: 'user.session.start',
    version: '0',
    severity: 'INFO',
    actor: { id: '00u1', type: 'User', alternateId: 'a@example.com' },
    outcome: { result: 'SUCCESS' },
  }));
  const lines = [...events.map((event) => JSON.stringify({ wrapped: event })), 'not json', ''].join('\n');
  await writeFile(join(root, 'lines.ndjson'), lines);
  await writeFile(join(root, 'array.json.gz'), gzipSync(JSON.stringify(events)));
  const first = ['okta', join(root, 'lines.ndjson'), '--pointer', '/wrapped', '--data', folder];
  const landed = { read: 51, events: 50, quarantined: 1, redelivered: 0, known: 0 };
  expect(await json('import', ...first)).toEqual(landed);
  expect(await json('import', ...first)).toEqual(landed);
  expect(await json('import', 'okta', join(root, 'array.json.gz'), '--data', folder)).toEqual({
    read: 50,
    events: 0,
    quarantined: 0,
    redelivered: 0,
    known: 50,
  });
  expect(await count('events', folder)).toBe(50);
  await expect(runInProcess('import', ['nobody', 'x', '--data', folder])).rejects.toThrow(/there is no app nobody/);
});
