import { KinesisClient, MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, test } from 'vitest';
import { describeLog, eventOf, readCount } from '../contract.ts';
import { openKinesisEndpoint } from '../endpoint/index.ts';
import type { Log } from '../log.ts';
import { openEmbeddedLog } from './embedded.ts';
import { type KinesisLogOptions, openKinesisLog } from './kinesis.ts';

const MOTO = process.env.AWS_ENDPOINT_URL;

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Of the port's cases those that Kinesis has no call for. */
const KINESIS_LACKS = ['forgets what was trimmed and nothing else'];
/** PutRecords answers no arrival: what `append` tells is the caller's clock. See the case of our own below. */
const ARRIVAL_IS_THE_CALLERS = ['gives nothing at a time to come, and the newer ones at a time between'];
const skip = [...KINESIS_LACKS, ...ARRIVAL_IS_THE_CALLERS];
/** moto's PutRecords "is not safe for concurrency" (its own words): of two calls at once one may overwrite the other's. */
const MOTO_LACKS = ['keeps the order of a key under concurrent appends through two handles'];

/** Our own endpoint over an embedded log that is gone afterwards. */
async function ownEndpoint(given: Partial<KinesisLogOptions> = {}) {
  const log = await openEmbeddedLog({ ephemeral: true });
  const endpoint = await openKinesisEndpoint(log, { host: '127.0.0.1', port: 0 });
  const open = () => openKinesisLog({ region: 'us-east-1', endpoint: endpoint.url, ...given });
  const requestHandler = new NodeHttpHandler();
  const client = new KinesisClient({
    region: 'us-east-1',
    endpoint: endpoint.url,
    requestHandler,
    credentials: CREDENTIALS,
  });
  const destroy = async () => {
    client.destroy();
    await endpoint.close();
    await log.close();
  };
  const split = async (handle: Log, stream: string, shardId: string) => {
    const { shards } = await handle.describeStream(stream);
    const range = shards.find((shard) => shard.shardId === shardId)?.hashKeyRange ?? { start: '0', end: '0' };
    const NewStartingHashKey = String((BigInt(range.start) + BigInt(range.end)) / 2n + 1n);
    await client.send(new SplitShardCommand({ StreamName: stream, ShardToSplit: shardId, NewStartingHashKey }));
  };
  const merge = async (_handle: Log, stream: string, ShardToMerge: string, AdjacentShardToMerge: string) => {
    await client.send(new MergeShardsCommand({ StreamName: stream, ShardToMerge, AdjacentShardToMerge }));
  };
  return { open, destroy, split, merge, embedded: log };
}

describeLog('Kinesis by our own endpoint', () => ownEndpoint(), { skip });
describeLog('Kinesis by our own endpoint over HTTP/2', () => ownEndpoint({ http2: true }), { skip });

const motoName = MOTO === undefined ? 'moto (skipped: AWS_ENDPOINT_URL names no endpoint)' : `moto at ${MOTO}`;
describe.skipIf(MOTO === undefined)(motoName, () => {
  const open = () => openKinesisLog({ region: 'us-east-1', endpoint: MOTO ?? '' });
  // Without split and merge: moto moves a parent's records into its children, and closed shards never end.
  describeLog('Kinesis by moto', async () => ({ open, destroy: async () => {} }), { skip: [...skip, ...MOTO_LACKS] });
});

describe('the log on Kinesis', () => {
  test('gives the newer ones at a time between two arrivals', async () => {
    const { open, destroy } = await ownEndpoint();
    const log = await open();
    await log.createStream('s', { shards: 1 });
    const shardId = 'shardId-000000000000';
    await log.append('s', [eventOf(0)]);
    const [first] = await readCount(log, 's', shardId, { type: 'TRIM_HORIZON' }, 1);
    let last = first;
    for (let i = 1; last?.arrivalUs === first?.arrivalUs; i++) {
      await log.append('s', [eventOf(i)]);
      last = (await readCount(log, 's', shardId, { type: 'TRIM_HORIZON' }, i + 1)).at(-1);
    }
    const found = await log.read('s', shardId, { type: 'AT_TIMESTAMP', timestampUs: last?.arrivalUs ?? 0 });
    expect(found.records[0]).toEqual(last);
    await log.close();
    await destroy();
  });

  test('reads a split shard to its end, and refuses what is put into it', async () => {
    const { open, destroy, embedded } = await ownEndpoint({ http2: true });
    const log = await open();
    await log.createStream('s', { shards: 1 });
    await log.append(
      's',
      Array.from({ length: 20 }, (_, i) => eventOf(i)),
    );
    await embedded.splitShard('s', 'shardId-000000000000', String(2n ** 127n));
    await log.append(
      's',
      Array.from({ length: 20 }, (_, i) => eventOf(i + 20)),
    );
    const { shards } = await log.describeStream('s');
    expect(shards.map(({ closed, parents }) => [closed, parents])).toEqual([
      [true, []],
      [false, ['shardId-000000000000']],
      [false, ['shardId-000000000000']],
    ]);
    await expect(log.appendToShard('s', 'shardId-000000000000', [eventOf(0)])).rejects.toMatchObject({
      name: 'ConflictError',
    });
    const parent = await log.read('s', 'shardId-000000000000', { type: 'TRIM_HORIZON' });
    expect([parent.records.length, parent.ended]).toEqual([20, true]);
    await log.close();
    await destroy();
  });
});

describe('enhanced fan-out', () => {
  test('gives all in order, as it comes, to the end of the shard', async () => {
    const { open, destroy, embedded } = await ownEndpoint({ http2: true, fanOut: 'beagle' });
    const log = await open();
    await log.createStream('s', { shards: 1 });
    const shardId = 'shardId-000000000000';
    await log.append(
      's',
      Array.from({ length: 300 }, (_, i) => eventOf(i)),
    );
    const first = await readCount(log, 's', shardId, { type: 'TRIM_HORIZON' }, 300);
    const start = { type: 'AFTER_SEQUENCE_NUMBER', position: first.at(-1)?.position ?? '' } as const;
    const woken = log.watch('s', shardId, start, 20_000);
    await log.append('s', [eventOf(300)]);
    await woken;
    const [next] = await readCount(log, 's', shardId, start, 1);
    expect(next?.source).toBe('test@300');
    await embedded.splitShard('s', shardId, String(2n ** 127n));
    const end = { type: 'AFTER_SEQUENCE_NUMBER', position: next?.position ?? '' } as const;
    await log.watch('s', shardId, end, 20_000);
    expect(await log.read('s', shardId, end)).toMatchObject({ records: [], ended: true });
    expect(first.map(({ source }) => source)).toEqual(Array.from({ length: 300 }, (_, i) => `test@${i}`));
    await log.close();
    await destroy();
  });
});
