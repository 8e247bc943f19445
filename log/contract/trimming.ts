import { expect } from 'vitest';
import type { Start } from '../log.ts';
import { eventOf, eventsOf, HORIZON, oneShard, readCount, type Suite } from './suite.ts';

/** A shard knows its bounds, and is shortened at its beginning only. */
export function trimming({ it }: Suite): void {
  it('tells the bounds of a shard', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    expect(await log.bounds(stream, shardId)).toEqual({ earliest: null, latest: null });
    const answers = await log.append(stream, eventsOf(4));
    expect(await log.bounds(stream, shardId)).toEqual({
      earliest: answers[0]!.position,
      latest: answers[3]!.position,
    });
  });

  it('forgets what was trimmed and nothing else', async ({ log }) => {
    const [stream, shardId] = await oneShard(log);
    const answers = await log.append(stream, eventsOf(10));
    await log.append(stream, [eventOf(10)]);
    await log.trim(stream, shardId, answers[6]!.position);
    expect((await log.bounds(stream, shardId)).earliest).toBe(answers[6]!.position);
    const records = await readCount(log, stream, shardId, HORIZON, 5);
    expect(records[0]!.source).toBe('test@6');
    const old: Start = { type: 'AT_SEQUENCE_NUMBER', position: answers[0]!.position };
    expect((await readCount(log, stream, shardId, old, 5))[0]!.source).toBe('test@6');
  });
}
