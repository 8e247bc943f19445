import {
  ChannelCountObject,
  DescribeStreamInputLimit,
  EncryptionType,
  KeyId,
  ListStreamsInputLimit,
  ListTagsForStreamInputLimit,
  MaxRecordSizeInKiB,
  NaturalIntegerObject,
  NextToken,
  OnDemandStreamCountLimitObject,
  OnDemandStreamCountObject,
  PositiveIntegerObject,
  RecordDistributionStrategy,
  ResourceARN,
  RetentionPeriodHours,
  ShardCountObject,
  ShardId,
  StreamARN,
  StreamId,
  StreamName,
  TagKey,
} from './scalars.ts';
import { boolean, type OperationShape, string, structure } from './shape.ts';
import {
  MetricsNameList,
  MinimumThroughputBillingCommitmentInput,
  MinimumThroughputBillingCommitmentOutput,
  StreamDescription,
  StreamDescriptionSummary,
  StreamModeDetails,
  StreamNameList,
  StreamSummaryList,
  TagKeyList,
  TagList,
  TagMap,
} from './structures.ts';

/** What is done to streams as a whole and to the account, after botocore 1.44.5. */
export const STREAM_OPERATIONS = {
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
      { StreamName, RetentionPeriodHours, StreamARN, StreamId },
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
  GetResourcePolicy: {
    input: structure('GetResourcePolicyInput', { ResourceARN, StreamId }, 'ResourceARN'),
    output: structure('GetResourcePolicyOutput', { Policy: string() }, 'Policy'),
  },
  IncreaseStreamRetentionPeriod: {
    input: structure(
      'IncreaseStreamRetentionPeriodInput',
      { StreamName, RetentionPeriodHours, StreamARN, StreamId },
      'RetentionPeriodHours',
    ),
    output: null,
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
  PutResourcePolicy: {
    input: structure('PutResourcePolicyInput', { ResourceARN, StreamId, Policy: string() }, 'ResourceARN', 'Policy'),
    output: null,
  },
  RemoveTagsFromStream: {
    input: structure('RemoveTagsFromStreamInput', { StreamName, TagKeys: TagKeyList, StreamARN, StreamId }, 'TagKeys'),
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
