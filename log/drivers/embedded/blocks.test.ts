import { expect, test } from 'vitest';
import { createRandom } from '../../../core/index.ts';
import { eventOf } from '../../contract.ts';
import type { LogRecord, Start } from '../../log.ts';
import { openEmbeddedLog } from '../embedded.ts';
import type { EmbeddedLog } from '../embedded-log.ts';
import { createFakeDisk } from './fake-disk.ts';
import type { Files, LogFile } from './files.ts';
import { createMemoryLock } from './lock.ts';
import type { Place } from './place.ts';

/** Files that count the bytes read from them. */
function counting(files: Files): { files: Files; bytesRead: () => number } {
  let bytes = 0;
  const counted = (file: LogFile): LogFile => ({
    ...file,
    read(into, at) {
      const read = file.read(into, at);
      bytes += read;
      return read;
    },
  });
  return {
    files: {
      ...files,
      open(name) {
        const file = files.open(name);
        return file && counted(file);
      },
      create: (name) => counted(files.create(name)),
    },
    bytesRead: () => bytes,
  };
}

async function logOn(files: Files): Promise<EmbeddedLog> {
  const place: Place = { files, lock: createMemoryLock(), boot: 'boot', segmentBytesMax: 2_000_000 };
  return openEmbeddedLog({ place });
}

async function readAll(log: EmbeddedLog, shardId: string): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  for (let at: Start = { type: 'TRIM_HORIZON' }; ; ) {
    const { records, next } = await log.read('s', shardId, at, { recordsMax: 70 });
    if (records.length === 0) return all;
    all.push(...records);
    at = next;
  }
}

const bytesOf = (records: readonly LogRecord[]) => records.map(({ data }) => Buffer.from(data).toString('latin1'));

test('gives all of a shard, whether its blocks lie near each other, far apart or now so and now so', async () => {
  const random = createRandom('gaps');
  const log = await logOn(createFakeDisk().files);
  const { shards } = await log.createStream('s', { shards: 3 });
  const appended: string[][] = shards.map(() => []);
  for (let i = 0; i < 400; i++) {
    const at = random.int(shards.length);
    // The sizes change by turns, so that gaps of some bytes follow gaps of a hundred kilobytes.
    const most = [50, 3000, 60_000][Math.floor(i / 20) % 3] as number;
    const data = Buffer.alloc(random.int(most), `${i} `);
    await log.appendToShard('s', shards[at]!.shardId, [{ ...eventOf(i), data }]);
    appended[at]!.push(data.toString('latin1'));
  }
  for (const [at, { shardId }] of shards.entries()) {
    expect(bytesOf(await readAll(log, shardId))).toEqual(appended[at]);
  }
  await log.close();
});

test('reads a shard without what lies far between its blocks', async () => {
  const { files, bytesRead } = counting(createFakeDisk().files);
  const log = await logOn(files);
  const { shards } = await log.createStream('s', { shards: 4 });
  const data = Buffer.alloc(20_000, 'x');
  for (let i = 0; i < 200; i++) await log.appendToShard('s', shards[i % 4]!.shardId, [{ ...eventOf(i), data }]);
  const before = bytesRead();
  expect(await readAll(log, shards[1]!.shardId)).toHaveLength(50);
  // A megabyte of its own among four; the first block of each segment and what tells how far the log is come on top.
  expect(bytesRead() - before).toBeLessThan(2_000_000);
  await log.close();
});

test('reads past damage in the far blocks of another shard, and says so for its own', async () => {
  const disk = createFakeDisk();
  const log = await logOn(disk.files);
  const { shards } = await log.createStream('s', { shards: 2 });
  const data = Buffer.alloc(20_000, 'x');
  for (let i = 0; i < 40; i++) await log.appendToShard('s', shards[i % 2]!.shardId, [{ ...eventOf(i), data }]);
  const name = disk.files.names().find((one) => one.endsWith('.segment')) as string;
  const bytes = disk.bytes(name);
  // The header of the 22nd block of records, the second shard's 11th.
  let at = bytes.indexOf('BGLK');
  for (let block = 0; block < 22; ) {
    at = bytes.indexOf('BGLK', at + 1);
    if (bytes[at + 33] === 0) block++;
  }
  bytes.fill(0xff, at, at + 40);
  const [whole, damaged] = shards.map(({ shardId }) => shardId) as [string, string];
  expect(await readAll(log, whole)).toHaveLength(20);
  await expect(readAll(log, damaged)).rejects.toMatchObject({ name: 'ConfigError' });
  await log.close();
});
