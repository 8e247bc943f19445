import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Log, LogRecord, Start } from '../../log.ts';
import { openKinesisLog } from '../kinesis.ts';
import { seal } from './envelope.ts';
import { type Entry, fakeShard, fault } from './test-kinesis.ts';

const SHARD = 'shardId-000000000000';
const NOW_US = 1_700_000_000_000_000;
const HORIZON: Start = { type: 'TRIM_HORIZON' };
const entry = (i: number, arrivalMs = 1000 + i): Entry => ({
  key: 'k',
  data: seal({ app: 'okta', source: String(i), key: null, data: new Uint8Array(10) }),
  arrivalMs,
});
const entries = (count: number): Entry[] => Array.from({ length: count }, (_, i) => entry(i));

const openOn = (fake: ReturnType<typeof fakeShard>, given: object = {}): Promise<Log> =>
  openKinesisLog({
    region: 'r',
    client: fake.client,
    clock: () => NOW_US,
    readsPerSecond: null,
    random: () => 0,
    ...given,
  });

async function readAll(log: Log, start: Start, recordsMax = 1000): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (let at = start; ; ) {
    const result = await log.read('s', SHARD, at, { recordsMax });
    if (result.records.length === 0) return records;
    records.push(...result.records);
    at = result.next;
  }
}

describe('a reader of Kinesis', () => {
  test('gives each record one arrival, never decreasing, wherever it begins', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (times, pageMax) => {
          const fake = fakeShard(
            times.map((ms, i) => entry(i, 1000 + ms)),
            { pageMax },
          );
          const whole = await readAll(await openOn(fake), HORIZON);
          const greatest = times.map((_, i) => 1_000_000 + Math.max(...times.slice(0, i + 1)) * 1000);
          expect(whole.map(({ arrivalUs }) => arrivalUs)).toEqual(greatest);
          for (const [i, { position }] of whole.entries()) {
            const log = await openOn(fake);
            expect(await readAll(log, { type: 'AT_SEQUENCE_NUMBER', position })).toEqual(whole.slice(i));
            expect(await readAll(log, { type: 'AFTER_SEQUENCE_NUMBER', position })).toEqual(whole.slice(i + 1));
          }
          for (const ms of [0, 7, 31]) {
            const first = greatest.findIndex((us) => us >= 1_000_000 + ms * 1000);
            const read = await readAll(await openOn(fake), {
              type: 'AT_TIMESTAMP',
              timestampUs: 1_000_000 + ms * 1000,
            });
            expect(read).toEqual(first < 0 ? [] : whole.slice(first));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('reads on with the iterator that it holds: one call for each page', async () => {
    const fake = fakeShard(entries(10), { pageMax: 5 });
    const log = await openOn(fake);
    expect(await readAll(log, HORIZON, 2)).toHaveLength(10);
    expect(fake.calls.filter((name) => name !== 'GetRecords')).toEqual(['GetShardIterator TRIM_HORIZON']);
    expect(fake.calls.length).toBeLessThan(10);
  });

  test('renews an iterator that has expired, and passes over what passes', async () => {
    const fake = fakeShard(entries(6), { pageMax: 2 });
    const log = await openOn(fake);
    const first = await log.read('s', SHARD, HORIZON);
    fake.faults.push(fault('ExpiredIteratorException'));
    const second = await log.read('s', SHARD, first.next);
    fake.faults.push(
      fault('ProvisionedThroughputExceededException'),
      fault('InternalFailure', 500),
      Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
    );
    const third = await log.read('s', SHARD, second.next);
    const sources = [first, second, third].flatMap(({ records }) => records.map(({ source }) => source));
    expect(sources).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(fake.calls).toContain('GetShardIterator AFTER_SEQUENCE_NUMBER');
  });

  test('takes no answer that was cut off for one that says something', async () => {
    for (const name of ['GetRecords', 'GetShardIterator', 'ListShards', 'DescribeStreamSummary']) {
      const fake = fakeShard(entries(3));
      fake.cut.add(name);
      const { records, ended } = await (await openOn(fake)).read('s', SHARD, HORIZON);
      expect([name, fake.cut.size, records.length, ended]).toEqual([name, 0, 3, false]);
    }
  });

  test('keeps its iterator when it reads too fast: asking for another is bounded as reading is', async () => {
    const fake = fakeShard(entries(4), { pageMax: 2 });
    const log = await openOn(fake);
    const { next } = await log.read('s', SHARD, HORIZON);
    fake.faults.push(fault('ProvisionedThroughputExceededException'), fault('ProvisionedThroughputExceededException'));
    expect((await log.read('s', SHARD, next)).records).toHaveLength(2);
    expect(fake.calls.filter((name) => name !== 'GetRecords')).toEqual(['GetShardIterator TRIM_HORIZON']);
  });

  test('says what to do about a fault that stays', async () => {
    const fake = fakeShard(entries(1));
    const log = await openOn(fake);
    fake.faults.push(fault('AccessDeniedException'));
    await expect(log.read('s', SHARD, HORIZON)).rejects.toMatchObject({ name: 'AuthError' });
    fake.faults.push(fault('InvalidArgumentException'));
    await expect(log.read('s', SHARD, HORIZON)).rejects.toMatchObject({ name: 'ConfigError' });
    await expect(log.trim('s', SHARD, '1')).rejects.toMatchObject({ name: 'ConfigError' });
  });

  test('ends with a closed shard, from whatever start, and takes no more into it', async () => {
    const fake = fakeShard(entries(3), { closed: true });
    const log = await openOn(fake);
    const { records, next, ended } = await log.read('s', SHARD, HORIZON, { recordsMax: 2 });
    expect([records.length, ended]).toEqual([2, false]);
    const last = await log.read('s', SHARD, next);
    expect([last.records.length, last.ended]).toEqual([1, true]);
    expect(await (await openOn(fake)).read('s', SHARD, last.next)).toMatchObject({
      records: [],
      ended: true,
      next: last.next,
    });
    await (await openOn(fake)).watch('s', SHARD, last.next, 60_000);
    await expect(log.appendToShard('s', SHARD, [])).rejects.toMatchObject({ name: 'ConflictError' });
    expect((await log.describeStream('s')).shards[0]?.closed).toBe(true);
  });

  test('finds the ends of a shard, however old, and resolves LATEST to a position', async () => {
    for (const ageMs of [10, 5000, 3_600_000, 1e11]) {
      const fake = fakeShard(
        entries(5).map((one, i) => ({ ...one, arrivalMs: NOW_US / 1000 - ageMs - 5 + i })),
        { pageMax: 2 },
      );
      const log = await openOn(fake);
      expect(await log.bounds('s', SHARD)).toEqual({ earliest: '1000000000', latest: '1040000000' });
      expect(await log.bounds('s', SHARD)).toEqual({ earliest: '1000000000', latest: '1040000000' });
      const { next } = await log.read('s', SHARD, { type: 'LATEST' });
      expect(next).toEqual({ type: 'AFTER_SEQUENCE_NUMBER', position: '1040000000' });
    }
    const empty = await openOn(fakeShard([]));
    expect(await empty.bounds('s', SHARD)).toEqual({ earliest: null, latest: null });
    expect((await empty.read('s', SHARD, { type: 'LATEST' })).next).toEqual(HORIZON);
  });

  test('keeps a time that has not come, also one that only the service thinks is to come', async () => {
    const fake = fakeShard(entries(1));
    const log = await openOn(fake);
    const future: Start = { type: 'AT_TIMESTAMP', timestampUs: NOW_US + 1 };
    expect(await log.read('s', SHARD, future)).toMatchObject({ records: [], next: future, ended: false });
    const near: Start = { type: 'AT_TIMESTAMP', timestampUs: NOW_US };
    fake.faults.push(
      Object.assign(new Error('The timestampInMillis parameter cannot be greater than the currentTimestampInMillis'), {
        name: 'InvalidArgumentException',
      }),
    );
    expect(await log.read('s', SHARD, near)).toMatchObject({ records: [], next: near });
  });

  test('reads a shard no more often than it may', async () => {
    const fake = fakeShard(entries(12), { pageMax: 1 });
    const log = await openOn(fake, { readsPerSecond: 5 });
    const begun = performance.now();
    await readAll(log, HORIZON, 1);
    expect(performance.now() - begun).toBeGreaterThan(1900);
  });
});
