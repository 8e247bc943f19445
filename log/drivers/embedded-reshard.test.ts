import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeLog, eventOf, eventsOf } from '../contract.ts';
import { evenHashKeyRanges, HASH_KEY_COUNT, type HashKeyRange } from '../hash-key.ts';
import type { Log, Start } from '../log.ts';
import { openEmbeddedLog } from './embedded.ts';
import { type EmbeddedLog, KEEP_ALL } from './embedded-log.ts';

const HORIZON: Start = { type: 'TRIM_HORIZON' };
const SHARD = 'shardId-000000000000';
const HALF = HASH_KEY_COUNT / 2n;
const DAY_MS = 86_400_000;
const DAY = { ageMs: DAY_MS, shardBytes: null };

/** The port hides what the embedded log can do beyond it. */
const opened = new WeakMap<Log, EmbeddedLog>();

describeLog('the embedded engine with shards that split', async () => {
  const path = await mkdtemp(join(tmpdir(), 'beagle-log-'));
  return {
    async open() {
      const log = await openEmbeddedLog({ path });
      opened.set(log, log);
      return log;
    },
    destroy: () => rm(path, { recursive: true }),
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

describe('the embedded log beyond the port', () => {
  let nowUs: number;
  let log: EmbeddedLog;
  beforeEach(async () => {
    nowUs = 1_750_000_000_000_000;
    log = await openEmbeddedLog({ ephemeral: true, clock: () => nowUs });
    await log.createStream('s', { shards: 1 });
  });
  afterEach(() => log.close());
  const sources = async (shardId: string): Promise<string[]> =>
    (await log.read('s', shardId, HORIZON)).records.map((record) => record.source);

  test('places records by the hash key that they bring, in order, beside others placed by their key', async () => {
    await log.splitShard('s', SHARD, String(HALF));
    const answers = await log.append('s', [
      { ...eventOf(0), explicitHashKey: '0' },
      { ...eventOf(1), explicitHashKey: String(HALF) },
      { ...eventOf(2), explicitHashKey: String(HALF - 1n) },
      eventOf(3, 'a'),
      { ...eventOf(4), explicitHashKey: String(HASH_KEY_COUNT - 1n) },
    ]);
    expect(answers.map((answer) => answer.shardId.at(-1))).toEqual(['1', '2', '1', '1', '2']);
    expect(await sources('shardId-000000000001')).toEqual(['test@0', 'test@2', 'test@3']);
    expect(log.shardOf('s', 'a')).toBe('shardId-000000000001');
    expect(log.shardOf('s', 'a', String(HALF))).toBe('shardId-000000000002');
    for (const explicitHashKey of ['', '-1', '01', String(HASH_KEY_COUNT)]) {
      await expect(log.append('s', [{ ...eventOf(5), explicitHashKey }])).rejects.toMatchObject({
        name: 'ConfigError',
      });
    }
  });

  test('places by hash key through splits that come between, in order and once', async () => {
    const appending = Array.from({ length: 40 }, (_, i) =>
      log.append('s', [{ ...eventOf(i), explicitHashKey: i % 2 === 0 ? '7' : String(HASH_KEY_COUNT - 7n) }]),
    );
    await log.splitShard('s', SHARD, String(HALF));
    await log.splitShard('s', 'shardId-000000000001', '100');
    await Promise.all(appending);
    await log.append('s', [{ ...eventOf(40), explicitHashKey: '7' }]);
    const seen: string[] = [];
    for (const { shardId } of log.shards('s')) seen.push(...(await sources(shardId)));
    expect(seen.sort()).toEqual(
      eventsOf(41)
        .map((record) => record.source)
        .sort(),
    );
  });

  test('gives no position twice when a stream changes between appends of one flush', async () => {
    await log.createStream('t', { shards: 2 });
    const flying = [];
    for (let i = 0; i < 30; i++) {
      flying.push(log.append('t', eventsOf(3)));
      if (i % 3 === 0)
        flying.push(log.change((streams) => streams.setRetention('t', { ageMs: (i + 1) * DAY_MS, shardBytes: null })));
      if (i === 10) flying.push(log.splitShard('t', SHARD, '1000'));
    }
    const answers = (await Promise.all(flying)).flatMap((result) => (Array.isArray(result) ? result : []));
    expect(answers).toHaveLength(90);
    expect(new Set(answers.map((answer) => answer.position)).size).toBe(90);
    let count = 0;
    for (const { shardId } of log.shards('t')) count += (await log.read('t', shardId, HORIZON)).records.length;
    expect(count).toBe(90);
  });

  test('reshapes to any number of even shards through steps that are splits and merges', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }), async (targets) => {
        const stream = `r${run++}`;
        await log.createStream(stream, { shards: 3 });
        for (const target of targets) {
          const before = log.shards(stream).length;
          await log.change((streams) => streams.reshape(stream, target));
          const shards = log.shards(stream);
          const open = shards.filter((shard) => !shard.closed).map((shard) => shard.hashKeyRange);
          expect(open.sort((a, b) => (BigInt(a.start) < BigInt(b.start) ? -1 : 1))).toEqual(evenHashKeyRanges(target));
          for (const child of shards.slice(before)) {
            const parents = shards.filter(({ shardId }) => child.parents.includes(shardId));
            const siblings = shards.filter(({ parents: theirs }) => theirs.join() === child.parents.join());
            expect([1, 2]).toContain(parents.length);
            // What the parents had is what the children have, from the moment that those were closed.
            expect(widthOf(siblings)).toBe(widthOf(parents));
            for (const parent of parents) {
              expect(parent.closedUs).toBe(child.createdUs);
              expect(parent.createdUs).toBeLessThan(child.createdUs);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('reshapes thousands of shards within a second', async () => {
    await log.createStream('big', { shards: 2000 });
    const begun = performance.now();
    await log.change((streams) => streams.reshape('big', 3000));
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(log.shards('big').filter((shard) => !shard.closed)).toHaveLength(3000);
  });

  test('tells when shards came to be and were closed, and where they begin and end', async () => {
    const [first] = await log.append('s', eventsOf(2));
    nowUs += 5;
    await log.splitShard('s', SHARD, String(HALF));
    const [parent, child] = log.shards('s');
    expect(parent).toMatchObject({ closedUs: nowUs, startPosition: first!.position, closed: true });
    expect(BigInt(parent!.endPosition!) - BigInt(parent!.startPosition)).toBe(2n);
    expect(child).toMatchObject({ createdUs: nowUs, closedUs: null, endPosition: null, parents: [SHARD] });
    nowUs -= 1000;
    await log.mergeShards('s', 'shardId-000000000002', 'shardId-000000000001');
    expect(log.shards('s').at(-1)!.createdUs).toBeGreaterThan(child!.createdUs);
  });

  test('refuses splits and merges that cannot be, and leaves the stream as it was', async () => {
    const before = await log.describeStream('s');
    const config = { name: 'ConfigError' };
    for (const key of ['0', 'x', String(HASH_KEY_COUNT)]) {
      await expect(log.splitShard('s', SHARD, key)).rejects.toMatchObject(config);
    }
    await expect(log.splitShard('s', 'none', '9')).rejects.toMatchObject(config);
    await expect(log.splitShard('none', SHARD, '9')).rejects.toMatchObject(config);
    await expect(log.mergeShards('s', SHARD, SHARD)).rejects.toMatchObject(config);
    expect(await log.describeStream('s')).toEqual(before);
    await log.splitShard('s', SHARD, '9');
    await expect(log.splitShard('s', SHARD, '9')).rejects.toMatchObject({ name: 'ConflictError' });
    await expect(log.appendToShard('s', SHARD, [eventOf(0)])).rejects.toMatchObject({ name: 'ConflictError' });
  });

  test('makes several changes as one, and none when one of the first checks throws', async () => {
    const result = await log.change((streams) => {
      streams.create('t', { shards: 2, retention: DAY, document: { a: 1 } });
      streams.setLogDocument('d', ['x']);
      return streams.look('t')?.document;
    });
    expect(result).toEqual({ a: 1 });
    expect(log.look('t')).toMatchObject({ retention: DAY, document: { a: 1 } });
    expect(log.document('d')).toEqual(['x']);
    expect(log.names()).toEqual(['s', 't']);
    const failed = log.change(() => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await expect(log.change((streams) => streams.create('t', { shards: 2 }))).rejects.toMatchObject({
      name: 'ConflictError',
    });
    await log.change((streams) => {
      streams.setDocument('t', null);
      streams.setLogDocument('d', null);
    });
    expect([log.look('t')?.document, log.document('d')]).toEqual([null, null]);
  });

  test('keeps documents for other handles and over a close, and lets them die with their stream', async () => {
    const path = await mkdtemp(join(tmpdir(), 'beagle-log-'));
    const one = await openEmbeddedLog({ path });
    const two = await openEmbeddedLog({ path });
    await one.createStream('s', { shards: 1 });
    await one.change((streams) => streams.setDocument('s', { n: 1 }));
    expect(two.look('s')?.document).toEqual({ n: 1 });
    await two.change((streams) => streams.setDocument('s', { n: 2 }));
    expect(one.look('s')?.document).toEqual({ n: 2 });
    await one.close();
    await two.close();
    const again = await openEmbeddedLog({ path });
    expect(again.look('s')?.document).toEqual({ n: 2 });
    await again.deleteStream('s');
    await again.createStream('s', { shards: 1 });
    expect(again.look('s')?.document).toBeNull();
    await again.close();
    await rm(path, { recursive: true });
  });

  test('forgets by age, then the closed shards with nothing left; their numbers are never used again', async () => {
    await log.change((streams) => streams.setRetention('s', DAY));
    await log.append('s', eventsOf(3));
    nowUs += DAY_MS * 500;
    await log.append('s', [eventOf(3)]);
    await log.splitShard('s', SHARD, String(HALF));
    await log.append('s', [{ ...eventOf(4), explicitHashKey: '0' }]);
    nowUs += DAY_MS * 600;
    await log.enforceRetention();
    expect(await sources(SHARD)).toEqual(['test@3']);
    nowUs += DAY_MS * 500;
    await log.enforceRetention();
    expect(log.shards('s').map((shard) => shard.shardId)).toEqual(['shardId-000000000001', 'shardId-000000000002']);
    expect(await sources('shardId-000000000001')).toEqual([]);
    await expect(log.read('s', SHARD, HORIZON)).rejects.toMatchObject({ name: 'ConfigError' });
    await log.mergeShards('s', 'shardId-000000000001', 'shardId-000000000002');
    expect(log.shards('s').at(-1)!.shardId).toBe('shardId-000000000003');
    await log.append('s', [eventOf(5)]);
    expect(await sources('shardId-000000000003')).toEqual(['test@5']);
  });

  test('keeps of each shard so many bytes as its stream says, the newest', async () => {
    await log.change((streams) => streams.setRetention('s', { ageMs: null, shardBytes: 500_000 }));
    const data = new Uint8Array(50_000);
    for (let i = 0; i < 60; i++) await log.append('s', [{ ...eventOf(i), data: data.map((_, j) => (i * j) % 251) }]);
    await log.enforceRetention();
    const kept = await sources(SHARD);
    expect(kept.at(-1)).toBe('test@59');
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.length).toBeLessThan(20);
    await log.change((streams) => streams.setRetention('s', KEEP_ALL));
    await log.enforceRetention();
    expect(await sources(SHARD)).toEqual(kept);
  });

  test('forgets nothing that somebody holds, until the last holder lets go', async () => {
    await log.change((streams) => streams.setRetention('s', DAY));
    const answers = await log.append('s', eventsOf(5));
    const hold = (holder: string, i: number | null) =>
      log.hold('s', SHARD, holder, i === null ? null : answers[i]!.position);
    await hold('one', 2);
    await hold('two', 3);
    await log.splitShard('s', SHARD, String(HALF));
    nowUs += DAY_MS * 2000;
    await log.enforceRetention();
    expect(await sources(SHARD)).toEqual(['test@2', 'test@3', 'test@4']);
    await hold('one', 4);
    await log.enforceRetention();
    expect(await sources(SHARD)).toEqual(['test@3', 'test@4']);
    await hold('one', null);
    await hold('two', null);
    await log.enforceRetention();
    expect(log.shard('s', SHARD)).toBeNull();
    await expect(hold('one', 0)).rejects.toMatchObject({ name: 'ConfigError' });
    await log.hold('s', 'shardId-000000000001', 'one', null);
    await log.deleteStream('s');
  });

  test('keeps everything of a stream without a retention', async () => {
    await log.append('s', [eventOf(0)]);
    nowUs += DAY_MS * 1_000_000;
    await log.enforceRetention();
    expect(await sources(SHARD)).toEqual(['test@0']);
  });

  test('keeps nothing beyond close when it is ephemeral, and needs a path when it is not', async () => {
    const short = await openEmbeddedLog({ ephemeral: true });
    const other = await openEmbeddedLog({ ephemeral: true });
    await short.createStream('s', { shards: 1 });
    await short.append('s', [eventOf(0)]);
    expect(await other.listStreams()).toEqual([]);
    await short.close();
    await other.close();
    await expect(openEmbeddedLog({})).rejects.toMatchObject({ name: 'ConfigError' });
  });
});

function widthOf(shards: readonly { readonly hashKeyRange: HashKeyRange }[]): bigint {
  return shards.reduce((sum, { hashKeyRange: { start, end } }) => sum + BigInt(end) - BigInt(start) + 1n, 0n);
}
