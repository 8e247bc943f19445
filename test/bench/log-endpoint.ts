import { join } from 'node:path';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { LogBenchOptions } from './log-embedded.ts';
import { round } from './log-embedded.ts';
import { createLeanClient, type LeanClient } from './log-endpoint-lean.ts';
import { fetchKinesalite, type Server, startBeagle, startKinesalite } from './log-endpoint-servers.ts';
import { benchRecords, takeFrom } from './log-records.ts';
import { type BenchResult, result } from './result.ts';

const SHARDS = 4;
const RECORDS = 20_000;
const PUT = 500;
const CALLS_AT_ONCE = 4;
const LIMIT = 10_000;
/** Rounds that warm both sides up before the one that counts. */
const WARM_ROUNDS = 2;

/** What is measured of a server, run by run. */
interface Samples {
  /** Records per second; lean: with requests that were made beforehand, so that the client's own work does not count. */
  readonly rates: Readonly<Record<keyof typeof WHAT, number[]>>;
  /** The server's own CPU in the same time, µs a record: what bounds it where there are cores for its clients. */
  readonly cpu: Readonly<Record<keyof typeof WHAT, number[]>>;
}

const noSamples = (): Samples => ({
  rates: { put: [], get: [], leanPut: [], leanGet: [] },
  cpu: { put: [], get: [], leanPut: [], leanGet: [] },
});

/**
 * PutRecords of 500 records of 1 KB and GetRecords of up to 10,000 through AWS's SDK over HTTP/1.1, against our endpoint
 * (on disk, durable before it answers) and against kinesalite (in memory, as it is by default), one after the other.
 */
export async function benchEndpoint(options: LogBenchOptions & { readonly warn: (text: string) => void }) {
  const { root, runs, onProgress, warn } = options;
  const kinesalite = await fetchKinesalite().catch((error: Error) => {
    warn(`[bench] kinesalite cannot be fetched, so its figures are left out: ${error.message.split('\n')[0]}`);
    return null;
  });
  const ours = noSamples();
  const theirs = noSamples();
  for (let run = 0; run < runs; run++) {
    onProgress(`endpoint, run ${run + 1} of ${runs}`);
    await measure(await startBeagle(join(root, `endpoint-${run}`)), ours);
    if (kinesalite !== null) await measure(await startKinesalite(kinesalite), theirs);
  }
  return resultsOf(ours, kinesalite === null ? null : theirs);
}

const WHAT = {
  put: 'PutRecords of 500 records of 1 KB, SDK over HTTP',
  get: 'GetRecords, SDK over HTTP',
  leanPut: 'PutRecords of 500 records of 1 KB, requests made beforehand',
  leanGet: 'GetRecords, answers parsed as JSON alone',
} as const;

type What = keyof typeof WHAT;
const ALL = Object.keys(WHAT) as What[];

function resultsOf(ours: Samples, theirs: Samples | null): BenchResult[] {
  const of = (server: string, { rates, cpu }: Samples) => [
    ...ALL.map((what) => result(`${server}: ${WHAT[what]}`, 'records/s', rates[what].map(Math.round))),
    ...ALL.filter((what) => cpu[what].length > 0).map((what) =>
      result(`${server}: ${WHAT[what]}, the server's own CPU`, 'µs/record', rounded(cpu[what])),
    ),
  ];
  if (theirs === null) return of('endpoint', ours);
  const over = (a: readonly number[], b: readonly number[]) =>
    rounded(a.map((value, i) => value / (b[i] ?? Number.NaN)));
  return [
    ...of('endpoint', ours),
    ...of('kinesalite', theirs),
    ...ALL.map((what) =>
      result(`ratio: ${WHAT[what]}, endpoint / kinesalite`, '', over(ours.rates[what], theirs.rates[what])),
    ),
    ...ALL.filter((what) => ours.cpu[what].length > 0).map((what) =>
      result(`ratio: ${WHAT[what]}, CPU of kinesalite / endpoint`, '', over(theirs.cpu[what], ours.cpu[what])),
    ),
  ];
}

const rounded = (values: readonly number[]) => values.map((value) => round(value, 2));

async function measure(server: Server, samples: Samples): Promise<void> {
  const client = new KinesisClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: new NodeHttpHandler(),
  });
  try {
    for (let round = 0; round <= WARM_ROUNDS; round++) {
      const stream = `bench-${round}`;
      const shards = await createStream(client, stream);
      // Its own each round: kinesalite closes a connection that was idle for five seconds.
      const lean = createLeanClient(server.url);
      const bodies = lean.putBodies(stream, RECORDS / PUT, PUT);
      const works: Record<What, readonly [number, () => Promise<void>]> = {
        put: [RECORDS, () => putAll(client, stream)],
        get: [RECORDS, () => getAll(client, stream, shards)],
        leanPut: [RECORDS, () => leanPutAll(lean, bodies)],
        leanGet: [2 * RECORDS, () => leanGetAll(lean, stream, shards)],
      };
      for (const what of ALL) await time(server, works[what], round < WARM_ROUNDS ? null : samples, what);
      lean.close();
      await client.send(new DeleteStreamCommand({ StreamName: stream }));
    }
  } finally {
    client.destroy();
    await server.stop();
  }
}

/** Does work on so many records, and keeps how long it took where it counts. */
async function time(
  server: Server,
  [records, work]: readonly [number, () => Promise<void>],
  samples: Samples | null,
  what: What,
): Promise<void> {
  const cpuUs = server.cpuUs();
  const startedMs = performance.now();
  await work();
  samples?.rates[what].push(records / ((performance.now() - startedMs) / 1000));
  const usedUs = server.cpuUs();
  if (cpuUs !== null && usedUs !== null) samples?.cpu[what].push((usedUs - cpuUs) / records);
}

async function createStream(client: KinesisClient, stream: string): Promise<string[]> {
  await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: SHARDS }));
  for (const untilMs = Date.now() + 30_000; Date.now() < untilMs; ) {
    const { StreamDescription: description } = await client.send(new DescribeStreamCommand({ StreamName: stream }));
    if (description?.StreamStatus === 'ACTIVE') return description.Shards?.map(({ ShardId }) => ShardId ?? '') ?? [];
  }
  throw new Error(`[bench] stream ${stream} did not become ACTIVE within 30 s`);
}

async function putAll(client: KinesisClient, stream: string): Promise<void> {
  const take = takeFrom(benchRecords());
  let calls = RECORDS / PUT;
  const lane = async () => {
    while (calls-- > 0) {
      const Records = take(PUT).map(({ key, data }) => ({ PartitionKey: key, Data: data }));
      const { FailedRecordCount: failed } = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
      if (failed !== 0) throw new Error(`[bench] ${failed} records were refused`);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane));
}

async function getAll(client: KinesisClient, stream: string, shards: readonly string[]): Promise<void> {
  let read = 0;
  const lane = async (ShardId: string) => {
    const start = { StreamName: stream, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let { ShardIterator: iterator } = await client.send(new GetShardIteratorCommand(start));
    for (;;) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: LIMIT }));
      const count = answer.Records?.length ?? 0;
      read += count;
      iterator = answer.NextShardIterator;
      if (count === 0 && answer.MillisBehindLatest === 0) return;
    }
  };
  await Promise.all(shards.map(lane));
  if (read !== RECORDS) throw new Error(`[bench] ${read} of ${RECORDS} records were read; the run does not count`);
}

async function leanPutAll(lean: LeanClient, bodies: readonly Buffer[]): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = JSON.parse(String(await lean.send('PutRecords', body))) as { FailedRecordCount: number };
      const { FailedRecordCount } = answer;
      if (FailedRecordCount !== 0) throw new Error(`[bench] ${FailedRecordCount} records were refused`);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane));
}

/** Reads what both kinds of client have put. */
async function leanGetAll(lean: LeanClient, StreamName: string, shards: readonly string[]): Promise<void> {
  const call = async (operation: string, input: object) =>
    JSON.parse(String(await lean.send(operation, Buffer.from(JSON.stringify(input))))) as {
      readonly ShardIterator?: string;
      readonly NextShardIterator?: string;
      readonly Records?: readonly unknown[];
      readonly MillisBehindLatest?: number;
    };
  let read = 0;
  const lane = async (ShardId: string) => {
    const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let { ShardIterator } = await call('GetShardIterator', start);
    for (;;) {
      const answer = await call('GetRecords', { ShardIterator, Limit: LIMIT });
      const count = answer.Records?.length ?? 0;
      read += count;
      ShardIterator = answer.NextShardIterator;
      if (count === 0 && answer.MillisBehindLatest === 0) return;
    }
  };
  await Promise.all(shards.map(lane));
  if (read !== 2 * RECORDS)
    throw new Error(`[bench] ${read} of ${2 * RECORDS} records were read; the run does not count`);
}
