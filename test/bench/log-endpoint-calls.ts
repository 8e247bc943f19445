import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createLeanClient, type LeanClient } from './log-endpoint-lean.ts';
import { benchRecords, takeFrom } from './log-records.ts';

/** Records of a PutRecords request: as many as one may have. */
export const PUT_RECORDS = 500;
const CALLS_AT_ONCE = 4;
const LIMIT = 10_000;

/** What is measured; lean: with requests that were made beforehand and answers that are only parsed. */
export type What = 'put' | 'get' | 'leanPut' | 'leanGet';

/** What one client does in a round. */
export interface Share {
  readonly stream: string;
  /** To read whole. */
  readonly shards: readonly string[];
  /** PutRecords requests of each kind of client. */
  readonly puts: number;
}

/** One client of each kind. */
export interface Caller {
  /** Makes ready for a round, before its time counts. */
  begin(share: Share): void;
  /** Gives the number of records written or read. */
  run(what: What): Promise<number>;
  end(): void;
}

export function kinesisClient(url: string): KinesisClient {
  return new KinesisClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: new NodeHttpHandler(),
  });
}

export function createCaller(url: string): Caller {
  const client = kinesisClient(url);
  const take = takeFrom(benchRecords());
  let round: { readonly share: Share; readonly lean: LeanClient; readonly bodies: readonly Buffer[] } | null = null;
  return {
    begin(share) {
      // A connection of its own each round: kinesalite closes one that was idle for five seconds.
      const lean = createLeanClient(url);
      round = { share, lean, bodies: lean.putBodies(share.stream, share.puts, PUT_RECORDS) };
    },
    async run(what) {
      if (round === null) throw new Error('[bench] no round has begun');
      const { share, lean, bodies } = round;
      switch (what) {
        case 'put':
          return putAll(client, share, take);
        case 'get':
          return sum(share.shards.map((shard) => getAll(client, share.stream, shard)));
        case 'leanPut':
          return leanPutAll(lean, bodies);
        case 'leanGet':
          return sum(share.shards.map((shard) => leanGetAll(lean, share.stream, shard)));
      }
    },
    end() {
      round?.lean.close();
      round = null;
    },
  };
}

async function sum(counts: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
}

async function putAll(client: KinesisClient, { stream, puts }: Share, take: ReturnType<typeof takeFrom>) {
  let left = puts;
  const lane = async () => {
    while (left-- > 0) {
      const Records = take(PUT_RECORDS).map(({ key, data }) => ({ PartitionKey: key, Data: data }));
      const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
      demandNone(FailedRecordCount);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane));
  return puts * PUT_RECORDS;
}

async function getAll(client: KinesisClient, StreamName: string, ShardId: string): Promise<number> {
  const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  let { ShardIterator: iterator } = await client.send(new GetShardIteratorCommand(start));
  for (let read = 0; ; ) {
    const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: LIMIT }));
    const count = answer.Records?.length ?? 0;
    read += count;
    iterator = answer.NextShardIterator;
    if (count === 0 && answer.MillisBehindLatest === 0) return read;
  }
}

async function leanPutAll(lean: LeanClient, bodies: readonly Buffer[]): Promise<number> {
  let next = 0;
  const lane = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = JSON.parse(String(await lean.send('PutRecords', body))) as { FailedRecordCount: number };
      demandNone(answer.FailedRecordCount);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane));
  return bodies.length * PUT_RECORDS;
}

async function leanGetAll(lean: LeanClient, StreamName: string, ShardId: string): Promise<number> {
  const call = async (operation: string, input: object) =>
    JSON.parse(String(await lean.send(operation, Buffer.from(JSON.stringify(input))))) as {
      readonly ShardIterator?: string;
      readonly NextShardIterator?: string;
      readonly Records?: readonly unknown[];
      readonly MillisBehindLatest?: number;
    };
  const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  let { ShardIterator } = await call('GetShardIterator', start);
  for (let read = 0; ; ) {
    const answer = await call('GetRecords', { ShardIterator, Limit: LIMIT });
    const count = answer.Records?.length ?? 0;
    read += count;
    ShardIterator = answer.NextShardIterator;
    if (count === 0 && answer.MillisBehindLatest === 0) return read;
  }
}

function demandNone(failed: number | undefined): void {
  if (failed !== 0) throw new Error(`[bench] ${failed} records were refused`);
}
