import { copyFileSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventOf, eventsOf, readCount } from '../contract.ts';
import type { Start } from '../log.ts';
import { type Environment, openLmdb } from './embedded/environment.ts';
import { blockKey } from './embedded/keys.ts';
import { openEmbeddedLog } from './embedded.ts';

const HORIZON: Start = { type: 'TRIM_HORIZON' };
const SHARD = 'shardId-000000000000';

describe('the embedded log when things fail', () => {
  let path: string;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'beagle-log-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  test('has every acknowledged record on disk when the power fails', async () => {
    const folder = join(path, 'log');
    const disk = join(path, 'disk.mdb');
    // What the disk holds is what the last finished flush left: later writes are in the page cache only.
    const openEnvironment = (at: string): Environment => {
      const inner = openLmdb(at);
      return {
        ...inner,
        async write(work) {
          await inner.write(work);
          copyFileSync(join(at, 'data.mdb'), disk);
        },
      };
    };
    const log = await openEmbeddedLog({ path: folder, openEnvironment });
    await log.createStream('s', { shards: 1 });
    const acknowledged: string[] = [];
    const failures: { image: string; acknowledged: string[] }[] = [];
    const appender = async (who: number): Promise<void> => {
      for (let i = 0; i < 25; i++) {
        const record = eventOf(who * 1000 + i, `writer-${who}`);
        await log.append('s', [record]);
        acknowledged.push(record.source);
        if (acknowledged.length % 9 !== 0) continue;
        const image = join(path, `image-${failures.length}`);
        mkdirSync(image);
        copyFileSync(disk, join(image, 'data.mdb'));
        failures.push({ image, acknowledged: [...acknowledged] });
      }
    };
    await Promise.all([0, 1, 2, 3, 4].map(appender));
    await log.close();
    expect(failures.length).toBeGreaterThan(10);
    for (const failure of failures) {
      const restored = await openEmbeddedLog({ path: failure.image });
      const sources = (await restored.read('s', SHARD, HORIZON)).records.map((record) => record.source);
      expect(sources).toEqual(expect.arrayContaining(failure.acknowledged));
      expect(new Set(sources).size).toBe(sources.length);
      await restored.append('s', [eventOf(1)]);
      await restored.close();
    }
  });

  test('shows a record to readers only once it is on disk', async () => {
    let release = (): void => {};
    let held: Promise<void> | null = null;
    const openEnvironment = (at: string): Environment => {
      const inner = openLmdb(at);
      return {
        ...inner,
        async write(work) {
          await held;
          await inner.write(work);
        },
      };
    };
    const log = await openEmbeddedLog({ path, openEnvironment });
    await log.createStream('s', { shards: 1 });
    held = new Promise((resolve) => {
      release = resolve;
    });
    let done = false;
    const appended = log.append('s', [eventOf(0)]).then(() => {
      done = true;
    });
    const more = log.append('s', eventsOf(3));
    expect((await log.read('s', SHARD, HORIZON)).records).toEqual([]);
    expect(done).toBe(false);
    release();
    await Promise.all([appended, more]);
    expect((await log.read('s', SHARD, HORIZON)).records).toHaveLength(4);
    await log.close();
  });

  test('reports a full disk as retryable, stays readable, and appends again when there is room', async () => {
    let full = false;
    let flushes = 0;
    const openEnvironment = (at: string): Environment => {
      const inner = openLmdb(at);
      return {
        ...inner,
        async write(work) {
          flushes++;
          if (full) throw new Error('No space left on device');
          await inner.write(work);
        },
      };
    };
    const log = await openEmbeddedLog({ path, openEnvironment });
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(3));
    full = true;
    const failed = [log.append('s', [eventOf(8)]), log.append('s', [eventOf(9)])];
    for (const result of await Promise.allSettled(failed)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: {
          name: 'RetryableError',
          message:
            '[log/embedded] writing failed: No space left on device; free disk space or check the disk, then try again',
        },
      });
    }
    expect((await log.read('s', SHARD, HORIZON)).records).toHaveLength(3);
    full = false;
    const before = flushes;
    const room = Array.from({ length: 50 }, (_, i) => log.append('s', [eventOf(3 + i)]));
    await Promise.all(room);
    expect(flushes - before).toBeLessThanOrEqual(2);
    const records = await readCount(log, 's', SHARD, HORIZON, 53);
    expect(records.map((record) => record.source)).toEqual(eventsOf(53).map((record) => record.source));
    await log.close();
  });

  test('rejects only the append whose stream is missing when several share a flush', async () => {
    const log = await openEmbeddedLog({ path });
    await log.createStream('s', { shards: 1 });
    const results = await Promise.allSettled([
      log.append('s', [eventOf(0)]),
      log.append('none', [eventOf(1)]),
      log.appendToShard('s', 'shardId-000000000009', [eventOf(2)]),
      log.append('s', [eventOf(3)]),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const records = (await log.read('s', SHARD, HORIZON)).records;
    expect(records.map((record) => record.source)).toEqual(['test@0', 'test@3']);
    await log.close();
  });

  test('never serves a damaged block, and serves what lies before and, once trimmed past it, behind', async () => {
    const log = await openEmbeddedLog({ path });
    await log.createStream('s', { shards: 1 });
    for (let i = 0; i < 3; i++) await log.append('s', [eventOf(2 * i), eventOf(2 * i + 1)]);
    const [, , second, , third] = (await log.read('s', SHARD, HORIZON)).records;
    const environment = openLmdb(path);
    await environment.write(() => {
      const key = blockKey(1, 0, 2);
      const block = Buffer.from(environment.get(key)!);
      block[block.length - 1] = block[block.length - 1]! ^ 1;
      environment.put(key, block);
    });
    await environment.close();
    const first = await log.read('s', SHARD, HORIZON, { recordsMax: 1 });
    expect(first.records).toHaveLength(1);
    const at: Start = { type: 'AT_SEQUENCE_NUMBER', position: second!.position };
    await expect(log.read('s', SHARD, at)).rejects.toMatchObject({
      name: 'ConfigError',
      message: `[log/embedded] the block of s/${SHARD} at ${second!.position} is damaged; restore the log from a copy or trim past it`,
    });
    await log.trim('s', SHARD, third!.position);
    expect((await log.read('s', SHARD, HORIZON)).records.map((r) => r.source)).toEqual(['test@4', 'test@5']);
    await log.close();
  });

  test('goes on with a deletion that a crash cut short', async () => {
    let crash = false;
    const openEnvironment = (at: string): Environment => {
      const inner = openLmdb(at);
      let writes = 0;
      return {
        ...inner,
        async write(work) {
          if (crash && writes++ > 0) throw new Error('crashed');
          await inner.write(work);
        },
      };
    };
    const log = await openEmbeddedLog({ path, openEnvironment });
    await log.createStream('s', { shards: 2 });
    for (let i = 0; i < 20; i++) await log.append('s', eventsOf(20));
    crash = true;
    await expect(log.deleteStream('s')).rejects.toMatchObject({ name: 'RetryableError' });
    await log.close();
    const again = await openEmbeddedLog({ path });
    expect(await again.listStreams()).toEqual([]);
    const environment = openLmdb(path);
    await expect
      .poll(() => {
        environment.refresh();
        return environment.keys(Buffer.from([3]), Buffer.from([6]), 10);
      })
      .toEqual([]);
    await environment.close();
    await again.close();
  });

  test('lets the map grow when the file outgrows it', async () => {
    const log = await openEmbeddedLog({ path, openEnvironment: (at) => openLmdb(at, 256 * 1024) });
    await log.createStream('s', { shards: 1 });
    const other = await openEmbeddedLog({ path, openEnvironment: (at) => openLmdb(at, 256 * 1024) });
    const data = new Uint8Array(100_000).fill(3);
    for (let i = 0; i < 60; i++) await (i % 2 === 0 ? log : other).append('s', [{ ...eventOf(i), data }]);
    const records = await readCount(other, 's', SHARD, HORIZON, 60);
    expect(records.map((record) => record.source)).toEqual(eventsOf(60).map((record) => record.source));
    await log.close();
    await other.close();
  });
});
