import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import type { LogBenchOptions } from './log-embedded.ts';
import { kinesisClient, PUT_RECORDS, type Share, type What } from './log-endpoint-calls.ts';
import { type Clients, startClients } from './log-endpoint-clients.ts';
import { fetchKinesalite, type Server, startBeagle, startKinesalite } from './log-endpoint-servers.ts';
import { type BenchResult, result, round } from './result.ts';

const SHARDS = 4;
const RECORDS = 20_000;
/** Rounds that warm both sides up before the one that counts. */
const WARM_ROUNDS = 2;
/**
 * A client of the SDK takes more CPU for a record than our server does, and one alone would be what is measured: as many
 * as there are cores. More than that would only wait for each other.
 */
const CLIENTS = Math.min(SHARDS, availableParallelism());

/** What is measured of a server, run by run. */
interface Samples {
  /** Records per second; lean: with requests that were made beforehand, so that the client's own work does not count. */
  readonly rates: Readonly<Record<What, number[]>>;
  /** The server's own CPU in the same time, µs a record: what bounds it where there are cores for its clients. */
  readonly cpu: Readonly<Record<What, number[]>>;
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
} as const satisfies Record<What, string>;

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
  const client = kinesisClient(server.url);
  const clients = startClients(server.url, CLIENTS);
  try {
    for (let round = 0; round <= WARM_ROUNDS; round++) {
      const stream = `bench-${round}`;
      await clients.begin(sharesOf(stream, await createStream(client, stream)));
      for (const what of ALL) await time(server, clients, what, round < WARM_ROUNDS ? null : samples);
      await clients.end();
      await client.send(new DeleteStreamCommand({ StreamName: stream }));
    }
  } finally {
    await clients.close();
    client.destroy();
    await server.stop();
  }
}

function sharesOf(stream: string, shards: readonly string[]): Share[] {
  const puts = RECORDS / PUT_RECORDS;
  return Array.from({ length: CLIENTS }, (_, i) => ({
    stream,
    shards: shards.filter((_shard, at) => at % CLIENTS === i),
    puts: Math.floor(puts / CLIENTS) + (i < puts % CLIENTS ? 1 : 0),
  }));
}

/** Lets the clients do all of it, and keeps how long it took where it counts. Lean clients read what both kinds put. */
async function time(server: Server, clients: Clients, what: What, samples: Samples | null): Promise<void> {
  const expected = what === 'leanGet' ? 2 * RECORDS : RECORDS;
  const cpuUs = server.cpuUs();
  const startedMs = performance.now();
  const records = await clients.run(what);
  const tookS = (performance.now() - startedMs) / 1000;
  const usedUs = server.cpuUs();
  if (records !== expected) {
    throw new Error(`[bench] ${WHAT[what]}: ${records} of ${expected} records; the run does not count`);
  }
  samples?.rates[what].push(records / tookS);
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
