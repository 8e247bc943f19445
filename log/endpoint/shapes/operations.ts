import {
  ChannelCountObject,
  ConsumerARN,
  ConsumerName,
  Data,
  DescribeStreamInputLimit,
  EncryptionType,
  GetRecordsInputLimit,
  HashKey,
  KeyId,
  ListShardsInputLimit,
  ListStreamConsumersInputLimit,
  ListStreamsInputLimit,
  ListTagsForStreamInputLimit,
  MaxRecordSizeInKiB,
  MillisBehindLatest,
  NaturalIntegerObject,
  NextToken,
  OnDemandStreamCountLimitObject,
  OnDemandStreamCountObject,
  PartitionKey,
  PositiveIntegerObject,
  RecordDistributionStrategy,
  ResourceARN,
  ScalingType,
  SequenceNumber,
  ShardCountObject,
  ShardId,
  ShardIterator,
  ShardIteratorType,
  StreamARN,
  StreamId,
  StreamName,
  TagKey,
} from './scalars.ts';
import { boolean, integer, type OperationShape, string, structure, timestamp } from './shape.ts';
import {
  ChildShardList,
  Consumer,
  ConsumerDescription,
  ConsumerList,
  MetricsNameList,
  MinimumThroughputBillingCommitmentInput,
  MinimumThroughputBillingCommitmentOutput,
  PutRecordsRequestEntryList,
  PutRecordsResultEntryList,
  RecordList,
  ShardFilter,
  ShardList,
  StartingPosition,
  StreamDescription,
  StreamDescriptionSummary,
  StreamModeDetails,
  StreamNameList,
  StreamSummaryList,
  SubscribeToShardEventStream,
  TagKeyList,
  TagList,
  TagMap,
} from './structures.ts';

/**
 * Every operation that the endpoint answers, after botocore 1.44.5: those of streams, shards, records, consumers, tags,
 * policies and the account. The model's others (queues, channels, warm throughput) are unknown operations here.
 */
export const OPERATIONS = {
  AddTagsToStream: {
    input: structure('AddTagsToStreamInput', { StreamName, Tags: TagMap, StreamARN, StreamId }, 'Tags'),
    output: null,
  },
  CreateStream: {
    input: structure(
      'CreateStreamInput',
      {
        StreamName,
        ShardCount: PositiveIntegerObject,
        StreamModeDetails,
        Tags: TagMap,
        WarmThroughputMiBps: NaturalIntegerObject,
        MaxRecordSizeInKiB,
        RecordDistributionStrategy,
      },
      'StreamName',
    ),
    output: null,
  },
  DecreaseStreamRetentionPeriod: {
    input: structure(
      'DecreaseStreamRetentionPeriodInput',
      { StreamName, RetentionPeriodHours: integer(), StreamARN, StreamId },
      'RetentionPeriodHours',
    ),
    output: null,
  },
  DeleteResourcePolicy: {
    input: structure('DeleteResourcePolicyInput', { ResourceARN, StreamId }, 'ResourceARN'),
    output: null,
  },
  DeleteStream: {
    input: structure('DeleteStreamInput', { StreamName, EnforceConsumerDeletion: boolean, StreamARN, StreamId }),
    output: null,
  },
  DeregisterStreamConsumer: {
    input: structure('DeregisterStreamConsumerInput', { StreamARN, ConsumerName, ConsumerARN, StreamId }),
    output: null,
  },
  DescribeAccountSettings: {
    input: structure('DescribeAccountSettingsInput', {}),
    output: structure('DescribeAccountSettingsOutput', {
      MinimumThroughputBillingCommitment: MinimumThroughputBillingCommitmentOutput,
    }),
  },
  DescribeLimits: {
    input: structure('DescribeLimitsInput', {}),
    output: structure(
      'DescribeLimitsOutput',
      {
        ShardLimit: ShardCountObject,
        OpenShardCount: ShardCountObject,
        OnDemandStreamCount: OnDemandStreamCountObject,
        OnDemandStreamCountLimit: OnDemandStreamCountLimitObject,
        ChannelCount: ChannelCountObject,
        ChannelCountLimit: ChannelCountObject,
      },
      'ShardLimit',
      'OpenShardCount',
      'OnDemandStreamCount',
      'OnDemandStreamCountLimit',
    ),
  },
  DescribeStream: {
    input: structure('DescribeStreamInput', {
      StreamName,
      Limit: DescribeStreamInputLimit,
      ExclusiveStartShardId: ShardId,
      StreamARN,
      StreamId,
    }),
    output: structure('DescribeStreamOutput', { StreamDescription }, 'StreamDescription'),
  },
  DescribeStreamConsumer: {
    input: structure('DescribeStreamConsumerInput', { StreamARN, ConsumerName, ConsumerARN, StreamId }),
    output: structure('DescribeStreamConsumerOutput', { ConsumerDescription }, 'ConsumerDescription'),
  },
  DescribeStreamSummary: {
    input: structure('DescribeStreamSummaryInput', { StreamName, StreamARN, StreamId }),
    output: structure('DescribeStreamSummaryOutput', { StreamDescriptionSummary }, 'StreamDescriptionSummary'),
  },
  DisableEnhancedMonitoring: {
    input: structure(
      'DisableEnhancedMonitoringInput',
      { StreamName, ShardLevelMetrics: MetricsNameList, StreamARN, StreamId },
      'ShardLevelMetrics',
    ),
    output: structure('EnhancedMonitoringOutput', {
      StreamName,
      CurrentShardLevelMetrics: MetricsNameList,
      DesiredShardLevelMetrics: MetricsNameList,
      StreamARN,
    }),
  },
  EnableEnhancedMonitoring: {
    input: structure(
      'EnableEnhancedMonitoringInput',
      { StreamName, ShardLevelMetrics: MetricsNameList, StreamARN, StreamId },
      'ShardLevelMetrics',
    ),
    output: structure('EnhancedMonitoringOutput', {
      StreamName,
      CurrentShardLevelMetrics: MetricsNameList,
      DesiredShardLevelMetrics: MetricsNameList,
      StreamARN,
    }),
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
  GetResourcePolicy: {
    input: structure('GetResourcePolicyInput', { ResourceARN, StreamId }, 'ResourceARN'),
    output: structure('GetResourcePolicyOutput', { Policy: string() }, 'Policy'),
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
  IncreaseStreamRetentionPeriod: {
    input: structure(
      'IncreaseStreamRetentionPeriodInput',
      { StreamName, RetentionPeriodHours: integer(), StreamARN, StreamId },
      'RetentionPeriodHours',
    ),
    output: null,
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
  ListStreams: {
    input: structure('ListStreamsInput', {
      Limit: ListStreamsInputLimit,
      ExclusiveStartStreamName: StreamName,
      NextToken,
    }),
    output: structure(
      'ListStreamsOutput',
      { StreamNames: StreamNameList, HasMoreStreams: boolean, NextToken, StreamSummaries: StreamSummaryList },
      'StreamNames',
      'HasMoreStreams',
    ),
  },
  ListTagsForResource: {
    input: structure('ListTagsForResourceInput', { ResourceARN, StreamId }, 'ResourceARN'),
    output: structure('ListTagsForResourceOutput', { Tags: TagList }),
  },
  ListTagsForStream: {
    input: structure('ListTagsForStreamInput', {
      StreamName,
      ExclusiveStartTagKey: TagKey,
      Limit: ListTagsForStreamInputLimit,
      StreamARN,
      StreamId,
    }),
    output: structure('ListTagsForStreamOutput', { Tags: TagList, HasMoreTags: boolean }, 'Tags', 'HasMoreTags'),
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
  PutResourcePolicy: {
    input: structure('PutResourcePolicyInput', { ResourceARN, StreamId, Policy: string() }, 'ResourceARN', 'Policy'),
    output: null,
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
  RemoveTagsFromStream: {
    input: structure('RemoveTagsFromStreamInput', { StreamName, TagKeys: TagKeyList, StreamARN, StreamId }, 'TagKeys'),
    output: null,
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
  StartStreamEncryption: {
    input: structure(
      'StartStreamEncryptionInput',
      { StreamName, EncryptionType, KeyId, StreamARN, StreamId },
      'EncryptionType',
      'KeyId',
    ),
    output: null,
  },
  StopStreamEncryption: {
    input: structure(
      'StopStreamEncryptionInput',
      { StreamName, EncryptionType, KeyId, StreamARN, StreamId },
      'EncryptionType',
      'KeyId',
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
  TagResource: {
    input: structure('TagResourceInput', { Tags: TagMap, ResourceARN, StreamId }, 'Tags', 'ResourceARN'),
    output: null,
  },
  UntagResource: {
    input: structure('UntagResourceInput', { TagKeys: TagKeyList, ResourceARN, StreamId }, 'TagKeys', 'ResourceARN'),
    output: null,
  },
  UpdateAccountSettings: {
    input: structure(
      'UpdateAccountSettingsInput',
      { MinimumThroughputBillingCommitment: MinimumThroughputBillingCommitmentInput },
      'MinimumThroughputBillingCommitment',
    ),
    output: structure('UpdateAccountSettingsOutput', {
      MinimumThroughputBillingCommitment: MinimumThroughputBillingCommitmentOutput,
    }),
  },
  UpdateMaxRecordSize: {
    input: structure('UpdateMaxRecordSizeInput', { StreamARN, StreamId, MaxRecordSizeInKiB }, 'MaxRecordSizeInKiB'),
    output: null,
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
  UpdateStreamMode: {
    input: structure(
      'UpdateStreamModeInput',
      { StreamARN, StreamId, StreamModeDetails, WarmThroughputMiBps: NaturalIntegerObject },
      'StreamARN',
      'StreamModeDetails',
    ),
    output: null,
  },
} as const satisfies Record<string, OperationShape>;
