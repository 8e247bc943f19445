import type { Expected } from './fixture-wording.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const arnOf = (stream: string) => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${stream}`;
export const consumerArnOf = (stream: string, consumer = 'nobody') => `${arnOf(stream)}/consumer/${consumer}:1`;
export const streamNotFound = (stream: string): Expected => ({
  type: 'ResourceNotFoundException',
  message: `Stream ${stream} under account ${ACCOUNT} not found.`,
});

/** A call that every constraint of the model lets through, and what the service says to it. */
export interface ValidCall {
  readonly input: Readonly<Record<string, unknown>>;
  /** Null for an answer. */
  readonly expected: Expected;
}

const StreamName = 'absent';
const ShardId = 'shardId-000000000000';
const absent = (members: object): ValidCall => ({
  input: { StreamName, ...members },
  expected: streamNotFound(StreamName),
});
/** Of a resource that is not there, in words that are not known. */
const notThere = (input: Readonly<Record<string, unknown>>): ValidCall => ({
  input,
  expected: { type: 'ResourceNotFoundException' },
});
const answered = (input: Readonly<Record<string, unknown>> = {}): ValidCall => ({ input, expected: null });

/** One for each operation: of a stream that is not there, where the operation has one. */
export const VALID_CALLS: Readonly<Record<string, ValidCall>> = {
  AddTagsToStream: absent({ Tags: { a: 'b' } }),
  CreateStream: {
    input: { StreamName: 'present', ShardCount: 1 },
    expected: {
      type: 'ResourceInUseException',
      message: `Stream present under account ${ACCOUNT} already exists.`,
    },
  },
  DecreaseStreamRetentionPeriod: absent({ RetentionPeriodHours: 24 }),
  DeleteResourcePolicy: notThere({ ResourceARN: arnOf(StreamName) }),
  DeleteStream: absent({}),
  DeregisterStreamConsumer: notThere({ ConsumerARN: consumerArnOf(StreamName) }),
  DescribeAccountSettings: answered(),
  DescribeLimits: answered(),
  DescribeStream: absent({}),
  DescribeStreamConsumer: notThere({ ConsumerARN: consumerArnOf(StreamName) }),
  DescribeStreamSummary: absent({}),
  DisableEnhancedMonitoring: absent({ ShardLevelMetrics: ['ALL'] }),
  EnableEnhancedMonitoring: absent({ ShardLevelMetrics: ['ALL'] }),
  GetRecords: {
    input: { ShardIterator: 'absent' },
    expected: { type: 'InvalidArgumentException', message: 'Invalid ShardIterator.' },
  },
  GetResourcePolicy: notThere({ ResourceARN: arnOf(StreamName) }),
  GetShardIterator: {
    input: { StreamName, ShardId, ShardIteratorType: 'LATEST' },
    expected: {
      type: 'ResourceNotFoundException',
      message: `Shard ${ShardId} in stream ${StreamName} under account ${ACCOUNT} does not exist`,
    },
  },
  IncreaseStreamRetentionPeriod: absent({ RetentionPeriodHours: 48 }),
  ListShards: absent({}),
  ListStreamConsumers: notThere({ StreamARN: arnOf(StreamName) }),
  ListStreams: answered(),
  ListTagsForResource: notThere({ ResourceARN: arnOf(StreamName) }),
  ListTagsForStream: absent({}),
  MergeShards: absent({ ShardToMerge: ShardId, AdjacentShardToMerge: 'shardId-000000000001' }),
  PutRecord: absent({ Data: 'AA==', PartitionKey: 'a' }),
  PutRecords: absent({ Records: [{ Data: 'AA==', PartitionKey: 'a' }] }),
  PutResourcePolicy: notThere({ ResourceARN: arnOf(StreamName), Policy: '{"Statement":[]}' }),
  RegisterStreamConsumer: notThere({ StreamARN: arnOf(StreamName), ConsumerName: 'nobody' }),
  RemoveTagsFromStream: absent({ TagKeys: ['a'] }),
  SplitShard: absent({ ShardToSplit: ShardId, NewStartingHashKey: '2' }),
  StartStreamEncryption: absent({ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }),
  StopStreamEncryption: absent({ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }),
  SubscribeToShard: notThere({
    ConsumerARN: consumerArnOf(StreamName),
    ShardId,
    StartingPosition: { Type: 'LATEST' },
  }),
  TagResource: notThere({ ResourceARN: arnOf(StreamName), Tags: { a: 'b' } }),
  UntagResource: notThere({ ResourceARN: arnOf(StreamName), TagKeys: ['a'] }),
  UpdateAccountSettings: answered({ MinimumThroughputBillingCommitment: { Status: 'DISABLED' } }),
  UpdateMaxRecordSize: notThere({ StreamARN: arnOf(StreamName), MaxRecordSizeInKiB: 1024 }),
  UpdateShardCount: absent({ TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
  UpdateStreamMode: notThere({ StreamARN: arnOf(StreamName), StreamModeDetails: { StreamMode: 'PROVISIONED' } }),
};
