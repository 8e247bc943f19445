import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, arnOf, type Endpoint, openEndpoint } from './fixture-operations.ts';

const HOUR_MS = 3_600_000;
const shardIdOf = (n: number): string => `shardId-${String(n).padStart(12, '0')}`;

/** A shard as the test remembers it from what it did. */
interface Remembered {
  readonly id: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly createdMs: number;
  closedMs: number | null;
}

describe('ListShards', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await openEndpoint();
  });
  afterEach(() => endpoint.close());
  const call: Endpoint['call'] = (...args) => endpoint.call(...args);
  const ids = async (input: object): Promise<string[]> =>
    (await call('ListShards', input)).Shards.map(({ ShardId }: { ShardId: string }) => ShardId);

  test('pages through the shards, the filter with it, and refuses members beside the token', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 5 });
    await call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '17' });
    const ShardFilter = { Type: 'AT_LATEST' };
    const seen: string[] = [];
    let page = await call('ListShards', { StreamARN: arnOf('s'), MaxResults: 2, ShardFilter });
    for (;;) {
      seen.push(...page.Shards.map(({ ShardId }: { ShardId: string }) => ShardId));
      if (page.NextToken === undefined) break;
      page = await call('ListShards', { NextToken: page.NextToken, MaxResults: 2 });
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6].map(shardIdOf));
    expect(await ids({ StreamName: 's', ExclusiveStartShardId: 'shardId-000000000004' })).toEqual(
      [5, 6].map(shardIdOf),
    );
    expect(await ids({ StreamName: 's', ShardFilter: { Type: 'AFTER_SHARD_ID', ShardId: '5' } })).toEqual([
      shardIdOf(6),
    ]);
    const { NextToken } = await call('ListShards', { StreamName: 's', MaxResults: 1 });
    const refused = (input: object, type: string, message: string | RegExp) =>
      expect(call('ListShards', input)).rejects.toMatchObject({
        type,
        message: message instanceof RegExp ? expect.stringMatching(message) : message,
      });
    const invalid = 'InvalidArgumentException';
    await refused({ NextToken, StreamName: 's' }, invalid, 'NextToken and StreamName cannot be provided together.');
    await refused(
      { NextToken, StreamARN: arnOf('s') },
      invalid,
      'NextToken and StreamARN cannot be provided together.',
    );
    await refused(
      { NextToken, StreamCreationTimestamp: new Date(0) },
      invalid,
      /^NextToken and StreamCreationTimestamp/,
    );
    await refused({ NextToken, ExclusiveStartShardId: '0' }, invalid, /^NextToken and ExclusiveStartShardId/);
    await refused({}, invalid, 'Either NextToken or StreamName should be provided.');
    await refused({ NextToken: 'AAAA' }, invalid, 'Invalid NextToken.');
    await refused({ StreamName: 'x' }, 'ResourceNotFoundException', `Stream x under account ${ACCOUNT} not found.`);
    endpoint.advance(300_001);
    await refused({ NextToken }, 'ExpiredNextTokenException', /expired/);
  });

  test('tells streams of one name by their creation, with tokens, too', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 2 });
    const StreamCreationTimestamp = new Date(endpoint.nowMs());
    const { NextToken } = await call('ListShards', { StreamName: 's', MaxResults: 1, StreamCreationTimestamp });
    await call('DeleteStream', { StreamName: 's' });
    endpoint.advance(5000);
    await call('CreateStream', { StreamName: 's', ShardCount: 2 });
    const missing = { type: 'ResourceNotFoundException' };
    await expect(call('ListShards', { StreamName: 's', StreamCreationTimestamp })).rejects.toMatchObject(missing);
    await expect(call('ListShards', { NextToken })).rejects.toMatchObject(missing);
  });

  test('refuses filters whose members do not fit their type', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    const Timestamp = new Date(0);
    for (const ShardFilter of [
      { Type: 'AFTER_SHARD_ID' },
      { Type: 'AT_TIMESTAMP' },
      { Type: 'FROM_TIMESTAMP', ShardId: '0' },
      { Type: 'AT_LATEST', Timestamp },
      { Type: 'AT_TRIM_HORIZON', ShardId: '0' },
    ]) {
      await expect(call('ListShards', { StreamName: 's', ShardFilter })).rejects.toMatchObject({
        type: 'InvalidArgumentException',
        message: expect.stringContaining(ShardFilter.Type),
      });
    }
  });

  test('gives to each filter what was open when, over many generations, as remembered', async () => {
    const steps = fc.array(
      fc.record({
        merge: fc.boolean(),
        n: fc.nat(1000),
        afterMs: fc.constantFrom(0, 1, 40, 5 * HOUR_MS, 13 * HOUR_MS),
      }),
      { minLength: 1, maxLength: 14 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.nat(60 * HOUR_MS), { maxLength: 8 }), async (plan, agesMs) => {
        const StreamName = `p${run++}`;
        await call('CreateStream', { StreamName, ShardCount: 2 });
        const bornMs = endpoint.nowMs();
        const all: Remembered[] = (await call('ListShards', { StreamName })).Shards.map(remember(bornMs));
        for (const { merge, n, afterMs } of plan) {
          endpoint.advance(afterMs);
          const open = all.filter((shard) => shard.closedMs === null).sort((a, b) => (a.start < b.start ? -1 : 1));
          const chosen = open[n % open.length] as Remembered;
          const neighbour = open[(n % open.length) + 1];
          const parents = merge && neighbour !== undefined ? [chosen, neighbour] : [chosen];
          if (parents.length === 2) {
            const [ShardToMerge, AdjacentShardToMerge] = parents.map(({ id }) => id);
            await call('MergeShards', { StreamName, ShardToMerge, AdjacentShardToMerge });
          } else {
            const NewStartingHashKey = String((chosen.start + chosen.end) / 2n);
            await call('SplitShard', { StreamName, ShardToSplit: chosen.id, NewStartingHashKey });
          }
          for (const parent of parents) parent.closedMs = endpoint.nowMs();
          const { Shards } = await call('ListShards', { StreamName, ExclusiveStartShardId: all.at(-1)?.id });
          all.push(...Shards.map(remember(endpoint.nowMs())));
        }
        const nowMs = endpoint.nowMs();
        const horizonMs = Math.max(bornMs, nowMs - 24 * HOUR_MS);
        const listed = (Type: string, timestampMs?: number) =>
          ids({
            StreamName,
            ShardFilter: { Type, ...(timestampMs === undefined ? {} : { Timestamp: new Date(timestampMs) }) },
          });
        const those = (keep: (shard: Remembered) => boolean) => all.filter(keep).map(({ id }) => id);
        const kept = ({ closedMs }: Remembered, since: number) => closedMs === null || closedMs >= since;
        const openAt =
          (at: number) =>
          ({ createdMs, closedMs }: Remembered) =>
            createdMs <= at && (closedMs === null || closedMs > at);
        expect(await ids({ StreamName })).toEqual(those((shard) => kept(shard, horizonMs)));
        expect(await listed('FROM_TRIM_HORIZON')).toEqual(those((shard) => kept(shard, horizonMs)));
        expect(await listed('AT_LATEST')).toEqual(those(({ closedMs }) => closedMs === null));
        expect(await listed('AT_TRIM_HORIZON')).toEqual(those(openAt(horizonMs)));
        for (const ageMs of agesMs) {
          const at = Math.max(nowMs - ageMs, horizonMs);
          const open = all.filter(openAt(at));
          expect(await listed('AT_TIMESTAMP', nowMs - ageMs)).toEqual(open.map(({ id }) => id));
          expect(open.reduce((sum, { start, end }) => sum + end - start + 1n, 0n)).toBe(2n ** 128n);
          expect(await listed('FROM_TIMESTAMP', nowMs - ageMs)).toEqual(those((shard) => kept(shard, at)));
        }
        // Enforcing retention takes away for good what was not listed any more, and nothing else.
        const before = await ids({ StreamName });
        await endpoint.log.enforceRetention();
        expect(await ids({ StreamName })).toEqual(before);
        const { shards } = await endpoint.log.describeStream(StreamName);
        expect(shards.map((shard) => shard.shardId)).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });
});

function remember(createdMs: number) {
  return (shard: {
    readonly ShardId: string;
    readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  }): Remembered => ({
    id: shard.ShardId,
    start: BigInt(shard.HashKeyRange.StartingHashKey),
    end: BigInt(shard.HashKeyRange.EndingHashKey),
    createdMs,
    closedMs: null,
  });
}
