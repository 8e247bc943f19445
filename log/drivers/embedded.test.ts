import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventOf, eventsOf, readCount } from '../contract.ts';
import { comparePositions, type Log, type LogRecord, type Start } from '../log.ts';
import { openPlace } from './embedded/place.ts';
import { openEmbeddedLog } from './embedded.ts';

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'beagle-log-'));
const HORIZON: Start = { type: 'TRIM_HORIZON' };
const SHARD = 'shardId-000000000000';

describe('the embedded log', () => {
  let path: string;
  let log: Log;
  let nowUs: number;
  beforeEach(async () => {
    path = await temporary();
    nowUs = 1_700_000_000_000_000;
    log = await openEmbeddedLog({ path, clock: () => nowUs });
    await log.createStream('s', { shards: 1 });
  });
  afterEach(async () => {
    await log.close();
    await rm(path, { recursive: true });
  });

  test('never lets arrival decrease when the clock steps back, not even in another handle', async () => {
    await log.append('s', [eventOf(0)]);
    nowUs -= 5_000_000;
    const [second] = await log.append('s', [eventOf(1)]);
    expect(second!.arrivalUs).toBe(1_700_000_000_000_000);
    const other = await openEmbeddedLog({ path, clock: () => 5 });
    const [third] = await other.append('s', [eventOf(2)]);
    expect(third!.arrivalUs).toBe(1_700_000_000_000_000);
    await other.close();
  });

  test('gives sequence numbers of 56 digits, greater in a stream created anew with the clock set back', async () => {
    const [old] = await log.append('s', [eventOf(0)]);
    expect(old!.position).toMatch(/^49\d{54}$/);
    await log.deleteStream('s');
    nowUs -= 1_000_000_000;
    await log.createStream('s', { shards: 1 });
    const [anew] = await log.append('s', [eventOf(0)]);
    expect(comparePositions(old!.position, anew!.position)).toBeLessThan(0);
    await expect(
      log.read('s', SHARD, { type: 'AFTER_SEQUENCE_NUMBER', position: old!.position }),
    ).rejects.toMatchObject({ name: 'ConfigError' });
  });

  test('tells how old the oldest unread record is', async () => {
    await log.append('s', eventsOf(2));
    nowUs += 1_500_000;
    const first = await log.read('s', SHARD, HORIZON, { recordsMax: 1 });
    expect(first.millisBehindLatest).toBe(1500);
    expect((await log.read('s', SHARD, first.next)).millisBehindLatest).toBe(0);
  });

  test('tells that of the next append when a read ends where an append did', async () => {
    await log.append('s', [eventOf(0)]);
    nowUs += 3_600_000_000;
    await log.append('s', [eventOf(1)]);
    nowUs += 1_500_000;
    expect((await log.read('s', SHARD, HORIZON, { recordsMax: 1 })).millisBehindLatest).toBe(1500);
    expect((await log.read('s', SHARD, HORIZON, { bytesMax: 1 })).millisBehindLatest).toBe(1500);
  });

  test('finds a time among many blocks, as a scan of all arrivals does', async () => {
    for (let i = 0; i < 60; i++) {
      nowUs += (i % 4) * 1000;
      await log.append('s', eventsOf(1 + (i % 5)));
    }
    const { records } = await log.read('s', SHARD, HORIZON);
    for (let at = records[0]!.arrivalUs - 1500; at < nowUs + 1000; at += 700) {
      const found = (await log.read('s', SHARD, { type: 'AT_TIMESTAMP', timestampUs: at })).records;
      expect(found.map((r) => r.position)).toEqual(records.filter((r) => r.arrivalUs >= at).map((r) => r.position));
    }
  });

  test('reads back what was appended, whatever the batches and the limits of a read', async () => {
    const sizes = fc.array(fc.array(fc.nat(3000), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 8 });
    const limits = fc.record({
      recordsMax: fc.integer({ min: 1, max: 40 }),
      bytesMax: fc.integer({ min: 1, max: 9000 }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(sizes, limits, async (batches, limit) => {
        const stream = `p${run++}`;
        await log.createStream(stream, { shards: 1 });
        let n = 0;
        for (const batch of batches) {
          await log.append(
            stream,
            batch.map((size) => ({ ...eventOf(n), data: new Uint8Array(size).fill(n++) })),
          );
        }
        const seen: LogRecord[] = [];
        let at: Start = HORIZON;
        for (;;) {
          const { records, next } = await log.read(stream, SHARD, at, limit);
          if (records.length === 0) break;
          expect(records.length).toBeLessThanOrEqual(limit.recordsMax);
          const size = records.reduce((sum, record) => sum + record.data.length, 0);
          expect(records.length === 1 || size <= limit.bytesMax).toBe(true);
          seen.push(...records);
          at = next;
        }
        expect(seen.map((r) => [r.source, r.data.length, r.data[0] ?? -1])).toEqual(
          batches.flat().map((size, i) => [`test@${i}`, size, size === 0 ? -1 : i % 256]),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('splits a large append into blocks and keeps it one append', async () => {
    const data = new Uint8Array(1400).fill(5);
    const records = eventsOf(3000).map((record) => ({ ...record, data }));
    await log.append('s', records);
    const seen = await readCount(log, 's', SHARD, HORIZON, 3000);
    expect(seen.map((record) => record.source)).toEqual(records.map((record) => record.source));
  });

  test('trims in the middle of many blocks and to the very end, and goes on', async () => {
    for (let i = 0; i < 300; i++) await log.append('s', [eventOf(2 * i), eventOf(2 * i + 1)]);
    const all = await readCount(log, 's', SHARD, HORIZON, 600);
    await log.trim('s', SHARD, all[555]!.position);
    expect((await log.read('s', SHARD, HORIZON)).records[0]!.source).toBe('test@555');
    await log.trim('s', SHARD, all[3]!.position);
    expect((await log.bounds('s', SHARD)).earliest).toBe(all[555]!.position);
    const last = all[599]!.position;
    await log.trim('s', SHARD, String(BigInt(last) + 1n));
    expect(await log.bounds('s', SHARD)).toEqual({ earliest: null, latest: null });
    const [answer] = await log.append('s', [eventOf(600)]);
    expect(answer!.position).toBe(String(BigInt(last) + 1n));
    expect((await log.read('s', SHARD, HORIZON)).records.map((r) => r.source)).toEqual(['test@600']);
  });

  test('wakes a watcher of a stream that is deleted', async () => {
    const woken = log.watch('s', SHARD, HORIZON, 30_000);
    await log.deleteStream('s');
    await woken;
    await expect(log.read('s', SHARD, HORIZON)).rejects.toMatchObject({ name: 'ConfigError' });
  });

  test('wakes a watcher of another handle within 50 ms', async () => {
    const other = await openEmbeddedLog({ path });
    const woken = log.watch('s', SHARD, { type: 'LATEST' }, 30_000);
    await other.append('s', [eventOf(1)]);
    const appended = performance.now();
    await woken;
    expect(performance.now() - appended).toBeLessThan(50);
    await other.close();
  });

  test('follows another handle that appends, however many segments it reads meanwhile', async () => {
    const place = () => ({ ...openPlace(join(path, 'segments')), segmentBytesMax: 3000 });
    const [writer, reader] = [await openEmbeddedLog({ place: place() }), await openEmbeddedLog({ place: place() })];
    await writer.createStream('s', { shards: 1 });
    for (let i = 0; i < 50; i++) await writer.append('s', [{ ...eventOf(i), data: new Uint8Array(2000) }]);
    for (let i = 50; i < 55; i++) {
      expect(await readCount(reader, 's', SHARD, HORIZON, i)).toHaveLength(i);
      await writer.append('s', [eventOf(i)]);
    }
    expect((await readCount(reader, 's', SHARD, HORIZON, 55)).at(-1)!.source).toBe('test@54');
    await writer.close();
    await reader.close();
  });

  test('refuses a path that cannot be a folder, in one line', async () => {
    const file = join(path, 'file');
    await writeFile(file, '');
    const failed = openEmbeddedLog({ path: join(file, 'log') });
    await expect(failed).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^\[log\/embedded\] cannot open the log in [^\n]+$/),
    });
  });

  test('lets watchers go when it closes', async () => {
    const woken = log.watch('s', SHARD, HORIZON, 2 ** 40);
    await log.close();
    await woken;
  });

  test('refuses to trim at a position of another shard', async () => {
    await log.createStream('t', { shards: 1 });
    const [answer] = await log.append('t', [eventOf(0)]);
    await expect(log.trim('s', SHARD, answer!.position)).rejects.toMatchObject({ name: 'ConfigError' });
  });

  test('is closed for good: every call but close is refused', async () => {
    await log.close();
    const closed = { name: 'ConfigError', message: expect.stringContaining('the log is closed') };
    await expect(log.read('s', SHARD, HORIZON)).rejects.toMatchObject(closed);
    await expect(log.append('s', [eventOf(0)])).rejects.toMatchObject(closed);
    await expect(log.createStream('t', { shards: 1 })).rejects.toMatchObject(closed);
    await log.close();
  });
});
