import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../core/index.ts';
import { describeLog, eventOf, eventsOf } from '../contract.ts';
import type { Log, LogRecord, Start } from '../log.ts';
import { createCatalog } from './embedded/catalog.ts';
import { createFakeDisk, type FakeDisk } from './embedded/fake-disk.ts';
import { headKey, streamKey } from './embedded/keys.ts';
import { createMemoryLock } from './embedded/lock.ts';
import { createMemoryPlace, type Place } from './embedded/place.ts';
import { createReader } from './embedded/reader.ts';
import { createRetention } from './embedded/retention.ts';
import { openStore } from './embedded/store.ts';
import { createWriter } from './embedded/writer.ts';
import { openEmbeddedLog } from './embedded.ts';
import type { EmbeddedLog } from './embedded-log.ts';

const HORIZON: Start = { type: 'TRIM_HORIZON' };
const SHARD = 'shardId-000000000000';

const opened = new WeakMap<Log, EmbeddedLog>();

describeLog('the embedded engine in memory', async () => {
  const place = createMemoryPlace();
  return {
    async open() {
      const log = await openEmbeddedLog({ place });
      opened.set(log, log);
      return log;
    },
    destroy: async () => {},
    async split(log, stream, shardId) {
      const { hashKeyRange } = (await log.describeStream(stream)).shards.find((one) => one.shardId === shardId)!;
      const middle = (BigInt(hashKeyRange.start) + BigInt(hashKeyRange.end) + 1n) / 2n;
      await opened.get(log)!.splitShard(stream, shardId, String(middle));
    },
    async merge(log, stream, shardId, adjacentShardId) {
      await opened.get(log)!.mergeShards(stream, shardId, adjacentShardId);
    },
  };
});

function placeOn(disk: FakeDisk, segmentBytesMax: number): Place {
  return { files: disk.files, lock: createMemoryLock(), boot: 'boot', segmentBytesMax };
}

async function readAll(log: Log, stream: string, shardId = SHARD): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  for (let at = HORIZON; ; ) {
    const { records, next } = await log.read(stream, shardId, at, { recordsMax: 50 });
    if (records.length === 0) return all;
    all.push(...records);
    at = next;
  }
}

test('gives what a list would give, after any appends, trims, deletions and reopenings, through any handle', async () => {
  const streams = ['a', 'b', 'c'];
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('append' as const),
      stream: fc.constantFrom(...streams),
      sizes: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 12 }),
      handle: fc.nat(1),
    }),
    fc.record({
      kind: fc.constant('trim' as const),
      stream: fc.constantFrom(...streams),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      handle: fc.nat(1),
    }),
    fc.record({
      kind: fc.constantFrom('delete' as const, 'reopen' as const, 'read' as const),
      stream: fc.constantFrom(...streams),
      handle: fc.nat(1),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const disk = createFakeDisk();
      const place = placeOn(disk, 12_000);
      const handles = [await openEmbeddedLog({ place }), await openEmbeddedLog({ place })];
      const model = new Map<string, { n: number; position: string; size: number }[]>();
      let n = 0;
      for (const stream of streams) {
        await handles[0]!.createStream(stream, { shards: 1 });
        model.set(stream, []);
      }
      for (const one of steps) {
        const log = handles[one.handle]!;
        const kept = model.get(one.stream)!;
        if (one.kind === 'append') {
          const records = one.sizes.map((size) => ({ ...eventOf(n++), data: new Uint8Array(size).fill(n) }));
          const answers = await log.append(one.stream, records);
          answers.forEach(({ position }, i) => {
            kept.push({ n: n - records.length + i, position, size: one.sizes[i]! });
          });
        } else if (one.kind === 'trim') {
          const from = kept[Math.floor(one.part * kept.length)];
          if (from !== undefined) {
            await log.trim(one.stream, SHARD, from.position);
            kept.splice(0, kept.indexOf(from));
          }
        } else if (one.kind === 'delete') {
          await log.deleteStream(one.stream);
          await log.createStream(one.stream, { shards: 1 });
          kept.length = 0;
        } else if (one.kind === 'reopen') {
          await log.close();
          handles[one.handle] = await openEmbeddedLog({ place });
        } else {
          const from = kept[Math.floor(kept.length / 2)];
          const start: Start = from === undefined ? HORIZON : { type: 'AT_SEQUENCE_NUMBER', position: from.position };
          const { records } = await log.read(one.stream, SHARD, start, { recordsMax: 3 });
          const expected = kept.slice(Math.floor(kept.length / 2));
          expect(records.map((record) => record.position)).toEqual(
            expected.slice(0, records.length).map((each) => each.position),
          );
          expect(records.length > 0).toBe(expected.length > 0);
        }
      }
      for (const log of handles) {
        for (const [stream, kept] of model) {
          const found = await readAll(log, stream);
          expect(found.map(({ source, position, data }) => [source, position, data.length])).toEqual(
            kept.map((each) => [`test@${each.n}`, each.position, each.size]),
          );
        }
      }
      for (const log of handles) await log.close();
    }),
    { numRuns: 60 },
  );
});

test('never gives what was not appended, whatever byte of an earlier block is changed', async () => {
  const disk = createFakeDisk();
  const place = placeOn(disk, 1e6);
  const log = await openEmbeddedLog({ place });
  await log.createStream('s', { shards: 1 });
  for (let i = 0; i < 3; i++) await log.append('s', [eventOf(2 * i), eventOf(2 * i + 1)]);
  await log.close();
  const name = disk.files.names().find((each) => each.endsWith('.segment'))!;
  const whole = disk.bytes(name);
  const until = disk.bytes('tail').readUInt32LE(20);
  const oneLine = /^\[log\/embedded\] [^\n]+ is damaged[^\n]*; restore the log from a copy[^\n]*$/;
  for (let at = 0; at < until; at++) {
    const left = disk.copy();
    const bytes = Buffer.from(whole);
    bytes[at] = bytes[at]! ^ (1 + (at % 255));
    left.set(name, bytes);
    try {
      const again = await openEmbeddedLog({ place: placeOn(left, 1e6) });
      try {
        const records = await readAll(again, 's');
        expect(records.map((record) => record.source)).toEqual(eventsOf(6).map((record) => record.source));
      } finally {
        await again.close();
      }
    } catch (error) {
      expect(error).toMatchObject({ name: 'ConfigError', message: expect.stringMatching(oneLine) });
    }
  }
});

test('finds any record of many shards that share segments, one by one and by time', async () => {
  const random = createRandom('shards');
  let nowUs = 1e15;
  const log = await openEmbeddedLog({ place: placeOn(createFakeDisk(), 200_000), clock: () => nowUs });
  const { shards } = await log.createStream('s', { shards: 20 });
  const answers = [];
  for (let i = 0; i < 300; i++) {
    nowUs += 1000;
    const records = Array.from({ length: 1 + random.int(6) }, (_, k) => ({
      ...eventOf(i * 10 + k, `key ${random.int(500)}`),
      data: new Uint8Array(random.int(1500)),
    }));
    answers.push(...(await log.append('s', records)));
  }
  for (const { shardId, position, arrivalUs } of answers.filter((_, i) => i % 7 === 0)) {
    const at = await log.read('s', shardId, { type: 'AT_SEQUENCE_NUMBER', position }, { recordsMax: 1 });
    expect(at.records[0]?.position).toBe(position);
    const { records } = await log.read('s', shardId, { type: 'AT_TIMESTAMP', timestampUs: arrivalUs });
    expect(records[0]?.arrivalUs).toBe(arrivalUs);
  }
  let total = 0;
  for (const { shardId } of shards) total += (await readAll(log, 's', shardId)).length;
  expect(total).toBe(answers.length);
  await log.close();
});

test('frees space by age and by size, never past the floor, and keeps what the newest blocks hold', async () => {
  let nowUs = 1e15;
  const clock = () => nowUs;
  const disk = createFakeDisk();
  const store = await openStore(placeOn(disk, 20_000));
  const catalog = createCatalog(store);
  const writer = createWriter({ store, catalog: catalog.forAppends, clock, onFlushed: () => undefined });
  const reader = createReader(store, clock);
  const retention = createRetention(store, writer, reader);
  await writer.run(() => catalog.create('s', 1, nowUs));
  const shard = catalog.shard('s', SHARD);
  for (let i = 0; i < 200; i++) {
    nowUs += 1_000_000;
    await writer.append('s', null, [{ ...eventOf(i), data: new Uint8Array(1000) }]);
  }
  const first = () => reader.read(shard, HORIZON, { recordsMax: 1 }).records[0]?.source;
  const segments = () => disk.files.names().filter((name) => name.endsWith('.segment')).length;
  const before = segments();
  expect(before).toBeGreaterThan(9);

  await retention.enforce(shard, { beforeUs: nowUs - 150_000_000, floor: () => 20 });
  expect(first()).toBe('test@20');
  await retention.enforce(shard, { beforeUs: nowUs - 149_000_000 });
  expect(first()).toBe('test@50');
  expect(segments()).toBeLessThan(before - 1);
  await retention.enforce(shard, { bytesMax: 1e9 });
  expect(first()).toBe('test@50');
  await retention.enforce(shard, { bytesMax: 60_000 });
  const left = 200 - Number(first()?.slice(5));
  expect(left).toBeGreaterThan(30);
  expect(left).toBeLessThanOrEqual(60);
  expect(segments()).toBeLessThanOrEqual(4);
  await retention.enforce(shard, { bytesMax: 0 });
  expect(first()).toBe(undefined);
  await writer.append('s', null, [eventOf(7)]);
  expect(first()).toBe('test@7');
  await writer.close();
  await store.close();
});

test('looks again when the segment that the tail named is deleted before it is opened', async () => {
  const disk = createFakeDisk();
  // At once, so that it happens while the other handle looks.
  const lock = { hold: async (work: () => void) => work(), close: async () => {} };
  const writer = await openStore({ ...placeOn(disk, 20_000), lock });
  const put = (key: string) =>
    writer.flush(() => {
      writer.put(Buffer.from(key), Buffer.alloc(30_000));
      return [];
    });
  await put('a');
  let looks = 0;
  const names = () => {
    // A look at the tail, and one at the folder: what is deleted between them is no damage.
    if (looks++ === 1) {
      void put('b');
      writer.segments.collect(() => false);
    }
    return disk.files.names();
  };
  const reader = await openStore({ ...placeOn(disk, 20_000), files: { ...disk.files, names } });
  expect(reader.get(Buffer.from('b'))).toHaveLength(30_000);
  expect(reader.lastTransaction()).toBe(writer.lastTransaction());
  await reader.close();
  await writer.close();
});

test('says that a stream is gone when it is deleted in the middle of a read, and not that it is damaged', async () => {
  const disk = createFakeDisk();
  const lock = { hold: async (work: () => void) => work(), close: async () => {} };
  const writer = await openEmbeddedLog({ place: { ...placeOn(disk, 20_000), lock } });
  await writer.createStream('s', { shards: 1 });
  await writer.append('s', eventsOf(3));
  await writer.createStream('t', { shards: 1 });
  await writer.append('t', [{ ...eventOf(3), data: new Uint8Array(30_000) }]);
  const store = await openStore({ ...placeOn(disk, 20_000), lock });
  let isReading = false;
  const open = (name: string) => {
    if (isReading && name.startsWith('0000000001')) {
      isReading = false;
      void store.flush(() => {
        store.remove(streamKey('s'));
        store.remove(headKey(1, 0));
        return [];
      });
      store.segments.collect(() => false);
    }
    return disk.files.open(name);
  };
  const reader = await openEmbeddedLog({ place: { ...placeOn(disk, 20_000), files: { ...disk.files, open } } });
  isReading = true;
  await expect(reader.read('s', SHARD, HORIZON)).rejects.toMatchObject({
    name: 'ConfigError',
    message: '[log/embedded] stream s was deleted while it was read; list the streams',
  });
  expect(isReading).toBe(false);
  await reader.close();
  await store.close();
  await writer.close();
});

test('reports a disk that cannot be read as retryable, in one line, whatever is asked', async () => {
  const disk = createFakeDisk();
  let isWell = true;
  const open = (name: string) => {
    const file = disk.files.open(name);
    if (file === null) return null;
    const read = (into: Buffer, at: number) => {
      if (!isWell) throw new Error('EIO: i/o error, read');
      return file.read(into, at);
    };
    return { ...file, read };
  };
  // Whatever is made is there to be opened.
  await (await openEmbeddedLog({ place: placeOn(disk, 1e6) })).close();
  const log = await openEmbeddedLog({ place: { ...placeOn(disk, 1e6), files: { ...disk.files, open } } });
  await log.createStream('s', { shards: 1 });
  const watching = log.watch('s', SHARD, HORIZON, 2 ** 40);
  isWell = false;
  await watching;
  const calls = [
    () => log.read('s', SHARD, HORIZON),
    () => log.watch('s', SHARD, HORIZON, 1000),
    () => log.bounds('s', SHARD),
    () => log.describeStream('s'),
    () => log.listStreams(),
    () => log.append('s', eventsOf(1)),
  ];
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/^\[log\/embedded\] (reading|writing) failed: EIO: i\/o error, read; [^\n]+$/),
    });
  }
  isWell = true;
  await log.append('s', eventsOf(1));
  expect(await readAll(log, 's')).toHaveLength(1);
  await log.close();
});

test('reads on through another handle while segments are rolled, trimmed and deleted', async () => {
  const disk = createFakeDisk();
  const place = placeOn(disk, 8000);
  const [log, reader] = [await openEmbeddedLog({ place }), await openEmbeddedLog({ place })];
  await log.createStream('s', { shards: 1 });
  let at: Start = HORIZON;
  let last = -1;
  for (let i = 0; i < 300; i++) {
    const [answer] = await log.append('s', [{ ...eventOf(i), data: new Uint8Array(500) }]);
    if (i % 40 === 39) await log.trim('s', SHARD, answer!.position);
    if (i % 3 !== 0) continue;
    const { records, next }: { records: readonly LogRecord[]; next: Start } = await reader.read('s', SHARD, at);
    for (const { source } of records) {
      const n = Number(source.slice(5));
      expect(n).toBeGreaterThan(last);
      last = n;
    }
    at = next;
  }
  await log.close();
  await reader.close();
});
