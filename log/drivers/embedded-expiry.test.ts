import { expect, test } from 'vitest';
import { eventOf, eventsOf, readCount } from '../contract.ts';
import type { Start } from '../log.ts';
import { createFakeDisk, type FakeDisk } from './embedded/fake-disk.ts';
import { createMemoryLock } from './embedded/lock.ts';
import { openEmbeddedLog } from './embedded.ts';

const HORIZON: Start = { type: 'TRIM_HORIZON' };
const SHARD = 'shardId-000000000000';

const openOn = ({ files }: FakeDisk, clock: () => number, segmentBytesMax = 100_000_000) =>
  openEmbeddedLog({ place: { files, lock: createMemoryLock(), boot: 'boot', segmentBytesMax }, clock });

test('keeps what somebody takes hold of while it looks for what is too old', async () => {
  let nowUs = 1e15;
  const log = await openOn(createFakeDisk(), () => nowUs);
  await log.createStream('s', { shards: 1 });
  const [first] = await log.append('s', eventsOf(5));
  await log.retain('s', { ageMs: 1000, shardBytes: null });
  nowUs += 1e9;
  const running = log.enforceRetention();
  await log.hold('s', SHARD, 'me', first!.position);
  await running;
  expect((await log.bounds('s', SHARD)).earliest).toBe(first!.position);
  expect(await readCount(log, 's', SHARD, HORIZON, 5)).toHaveLength(5);
  await log.close();
});

test('keeps as many bytes as it is told, however large the blocks are and however far apart', async () => {
  const disk = createFakeDisk();
  let log = await openOn(disk, () => 1e15);
  for (const stream of ['s', 't']) await log.createStream(stream, { shards: 1 });
  for (let i = 0; i < 10; i++) await log.append('s', [{ ...eventOf(i), data: new Uint8Array(200_000) }]);
  for (let i = 10; i < 40; i++) {
    await log.append('s', [eventOf(i)]);
    await log.append('t', [{ ...eventOf(i), data: new Uint8Array(70_000) }]);
  }
  const oldest = async () => (await log.read('s', SHARD, HORIZON, { recordsMax: 1 })).records[0]?.source;
  const keep = async (shardBytes: number) => {
    await log.retain('s', { ageMs: null, shardBytes });
    await log.enforceRetention();
  };
  await keep(1_500_000);
  expect(await oldest()).toBe('test@3');
  // The same from what is written down of a sealed segment.
  await log.close();
  log = await openOn(disk, () => 1e15, 1000);
  await log.append('t', [{ ...eventOf(0), data: new Uint8Array(1000) }]);
  await keep(1_100_000);
  expect(await oldest()).toBe('test@5');
  await log.close();
});

test('expires the others when a block of one stream is damaged, and tells', async () => {
  let nowUs = 1e15;
  const disk = createFakeDisk();
  const log = await openOn(disk, () => nowUs);
  for (const stream of ['damaged', 'well']) await log.createStream(stream, { shards: 1 });
  for (let i = 0; i < 3; i++) await log.append('damaged', [eventOf(i)]);
  await log.append('well', eventsOf(3));
  for (const stream of ['damaged', 'well']) await log.retain(stream, { ageMs: 1000, shardBytes: null });
  nowUs += 1_000_500_000;
  await log.append('damaged', [eventOf(3)]);
  const name = disk.files.names().find((each) => each.endsWith('.segment'))!;
  const bytes = disk.bytes(name);
  // Before the data of its records lie their blocks' headers: none but the first can be made out any more.
  for (let i = 1; i < 4; i++) disk.files.open(name)!.write([Buffer.alloc(100)], bytes.indexOf(`{"n":${i}}`) - 100);
  await expect(log.enforceRetention()).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(/the block of damaged\/[^\n]+ is damaged/),
  });
  expect(await log.bounds('well', SHARD)).toEqual({ earliest: null, latest: null });
  await log.close();
});

test('lets go at once when the log is closed in the middle of it', async () => {
  let nowUs = 1e15;
  const disk = createFakeDisk();
  const log = await openOn(disk, () => nowUs);
  await log.createStream('s', { shards: 50 });
  const records = Array.from({ length: 1000 }, (_, i) => ({ ...eventOf(i), key: `key ${i}` }));
  await log.append('s', records);
  await log.retain('s', { ageMs: 1000, shardBytes: null });
  nowUs += 1e9;
  let writes = 0;
  disk.before = (operation, name) => {
    if (operation === 'write' && name.endsWith('.segment')) writes++;
  };
  const running = log.enforceRetention();
  const closing = log.close();
  await expect(running).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('is closed') });
  await closing;
  expect(writes).toBeLessThan(10);
});
