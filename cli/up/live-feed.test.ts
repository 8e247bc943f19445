import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RetryableError } from '../../core/index.ts';
import { type Log, openEmbeddedLog } from '../../log/index.ts';
import { SCORED_STREAM } from '../../processors/index.ts';
import { followScored } from './live-feed.ts';

const SHARD = 'shardId-000000000000';
let folder: string;
let nowUs: number;
let log: Log;
beforeEach(async () => {
  nowUs = 1_800_000_000_000_000;
  folder = await mkdtemp(join(tmpdir(), 'beagle-feed-'));
  log = await openEmbeddedLog({ path: folder, clock: () => nowUs });
  await log.createStream(SCORED_STREAM, { shards: 1 });
});
afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true });
});

const append = (n: number) =>
  log.append(SCORED_STREAM, [{ app: '@scored', source: '', key: 'k', data: Buffer.from(JSON.stringify({ n })) }]);

test('subscribers hear of what is scored from now on; what is old is forgotten', async () => {
  await append(0);
  const stop = new AbortController();
  const feed = followScored(log, () => nowUs, stop.signal, expect.unreachable);
  const heard: unknown[] = [];
  const unsubscribe = feed.subscribe((events) => heard.push(...events));
  // The feed begins at the log's end, which it looks up by itself: what comes before it has looked is not for it.
  await vi.waitFor(async () => {
    await append(1);
    expect(heard).toContainEqual({ n: 1 });
  });
  for (let minute = 0; minute < 30; minute++) {
    nowUs += 60_000_000;
    const [{ position } = { position: '' }] = await append(100 + minute);
    await vi.waitFor(() => expect(heard).toContainEqual({ n: 100 + minute }));
    expect(position).not.toBe('');
  }
  const { records } = await log.read(SCORED_STREAM, SHARD, { type: 'TRIM_HORIZON' });
  expect(records.length).toBeLessThan(25);
  expect(records.length).toBeGreaterThan(5);
  unsubscribe();
  const before = heard.length;
  await append(2);
  stop.abort();
  await feed.ended;
  expect(heard).toHaveLength(before);
});

const failing = (error: Error) => ({ ...log, read: async () => Promise.reject(error) }) as Log;
const feedOf = (given: Log, stop: AbortController, warnings: string[], graceMs: number) =>
  followScored(
    given,
    () => nowUs,
    stop.signal,
    (text) => warnings.push(text),
    graceMs,
  );

test('a log that fails ends the feed with one warning, and with none when all else ends with it', async () => {
  const warnings: string[] = [];
  await feedOf(failing(new Error('gone')), new AbortController(), warnings, 1).ended;
  expect(warnings).toEqual(['[up] nothing new reaches the page: gone; start again']);
  const stop = new AbortController();
  const feed = feedOf(failing(new Error('gone')), stop, warnings, 60_000);
  stop.abort();
  await feed.ended;
  expect(warnings).toHaveLength(1);
});

test('a log that cannot be read for a while is read on', async () => {
  const stop = new AbortController();
  let failures = 1;
  const shaky = {
    ...log,
    read: async (...given: Parameters<Log['read']>) => {
      if (failures-- > 0) throw new RetryableError('[test] later');
      return log.read(...given);
    },
  } as Log;
  const feed = feedOf(shaky, stop, [], 1);
  const heard: unknown[] = [];
  feed.subscribe((events) => heard.push(...events));
  await vi.waitFor(
    async () => {
      await append(1);
      expect(heard).toContainEqual({ n: 1 });
    },
    { timeout: 10_000 },
  );
  stop.abort();
  await feed.ended;
});
