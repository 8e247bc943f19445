import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamSummaryCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetResourcePolicyCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  SubscribeToShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedLog } from '../drivers/embedded.ts';
import type { EmbeddedLog } from '../drivers/embedded-log.ts';
import { openKinesisEndpoint } from './kinesis.ts';
import type { Endpoint } from './server.ts';

let log: EmbeddedLog;
let endpoint: Endpoint;
beforeAll(async () => {
  log = await openEmbeddedLog({ ephemeral: true });
  endpoint = await openKinesisEndpoint(log, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await endpoint.close(100);
  await log.close();
});

const HANDLERS: readonly [string, string, () => object][] = [
  ['its stock handler (HTTP/2)', 'over-2', () => ({})],
  ['HTTP/1.1', 'over-1', () => ({ requestHandler: new NodeHttpHandler() })],
];

describe.each(HANDLERS)("AWS's client over %s", (_name, StreamName, handler) => {
  let client: KinesisClient;
  let StreamARN: string;
  beforeAll(async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    client = new KinesisClient({
      region: 'eu-west-3',
      endpoint: endpoint.url,
      credentials,
      maxAttempts: 1,
      ...handler(),
    });
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await waitUntilStreamExists({ client, maxWaitTime: 30 }, { StreamName });
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    StreamARN = StreamDescriptionSummary?.StreamARN ?? '';
  });
  afterAll(() => client.destroy());

  async function readAll(ShardId: string) {
    const found = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    return client.send(new GetRecordsCommand({ ShardIterator: found.ShardIterator }));
  }

  test('streams are described and listed', async () => {
    expect(StreamARN).toBe(`arn:aws:kinesis:eu-west-3:000000000000:stream/${StreamName}`);
    expect((await client.send(new ListStreamsCommand({}))).StreamNames).toContain(StreamName);
    expect((await client.send(new DescribeLimitsCommand({}))).OpenShardCount).toBeGreaterThan(0);
  });

  test('records come back as they were put', async () => {
    const PartitionKey = 'clé "x"';
    const Data = new Uint8Array([0, 255, 10]);
    const { SequenceNumber } = await client.send(new PutRecordCommand({ StreamName, PartitionKey, Data }));
    const Records = [
      { PartitionKey: 'a', Data: new Uint8Array(0) },
      { PartitionKey: 'b', Data: Buffer.alloc((1 << 20) >> 1, 7), ExplicitHashKey: '0' },
    ];
    expect((await client.send(new PutRecordsCommand({ StreamName, Records }))).FailedRecordCount).toBe(0);
    const read = await readAll('shardId-000000000000');
    expect(read.Records?.map((record) => record.PartitionKey)).toEqual([PartitionKey, 'a', 'b']);
    expect(read.Records?.map(({ Data: data }) => data?.length)).toEqual([3, 0, 1 << 19]);
    expect(read.Records?.[0]?.SequenceNumber).toBe(SequenceNumber);
    expect(read.Records?.[0]?.Data).toEqual(Data);
    expect(Math.abs(Date.now() - (read.Records?.[0]?.ApproximateArrivalTimestamp?.getTime() ?? 0))).toBeLessThan(
      60_000,
    );
    expect(read.MillisBehindLatest).toBe(0);
  });

  test('a consumer is registered and its subscription gives what is there and what comes', async () => {
    const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c' }));
    const leave = new AbortController();
    const { EventStream = [] } = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: Consumer?.ConsumerARN,
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'TRIM_HORIZON' },
      }),
      { abortSignal: leave.signal },
    );
    const keys: (string | undefined)[] = [];
    const following = (async () => {
      for await (const { SubscribeToShardEvent: event } of EventStream) {
        const before = keys.length;
        keys.push(...(event?.Records ?? []).map(({ PartitionKey }) => PartitionKey));
        if (before < 3 && keys.length >= 3) {
          await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'live', Data: new Uint8Array(1) }));
        }
        if (keys.includes('live')) leave.abort();
      }
    })();
    await following.catch((error: Error) => {
      if (!leave.signal.aborted) throw error;
    });
    expect(keys).toEqual(['clé "x"', 'a', 'b', 'live']);
  });

  test('a shard splits and its children merge; a closed one says who goes on', async () => {
    const half = String(2n ** 127n);
    await client.send(
      new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: half }),
    );
    await waitUntilStreamExists({ client, maxWaitTime: 30 }, { StreamName });
    await client.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: 'shardId-000000000001',
        AdjacentShardToMerge: 'shardId-000000000002',
      }),
    );
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
    expect(Shards.map(({ ParentShardId, AdjacentParentShardId }) => [ParentShardId, AdjacentParentShardId])).toEqual([
      [undefined, undefined],
      ['shardId-000000000000', undefined],
      ['shardId-000000000000', undefined],
      ['shardId-000000000001', 'shardId-000000000002'],
    ]);
    const read = await readAll('shardId-000000000000');
    expect(read.NextShardIterator).toBeUndefined();
    expect(read.ChildShards?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000001', 'shardId-000000000002']);
  });

  test('tags, retention, monitoring, encryption and policies are kept', async () => {
    await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'ü' } }));
    expect((await client.send(new ListTagsForStreamCommand({ StreamName }))).Tags).toEqual([
      { Key: 'team', Value: 'ü' },
    ]);
    await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
    await client.send(new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['IncomingBytes'] }));
    await client.send(
      new StartStreamEncryptionCommand({ StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }),
    );
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary).toMatchObject({ RetentionPeriodHours: 48, EncryptionType: 'KMS' });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kinesis:GetRecords', Resource: StreamARN }],
    });
    await client.send(new PutResourcePolicyCommand({ ResourceARN: StreamARN, Policy }));
    expect((await client.send(new GetResourcePolicyCommand({ ResourceARN: StreamARN }))).Policy).toBe(Policy);
  });

  test('errors have their own classes', async () => {
    const missing = client.send(new DeleteStreamCommand({ StreamName: 'nope' }));
    await expect(missing).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Stream nope under account 000000000000 not found.',
    });
    const refused = client.send(new CreateStreamCommand({ StreamName: 'a b' }));
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a stream is deleted', async () => {
    await client.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
    await expect(client.send(new DescribeStreamSummaryCommand({ StreamName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
