import { expect } from 'vitest';
import type { Start } from '../log.ts';
import { eventOf, eventsOf, HORIZON, native, oneShard, readCount, type Suite } from './suite.ts';

/** Reads begin anywhere, go on from where they ended, and stay within what is asked. */
export function reading({ it }: Suite): void {
  it('reads on from next, in slices, without loss or doubles', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    await log.append(stream, eventsOf(50));
    const seen: string[] = [];
    let at: Start = HORIZON;
    while (seen.length < 50) {
      const result = await log.read(stream, shardId, at, { recordsMax: 7 });
      expect(result.records.length).toBeLessThanOrEqual(7);
      for (const record of result.records) seen.push(record.source);
      at = result.next;
    }
    expect(seen).toEqual(eventsOf(50).map((record) => record.source));
    expect((await log.read(stream, shardId, at)).records).toEqual([]);
  });

  it('stops at bytesMax but always gives one record', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    const large = { ...eventOf(0), data: new Uint8Array(5000) };
    await log.append(stream, [large, large, large]);
    await readCount(log, stream, shardId, HORIZON, 3);
    expect((await log.read(stream, shardId, HORIZON, { bytesMax: 100 })).records).toHaveLength(1);
    expect((await log.read(stream, shardId, HORIZON, { bytesMax: 10_000 })).records).toHaveLength(2);
  });

  it('begins at each of the five start types', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    const answers = await log.append(stream, eventsOf(5));
    const position = answers[2]!.position;
    const sources = async (start: Start, count: number) =>
      (await readCount(log, stream, shardId, start, count)).map((record) => record.source);
    expect(await sources(HORIZON, 5)).toHaveLength(5);
    expect(await sources({ type: 'AT_SEQUENCE_NUMBER', position }, 3)).toEqual(['test@2', 'test@3', 'test@4']);
    expect(await sources({ type: 'AFTER_SEQUENCE_NUMBER', position }, 2)).toEqual(['test@3', 'test@4']);
    expect(await sources({ type: 'AT_TIMESTAMP', timestampUs: answers[0]!.arrivalUs }, 5)).toHaveLength(5);
    const latest = await log.read(stream, shardId, { type: 'LATEST' });
    expect(latest).toMatchObject({ records: [], millisBehindLatest: 0 });
    await log.append(stream, [eventOf(5)]);
    expect(await sources(latest.next, 1)).toEqual(['test@5']);
  });

  it('gives nothing at a time to come, and the newer ones at a time between', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    const [first] = await log.append(stream, [eventOf(0)]);
    const future: Start = { type: 'AT_TIMESTAMP', timestampUs: first!.arrivalUs + 3_600_000_000 };
    expect((await log.read(stream, shardId, future)).records).toEqual([]);
    let answer = first!;
    // The log's clock may be as coarse as a millisecond: append until it has moved.
    for (let i = 1; answer.arrivalUs === first!.arrivalUs; i++)
      [answer] = (await log.append(stream, [eventOf(i)])) as [typeof answer];
    const [found] = await readCount(log, stream, shardId, { type: 'AT_TIMESTAMP', timestampUs: answer.arrivalUs }, 1);
    expect(found!.position).toBe(answer.position);
  });

  it('refuses a position that is no number', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    for (const position of ['', 'abc', '-1', '1.5']) {
      const start: Start = { type: 'AT_SEQUENCE_NUMBER', position };
      await expect(log.read(stream, shardId, start)).rejects.toMatchObject({ name: 'ConfigError' });
    }
  });

  it('leaves the data of records valid while later ones are read and written', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    await log.append(stream, eventsOf(20));
    const records = await readCount(log, stream, shardId, HORIZON, 20);
    await log.append(stream, eventsOf(500));
    await readCount(log, stream, shardId, HORIZON, 520);
    expect(records.map(native)).toEqual(eventsOf(20).map(native));
  });
}
