import { expect } from 'vitest';
import { evenHashKeyRanges } from '../hash-key.ts';
import { comparePositions, type Log } from '../log.ts';
import {
  describeShards,
  eventOf,
  eventsOf,
  freshName,
  HORIZON,
  native,
  oneShard,
  readCount,
  readToEnd,
  type Suite,
} from './suite.ts';

/** Shards split and merge: what is closed ends, and what follows it goes on in order. */
export function resharding({ itReshards }: Suite): void {
  itReshards(
    'splits a shard into two, which name it, share its hash keys and go on behind it',
    async ({ log, split }) => {
      const [stream, shardId] = await oneShard(log);
      const before = await log.append(stream, eventsOf(20));
      await split(log, stream, shardId);
      const [parent, ...children] = await describeShards(log, stream, 3);
      expect(parent).toMatchObject({ shardId, closed: true, parents: [] });
      const ranges = evenHashKeyRanges(2);
      for (const [i, child] of children.entries()) {
        expect(child).toMatchObject({ closed: false, parents: [shardId], hashKeyRange: ranges[i] });
      }
      const after = await log.append(stream, eventsOf(20));
      for (const answer of after) {
        expect(children.map((child) => child.shardId)).toContain(answer.shardId);
        expect(comparePositions(before[19]!.position, answer.position)).toBeLessThan(0);
      }
      expect((await readToEnd(log, stream, shardId, HORIZON)).map(native)).toEqual(eventsOf(20).map(native));
      const counts = children.map(({ shardId: id }) => after.filter((answer) => answer.shardId === id).length);
      for (const [i, child] of children.entries()) {
        await readCount(log, stream, child.shardId, HORIZON, counts[i]!);
        expect((await log.read(stream, child.shardId, HORIZON)).ended).toBe(false);
      }
    },
  );

  itReshards('merges two shards into one, which names both and has the hash keys of both', async ({ log, merge }) => {
    const stream = freshName();
    const { shards } = await log.createStream(stream, { shards: 2 });
    const [low, high] = [shards[0]!.shardId, shards[1]!.shardId];
    await log.append(stream, eventsOf(10));
    await merge(log, stream, low, high);
    const child = (await describeShards(log, stream, 3)).at(-1)!;
    expect(child).toMatchObject({ closed: false, parents: [low, high], hashKeyRange: evenHashKeyRanges(1)[0] });
    const after = await log.append(stream, eventsOf(10));
    expect(new Set(after.map((answer) => answer.shardId))).toEqual(new Set([child.shardId]));
    const old = [...(await readToEnd(log, stream, low, HORIZON)), ...(await readToEnd(log, stream, high, HORIZON))];
    expect(old.map((record) => record.source).sort()).toEqual(
      eventsOf(10)
        .map((record) => record.source)
        .sort(),
    );
  });

  itReshards(
    'ends a closed shard from wherever it is read, and only when all of it is read',
    async ({ log, split }) => {
      const [stream, shardId] = await oneShard(log);
      const answers = await log.append(stream, eventsOf(5));
      await split(log, stream, shardId);
      await describeShards(log, stream, 3);
      const first = await log.read(stream, shardId, HORIZON, { recordsMax: 2 });
      expect([first.records.length, first.ended]).toEqual([2, false]);
      expect(await readToEnd(log, stream, shardId, first.next)).toHaveLength(3);
      const position = answers[4]!.position;
      expect(await readToEnd(log, stream, shardId, { type: 'AFTER_SEQUENCE_NUMBER', position })).toEqual([]);
      expect(await readToEnd(log, stream, shardId, { type: 'LATEST' })).toEqual([]);
    },
  );

  itReshards(
    'wakes who watches a shard when it is closed, at once when it is closed already',
    async ({ log, visibleWithinMs, split }) => {
      const [stream, shardId] = await oneShard(log);
      const { next } = await log.read(stream, shardId, { type: 'LATEST' });
      const begun = Date.now();
      const woken = log.watch(stream, shardId, next, 30_000);
      await split(log, stream, shardId);
      await woken;
      await describeShards(log, stream, 3);
      await log.watch(stream, shardId, next, 30_000);
      expect(Date.now() - begun).toBeLessThan(2 * visibleWithinMs);
    },
  );

  itReshards('counts open shards only when an existing stream is created again', async ({ log, split }) => {
    const [stream, shardId] = await oneShard(log);
    await split(log, stream, shardId);
    await describeShards(log, stream, 3);
    expect((await log.createStream(stream, { shards: 2 })).shards).toHaveLength(3);
    await expect(log.createStream(stream, { shards: 1 })).rejects.toMatchObject({ name: 'ConflictError' });
  });

  itReshards('refuses to append to a closed shard by name', async ({ log, split }) => {
    const [stream, shardId] = await oneShard(log);
    await split(log, stream, shardId);
    await describeShards(log, stream, 3);
    await expect(log.appendToShard(stream, shardId, [eventOf(1)])).rejects.toMatchObject({ name: 'ConflictError' });
  });

  itReshards(
    'keeps the order of each key when shards are split under concurrent appends',
    async ({ log, open, split }) => {
      const [stream, shardId] = await oneShard(log);
      const other = await open();
      const writer = async (handle: Log, key: string): Promise<void> => {
        for (let i = 0; i < 30; i++) await handle.append(stream, [{ ...eventOf(i, key), source: `${key}:${i}` }]);
      };
      const writing = Promise.all(['a', 'b', 'c'].flatMap((key) => [writer(log, key), writer(other, `${key}2`)]));
      await split(log, stream, shardId);
      const [, child] = await describeShards(log, stream, 3);
      await split(log, stream, child!.shardId);
      await writing;
      await other.close();
      const next = new Map<string, number>();
      let left = 180;
      // In the order in which they came to be: parents before children.
      for (const shard of await describeShards(log, stream, 5)) {
        const records = shard.closed
          ? await readToEnd(log, stream, shard.shardId, HORIZON)
          : (await log.read(stream, shard.shardId, HORIZON)).records;
        for (const { key, source } of records) {
          expect(source).toBe(`${key}:${next.get(key) ?? 0}`);
          next.set(key, (next.get(key) ?? 0) + 1);
          left--;
        }
      }
      expect(left).toBe(0);
    },
  );
}
