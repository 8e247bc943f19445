import {
  ConsumerARN,
  ConsumerName,
  Data,
  EncryptionType,
  GetRecordsInputLimit,
  HashKey,
  ListShardsInputLimit,
  ListStreamConsumersInputLimit,
  MillisBehindLatest,
  NextToken,
  PartitionKey,
  PositiveIntegerObject,
  ScalingType,
  SequenceNumber,
  ShardId,
  ShardIterator,
  ShardIteratorType,
  StreamARN,
  StreamId,
  StreamName,
} from './scalars.ts';
import { boolean, type OperationShape, structure, timestamp } from './shape.ts';
import {
  ChildShardList,
  Consumer,
  ConsumerDescription,
  ConsumerList,
  PutRecordsRequestEntryList,
  PutRecordsResultEntryList,
  RecordList,
  ShardFilter,
  ShardList,
  StartingPosition,
  SubscribeToShardEventStream,
  TagMap,
} from './structures.ts';

/** What is done with records, shards and consumers, after botocore 1.44.5. */
export const RECORD_OPERATIONS = {
  DeregisterStreamConsumer: {
    input: structure('DeregisterStreamConsumerInput', { StreamARN, ConsumerName, ConsumerARN, StreamId }),
    output: null,
  },
  DescribeStreamConsumer: {
    input: structure('DescribeStreamConsumerInput', { StreamARN, ConsumerName, ConsumerARN, StreamId }),
    output: structure('DescribeStreamConsumerOutput', { ConsumerDescription }, 'ConsumerDescription'),
  },
  GetRecords: {
    input: structure(
      'GetRecordsInput',
      { ShardIterator, Limit: GetRecordsInputLimit, StreamARN, StreamId, DryRun: boolean },
      'ShardIterator',
    ),
    output: structure(
      'GetRecordsOutput',
      { Records: RecordList, NextShardIterator: ShardIterator, MillisBehindLatest, ChildShards: ChildShardList },
      'Records',
    ),
  },
  GetShardIterator: {
    input: structure(
      'GetShardIteratorInput',
      {
        StreamName,
        ShardId,
        ShardIteratorType,
        StartingSequenceNumber: SequenceNumber,
        Timestamp: timestamp,
        StreamARN,
        StreamId,
        DryRun: boolean,
      },
      'ShardId',
      'ShardIteratorType',
    ),
    output: structure('GetShardIteratorOutput', { ShardIterator }),
  },
  ListShards: {
    input: structure('ListShardsInput', {
      StreamName,
      NextToken,
      ExclusiveStartShardId: ShardId,
      MaxResults: ListShardsInputLimit,
      StreamCreationTimestamp: timestamp,
      ShardFilter,
      StreamARN,
      StreamId,
    }),
    output: structure('ListShardsOutput', { Shards: ShardList, NextToken }),
  },
  ListStreamConsumers: {
    input: structure(
      'ListStreamConsumersInput',
      { StreamARN, NextToken, MaxResults: ListStreamConsumersInputLimit, StreamCreationTimestamp: timestamp, StreamId },
      'StreamARN',
    ),
    output: structure('ListStreamConsumersOutput', { Consumers: ConsumerList, NextToken }),
  },
  MergeShards: {
    input: structure(
      'MergeShardsInput',
      { StreamName, ShardToMerge: ShardId, AdjacentShardToMerge: ShardId, StreamARN, StreamId },
      'ShardToMerge',
      'AdjacentShardToMerge',
    ),
    output: null,
  },
  PutRecord: {
    input: structure(
      'PutRecordInput',
      {
        StreamName,
        Data,
        PartitionKey,
        ExplicitHashKey: HashKey,
        SequenceNumberForOrdering: SequenceNumber,
        StreamARN,
        StreamId,
        DryRun: boolean,
      },
      'Data',
      // As in PutRecordsRequestEntry.
      'PartitionKey',
    ),
    output: structure('PutRecordOutput', { ShardId, SequenceNumber, EncryptionType }, 'ShardId', 'SequenceNumber'),
  },
  PutRecords: {
    input: structure(
      'PutRecordsInput',
      { Records: PutRecordsRequestEntryList, StreamName, StreamARN, StreamId, DryRun: boolean },
      'Records',
    ),
    output: structure(
      'PutRecordsOutput',
      { FailedRecordCount: PositiveIntegerObject, Records: PutRecordsResultEntryList, EncryptionType },
      'Records',
    ),
  },
  RegisterStreamConsumer: {
    input: structure(
      'RegisterStreamConsumerInput',
      { StreamARN, ConsumerName, StreamId, Tags: TagMap },
      'StreamARN',
      'ConsumerName',
    ),
    output: structure('RegisterStreamConsumerOutput', { Consumer }, 'Consumer'),
  },
  SplitShard: {
    input: structure(
      'SplitShardInput',
      { StreamName, ShardToSplit: ShardId, NewStartingHashKey: HashKey, StreamARN, StreamId },
      'ShardToSplit',
      'NewStartingHashKey',
    ),
    output: null,
  },
  SubscribeToShard: {
    input: structure(
      'SubscribeToShardInput',
      { ConsumerARN, StreamId, ShardId, StartingPosition, DryRun: boolean },
      'ConsumerARN',
      'ShardId',
      'StartingPosition',
    ),
    output: structure('SubscribeToShardOutput', { EventStream: SubscribeToShardEventStream }, 'EventStream'),
  },
  UpdateShardCount: {
    input: structure(
      'UpdateShardCountInput',
      { StreamName, TargetShardCount: PositiveIntegerObject, ScalingType, StreamARN, StreamId },
      'TargetShardCount',
      'ScalingType',
    ),
    output: structure('UpdateShardCountOutput', {
      StreamName,
      CurrentShardCount: PositiveIntegerObject,
      TargetShardCount: PositiveIntegerObject,
      StreamARN,
    }),
  },
} as const satisfies Record<string, OperationShape>;
