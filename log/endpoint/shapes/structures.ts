/** Structures, lists and maps of the service model (botocore 1.44.5) that operations share or nest. */
import {
  ChannelCountObject,
  ConsumerARN,
  ConsumerCountObject,
  ConsumerName,
  ConsumerStatus,
  Data,
  EncryptionType,
  HashKey,
  KeyId,
  MaxRecordSizeInKiB,
  MetricsName,
  MillisBehindLatest,
  MinimumThroughputBillingCommitmentInputStatus,
  MinimumThroughputBillingCommitmentOutputStatus,
  NaturalIntegerObject,
  PartitionKey,
  QueueCountObject,
  RecordDistributionStrategy,
  RetentionPeriodHours,
  SequenceNumber,
  ShardCountObject,
  ShardFilterType,
  ShardId,
  ShardIteratorType,
  StreamARN,
  StreamId,
  StreamMode,
  StreamName,
  StreamStatus,
  TagKey,
  TagValue,
} from './scalars.ts';
import { boolean, list, map, string, structure, timestamp } from './shape.ts';

export const TagMap = map(TagKey, TagValue, { min: 1, max: 200 });
export const StreamModeDetails = structure('StreamModeDetails', { StreamMode }, 'StreamMode');
export const MinimumThroughputBillingCommitmentOutput = structure(
  'MinimumThroughputBillingCommitmentOutput',
  {
    Status: MinimumThroughputBillingCommitmentOutputStatus,
    StartedAt: timestamp,
    EndedAt: timestamp,
    EarliestAllowedEndAt: timestamp,
  },
  'Status',
);
const HashKeyRange = structure(
  'HashKeyRange',
  { StartingHashKey: HashKey, EndingHashKey: HashKey },
  'StartingHashKey',
  'EndingHashKey',
);
const SequenceNumberRange = structure(
  'SequenceNumberRange',
  { StartingSequenceNumber: SequenceNumber, EndingSequenceNumber: SequenceNumber },
  'StartingSequenceNumber',
);
const Shard = structure(
  'Shard',
  { ShardId, ParentShardId: ShardId, AdjacentParentShardId: ShardId, HashKeyRange, SequenceNumberRange },
  'ShardId',
  'HashKeyRange',
  'SequenceNumberRange',
);
export const ShardList = list(Shard);
export const MetricsNameList = list(MetricsName, { min: 1, max: 7 });
const EnhancedMetrics = structure('EnhancedMetrics', { ShardLevelMetrics: MetricsNameList });
const EnhancedMonitoringList = list(EnhancedMetrics);
export const StreamDescription = structure(
  'StreamDescription',
  {
    StreamName,
    StreamARN,
    StreamStatus,
    StreamModeDetails,
    Shards: ShardList,
    HasMoreShards: boolean,
    RetentionPeriodHours,
    StreamCreationTimestamp: timestamp,
    EnhancedMonitoring: EnhancedMonitoringList,
    EncryptionType,
    KeyId,
  },
  'StreamName',
  'StreamARN',
  'StreamStatus',
  'Shards',
  'HasMoreShards',
  'RetentionPeriodHours',
  'StreamCreationTimestamp',
  'EnhancedMonitoring',
);
export const ConsumerDescription = structure(
  'ConsumerDescription',
  { ConsumerName, ConsumerARN, ConsumerStatus, ConsumerCreationTimestamp: timestamp, StreamARN },
  'ConsumerName',
  'ConsumerARN',
  'ConsumerStatus',
  'ConsumerCreationTimestamp',
  'StreamARN',
);
const WarmThroughputObject = structure('WarmThroughputObject', {
  TargetMiBps: NaturalIntegerObject,
  CurrentMiBps: NaturalIntegerObject,
});
export const StreamDescriptionSummary = structure(
  'StreamDescriptionSummary',
  {
    StreamName,
    StreamARN,
    StreamId,
    StreamStatus,
    StreamModeDetails,
    RetentionPeriodHours,
    StreamCreationTimestamp: timestamp,
    EnhancedMonitoring: EnhancedMonitoringList,
    EncryptionType,
    KeyId,
    OpenShardCount: ShardCountObject,
    ConsumerCount: ConsumerCountObject,
    WarmThroughput: WarmThroughputObject,
    MaxRecordSizeInKiB,
    ChannelCount: ChannelCountObject,
    RecordDistributionStrategy,
    QueueCount: QueueCountObject,
  },
  'StreamName',
  'StreamARN',
  'StreamStatus',
  'RetentionPeriodHours',
  'StreamCreationTimestamp',
  'EnhancedMonitoring',
  'OpenShardCount',
);
const Record = structure(
  'Record',
  { SequenceNumber, ApproximateArrivalTimestamp: timestamp, Data, PartitionKey, EncryptionType },
  'SequenceNumber',
  'Data',
);
export const RecordList = list(Record);
const ShardIdList = list(ShardId);
const ChildShard = structure(
  'ChildShard',
  { ShardId, ParentShards: ShardIdList, HashKeyRange },
  'ShardId',
  'ParentShards',
  'HashKeyRange',
);
export const ChildShardList = list(ChildShard);
export const ShardFilter = structure('ShardFilter', { Type: ShardFilterType, ShardId, Timestamp: timestamp }, 'Type');
export const Consumer = structure(
  'Consumer',
  { ConsumerName, ConsumerARN, ConsumerStatus, ConsumerCreationTimestamp: timestamp },
  'ConsumerName',
  'ConsumerARN',
  'ConsumerStatus',
  'ConsumerCreationTimestamp',
);
export const ConsumerList = list(Consumer);
export const StreamNameList = list(StreamName);
const StreamSummary = structure(
  'StreamSummary',
  { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp: timestamp },
  'StreamName',
  'StreamARN',
  'StreamStatus',
);
export const StreamSummaryList = list(StreamSummary);
const Tag = structure('Tag', { Key: TagKey, Value: TagValue }, 'Key');
export const TagList = list(Tag, { min: 0, max: 200 });
const PutRecordsRequestEntry = structure(
  'PutRecordsRequestEntry',
  { Data, ExplicitHashKey: HashKey, PartitionKey },
  'Data',
  // The model leaves it open for streams that spread records themselves (RecordDistributionStrategy AUTO): none here.
  'PartitionKey',
);
export const PutRecordsRequestEntryList = list(PutRecordsRequestEntry, { min: 1, max: 500 });
const PutRecordsResultEntry = structure('PutRecordsResultEntry', {
  SequenceNumber,
  ShardId,
  ErrorCode: string(),
  ErrorMessage: string(),
});
export const PutRecordsResultEntryList = list(PutRecordsResultEntry, { min: 1, max: 500 });
export const TagKeyList = list(TagKey, { min: 1, max: 50 });
export const StartingPosition = structure(
  'StartingPosition',
  { Type: ShardIteratorType, SequenceNumber, Timestamp: timestamp },
  'Type',
);
const SubscribeToShardEvent = structure(
  'SubscribeToShardEvent',
  { Records: RecordList, ContinuationSequenceNumber: SequenceNumber, MillisBehindLatest, ChildShards: ChildShardList },
  'Records',
  'ContinuationSequenceNumber',
  'MillisBehindLatest',
);
const ResourceNotFoundException = structure('ResourceNotFoundException', { message: string() });
const ResourceInUseException = structure('ResourceInUseException', { message: string() });
const KMSDisabledException = structure('KMSDisabledException', { message: string() });
const KMSInvalidStateException = structure('KMSInvalidStateException', { message: string() });
const KMSAccessDeniedException = structure('KMSAccessDeniedException', { message: string() });
const KMSNotFoundException = structure('KMSNotFoundException', { message: string() });
const KMSOptInRequired = structure('KMSOptInRequired', { message: string() });
const KMSThrottlingException = structure('KMSThrottlingException', { message: string() });
const InternalFailureException = structure('InternalFailureException', { message: string() });
export const SubscribeToShardEventStream = {
  type: 'eventstream',
  members: {
    SubscribeToShardEvent,
    ResourceNotFoundException,
    ResourceInUseException,
    KMSDisabledException,
    KMSInvalidStateException,
    KMSAccessDeniedException,
    KMSNotFoundException,
    KMSOptInRequired,
    KMSThrottlingException,
    InternalFailureException,
  },
} as const;
export const MinimumThroughputBillingCommitmentInput = structure(
  'MinimumThroughputBillingCommitmentInput',
  { Status: MinimumThroughputBillingCommitmentInputStatus },
  'Status',
);
