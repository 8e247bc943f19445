/**
 * Scalars of Amazon Kinesis Data Streams' service model 2013-12-02, as botocore 1.44.5 has it
 * (`botocore/data/kinesis/2013-12-02/service-2.json`, Apache-2.0). Names, bounds and patterns are the model's.
 */
import { blob, integer, long, string } from './shape.ts';

export const ChannelCountObject = integer({ min: 0, max: 1_000_000 });
export const ConsumerARN = string({
  min: 1,
  max: 2048,
  pattern: '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
});
export const ConsumerCountObject = integer({ min: 0, max: 1_000_000 });
export const ConsumerName = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' });
export const ConsumerStatus = string({ enum: ['CREATING', 'DELETING', 'ACTIVE'] });
export const Data = blob({ min: 0, max: 10_485_760 });
export const DescribeStreamInputLimit = integer({ min: 1, max: 10_000 });
export const EncryptionType = string({ enum: ['NONE', 'KMS'] });
export const GetRecordsInputLimit = integer({ min: 1, max: 10_000 });
export const HashKey = string({ pattern: '^(0|([1-9]\\d{0,38}))$' });
export const KeyId = string({ min: 1, max: 2048 });
export const ListShardsInputLimit = integer({ min: 1, max: 10_000 });
export const ListStreamConsumersInputLimit = integer({ min: 1, max: 10_000 });
export const ListStreamsInputLimit = integer({ min: 1, max: 10_000 });
export const ListTagsForStreamInputLimit = integer({ min: 1, max: 50 });
export const MaxRecordSizeInKiB = integer({ min: 1024, max: 10_240 });
export const MetricsName = string({
  enum: [
    'IncomingBytes',
    'IncomingRecords',
    'OutgoingBytes',
    'OutgoingRecords',
    'WriteProvisionedThroughputExceeded',
    'ReadProvisionedThroughputExceeded',
    'IteratorAgeMilliseconds',
    'ALL',
  ],
});
export const MillisBehindLatest = long({ min: 0 });
export const MinimumThroughputBillingCommitmentInputStatus = string({ enum: ['ENABLED', 'DISABLED'] });
export const MinimumThroughputBillingCommitmentOutputStatus = string({
  enum: ['ENABLED', 'DISABLED', 'ENABLED_UNTIL_EARLIEST_ALLOWED_END'],
});
export const NaturalIntegerObject = integer({ min: 0 });
export const NextToken = string({ min: 1, max: 1_048_576 });
export const OnDemandStreamCountLimitObject = integer({ min: 0, max: 1_000_000 });
export const OnDemandStreamCountObject = integer({ min: 0, max: 1_000_000 });
export const PartitionKey = string({ min: 1, max: 256 });
export const PositiveIntegerObject = integer({ min: 1 });
export const QueueCountObject = integer({ min: 0, max: 1_000_000 });
export const RecordDistributionStrategy = string({ enum: ['AUTO', 'USER_PARTITION_KEY'] });
export const ResourceARN = string({
  min: 1,
  max: 2048,
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+',
});
/** The model has no bound; kinesalite's tests recorded that the service has. */
export const RetentionPeriodHours = integer({ min: 1 });
export const ScalingType = string({ enum: ['UNIFORM_SCALING'] });
export const SequenceNumber = string({ pattern: '^(0|([1-9]\\d{0,128}))$' });
export const ShardCountObject = integer({ min: 0, max: 1_000_000 });
export const ShardFilterType = string({
  enum: ['AFTER_SHARD_ID', 'AT_TRIM_HORIZON', 'FROM_TRIM_HORIZON', 'AT_LATEST', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'],
});
export const ShardId = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' });
export const ShardIterator = string({ min: 1, max: 512 });
/** In the order in which the service prints them, as kinesalite's tests against it have it. */
export const ShardIteratorType = string({
  enum: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
});
export const StreamARN = string({ min: 1, max: 2048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+' });
export const StreamId = string({ min: 1, max: 24, pattern: '[a-z0-9]{20}-[a-z0-9]{3}' });
export const StreamMode = string({ enum: ['PROVISIONED', 'ON_DEMAND'] });
export const StreamName = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' });
export const StreamStatus = string({ enum: ['CREATING', 'DELETING', 'ACTIVE', 'UPDATING'] });
export const TagKey = string({ min: 1, max: 128 });
export const TagValue = string({ min: 0, max: 256 });
