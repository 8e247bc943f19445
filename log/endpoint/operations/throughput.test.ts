import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, bytes, type Endpoint, openEndpoint } from './fixture-operations.ts';

const SHARD = 'shardId-000000000000';
const MIB = 1024 * 1024;

describe('with limits enforced', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await openEndpoint({ enforceLimits: true });
    await endpoint.call('CreateStream', { StreamName: 's', ShardCount: 2, MaxRecordSizeInKiB: 10_240 });
  });
  afterEach(() => endpoint.close());
  const call: Endpoint['call'] = (...args) => endpoint.call(...args);
  const put = (size: number, ExplicitHashKey = '0') =>
    call('PutRecord', { StreamName: 's', Data: new Uint8Array(size), PartitionKey: 'k', ExplicitHashKey });
  const exceeded = {
    type: 'ProvisionedThroughputExceededException',
    message: `Rate exceeded for shard ${SHARD} in stream s under account ${ACCOUNT}.`,
  };

  test('a shard takes 1,000 records a second, and the rest of a call is refused record by record', async () => {
    const Records = Array.from({ length: 400 }, () => ({ Data: bytes('x'), PartitionKey: 'k', ExplicitHashKey: '0' }));
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) counts.push((await call('PutRecords', { StreamName: 's', Records })).FailedRecordCount);
    expect(counts).toEqual([0, 0, 200, 400]);
    const other = { Data: bytes('x'), PartitionKey: 'k', ExplicitHashKey: String(2n ** 127n) };
    const mixed = await call('PutRecords', { StreamName: 's', Records: [Records[0], other] });
    expect(mixed).toMatchObject({
      FailedRecordCount: 1,
      Records: [
        { ErrorCode: exceeded.type, ErrorMessage: exceeded.message },
        { ShardId: 'shardId-000000000001', SequenceNumber: expect.any(String) },
      ],
    });
    await expect(put(1)).rejects.toMatchObject(exceeded);
    endpoint.advance(1000);
    await put(1);
  });

  test('a shard takes 1 MiB a second, a larger record at once and then nothing until it is paid for', async () => {
    await put(MIB - 1);
    await expect(put(0)).rejects.toMatchObject(exceeded);
    await put(0, String(2n ** 127n));
    endpoint.advance(1000);
    await put(4 * MIB);
    endpoint.advance(3400);
    await expect(put(MIB / 2)).rejects.toMatchObject(exceeded);
    endpoint.advance(200);
    await put(MIB / 2);
  });

  test('a shard is read five times a second', async () => {
    const at = { StreamName: 's', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = await call('GetShardIterator', at);
    for (let i = 0; i < 5; i++) await call('GetRecords', { ShardIterator });
    await expect(call('GetRecords', { ShardIterator })).rejects.toMatchObject(exceeded);
    endpoint.advance(200);
    await call('GetRecords', { ShardIterator });
  });

  test('a full read of 10 MiB holds up the next for five seconds', async () => {
    await put(9 * MIB);
    endpoint.advance(20_000);
    await put(MIB - 3);
    const at = { StreamName: 's', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = await call('GetShardIterator', at);
    expect((await call('GetRecords', { ShardIterator })).Records).toHaveLength(2);
    endpoint.advance(4900);
    await expect(call('GetRecords', { ShardIterator })).rejects.toMatchObject(exceeded);
    endpoint.advance(100);
    await call('GetRecords', { ShardIterator });
  });

  test('a stream is scaled ten times a day', async () => {
    const scale = (TargetShardCount: number) =>
      call('UpdateShardCount', { StreamName: 's', TargetShardCount, ScalingType: 'UNIFORM_SCALING' });
    for (let i = 0; i < 10; i++) await scale(i % 2 === 0 ? 3 : 2);
    await expect(scale(3)).rejects.toMatchObject({ type: 'LimitExceededException' });
    endpoint.advance(86_400_000);
    await scale(3);
  });
});
