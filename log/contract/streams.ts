import { expect } from 'vitest';
import { evenHashKeyRanges } from '../hash-key.ts';
import { eventOf, eventsOf, freshName, HORIZON, oneShard, readCount, type Suite } from './suite.ts';

/** Streams come, go and come back, and outlive the handles on them. */
export function streams({ it }: Suite): void {
  it('creates a stream with even hash-key ranges and describes it', async ({ log }) => {
    const stream = freshName();
    const created = await log.createStream(stream, { shards: 3 });
    expect(created.stream).toBe(stream);
    expect(created.incarnation).toMatch(/^[a-z0-9]{12}$/);
    expect(created.shards.map((shard) => shard.hashKeyRange)).toEqual(evenHashKeyRanges(3));
    expect(await log.describeStream(stream)).toEqual(created);
    expect(await log.listStreams()).toContain(stream);
  });

  it('gives the existing stream when it is created again, and refuses another number of shards', async ({ log }) => {
    const stream = freshName();
    const created = await log.createStream(stream, { shards: 2 });
    expect(await log.createStream(stream, { shards: 2 })).toEqual(created);
    await expect(log.createStream(stream, { shards: 3 })).rejects.toMatchObject({ name: 'ConflictError' });
  });

  it('answers with ConfigError for a stream or a shard that is not there', async ({ log }) => {
    const [stream] = await oneShard(log);
    const missing = { name: 'ConfigError' };
    await expect(log.describeStream('contract-none')).rejects.toMatchObject(missing);
    await expect(log.append('contract-none', [eventOf(1)])).rejects.toMatchObject(missing);
    await expect(log.read(stream, 'shardId-000000000999', HORIZON)).rejects.toMatchObject(missing);
    await expect(log.appendToShard(stream, 'shardId-000000000999', [eventOf(1)])).rejects.toMatchObject(missing);
  });

  it('refuses names and numbers of shards that cannot be', async ({ log }) => {
    for (const stream of ['', 'a b', 'ä', 'x'.repeat(129)]) {
      await expect(log.createStream(stream, { shards: 1 })).rejects.toMatchObject({ name: 'ConfigError' });
    }
    for (const shards of [0, -1, 1.5, 1e6]) {
      await expect(log.createStream(freshName(), { shards })).rejects.toMatchObject({ name: 'ConfigError' });
    }
  });

  it('never shows the data of a deleted stream in one created anew', async ({ log }) => {
    const stream = freshName();
    const before = await log.createStream(stream, { shards: 1 });
    const [old] = await log.append(stream, eventsOf(3));
    await log.deleteStream(stream);
    await expect(log.describeStream(stream)).rejects.toMatchObject({ name: 'ConfigError' });
    const after = await log.createStream(stream, { shards: 1 });
    expect(after.incarnation).not.toBe(before.incarnation);
    const shardId = after.shards[0]!.shardId;
    expect((await log.read(stream, shardId, HORIZON)).records).toEqual([]);
    const [answer] = await log.append(stream, [eventOf(9)]);
    expect(await readCount(log, stream, shardId, HORIZON, 1)).toHaveLength(1);
    expect(answer!.arrivalUs).toBeGreaterThanOrEqual(old!.arrivalUs);
  });

  it('keeps everything over a close, which finishes appends under way', async ({ log, open }) => {
    const [stream, shardId] = await oneShard(log);
    const handle = await open();
    const flying = Array.from({ length: 20 }, (_, i) => handle.append(stream, [eventOf(i)]));
    await handle.close();
    await Promise.all(flying);
    await expect(handle.append(stream, [eventOf(0)])).rejects.toMatchObject({ name: 'ConfigError' });
    const again = await open();
    expect(await readCount(again, stream, shardId, HORIZON, 20)).toHaveLength(20);
    await again.close();
  });
}
