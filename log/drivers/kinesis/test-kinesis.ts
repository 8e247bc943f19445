import {
  type GetRecordsInput,
  type GetShardIteratorInput,
  KinesisClient,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';

/** A stream of one shard. */
export const SUMMARY: StreamDescriptionSummary = {
  StreamName: 's',
  StreamARN: 'arn',
  StreamStatus: 'ACTIVE',
  RetentionPeriodHours: 24,
  StreamCreationTimestamp: new Date(1000),
  EnhancedMonitoring: [],
  OpenShardCount: 1,
};

type Answer = (input: never) => Partial<ServiceOutputTypes> | Promise<Partial<ServiceOutputTypes>>;

/** An SDK client whose operations are these functions: no network; what is not there throws. */
export function clientOf(operations: Readonly<Record<string, Answer>>): KinesisClient {
  const client = new KinesisClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  client.middlewareStack.add(
    (_next, context) => async (args: { input: ServiceInputTypes }) => {
      const name = String(context.commandName).replace(/Command$/, '');
      const operation = operations[name];
      if (operation === undefined) throw new Error(`no ${name} here`);
      return {
        output: { $metadata: {}, ...(await operation(args.input as never)) } as ServiceOutputTypes,
        response: {},
      };
    },
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

export function fault(name: string, status = 400): Error {
  return Object.assign(new Error(`${name} by the test`), { name, $metadata: { httpStatusCode: status } });
}

/** A shard's record, as a test thinks of it. */
export interface Entry {
  readonly key: string;
  readonly data: Uint8Array;
  readonly arrivalMs: number;
}

/** One stream of one shard, whose records may have any times; sequence numbers are 100, 101, … */
export function fakeShard(entries: readonly Entry[], given: { closed?: boolean; pageMax?: number } = {}) {
  const calls: string[] = [];
  const faults: Error[] = [];
  /** Operations whose next answer is cut off behind its head. */
  const cut = new Set<string>();
  const sequenceOf = (at: number) => String(100 + at);
  const startOf = ({ ShardIteratorType, StartingSequenceNumber, Timestamp }: GetShardIteratorInput): number => {
    const sequence = Number(StartingSequenceNumber) - 100;
    if (ShardIteratorType === 'AT_SEQUENCE_NUMBER') return Math.max(0, sequence);
    if (ShardIteratorType === 'AFTER_SEQUENCE_NUMBER') return sequence + 1;
    if (ShardIteratorType === 'TRIM_HORIZON') return 0;
    const at = entries.findIndex(({ arrivalMs }) => arrivalMs >= (Timestamp?.getTime() ?? 0));
    return at < 0 ? entries.length : at;
  };
  const note = (name: string) => {
    calls.push(name);
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
  };
  const shards = [
    {
      ShardId: 'shardId-000000000000',
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
      SequenceNumberRange: {
        StartingSequenceNumber: '100',
        ...(given.closed === true ? { EndingSequenceNumber: sequenceOf(entries.length) } : {}),
      },
    },
  ];
  const operations: Readonly<Record<string, Answer>> = {
    DescribeStreamSummary: () => ({
      StreamDescriptionSummary: SUMMARY,
    }),
    ListShards: () => ({ Shards: shards }),
    GetShardIterator: (input: GetShardIteratorInput) => {
      note(`GetShardIterator ${input.ShardIteratorType}`);
      return { ShardIterator: String(startOf(input)) };
    },
    GetRecords: (input: GetRecordsInput) => {
      note('GetRecords');
      const from = Number(input.ShardIterator);
      const to = Math.min(entries.length, from + Math.min(input.Limit ?? 10_000, given.pageMax ?? 10_000));
      const Records = entries.slice(from, to).map(({ key, data, arrivalMs }, i) => ({
        PartitionKey: key,
        Data: data,
        SequenceNumber: sequenceOf(from + i),
        ApproximateArrivalTimestamp: new Date(arrivalMs),
      }));
      const isEnd = given.closed === true && to === entries.length;
      return {
        Records,
        MillisBehindLatest: to < entries.length ? 1000 : 0,
        ...(isEnd ? {} : { NextShardIterator: String(to) }),
      };
    },
  };
  const cutOr = ([name, answer]: [string, Answer]): [string, Answer] => [
    name,
    (input) => (cut.delete(name) ? {} : answer(input)),
  ];
  const client = clientOf(Object.fromEntries(Object.entries(operations).map(cutOr)));
  return { client, calls, faults, cut };
}
