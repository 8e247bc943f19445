import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evenHashKeyRanges } from '../../hash-key.ts';
import { ACCOUNT, bytes, drain, type Endpoint, openEndpoint } from './fixture-operations.ts';

const shardId = (n: number): string => `shardId-${String(n).padStart(12, '0')}`;
const HALF = 2n ** 127n;
const LAST = 2n ** 128n - 1n;

interface ApiShard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: { readonly StartingSequenceNumber: string; readonly EndingSequenceNumber?: string };
}

/** Throws unless the open ones of these cover all hash keys without overlap. */
function expectCovered(shards: readonly ApiShard[]): void {
  const ranges = shards
    .map(({ HashKeyRange }) => [BigInt(HashKeyRange.StartingHashKey), BigInt(HashKeyRange.EndingHashKey)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  let next = 0n;
  for (const [start, end] of ranges) {
    expect(start).toBe(next);
    next = end + 1n;
  }
  expect(next).toBe(LAST + 1n);
}

const isOpen = (shard: ApiShard): boolean => shard.SequenceNumberRange.EndingSequenceNumber === undefined;

describe('splitting and merging shards', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await openEndpoint();
    await endpoint.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  });
  afterEach(() => endpoint.close());
  const call: Endpoint['call'] = (...args) => endpoint.call(...args);
  const listed = async (more: object = {}): Promise<ApiShard[]> =>
    (await call('ListShards', { StreamName: 's', ...more })).Shards;
  const split = (n: number, at: bigint, stream = 's') =>
    call('SplitShard', { StreamName: stream, ShardToSplit: shardId(n), NewStartingHashKey: String(at) });
  const merge = (a: number, b: number) =>
    call('MergeShards', { StreamName: 's', ShardToMerge: shardId(a), AdjacentShardToMerge: shardId(b) });
  const put = (text: string, hashKey: bigint) =>
    call('PutRecord', { StreamName: 's', Data: bytes(text), PartitionKey: 'k', ExplicitHashKey: String(hashKey) });

  test('splits: the parent ends at its last record, the children share its hash keys and have greater numbers', async () => {
    const before = await put('before', 5n);
    const iterator = (await call('GetShardIterator', { StreamName: 's', ShardId: '0', ShardIteratorType: 'LATEST' }))
      .ShardIterator;
    expect(await split(0, HALF)).toEqual({});
    const low = await put('low', 5n);
    const high = await put('high', HALF);
    expect([low.ShardId, high.ShardId]).toEqual([shardId(1), shardId(2)]);
    const [parent, first, second] = (await listed()) as [ApiShard, ApiShard, ApiShard];
    expect(parent.SequenceNumberRange.EndingSequenceNumber).toBe(String(BigInt(before.SequenceNumber) + 1n));
    expect(first).toEqual({
      ShardId: shardId(1),
      ParentShardId: shardId(0),
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(HALF - 1n) },
      SequenceNumberRange: { StartingSequenceNumber: expect.any(String) },
    });
    expect(second.HashKeyRange).toEqual({ StartingHashKey: String(HALF), EndingHashKey: String(LAST) });
    for (const record of [low, high]) {
      expect(BigInt(record.SequenceNumber) > BigInt(parent.SequenceNumberRange.EndingSequenceNumber ?? '')).toBe(true);
    }
    const { records, children } = await drain(call, 's', '0');
    expect(records.map(({ data }) => data)).toEqual(['before']);
    expect(children).toEqual([
      { ShardId: shardId(1), ParentShards: [shardId(0)], HashKeyRange: first.HashKeyRange },
      { ShardId: shardId(2), ParentShards: [shardId(0)], HashKeyRange: second.HashKeyRange },
    ]);
    // One that was at the tip before the split ends there, too.
    const end = await call('GetRecords', { ShardIterator: iterator });
    expect(end).toMatchObject({ Records: [], MillisBehindLatest: 0, ChildShards: children });
    expect('NextShardIterator' in end).toBe(false);
  });

  test('merges two neighbours into one child of both', async () => {
    await split(0, HALF);
    await put('a', 0n);
    await put('b', LAST);
    await merge(1, 2);
    expect((await put('c', 0n)).ShardId).toBe(shardId(3));
    const child = (await listed({ ShardFilter: { Type: 'AT_LATEST' } }))[0];
    expect(child).toMatchObject({
      ShardId: shardId(3),
      ParentShardId: shardId(1),
      AdjacentParentShardId: shardId(2),
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(LAST) },
    });
    const { records, children } = await drain(call, 's', '1');
    expect(records.map(({ data }) => data)).toEqual(['a']);
    expect(children?.[0].ParentShards).toEqual([shardId(1), shardId(2)]);
  });

  test('refuses what cannot be split or merged, in the words of the service', async () => {
    const here = `in stream s under account ${ACCOUNT}`;
    const invalid = (message: string) => ({ type: 'InvalidArgumentException', message });
    for (const at of [0n, 1n, LAST, LAST + 1n]) {
      await expect(split(0, at)).rejects.toMatchObject(
        invalid(
          `NewStartingHashKey ${at} used in SplitShard() on shard ${shardId(0)} ${here} is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${LAST}.`,
        ),
      );
    }
    const missing = { type: 'ResourceNotFoundException', message: `Could not find shard ${shardId(5)} ${here}.` };
    await expect(split(5, HALF)).rejects.toMatchObject(missing);
    await expect(merge(0, 5)).rejects.toMatchObject(missing);
    await expect(split(0, HALF, 'none')).rejects.toMatchObject({ type: 'ResourceNotFoundException' });
    await split(0, HALF);
    await expect(split(0, HALF)).rejects.toMatchObject(
      invalid(
        `Shard ${shardId(0)} ${here} has already been merged or split, and thus is not eligible for merging or splitting.`,
      ),
    );
    await split(1, HALF / 2n);
    await expect(merge(3, 2)).rejects.toMatchObject(
      invalid(`Shards ${shardId(3)} and ${shardId(2)} ${here} are not an adjacent pair of shards eligible for merging`),
    );
    await expect(merge(4, 3)).rejects.toMatchObject({ type: 'InvalidArgumentException' });
    await expect(merge(3, 3)).rejects.toMatchObject({ type: 'InvalidArgumentException' });
    await call('CreateStream', { StreamName: 'd', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    await expect(split(0, 2n, 'd')).rejects.toMatchObject({
      type: 'ValidationException',
      message: `Request is invalid. Stream d under account ${ACCOUNT} is in On-Demand mode.`,
    });
  });

  test('keeps within the account’s limit of shards', async () => {
    const narrow = endpoint.again({ shardLimit: 2 });
    await narrow('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '2' });
    const over = {
      type: 'LimitExceededException',
      message: expect.stringMatching(
        /^This request would exceed the shard limit for the account 0+ in us-east-1\. Current shard count for the account: 2\. Limit: 2\. Number of additional shards that would have resulted from this request: 1\. /,
      ),
    };
    await expect(
      narrow('SplitShard', { StreamName: 's', ShardToSplit: '2', NewStartingHashKey: '9' }),
    ).rejects.toMatchObject(over);
    await expect(narrow('CreateStream', { StreamName: 't', ShardCount: 1 })).rejects.toMatchObject(over);
    await expect(
      narrow('UpdateShardCount', { StreamName: 's', TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' }),
    ).rejects.toMatchObject(over);
  });

  test('scales to any number within half and double, to even ranges, each with its parents', async () => {
    const scale = (TargetShardCount: number) =>
      call('UpdateShardCount', { StreamName: 's', TargetShardCount, ScalingType: 'UNIFORM_SCALING' });
    let current = 1;
    for (const target of [2, 3, 5, 5, 4, 7, 14, 7, 4, 2, 1]) {
      expect(await scale(target)).toMatchObject({
        StreamName: 's',
        CurrentShardCount: current,
        TargetShardCount: target,
      });
      const shards = await listed();
      const open = shards.filter(isOpen);
      expectCovered(open);
      const ranges = open.map(({ HashKeyRange: { StartingHashKey, EndingHashKey } }) => [
        StartingHashKey,
        EndingHashKey,
      ]);
      expect(ranges.sort()).toEqual(
        evenHashKeyRanges(target)
          .map(({ start, end }) => [start, end])
          .sort(),
      );
      for (const { ShardId, ParentShardId } of open)
        expect(ShardId === shardId(0) || ParentShardId !== undefined).toBe(true);
      current = target;
    }
    await expect(scale(3)).rejects.toMatchObject({
      type: 'LimitExceededException',
      message:
        'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 1, Target shard count: 3',
    });
    await scale(2);
    await scale(4);
    await expect(scale(1)).rejects.toMatchObject({
      type: 'LimitExceededException',
      message:
        'UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 4, Target shard count: 1',
    });
  });

  test('is UPDATING for the delay, takes records meanwhile, and refuses another change', async () => {
    const slow = endpoint.again({ delayMs: 500 });
    await slow('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '2' });
    const status = async () =>
      (await slow('DescribeStreamSummary', { StreamName: 's' })).StreamDescriptionSummary.StreamStatus;
    expect(await status()).toBe('UPDATING');
    await put('x', 0n);
    for (const shard of [0, 2])
      await expect(split(shard, HALF)).rejects.toMatchObject({
        type: 'ResourceInUseException',
        message: `Stream s under account ${ACCOUNT} not ACTIVE, instead in state UPDATING`,
      });
    endpoint.advance(500);
    expect(await status()).toBe('ACTIVE');
    await split(2, HALF);
  });

  test('whatever is split and merged, the hash keys stay covered and each key stays in order', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ do: fc.constant('put' as const), n: fc.nat(1000) }),
        fc.record({ do: fc.constant('split' as const), n: fc.nat(1000) }),
        fc.record({ do: fc.constant('merge' as const), n: fc.nat(1000) }),
      ),
      { maxLength: 25 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const StreamName = `p${run++}`;
        await call('CreateStream', { StreamName, ShardCount: 2 });
        const shardsNow = async (): Promise<ApiShard[]> => (await call('ListShards', { StreamName })).Shards;
        const written = new Map<string, string[]>();
        for (const [i, step] of plan.entries()) {
          endpoint.advance(3);
          const open = (await shardsNow())
            .filter(isOpen)
            .sort((a, b) => (BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1));
          const chosen = open[step.n % open.length] as ApiShard;
          const neighbour = open[(step.n % open.length) + 1];
          if (step.do === 'put') {
            const PartitionKey = `key-${step.n % 9}`;
            await call('PutRecord', { StreamName, Data: bytes(`${i}`), PartitionKey });
            written.set(PartitionKey, [...(written.get(PartitionKey) ?? []), `${i}`]);
          } else if (step.do === 'split') {
            const { StartingHashKey, EndingHashKey } = chosen.HashKeyRange;
            const middle = (BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n;
            await call('SplitShard', { StreamName, ShardToSplit: chosen.ShardId, NewStartingHashKey: `${middle}` });
          } else if (neighbour !== undefined) {
            await call('MergeShards', {
              StreamName,
              ShardToMerge: chosen.ShardId,
              AdjacentShardToMerge: neighbour.ShardId,
            });
          }
          expectCovered((await shardsNow()).filter(isOpen));
        }
        // Parents before children: that is the order in which they came to be.
        const read = new Map<string, string[]>();
        const numbers = new Map<string, bigint>();
        for (const { ShardId } of await shardsNow()) {
          for (const { key, data, sequenceNumber } of (await drain(call, StreamName, ShardId)).records) {
            expect(BigInt(sequenceNumber) > (numbers.get(key) ?? 0n)).toBe(true);
            numbers.set(key, BigInt(sequenceNumber));
            read.set(key, [...(read.get(key) ?? []), data]);
          }
        }
        expect([...read].sort()).toEqual([...written].sort());
      }),
      { numRuns: 25 },
    );
  });
});
