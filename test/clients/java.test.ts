import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  KinesisClient,
  PutRecordsCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messageOf } from '../../core/index.ts';
import { type Child, startChild, untilChild } from '../child.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import { findDynamoDb, findJava } from './toolchain.ts';

const TOOLS = findJava();
if (TOOLS === null)
  console.log('test/clients: Java skipped, since there is no Java 17 with Maven: set JAVA_HOME and MVN');
const DYNAMODB = await findDynamoDb();
if (DYNAMODB === null)
  console.log('test/clients: KCL skipped, since AWS_ENDPOINT_URL names no DynamoDB, and none is at 127.0.0.1:5555');

/** How KCL reads, polling (the quicker test) or fan-out, or both with a comma. */
const RETRIEVALS = (process.env.KCL_RETRIEVAL ?? 'polling').split(',');
const RECORDS = 100_000;
const LEFT = 10_000;
const PUT = 500;
/** A worker takes seconds to start, and the leases of a dead one after ten more, on a machine that is not busy. */
const WITHIN_MS = 240_000;

describe.skipIf(TOOLS === null)('Java', () => {
  let endpoint: Endpoint;
  let classpath: string | null = null;
  const running = new Set<Child>();
  beforeAll(async () => {
    endpoint = await startEndpoint();
    classpath = await compile(endpoint.folder);
  }, 600_000);
  afterAll(async () => {
    for (const { child, finished } of running) {
      child.kill('SIGKILL');
      await finished;
    }
    await endpoint?.stop();
  });
  const java = (name: string, ...words: string[]) => {
    const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
    if (classpath === null) throw new Error('nothing was compiled');
    const started = startChild(TOOLS?.java ?? '', ['-Xmx512m', logging, '-cp', classpath, `beagle.${name}`, ...words]);
    running.add(started);
    void started.finished.then(() => running.delete(started));
    return started;
  };

  test('the SDK v2 with CBOR over HTTP/2 writes, reads, splits and subscribes', async (context) => {
    if (classpath === null) context.skip(UNFETCHED);
    const { code, stdout, stderr } = await java('SdkClient', endpoint.url).finished;
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ sent: 2000, polled: 1000, subscribed: 2000 });
  });

  test.skipIf(DYNAMODB === null).for(RETRIEVALS)(
    `KCL, ${'%s'}: ${RECORDS} records through a split and a kill -9 of the worker, none missing`,
    { timeout: 3 * WITHIN_MS },
    async (retrieval, context) => {
      if (classpath === null) context.skip(UNFETCHED);
      const stream = `kcl-${retrieval}`;
      const client = new KinesisClient({
        endpoint: endpoint.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 2 }));
      await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { StreamName: stream });
      // A file for each worker: what the first one leaves half written must not spoil a line of the second.
      const files = ['first', 'second'].map((name) => join(endpoint.folder, `${stream}-${name}`));
      const application = `${stream}-${Date.now()}`;
      const worker = (file = '') =>
        java('KclWorker', endpoint.url, DYNAMODB ?? '', application, stream, file, retrieval);
      const first = worker(files[0]);
      const lines = () => files.flatMap(linesOf);
      await putRange(client, stream, 0, RECORDS / 2);
      await untilChild('the worker reads', first, () => lines().length > 0, WITHIN_MS);
      await split(client, stream);
      await putRange(client, stream, RECORDS / 2, RECORDS - LEFT);
      await untilChild('the worker is well under way', first, () => lines().length > RECORDS / 4, WITHIN_MS);
      first.child.kill('SIGKILL');
      await first.finished;
      // So that there is something that the first one cannot have read.
      await putRange(client, stream, RECORDS - LEFT, RECORDS);
      client.destroy();
      const second = worker(files[1]);
      const texts = () => new Set(lines().map((line) => line.slice(line.indexOf(' ') + 1)));
      await untilChild('every record is read', second, () => texts().size >= RECORDS, WITHIN_MS).catch(
        (error: unknown) => {
          const read = lines().map((line) => line.split(' ')[0] ?? '');
          const counts = [...new Set(read)].map(
            (shard) => `${shard} ${read.filter((other) => other === shard).length}`,
          );
          throw new Error(`${texts().size} of ${RECORDS} read, by shard ${counts.join(', ')}: ${messageOf(error)}`);
        },
      );
      expect(linesOf(files[1] ?? '').length).toBeGreaterThanOrEqual(LEFT);
      expect(texts()).toEqual(new Set(Array.from({ length: RECORDS }, (_, i) => `record ${i}`)));
      const shards = new Set(lines().map((line) => line.slice(0, line.indexOf(' '))));
      expect(shards.size).toBe(4);
      second.child.kill('SIGKILL');
      await second.finished;
    },
  );
});

const UNFETCHED = 'Maven could not fetch the libraries';

/**
 * Compiles the programs into `out`, outside the checkout, and gives their class path; fetches what Maven has not yet.
 * Null when it cannot fetch.
 */
async function compile(out: string): Promise<string | null> {
  const pom = new URL('java/pom.xml', import.meta.url).pathname;
  const file = join(out, 'classpath.txt');
  const words = ['-q', '-B', '-Dstyle.color=never', '-f', pom, `-Dout=${out}`, 'compiler:compile'];
  const { code, stdout } = await startChild(TOOLS?.mvn ?? '', [
    ...words,
    'dependency:build-classpath',
    `-Dmdep.outputFile=${file}`,
  ]).finished;
  if (code !== 0 && /Could not (transfer|find|resolve)|[Oo]ffline|Unknown host/.test(stdout)) return null;
  if (code !== 0) throw new Error(`Maven ended with ${code}: ${stdout.slice(-2000)}`);
  return `${join(out, 'classes')}:${readFileSync(file, 'utf8').trim()}`;
}

async function putRange(client: KinesisClient, StreamName: string, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += PUT) await put(client, StreamName, at);
}

async function put(client: KinesisClient, StreamName: string, from: number): Promise<void> {
  const Records = Array.from({ length: PUT }, (_, i) => ({
    PartitionKey: `key ${from + i}`,
    Data: Buffer.from(`record ${from + i}`),
  }));
  const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }));
  expect(FailedRecordCount).toBe(0);
}

/** In the middle of the lower half of the hash keys. */
async function split(client: KinesisClient, StreamName: string): Promise<void> {
  const ShardToSplit = 'shardId-000000000000';
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey: String(1n << 126n) }));
}

/** Whole lines so far; what a killed worker left half is none. */
function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .filter((line) => /^shardId-\d{12} record \d+$/.test(line));
  } catch {
    return [];
  }
}
