import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ACCOUNT, arnOf, bytes, type Endpoint, openEndpoint } from './fixture-operations.ts';

const DAY_MS = 86_400_000;

describe('streams', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await openEndpoint();
  });
  afterEach(() => endpoint.close());
  const call: Endpoint['call'] = (...args) => endpoint.call(...args);
  const summary = async (StreamName: string, via = call) =>
    (await via('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary;
  const refused = (type: string, message?: string | RegExp) => ({
    type,
    ...(message === undefined ? {} : { message: message instanceof RegExp ? expect.stringMatching(message) : message }),
  });
  const missing = (name: string) =>
    refused('ResourceNotFoundException', `Stream ${name} under account ${ACCOUNT} not found.`);

  test('are described as they were created', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 3, Tags: { a: '1' }, MaxRecordSizeInKiB: 2048 });
    const common = {
      StreamName: 's',
      StreamARN: arnOf('s'),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(endpoint.nowMs()),
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
    };
    expect(await summary('s')).toEqual({ ...common, OpenShardCount: 3, ConsumerCount: 0, MaxRecordSizeInKiB: 2048 });
    const { StreamDescription } = await call('DescribeStream', { StreamARN: arnOf('s') });
    expect(StreamDescription).toEqual({ ...common, HasMoreShards: false, Shards: expect.any(Array) });
    expect(StreamDescription.Shards).toHaveLength(3);
    expect(StreamDescription.Shards[1]).toEqual({
      ShardId: 'shardId-000000000001',
      HashKeyRange: {
        StartingHashKey: '113427455640312821154458202477256070485',
        EndingHashKey: '226854911280625642308916404954512140969',
      },
      SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) },
    });
    expect((await call('ListTagsForStream', { StreamName: 's' })).Tags).toEqual([{ Key: 'a', Value: '1' }]);
  });

  test('page their description by shard', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 130 });
    const first = (await call('DescribeStream', { StreamName: 's', Limit: 2000 })).StreamDescription;
    expect([first.Shards.length, first.HasMoreShards]).toEqual([100, true]);
    const ExclusiveStartShardId = first.Shards[99].ShardId;
    const rest = (await call('DescribeStream', { StreamName: 's', ExclusiveStartShardId })).StreamDescription;
    expect([rest.Shards.length, rest.HasMoreShards, rest.Shards[0].ShardId]).toEqual([
      30,
      false,
      'shardId-000000000100',
    ]);
  });

  test('take ON_DEMAND without a number of shards, and PROVISIONED with one', async () => {
    const StreamModeDetails = { StreamMode: 'ON_DEMAND' };
    await call('CreateStream', { StreamName: 'd', StreamModeDetails });
    expect(await summary('d')).toMatchObject({
      OpenShardCount: 4,
      StreamModeDetails,
      RecordDistributionStrategy: 'USER_PARTITION_KEY',
    });
    const create = (input: object) => call('CreateStream', { StreamName: 'x', ...input });
    await expect(create({ StreamModeDetails, ShardCount: 1 })).rejects.toMatchObject(
      refused('InvalidArgumentException'),
    );
    const provisioned = { StreamMode: 'PROVISIONED' };
    await expect(create({ StreamModeDetails: provisioned })).rejects.toMatchObject(
      refused('ValidationException', /'shardCount'/),
    );
    for (const input of [
      { WarmThroughputMiBps: 1, StreamModeDetails },
      { RecordDistributionStrategy: 'USER_PARTITION_KEY', ShardCount: 1 },
      { RecordDistributionStrategy: 'AUTO', StreamModeDetails },
    ]) {
      await expect(create(input)).rejects.toMatchObject(
        refused('InvalidArgumentException', /WarmThroughputMiBps|RecordDistributionStrategy/),
      );
    }
    await expect(create({ ShardCount: 10_001 })).rejects.toMatchObject(refused('LimitExceededException'));
    expect((await call('ListStreams', {})).StreamNames).toEqual(['d']);
    await call('CreateStream', { StreamName: 'neither' });
    expect(await summary('neither')).toMatchObject({ OpenShardCount: 4, StreamModeDetails });
  });

  test('exist once, are gone when deleted, and may be created anew', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    await expect(call('CreateStream', { StreamName: 's', ShardCount: 1 })).rejects.toMatchObject(
      refused('ResourceInUseException', `Stream s under account ${ACCOUNT} already exists.`),
    );
    await call('AddTagsToStream', { StreamName: 's', Tags: { a: 'b' } });
    await call('PutRecord', { StreamName: 's', Data: bytes('old'), PartitionKey: 'k' });
    expect(await call('DeleteStream', { StreamName: 's' })).toEqual({});
    for (const name of [
      'DescribeStream',
      'DescribeStreamSummary',
      'ListShards',
      'DeleteStream',
      'ListTagsForStream',
    ] as const) {
      await expect(call(name, { StreamName: 's' })).rejects.toMatchObject(missing('s'));
    }
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    expect((await call('ListTagsForStream', { StreamName: 's' })).Tags).toEqual([]);
  });

  test('pass through CREATING and DELETING when there is a delay', async () => {
    const slow = endpoint.again({ delayMs: 500 });
    await slow('CreateStream', { StreamName: 's', ShardCount: 1 });
    const { StreamDescription } = await slow('DescribeStream', { StreamName: 's' });
    expect(StreamDescription).toMatchObject({ StreamStatus: 'CREATING', Shards: [], HasMoreShards: false });
    const record = { StreamName: 's', Data: bytes('x'), PartitionKey: 'k' };
    await expect(slow('PutRecord', record)).rejects.toMatchObject(missing('s'));
    await expect(slow('DeleteStream', { StreamName: 's' })).rejects.toMatchObject(refused('ResourceInUseException'));
    const creating = refused(
      'ResourceInUseException',
      `Stream s under account ${ACCOUNT} not ACTIVE, instead in state CREATING`,
    );
    const split = { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '9' };
    await expect(slow('SplitShard', split)).rejects.toMatchObject(creating);
    await expect(slow('AddTagsToStream', { StreamName: 's', Tags: { a: 'b' } })).rejects.toMatchObject(creating);
    const consumer = { StreamARN: arnOf('s'), ConsumerName: 'c' };
    await expect(slow('RegisterStreamConsumer', consumer)).rejects.toMatchObject(creating);
    endpoint.advance(500);
    expect((await summary('s', slow)).StreamStatus).toBe('ACTIVE');
    await slow('PutRecord', record);
    await slow('DeleteStream', { StreamName: 's' });
    expect((await summary('s', slow)).StreamStatus).toBe('DELETING');
    await slow('DeleteStream', { StreamName: 's' });
    await expect(slow('PutRecord', record)).rejects.toMatchObject(missing('s'));
    await expect(slow('CreateStream', { StreamName: 's', ShardCount: 1 })).rejects.toMatchObject(
      refused('ResourceInUseException'),
    );
    endpoint.advance(500);
    await expect(summary('s', slow)).rejects.toMatchObject(missing('s'));
    expect((await slow('ListStreams', {})).StreamNames).toEqual([]);
    await slow('CreateStream', { StreamName: 's', ShardCount: 2 });
    endpoint.advance(500);
    expect((await summary('s', slow)).OpenShardCount).toBe(2);
  });

  test('that were being deleted when the endpoint stopped are taken away at its next start', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    await endpoint.again({ delayMs: 600_000 })('DeleteStream', { StreamName: 's' });
    endpoint.advance(600_000);
    expect(endpoint.log.names()).toEqual(['s']);
    endpoint.again();
    await vi.waitFor(() => expect(endpoint.log.names()).toEqual([]));
  });

  test('are no more than five in CREATING', async () => {
    const slow = endpoint.again({ delayMs: 500 });
    for (let i = 0; i < 5; i++) await slow('CreateStream', { StreamName: `s${i}`, ShardCount: 1 });
    const sixth = { StreamName: 's5', ShardCount: 1 };
    await expect(slow('CreateStream', sixth)).rejects.toMatchObject(refused('LimitExceededException'));
    endpoint.advance(500);
    await slow('CreateStream', sixth);
  });

  test('are listed by name, page by page', async () => {
    for (const StreamName of ['b', 'a', 'd', 'c']) await call('CreateStream', { StreamName, ShardCount: 1 });
    const first = await call('ListStreams', { Limit: 3 });
    expect(first).toMatchObject({ StreamNames: ['a', 'b', 'c'], HasMoreStreams: true, NextToken: expect.any(String) });
    expect(first.StreamSummaries[0]).toEqual({
      StreamName: 'a',
      StreamARN: arnOf('a'),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: expect.any(Date),
    });
    const rest = { StreamNames: ['d'], HasMoreStreams: false };
    expect(await call('ListStreams', { NextToken: first.NextToken })).toMatchObject(rest);
    expect(await call('ListStreams', { ExclusiveStartStreamName: 'c' })).toMatchObject(rest);
    await expect(call('ListStreams', { NextToken: 'AAAA' })).rejects.toMatchObject(refused('InvalidArgumentException'));
    endpoint.advance(300_001);
    await expect(call('ListStreams', { NextToken: first.NextToken })).rejects.toMatchObject(
      refused('ExpiredNextTokenException'),
    );
  });

  test('of the port show that they keep everything, until a retention is set', async () => {
    await endpoint.log.createStream('p', { shards: 1 });
    expect((await summary('p')).RetentionPeriodHours).toBe(8760);
    await call('DecreaseStreamRetentionPeriod', { StreamName: 'p', RetentionPeriodHours: 24 });
    expect((await summary('p')).RetentionPeriodHours).toBe(24);
  });

  test('change their retention within its bounds, and forget what is older at once', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    const change = (way: 'Increase' | 'Decrease', RetentionPeriodHours: number) =>
      call(`${way}StreamRetentionPeriod`, { StreamName: 's', RetentionPeriodHours });
    const invalid = (message: string) => refused('InvalidArgumentException', message);
    await expect(change('Increase', 23)).rejects.toMatchObject(
      invalid('Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.'),
    );
    await expect(change('Increase', 8761)).rejects.toMatchObject(
      invalid('Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.'),
    );
    await expect(change('Decrease', 25)).rejects.toMatchObject(
      invalid(
        'Requested retention period (25 hours) for stream s can not be longer than existing retention period (24 hours). Use IncreaseRetentionPeriod API.',
      ),
    );
    await change('Increase', 48);
    await change('Increase', 48);
    await expect(change('Increase', 47)).rejects.toMatchObject(
      invalid(
        'Requested retention period (47 hours) for stream s can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.',
      ),
    );
    await call('PutRecord', { StreamName: 's', Data: bytes('old'), PartitionKey: 'k' });
    endpoint.advance(1.5 * DAY_MS);
    await call('PutRecord', { StreamName: 's', Data: bytes('new'), PartitionKey: 'k' });
    await endpoint.log.enforceRetention();
    const count = async () => {
      const at = { StreamName: 's', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
      const { ShardIterator } = await call('GetShardIterator', at);
      return (await call('GetRecords', { ShardIterator })).Records.length;
    };
    expect(await count()).toBe(2);
    await change('Decrease', 24);
    expect(await count()).toBe(1);
  });

  test('do not give back what was too old already when their retention grows', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    await call('PutRecord', { StreamName: 's', Data: bytes('old'), PartitionKey: 'k' });
    await call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '100' });
    endpoint.advance(1.5 * DAY_MS);
    await call('PutRecord', { StreamName: 's', Data: bytes('new'), PartitionKey: 'k' });
    await call('IncreaseStreamRetentionPeriod', { StreamName: 's', RetentionPeriodHours: 48 });
    const { Shards } = await call('ListShards', { StreamName: 's' });
    expect(Shards.map(({ ShardId }: { ShardId: string }) => ShardId.at(-1))).toEqual(['1', '2']);
  });

  test('change their mode, the size of their records, and pass through UPDATING', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    const slow = endpoint.again({ delayMs: 100, enforceLimits: true });
    const mode = (StreamMode: string) =>
      slow('UpdateStreamMode', { StreamARN: arnOf('s'), StreamModeDetails: { StreamMode } });
    await mode('ON_DEMAND');
    expect(await summary('s', slow)).toMatchObject({
      StreamStatus: 'UPDATING',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
    const updating = refused(
      'ResourceInUseException',
      `Stream s under account ${ACCOUNT} not ACTIVE, instead in state UPDATING`,
    );
    await expect(mode('PROVISIONED')).rejects.toMatchObject(updating);
    endpoint.advance(100);
    await mode('ON_DEMAND');
    await mode('PROVISIONED');
    endpoint.advance(100);
    await expect(mode('ON_DEMAND')).rejects.toMatchObject(refused('LimitExceededException'));
    await slow('UpdateMaxRecordSize', { StreamARN: arnOf('s'), MaxRecordSizeInKiB: 10_240 });
    endpoint.advance(100);
    const Data = new Uint8Array(10 * 1024 * 1024 - 1);
    await call('PutRecord', { StreamName: 's', Data, PartitionKey: 'k' });
    expect((await summary('s')).MaxRecordSizeInKiB).toBe(10_240);
  });

  test('record their encryption and say so, and what is not to be had', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    const KeyId = 'alias/aws/kinesis';
    const start = (input: object) =>
      call('StartStreamEncryption', { StreamName: 's', EncryptionType: 'KMS', KeyId, ...input });
    await expect(start({ EncryptionType: 'NONE' })).rejects.toMatchObject(refused('InvalidArgumentException'));
    await expect(start({ KeyId: 'nonsense' })).rejects.toMatchObject(
      refused('KMSNotFoundException', 'Invalid keyId nonsense'),
    );
    await call('PutRecord', { StreamName: 's', Data: bytes('before'), PartitionKey: 'k' });
    await start({});
    expect(await summary('s')).toMatchObject({ EncryptionType: 'KMS', KeyId });
    const put = await call('PutRecord', { StreamName: 's', Data: bytes('x'), PartitionKey: 'k' });
    expect(put.EncryptionType).toBe('KMS');
    // Each record tells how it was put, whatever its stream is at the moment.
    const types = async () => {
      const at = { StreamName: 's', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
      const { Records } = await call('GetRecords', await call('GetShardIterator', at));
      return Records.map((record: { EncryptionType?: string }) => record.EncryptionType);
    };
    expect(await types()).toEqual([undefined, 'KMS']);
    await call('StopStreamEncryption', { StreamName: 's', EncryptionType: 'KMS', KeyId });
    expect(await summary('s')).toMatchObject({ EncryptionType: 'NONE' });
    await call('PutRecords', { StreamName: 's', Records: [{ Data: bytes('after'), PartitionKey: 'k' }] });
    expect(await types()).toEqual([undefined, 'KMS', undefined]);
  });

  test('record which metrics are wanted, by name and all at once', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    const change = (way: 'Enable' | 'Disable', ...ShardLevelMetrics: string[]) =>
      call(`${way}EnhancedMonitoring`, { StreamName: 's', ShardLevelMetrics });
    expect(await change('Enable', 'OutgoingBytes', 'IncomingBytes')).toEqual({
      StreamName: 's',
      StreamARN: arnOf('s'),
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
    });
    expect((await change('Enable', 'ALL')).DesiredShardLevelMetrics).toHaveLength(7);
    expect((await change('Disable', 'IncomingBytes')).DesiredShardLevelMetrics).toHaveLength(6);
    expect((await summary('s')).EnhancedMonitoring[0].ShardLevelMetrics).toHaveLength(6);
    expect((await change('Disable', 'ALL')).DesiredShardLevelMetrics).toEqual([]);
  });

  test('count against the account, whose commitment lasts a day', async () => {
    await call('CreateStream', { StreamName: 's', ShardCount: 3 });
    await call('CreateStream', { StreamName: 'd', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    expect(await call('DescribeLimits', {})).toEqual({
      ShardLimit: 10_000,
      OpenShardCount: 7,
      OnDemandStreamCount: 1,
      OnDemandStreamCountLimit: 50,
    });
    const set = (Status: string) => call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status } });
    const settings = async () => (await call('DescribeAccountSettings', {})).MinimumThroughputBillingCommitment;
    expect(await settings()).toEqual({ Status: 'DISABLED' });
    await set('ENABLED');
    expect(await settings()).toMatchObject({ Status: 'ENABLED', StartedAt: new Date(endpoint.nowMs()) });
    // Asked to end within its first day, it ends when that is over, unless it is enabled again before.
    const started = endpoint.nowMs();
    const earliest = { StartedAt: new Date(started), EarliestAllowedEndAt: new Date(started + DAY_MS) };
    const ending = { ...earliest, Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END' };
    expect(await set('DISABLED')).toEqual({ MinimumThroughputBillingCommitment: ending });
    expect(await settings()).toEqual(ending);
    expect(await set('ENABLED')).toEqual({ MinimumThroughputBillingCommitment: { ...earliest, Status: 'ENABLED' } });
    await set('DISABLED');
    endpoint.advance(DAY_MS);
    const ended = { Status: 'DISABLED', StartedAt: new Date(started), EndedAt: new Date(started + DAY_MS) };
    expect(await settings()).toEqual(ended);
    expect(await set('DISABLED')).toEqual({ MinimumThroughputBillingCommitment: ended });
    await set('ENABLED');
    endpoint.advance(2 * DAY_MS);
    expect((await set('DISABLED')).MinimumThroughputBillingCommitment).toMatchObject({
      Status: 'DISABLED',
      EndedAt: new Date(endpoint.nowMs()),
    });
  });
});
