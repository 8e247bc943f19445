import {
  CreateStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  type _Record as KinesisRecord,
  ListShardsCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  ResourceNotFoundException,
  type Shard,
  SplitShardCommand,
  SubscribeToShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChild } from '../child.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import { findPython } from './toolchain.ts';

const PYTHON = findPython();
if (PYTHON === null)
  console.log('test/clients: boto3 skipped, since BOTO3_PYTHON names no Python that has boto3 and python3 has none');

const textOf = ({ Data }: KinesisRecord) => Buffer.from(Data ?? []).toString('utf8');

describe('clients that are not ours', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint?.stop());

  test.skipIf(PYTHON === null)('boto3 uses every family of operations', async () => {
    const script = new URL('boto3_client.py', import.meta.url).pathname;
    const { code, stdout, stderr } = await startChild(PYTHON ?? '', [script, endpoint.url]).finished;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { operations, records } = JSON.parse(stdout) as { operations: string[]; records: number };
    expect(records).toBe(502);
    expect(operations.length).toBeGreaterThanOrEqual(33);
  });

  test('the SDK for JavaScript with its stock handler writes, reads, splits and subscribes', async () => {
    // HTTP/2, as the client comes.
    const client = new KinesisClient({
      endpoint: endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const StreamName = 'javascript';
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
    await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { StreamName });
    const sent = Array.from({ length: 500 }, (_, i) => `record ${i}`);
    const put = async (texts: readonly string[]) => {
      const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
      const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }));
      expect(FailedRecordCount).toBe(0);
    };
    await put(sent);
    const { Shards: shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
    const read: string[] = [];
    for (const { ShardId } of shards) {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
      read.push(...Records.map(textOf));
    }
    expect(read.sort()).toEqual([...sent].sort());

    await client.send(
      new SplitShardCommand({ StreamName, ShardToSplit: shards[0]?.ShardId, NewStartingHashKey: '12345' }),
    );
    const { Shards: all = [] } = await client.send(new ListShardsCommand({ StreamName }));
    expect(all.filter(({ ParentShardId }) => ParentShardId === shards[0]?.ShardId)).toHaveLength(2);
    const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    const { StreamARN } = summary.StreamDescriptionSummary ?? {};
    const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'fan' }));
    const more = Array.from({ length: 300 }, (_, i) => `later ${i}`);
    const collected = collect(client, Consumer?.ConsumerARN, all, sent.length + more.length);
    await put(more);
    const { texts, children } = await collected;
    expect(texts.sort()).toEqual([...sent, ...more].sort());
    expect(children).toBe(2);
    await client.send(new DeregisterStreamConsumerCommand({ ConsumerARN: Consumer?.ConsumerARN }));
    await expect(client.send(new ListShardsCommand({ StreamName: 'nothing' }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
    client.destroy();
  });
});

/** What subscriptions to all shards give, until `count` records are there and the closed shard has named its children. */
function collect(client: KinesisClient, ConsumerARN: string | undefined, shards: readonly Shard[], count: number) {
  const texts: string[] = [];
  let children = 0;
  return new Promise<{ texts: string[]; children: number }>((resolve, reject) => {
    const one = async ({ ShardId }: Shard) => {
      const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
      const { EventStream = [] } = await client.send(
        new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition }),
      );
      for await (const { SubscribeToShardEvent: event } of EventStream) {
        texts.push(...(event?.Records ?? []).map(textOf));
        children = Math.max(children, event?.ChildShards?.length ?? 0);
        if (texts.length >= count && children > 0) resolve({ texts, children });
      }
    };
    for (const shard of shards) one(shard).catch(reject);
  });
}
