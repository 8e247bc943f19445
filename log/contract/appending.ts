import { expect } from 'vitest';
import { hashKeyOf } from '../hash-key.ts';
import { type AppendRecord, comparePositions, type Log, RECORD_BYTES_MAX, type Start } from '../log.ts';
import { eventOf, eventsOf, freshName, HORIZON, native, oneShard, readCount, type Suite } from './suite.ts';

/** What is appended is placed by its key and kept as it is, in order, or refused whole. */
export function appending({ it }: Suite): void {
  it('gives back what was appended, in order, with growing positions', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    const appended = eventsOf(100);
    const answers = await log.append(stream, appended);
    const records = await readCount(log, stream, shardId, HORIZON, 100);
    expect(records.map(native)).toEqual(appended.map(native));
    expect(records.map((record) => record.position)).toEqual(answers.map((answer) => answer.position));
    for (let i = 1; i < 100; i++) {
      expect(comparePositions(records[i - 1]!.position, records[i]!.position)).toBeLessThan(0);
      expect(records[i]!.arrivalUs).toBeGreaterThanOrEqual(records[i - 1]!.arrivalUs);
    }
    for (const { position } of answers) expect(position).toMatch(/^(0|[1-9]\d*)$/);
  });

  it('keeps any bytes, apps, sources and keys as they are', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    const all = new Uint8Array(Array.from({ length: 256 }, (_, i) => i));
    const appended: AppendRecord[] = [
      { app: '@control', source: '', key: 'k', data: new Uint8Array(0) },
      { app: 'github', source: 'ü'.repeat(128), key: '𝒦'.repeat(256), data: all },
      { app: 'x'.repeat(64), source: 'import:00ff:17', key: 'person:Ωmega', data: new Uint8Array(20_000).fill(7) },
    ];
    await log.append(stream, appended);
    expect((await readCount(log, stream, shardId, HORIZON, 3)).map(native)).toEqual(appended);
  });

  it('places keys by the MD5 of the key', async ({ log }) => {
    const stream = freshName();
    const { shards } = await log.createStream(stream, { shards: 4 });
    const records = Array.from({ length: 40 }, (_, i) => eventOf(i, `person:${i}-é`));
    const answers = await log.append(stream, records);
    for (let i = 0; i < records.length; i++) {
      const shard = shards.find(({ shardId }) => shardId === answers[i]!.shardId)!;
      const hashKey = hashKeyOf(records[i]!.key);
      expect(BigInt(shard.hashKeyRange.start) <= hashKey && hashKey <= BigInt(shard.hashKeyRange.end)).toBe(true);
    }
  });

  it('appends to the shard asked for, whatever the key', async ({ log }) => {
    const stream = freshName();
    const { shards } = await log.createStream(stream, { shards: 3 });
    for (const { shardId } of shards) {
      const [answer] = await log.appendToShard(stream, shardId, [eventOf(1, 'same-key')]);
      expect(answer!.shardId).toBe(shardId);
      expect(await readCount(log, stream, shardId, HORIZON, 1)).toHaveLength(1);
    }
  });

  it('rejects the whole call when one record breaks a limit', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    const good = eventOf(0);
    const faults: AppendRecord[] = [
      { ...good, key: '' },
      { ...good, key: 'k'.repeat(257) },
      { ...good, source: 's'.repeat(257) },
      { ...good, source: 'ü'.repeat(129) },
      { ...good, app: '' },
      { ...good, app: 'a'.repeat(65) },
      { ...good, data: new Uint8Array(RECORD_BYTES_MAX + 1) },
    ];
    for (const fault of faults) {
      await expect(log.append(stream, [good, fault])).rejects.toMatchObject({ name: 'ConfigError' });
      await expect(log.appendToShard(stream, shardId, [good, fault])).rejects.toMatchObject({ name: 'ConfigError' });
    }
    await log.append(stream, [eventOf(99)]);
    const [only] = await readCount(log, stream, shardId, HORIZON, 1);
    expect(only!.source).toBe('test@99');
  });

  it('appends nothing, and answers nothing, for no records', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    expect(await log.append(stream, [])).toEqual([]);
    expect(await log.bounds(stream, shardId)).toEqual({ earliest: null, latest: null });
  });

  it('keeps the order of a key under concurrent appends through two handles', async ({ log, open }) => {
    const stream = freshName();
    const { shards } = await log.createStream(stream, { shards: 2 });
    const other = await open();
    const writer = async (handle: Log, who: string): Promise<void> => {
      for (let i = 0; i < 40; i++) await handle.append(stream, [{ ...eventOf(i, who), source: `${who}:${i}` }]);
    };
    await Promise.all(['a', 'b', 'c'].flatMap((who) => [writer(log, `${who}1`), writer(other, `${who}2`)]));
    await other.close();
    const next = new Map<string, number>();
    let total = 0;
    for (const { shardId } of shards) {
      let at: Start = HORIZON;
      for (let empty = 0; empty < 3; ) {
        const result = await log.read(stream, shardId, at);
        empty = result.records.length === 0 ? empty + 1 : 0;
        at = result.next;
        for (const { key, source } of result.records) {
          expect(source).toBe(`${key}:${next.get(key) ?? 0}`);
          next.set(key, (next.get(key) ?? 0) + 1);
          total++;
        }
      }
    }
    expect(total).toBe(240);
  });
}
