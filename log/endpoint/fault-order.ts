import type { Shape, StructureShape } from './shapes/index.ts';

/**
 * Which member's faults the service names first, as kinesalite's tests recorded it: an order that the model does not
 * give. It is undocumented, but who compares messages word for word meets it.
 */
const RECORDED: Readonly<Record<string, readonly string[]>> = {
  AddTagsToStreamInput: ['Tags', 'StreamName'],
  CreateStreamInput: ['ShardCount', 'StreamName'],
  DecreaseStreamRetentionPeriodInput: ['RetentionPeriodHours', 'StreamName'],
  DescribeStreamInput: ['Limit', 'ExclusiveStartShardId', 'StreamName'],
  GetRecordsInput: ['Limit', 'ShardIterator'],
  GetShardIteratorInput: ['ShardId', 'ShardIteratorType', 'StartingSequenceNumber', 'StreamName'],
  IncreaseStreamRetentionPeriodInput: ['RetentionPeriodHours', 'StreamName'],
  ListShardsInput: ['MaxResults', 'ExclusiveStartShardId', 'StreamName', 'NextToken'],
  ListStreamsInput: ['Limit', 'ExclusiveStartStreamName'],
  ListTagsForStreamInput: ['Limit', 'ExclusiveStartTagKey', 'StreamName'],
  MergeShardsInput: ['ShardToMerge', 'AdjacentShardToMerge', 'StreamName'],
  PutRecordInput: ['SequenceNumberForOrdering', 'PartitionKey', 'ExplicitHashKey', 'Data', 'StreamName'],
  PutRecordsInput: ['Records', 'StreamName'],
  PutRecordsRequestEntry: ['PartitionKey', 'ExplicitHashKey', 'Data'],
  RemoveTagsFromStreamInput: ['TagKeys', 'StreamName'],
  SplitShardInput: ['NewStartingHashKey', 'StreamName', 'ShardToSplit'],
  UpdateShardCountInput: ['ScalingType', 'StreamName', 'TargetShardCount'],
};

/** A structure's members in the order in which their faults are named: those recorded, then others as the model has them. */
export function membersByFault({ name, members }: StructureShape): readonly (readonly [string, Shape])[] {
  const first = RECORDED[name] ?? [];
  const rank = (member: string) => (first.includes(member) ? first.indexOf(member) : first.length);
  return Object.entries(members).sort(([a], [b]) => rank(a) - rank(b));
}
