import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../core/index.ts';
import { eventOf, eventsOf, readCount } from '../contract.ts';
import type { Log, Start } from '../log.ts';
import { createFakeDisk, type FakeDisk } from './embedded/fake-disk.ts';
import { readHead } from './embedded/head.ts';
import { createMemoryLock } from './embedded/lock.ts';
import { openPlace, type Place } from './embedded/place.ts';
import { openStore } from './embedded/store.ts';
import { openEmbeddedLog } from './embedded.ts';

const HORIZON: Start = { type: 'TRIM_HORIZON' };
const SHARD = 'shardId-000000000000';

/** The disk in a machine that has been started `boots` times. */
function placeOn(disk: FakeDisk, boots: number | null, segmentBytesMax = 1024 * 1024): Place {
  const boot = boots === null ? null : `boot ${boots}`;
  return { files: disk.files, lock: createMemoryLock(), boot, segmentBytesMax };
}

const openOn = (disk: FakeDisk, boots: number | null = 1, segmentBytesMax?: number) =>
  openEmbeddedLog({ place: placeOn(disk, boots, segmentBytesMax) });

async function sourcesIn(log: Log, stream = 's'): Promise<string[]> {
  const sources: string[] = [];
  for (let at = HORIZON; ; ) {
    const { records, next } = await log.read(stream, SHARD, at);
    if (records.length === 0) return sources;
    sources.push(...records.map((record) => record.source));
    at = next;
  }
}

const segmentsOf = (disk: FakeDisk): string[] =>
  disk.files
    .names()
    .filter((name) => name.endsWith('.segment'))
    .sort();

describe('the embedded log when the power fails', () => {
  test.each([
    ['the system tells one boot from another', [1, 2]],
    ['the system does not tell boots apart', [null, null]],
  ] as const)('serves what was acknowledged, at most what was under way besides, and goes on: %s', async (_, boots) => {
    const random = createRandom('power');
    const disk = createFakeDisk();
    const log = await openOn(disk, boots[0], 20_000);
    await log.createStream('s', { shards: 1 });
    await log.createStream('t', { shards: 1 });
    const acknowledged: string[] = [];
    const failures: { left: FakeDisk; acknowledged: string[] }[] = [];
    disk.before = (operation) => {
      if (operation === 'sync' && random.next() < 0.7) {
        const keep = random.pick([0, 0.5, 0.9, 1]);
        failures.push({
          left: disk.afterPowerLoss(() => random.next() < keep),
          acknowledged: [...acknowledged],
        });
      }
    };
    const appender = async (who: number): Promise<void> => {
      for (let i = 0; i < 40; i++) {
        const record = { ...eventOf(who * 1000 + i, `writer-${who}`), data: new Uint8Array(random.int(900)) };
        await log.append('t', eventsOf(1));
        await log.append('s', [record]);
        acknowledged.push(record.source);
      }
    };
    await Promise.all([0, 1, 2, 3, 4].map(appender));
    await log.close();
    expect(failures.length).toBeGreaterThan(20);
    expect(segmentsOf(disk).length).toBeGreaterThan(3);
    for (const failure of failures) {
      const restored = await openOn(failure.left, boots[1], 20_000);
      const sources = await sourcesIn(restored);
      expect(sources.slice(0, failure.acknowledged.length).sort()).toEqual(failure.acknowledged.sort());
      expect(new Set(sources).size).toBe(sources.length);
      const [answer] = await restored.append('s', [eventOf(-1)]);
      expect((await sourcesIn(restored)).slice(sources.length)).toEqual(['test@-1']);
      expect((await restored.bounds('s', SHARD)).latest).toBe(answer!.position);
      await restored.close();
    }
  });

  test('cuts a torn last flush at whatever byte it is truncated or changed', async () => {
    const disk = createFakeDisk();
    const log = await openOn(disk);
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(3));
    const [name] = segmentsOf(disk) as [string];
    const end = disk.bytes('tail').readUInt32LE(24);
    await log.append('s', [eventOf(3), eventOf(4)]);
    await log.close();
    const whole = disk.bytes(name);
    const until = disk.bytes('tail').readUInt32LE(24);
    for (let at = end; at < until; at++) {
      for (const damage of ['truncated', 'changed', 'zeroed behind'] as const) {
        const left = disk.copy();
        const bytes = Buffer.from(damage === 'truncated' ? whole.subarray(0, at) : whole);
        if (damage === 'changed') bytes[at] = bytes[at]! ^ 0x55;
        if (damage === 'zeroed behind') bytes.fill(0, at);
        if (bytes.equals(whole)) continue;
        left.set(name, bytes);
        const restored = await openOn(left, 1 + (at % 2));
        expect(await sourcesIn(restored), `${damage} at ${at}`).toEqual(['test@0', 'test@1', 'test@2']);
        await restored.append('s', [eventOf(9)]);
        expect(await sourcesIn(restored)).toEqual(['test@0', 'test@1', 'test@2', 'test@9']);
        await restored.close();
        const again = await openOn(left, 5);
        expect(await sourcesIn(again)).toEqual(['test@0', 'test@1', 'test@2', 'test@9']);
        await again.close();
      }
    }
  });

  test('leaves nothing of what a writer wrote that died before its flush counted behind a shorter one', async () => {
    const disk = createFakeDisk();
    const log = await openOn(disk);
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(3));
    const [name] = segmentsOf(disk) as [string];
    const tailEnd = () => disk.bytes('tail').readUInt32LE(24);
    disk.files.open(name)?.write([Buffer.alloc(200_000, 0xff)], tailEnd());
    await log.append('s', [eventOf(3)]);
    expect(
      disk
        .bytes(name)
        .subarray(tailEnd())
        .every((byte) => byte === 0),
    ).toBe(true);
    expect(await sourcesIn(log)).toEqual(['test@0', 'test@1', 'test@2', 'test@3']);
    await log.close();
  });

  test('never takes a block inside the data of a record for a block', async () => {
    const disk = createFakeDisk();
    const log = await openOn(disk);
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(2));
    const [name] = segmentsOf(disk) as [string];
    const image = Buffer.from(disk.bytes(name).subarray(0, disk.bytes('tail').readUInt32LE(24)));
    await log.append('s', [{ ...eventOf(2), data: image }]);
    await log.append('s', [eventOf(3)]);
    await log.close();
    const left = disk.copy();
    left.set('tail', Buffer.alloc(64));
    const restored = await openOn(left, 2);
    expect(await sourcesIn(restored)).toEqual(['test@0', 'test@1', 'test@2', 'test@3']);
    await restored.close();
  });
});

describe('the embedded log when a writer dies in the middle of beginning a segment', () => {
  const SEGMENT_BYTES = 20_000;

  /** The disk at each write of the tail while an append begins another segment. */
  async function killedWhileRolling(): Promise<FakeDisk[]> {
    const disk = createFakeDisk();
    const log = await openOn(disk, 1, SEGMENT_BYTES);
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(3));
    const left: FakeDisk[] = [];
    disk.before = (operation) => {
      if (operation === 'write' || operation === 'sync' || operation === 'create') left.push(disk.copy());
    };
    await log.append('s', [{ ...eventOf(77), data: new Uint8Array(2 * SEGMENT_BYTES) }]);
    await log.close();
    expect(left.length).toBeGreaterThan(4);
    return left;
  }

  test('serves what others append afterwards and not what it left, in their handles and after a restart', async () => {
    for (const left of await killedWhileRolling()) {
      for (const [count, boot] of [
        [6, 2],
        [60, 1],
        [60, 2],
      ] as const) {
        const disk = left.copy();
        const other = await openOn(disk, 1, SEGMENT_BYTES);
        for (let i = 3; i < count; i++) await other.append('s', [{ ...eventOf(i), data: new Uint8Array(500) }]);
        const expected = eventsOf(count).map((event) => event.source);
        expect(await sourcesIn(other)).toEqual(expected);
        await other.close();
        const again = await openOn(disk, boot, SEGMENT_BYTES);
        expect(await sourcesIn(again)).toEqual(expected);
        await again.close();
      }
    }
  });

  test('goes on in the old segment when there was no room for another, and loses nothing to a restart', async () => {
    const disk = createFakeDisk();
    const log = await openOn(disk, 1, SEGMENT_BYTES);
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(3));
    const large = { ...eventOf(77), data: new Uint8Array(2 * SEGMENT_BYTES) };
    const [old] = segmentsOf(disk);
    for (const failing of ['create', 'write', 'sync'] as const) {
      disk.before = (operation, name) => {
        if (operation === failing && name !== old && name.endsWith('.segment'))
          throw new Error('ENOSPC: no space left');
      };
      await expect(log.append('s', [large])).rejects.toMatchObject({ name: 'RetryableError' });
    }
    await log.append('s', [eventOf(3)]);
    disk.before = () => {};
    expect(segmentsOf(disk)).toEqual([old]);
    await log.append('s', [large]);
    await log.close();
    const again = await openOn(disk, 2, SEGMENT_BYTES);
    expect(await sourcesIn(again)).toEqual(['test@0', 'test@1', 'test@2', 'test@3', 'test@77']);
    await again.close();
  });
});

describe('the embedded log when writing fails', () => {
  test('shows a record to readers only once it is on disk', async () => {
    const disk = createFakeDisk();
    const log = await openOn(disk);
    await log.createStream('s', { shards: 1 });
    const other = await openStore(placeOn(disk, 1));
    const seen: number[] = [];
    const look = (): void => {
      other.refresh();
      seen.push(readHead(other, 1, 0).next);
    };
    disk.before = (operation) => {
      if (operation === 'sync') look();
    };
    await log.append('s', eventsOf(3));
    look();
    expect(seen).toEqual([0, 3]);
    await other.close();
    await log.close();
  });

  test('reports a full disk as retryable, stays readable, and appends again when there is room', async () => {
    const disk = createFakeDisk();
    const log = await openOn(disk);
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(3));
    disk.before = (operation) => {
      if (operation === 'write') throw new Error('ENOSPC: no space left on device, write');
    };
    const failed = [log.append('s', [eventOf(8)]), log.append('s', [eventOf(9)])];
    for (const result of await Promise.allSettled(failed)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: {
          name: 'RetryableError',
          message:
            '[log/embedded] writing failed: ENOSPC: no space left on device, write; free disk space or check the disk, then try again',
        },
      });
    }
    await expect(log.createStream('t', { shards: 1 })).rejects.toMatchObject({ name: 'RetryableError' });
    expect(await log.listStreams()).toEqual(['s']);
    expect((await log.read('s', SHARD, HORIZON)).records).toHaveLength(3);
    disk.before = () => {};
    const before = disk.bytes('tail').readDoubleLE(8);
    await Promise.all(Array.from({ length: 50 }, (_, i) => log.append('s', [eventOf(3 + i)])));
    expect(disk.bytes('tail').readDoubleLE(8) - before).toBeLessThanOrEqual(2);
    const records = await readCount(log, 's', SHARD, HORIZON, 53);
    expect(records.map((record) => record.source)).toEqual(eventsOf(53).map((record) => record.source));
    await log.close();
  });

  test('never believes a sync after a failed one: it goes on in another file, and what failed stays out', async () => {
    const disk = createFakeDisk();
    const log = await openOn(disk);
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(2));
    const failing: string[] = [];
    disk.before = (operation, name) => {
      if (operation === 'sync' && failing.push(name) < 3) throw new Error('EIO: i/o error, fdatasync');
    };
    await expect(log.append('s', [eventOf(2)])).rejects.toMatchObject({ name: 'RetryableError' });
    await expect(log.append('s', [eventOf(3)])).rejects.toMatchObject({ name: 'RetryableError' });
    await log.append('s', [eventOf(4)]);
    expect(segmentsOf(disk)).toHaveLength(2);
    expect(failing.filter((name) => name === segmentsOf(disk)[0])).toHaveLength(1);
    expect(await sourcesIn(log)).toEqual(['test@0', 'test@1', 'test@4']);
    await log.close();
    for (const name of disk.files.names()) if (name.endsWith('.index')) disk.files.remove(name);
    const again = await openOn(disk, 2);
    expect(await sourcesIn(again)).toEqual(['test@0', 'test@1', 'test@4']);
    await again.close();
  });

  test('rejects only the append whose stream is missing when several share a flush', async () => {
    const log = await openOn(createFakeDisk());
    await log.createStream('s', { shards: 1 });
    const results = await Promise.allSettled([
      log.append('s', [eventOf(0)]),
      log.append('none', [eventOf(1)]),
      log.appendToShard('s', 'shardId-000000000009', [eventOf(2)]),
      log.append('s', [eventOf(3)]),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(await sourcesIn(log)).toEqual(['test@0', 'test@3']);
    await log.close();
  });

  test('goes on with a deletion that a crash cut short, and frees its segments', async () => {
    const disk = createFakeDisk();
    const log = await openOn(disk, 1, 4000);
    await log.createStream('s', { shards: 2 });
    for (let i = 0; i < 30; i++) await log.append('s', eventsOf(20));
    expect(segmentsOf(disk).length).toBeGreaterThan(5);
    let writes = 0;
    disk.before = (operation, name) => {
      if (operation === 'write' && name.endsWith('.segment') && writes++ > 0) throw new Error('crashed');
    };
    await expect(log.deleteStream('s')).rejects.toMatchObject({ name: 'RetryableError' });
    await log.close();
    disk.before = () => {};
    const again = await openOn(disk, 1, 4000);
    expect(await again.listStreams()).toEqual([]);
    await expect.poll(() => segmentsOf(disk).length).toBe(1);
    await again.close();
  });
});

describe('the embedded log when files are damaged', () => {
  let path: string;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'beagle-log-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  const damage = (name: string, at: number): void => {
    const bytes = readFileSync(join(path, name));
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(join(path, name), bytes);
  };
  const named = (pattern: RegExp): string => readdirSync(path).find((name) => pattern.test(name))!;

  test('never serves a damaged block, and serves what lies before and, once trimmed past it, behind', async () => {
    const log = await openEmbeddedLog({ path });
    await log.createStream('s', { shards: 1 });
    for (let i = 0; i < 3; i++) await log.append('s', [eventOf(2 * i), eventOf(2 * i + 1)]);
    const [, , second, , third] = (await log.read('s', SHARD, HORIZON)).records;
    await log.close();
    const segment = named(/\.segment$/);
    damage(segment, readFileSync(join(path, segment)).indexOf('{"n":3}'));
    const again = await openEmbeddedLog({ path });
    const first = await again.read('s', SHARD, HORIZON);
    expect(first.records.map((record) => record.source)).toEqual(['test@0', 'test@1']);
    const at: Start = { type: 'AT_SEQUENCE_NUMBER', position: second!.position };
    await expect(again.read('s', SHARD, at)).rejects.toMatchObject({
      name: 'ConfigError',
      message: `[log/embedded] the block of s/${SHARD} at ${second!.position} is damaged; restore the log from a copy or trim past it`,
    });
    await again.trim('s', SHARD, third!.position);
    expect((await again.read('s', SHARD, HORIZON)).records.map((r) => r.source)).toEqual(['test@4', 'test@5']);
    await again.close();
  });

  test('makes what is derived from the segments anew: tail and indexes deleted or garbage', async () => {
    const place = (): Place => ({ ...openPlace(path), segmentBytesMax: 3000 });
    const log = await openEmbeddedLog({ place: place() });
    await log.createStream('s', { shards: 1 });
    for (let i = 0; i < 60; i++) await log.append('s', [eventOf(2 * i), eventOf(2 * i + 1)]);
    await log.trim('s', SHARD, (await log.read('s', SHARD, HORIZON)).records[5]!.position);
    const expected = await sourcesIn(log);
    await log.close();
    expect(expected).toHaveLength(115);
    const derived = () => readdirSync(path).filter((name) => name === 'tail' || name.endsWith('.index'));
    expect(derived().length).toBeGreaterThan(3);
    const spoils = [
      (name: string) => rmSync(join(path, name)),
      (name: string) => writeFileSync(join(path, name), randomBytes(5000)),
      (name: string) => writeFileSync(join(path, name), ''),
      (name: string) => damage(name, 10),
    ];
    for (const spoil of spoils) {
      for (const name of derived()) spoil(name);
      const again = await openEmbeddedLog({ place: place() });
      expect(await sourcesIn(again)).toEqual(expected);
      const arrivalUs = (await again.append('s', [eventOf(0)]))[0]!.arrivalUs;
      expect((await again.read('s', SHARD, { type: 'AT_TIMESTAMP', timestampUs: arrivalUs })).records).not.toEqual([]);
      expected.push('test@0');
      await again.close();
    }
  });

  test('says so when the tail is damaged under its hands, and is well again once it is opened anew', async () => {
    const log = await openEmbeddedLog({ path });
    await log.createStream('s', { shards: 1 });
    await log.append('s', eventsOf(3));
    damage('tail', 9);
    const damaged = { name: 'ConfigError', message: expect.stringMatching(/^\[log\/embedded\] the file tail [^\n]+$/) };
    await expect(log.read('s', SHARD, HORIZON)).rejects.toMatchObject(damaged);
    await expect(log.append('s', eventsOf(1))).rejects.toMatchObject(damaged);
    const again = await openEmbeddedLog({ path });
    await again.append('s', [eventOf(3)]);
    expect(await sourcesIn(log)).toEqual(['test@0', 'test@1', 'test@2', 'test@3']);
    await log.close();
    await again.close();
  });

  test('wakes who watches when the tail is damaged, and goes on refusing appends instead of hanging', async () => {
    const log = await openEmbeddedLog({ path });
    await log.createStream('s', { shards: 1 });
    const watching = log.watch('s', SHARD, { type: 'LATEST' }, 2 ** 40);
    damage('tail', 9);
    const damaged = { name: 'ConfigError', message: expect.stringMatching(/^\[log\/embedded\] the file tail [^\n]+$/) };
    await expect(log.append('s', eventsOf(1))).rejects.toMatchObject(damaged);
    await watching;
    await expect(log.append('s', eventsOf(1))).rejects.toMatchObject(damaged);
    await expect(log.watch('s', SHARD, { type: 'LATEST' }, 2 ** 40)).rejects.toMatchObject(damaged);
    await log.close();
  });

  test.skipIf(!existsSync('/proc/self/fd'))('leaves no file open when it cannot be opened', async () => {
    const log = await openEmbeddedLog({ path });
    await log.createStream('s', { shards: 1 });
    for (let i = 0; i < 3; i++) await log.append('s', [eventOf(i)]);
    await log.close();
    damage(named(/\.segment$/), 100);
    const openFiles = () => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    for (let i = 0; i < 5; i++) await expect(openEmbeddedLog({ path })).rejects.toMatchObject({ name: 'ConfigError' });
    expect(openFiles()).toBeLessThan(before + 5);
  });

  test('says in one line that a segment is gone, and reads the others', async () => {
    const place = (): Place => ({ ...openPlace(path), segmentBytesMax: 3000 });
    const log = await openEmbeddedLog({ place: place() });
    await log.createStream('s', { shards: 1 });
    for (let i = 0; i < 60; i++) await log.append('s', [eventOf(i)]);
    const { records } = await log.read('s', SHARD, HORIZON);
    await log.close();
    for (const name of readdirSync(path)) if (name.startsWith('0000000002')) rmSync(join(path, name));
    const again = await openEmbeddedLog({ place: place() });
    const before = await again.read('s', SHARD, HORIZON);
    expect(before.records.map((record) => record.source)).toEqual(
      eventsOf(before.records.length).map((event) => event.source),
    );
    expect(before.records.length).toBeGreaterThan(5);
    await expect(again.read('s', SHARD, before.next)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/ is damaged; [^\n]+ or trim past it$/),
    });
    const at: Start = { type: 'AT_SEQUENCE_NUMBER', position: records.at(-1)!.position };
    expect((await again.read('s', SHARD, at)).records.map((record) => record.source)).toEqual(['test@59']);
    await again.close();
  });

  test('opens a new folder through many handles at once', async () => {
    const logs = await Promise.all(Array.from({ length: 5 }, () => openEmbeddedLog({ path })));
    await Promise.all(logs.map((log) => log.createStream('s', { shards: 1 })));
    await Promise.all(logs.map((log, i) => log.append('s', [eventOf(i)])));
    for (const log of logs) expect((await sourcesIn(log)).sort()).toEqual(eventsOf(5).map((event) => event.source));
    await Promise.all(logs.map((log) => log.close()));
  });

  test('says so in one line when its lock is garbage, instead of dying of it', async () => {
    const log = await openEmbeddedLog({ path });
    await log.close();
    const lock = join(path, named(/^lock-/), 'data.mdb');
    for (const bytes of [randomBytes(8192), randomBytes(100), readFileSync(lock).fill(3, 100, 140)]) {
      writeFileSync(lock, bytes);
      await expect(openEmbeddedLog({ path })).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringMatching(/^\[log\/embedded\] the lock file [^\n]+ delete the folder [^\n]+$/),
      });
    }
    rmSync(join(path, named(/^lock-/)), { recursive: true });
    await (await openEmbeddedLog({ path })).close();
  });

  test('says so in one line when the folder holds a log of an earlier layout', async () => {
    await writeFile(join(path, 'data.mdb'), '');
    await expect(openEmbeddedLog({ path })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^\[log\/embedded\] cannot open the log in [^\n]+ earlier version [^\n]+$/),
    });
  });
});
