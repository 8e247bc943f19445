import { KinesisClient, ListStreamsCommand, PutRecordsCommand, SubscribeToShardCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Operations } from './exchange.ts';
import { type Endpoint, openEndpoint } from './server.ts';

const operations = {
  ListStreams: async () => ({ StreamNames: ['a'], HasMoreStreams: false }),
  PutRecords: async (input: { Records: { Data: Uint8Array }[] }) => ({
    FailedRecordCount: 0,
    Records: input.Records.map(({ Data }) => ({
      SequenceNumber: String(Data.length),
      ShardId: 'shardId-000000000000',
    })),
  }),
  SubscribeToShard: async () => ({
    EventStream: (async function* () {
      for (let i = 0; i < 3; i++) {
        yield { SubscribeToShardEvent: { Records: [], ContinuationSequenceNumber: String(i), MillisBehindLatest: 0 } };
      }
    })(),
  }),
} as unknown as Operations;

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await openEndpoint({ operations, host: '127.0.0.1', port: 0 });
});
afterAll(() => endpoint.close(100));

const settings = () => ({
  region: 'us-east-1',
  endpoint: endpoint.url,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
});

test.each([
  ['its stock handler, HTTP/2', () => new KinesisClient(settings())],
  ['HTTP/1.1', () => new KinesisClient({ ...settings(), requestHandler: new NodeHttpHandler() })],
])('the stock client calls with %s', async (_name, make) => {
  const client = make();
  expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual(['a']);
  const { Records } = await client.send(
    new PutRecordsCommand({ StreamName: 's', Records: [{ Data: new Uint8Array(7), PartitionKey: 'ü' }] }),
  );
  expect(Records?.[0]?.SequenceNumber).toBe('7');
  const subscription = await client.send(
    new SubscribeToShardCommand({
      ConsumerARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1',
      ShardId: 'shardId-000000000000',
      StartingPosition: { Type: 'LATEST' },
    }),
  );
  const seen: unknown[] = [];
  for await (const event of subscription.EventStream ?? [])
    seen.push(event.SubscribeToShardEvent?.ContinuationSequenceNumber);
  expect(seen).toEqual(['0', '1', '2']);
  client.destroy();
});
