import type { ApiCase } from './fixture-generated.ts';
import {
  type Fault,
  lengthAtLeast,
  lengthAtMost,
  matching,
  NOT_NULL,
  oneOf,
  valueAtLeast,
  valueAtMost,
} from './fixture-wording.ts';

/*
 * Messages of the service that others recorded word for word (kinesalite's tests), as far as they still hold: today
 * ARNs may stand for names of streams, so that those are not required, and some bounds have grown. Written down in
 * full, so that they hold whatever the table of shapes says.
 */

const NAME = '[a-zA-Z0-9_.-]+';
const HASH_KEY = '^(0|([1-9]\\d{0,38}))$';
const SEQUENCE_NUMBER = '^(0|([1-9]\\d{0,128}))$';
const [LONG_NAME, LONG_KEY] = ['a'.repeat(129), 'a'.repeat(257)] as const;

const fault = (path: string, value: string | null, constraint: string): Fault => ({ path, value, constraint });
const nameless = (path: string) => [fault(path, '', matching(NAME)), fault(path, '', lengthAtLeast(1))];
const tooLong = (path: string) => [fault(path, LONG_NAME, lengthAtMost(128))];
const none = (...paths: readonly string[]) => paths.map((path) => fault(path, null, NOT_NULL));

const TOO_FEW_HOURS = [fault('retentionPeriodHours', '-1', valueAtLeast(1)), ...nameless('streamName')];

const RECORDED: readonly (readonly [string, object, readonly Fault[]])[] = [
  ['AddTagsToStream', {}, none('tags')],
  ['AddTagsToStream', { StreamName: '', Tags: {} }, [fault('tags', '{}', lengthAtLeast(1)), ...nameless('streamName')]],
  ['AddTagsToStream', { StreamName: LONG_NAME, Tags: { 'a;b': 'b' } }, tooLong('streamName')],
  [
    'AddTagsToStream',
    { StreamName: 'absent', Tags: { [LONG_NAME]: '3' } },
    [
      fault(
        'tags',
        `{${LONG_NAME}=3}`,
        `Map keys must satisfy constraint: [${lengthAtMost(128)}, ${lengthAtLeast(1)}]`,
      ),
    ],
  ],
  [
    'AddTagsToStream',
    { StreamName: 'absent', Tags: { c: LONG_KEY } },
    [
      fault(
        'tags',
        `{c=${LONG_KEY}}`,
        `Map value must satisfy constraint: [${lengthAtMost(256)}, ${lengthAtLeast(0)}]`,
      ),
    ],
  ],
  [
    'CreateStream',
    { StreamName: '', ShardCount: 0 },
    [fault('shardCount', '0', valueAtLeast(1)), ...nameless('streamName')],
  ],
  // A number too large for an integer is as large as an integer may be.
  ['CreateStream', { StreamName: LONG_NAME, ShardCount: 100_000_000_000 }, tooLong('streamName')],
  ['DecreaseStreamRetentionPeriod', {}, none('retentionPeriodHours')],
  ['DecreaseStreamRetentionPeriod', { StreamName: '', RetentionPeriodHours: -1 }, TOO_FEW_HOURS],
  ['DeleteStream', { StreamName: '' }, nameless('streamName')],
  ['DeleteStream', { StreamName: LONG_NAME }, tooLong('streamName')],
  [
    'DescribeStream',
    { StreamName: '', Limit: 0, ExclusiveStartShardId: '' },
    [fault('limit', '0', valueAtLeast(1)), ...nameless('exclusiveStartShardId'), ...nameless('streamName')],
  ],
  [
    'DescribeStream',
    { StreamName: LONG_NAME, Limit: 100_000, ExclusiveStartShardId: LONG_NAME },
    [fault('limit', '100000', valueAtMost(10_000)), ...tooLong('exclusiveStartShardId'), ...tooLong('streamName')],
  ],
  ['DescribeStreamSummary', { StreamName: '' }, nameless('streamName')],
  ['DescribeStreamSummary', { StreamName: LONG_NAME }, tooLong('streamName')],
  ['GetRecords', {}, none('shardIterator')],
  [
    'GetRecords',
    { ShardIterator: '', Limit: 0 },
    [fault('limit', '0', valueAtLeast(1)), fault('shardIterator', '', lengthAtLeast(1))],
  ],
  [
    'GetRecords',
    { ShardIterator: 'a'.repeat(513), Limit: 100_000 },
    [fault('limit', '100000', valueAtMost(10_000)), fault('shardIterator', 'a'.repeat(513), lengthAtMost(512))],
  ],
  ['GetShardIterator', {}, none('shardId', 'shardIteratorType')],
  [
    'GetShardIterator',
    { StreamName: '', ShardIteratorType: '', ShardId: '', StartingSequenceNumber: '' },
    [
      ...nameless('shardId'),
      fault(
        'shardIteratorType',
        '',
        oneOf(['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON']),
      ),
      fault('startingSequenceNumber', '', matching(SEQUENCE_NUMBER)),
      ...nameless('streamName'),
    ],
  ],
  [
    'GetShardIterator',
    { StreamName: LONG_NAME, ShardId: LONG_NAME, ShardIteratorType: 'LATEST' },
    [...tooLong('shardId'), ...tooLong('streamName')],
  ],
  ['IncreaseStreamRetentionPeriod', {}, none('retentionPeriodHours')],
  ['IncreaseStreamRetentionPeriod', { StreamName: '', RetentionPeriodHours: -1 }, TOO_FEW_HOURS],
  [
    'ListShards',
    { StreamName: '', NextToken: '', MaxResults: 0, ExclusiveStartShardId: '' },
    [
      fault('maxResults', '0', valueAtLeast(1)),
      ...nameless('exclusiveStartShardId'),
      ...nameless('streamName'),
      fault('nextToken', '', lengthAtLeast(1)),
    ],
  ],
  [
    'ListShards',
    { StreamName: LONG_NAME, MaxResults: 100_000, ExclusiveStartShardId: LONG_NAME },
    [fault('maxResults', '100000', valueAtMost(10_000)), ...tooLong('exclusiveStartShardId'), ...tooLong('streamName')],
  ],
  [
    'ListStreams',
    { ExclusiveStartStreamName: '', Limit: 0 },
    [fault('limit', '0', valueAtLeast(1)), ...nameless('exclusiveStartStreamName')],
  ],
  [
    'ListStreams',
    { ExclusiveStartStreamName: LONG_NAME, Limit: 1_000_000 },
    [fault('limit', '1000000', valueAtMost(10_000)), ...tooLong('exclusiveStartStreamName')],
  ],
  [
    'ListTagsForStream',
    { StreamName: '', ExclusiveStartTagKey: '', Limit: 0 },
    [
      fault('limit', '0', valueAtLeast(1)),
      fault('exclusiveStartTagKey', '', lengthAtLeast(1)),
      ...nameless('streamName'),
    ],
  ],
  [
    'ListTagsForStream',
    { StreamName: LONG_NAME, ExclusiveStartTagKey: LONG_NAME, Limit: 100 },
    [fault('limit', '100', valueAtMost(50)), ...tooLong('exclusiveStartTagKey'), ...tooLong('streamName')],
  ],
  ['MergeShards', {}, none('shardToMerge', 'adjacentShardToMerge')],
  [
    'MergeShards',
    { StreamName: '', ShardToMerge: '', AdjacentShardToMerge: '' },
    ['shardToMerge', 'adjacentShardToMerge', 'streamName'].flatMap(nameless),
  ],
  [
    'MergeShards',
    { StreamName: LONG_NAME, ShardToMerge: LONG_NAME, AdjacentShardToMerge: LONG_NAME },
    ['shardToMerge', 'adjacentShardToMerge', 'streamName'].flatMap(tooLong),
  ],
  ['PutRecord', {}, none('partitionKey', 'data')],
  [
    'PutRecord',
    { StreamName: '', PartitionKey: '', Data: '', ExplicitHashKey: '', SequenceNumberForOrdering: '' },
    [
      fault('sequenceNumberForOrdering', '', matching(SEQUENCE_NUMBER)),
      fault('partitionKey', '', lengthAtLeast(1)),
      fault('explicitHashKey', '', matching(HASH_KEY)),
      ...nameless('streamName'),
    ],
  ],
  ['PutRecords', {}, none('records')],
  [
    'PutRecords',
    { StreamName: '', Records: [] },
    [fault('records', '[]', lengthAtLeast(1)), ...nameless('streamName')],
  ],
  [
    'PutRecords',
    { StreamName: LONG_NAME, Records: [{ PartitionKey: LONG_KEY, Data: '', ExplicitHashKey: '' }] },
    [
      fault('records.1.member.partitionKey', LONG_KEY, lengthAtMost(256)),
      fault('records.1.member.explicitHashKey', '', matching(HASH_KEY)),
      ...tooLong('streamName'),
    ],
  ],
  [
    'PutRecords',
    { StreamName: '', Records: Array.from({ length: 501 }, () => ({ PartitionKey: '', Data: '' })) },
    [
      { path: 'records', value: undefined, hidden: true, constraint: lengthAtMost(500) },
      ...Array.from({ length: 9 }, (_, i) => fault(`records.${i + 1}.member.partitionKey`, '', lengthAtLeast(1))),
    ],
  ],
  ['RemoveTagsFromStream', {}, none('tagKeys')],
  [
    'RemoveTagsFromStream',
    { StreamName: '', TagKeys: [] },
    [fault('tagKeys', '[]', lengthAtLeast(1)), ...nameless('streamName')],
  ],
  [
    'RemoveTagsFromStream',
    { StreamName: 'absent', TagKeys: ['a', LONG_NAME, 'b'] },
    [
      fault(
        'tagKeys',
        `[a, ${LONG_NAME}, b]`,
        `Member must satisfy constraint: [${lengthAtMost(128)}, ${lengthAtLeast(1)}]`,
      ),
    ],
  ],
  ['SplitShard', {}, none('newStartingHashKey', 'shardToSplit')],
  [
    'SplitShard',
    { StreamName: '', ShardToSplit: '', NewStartingHashKey: '' },
    [fault('newStartingHashKey', '', matching(HASH_KEY)), ...nameless('streamName'), ...nameless('shardToSplit')],
  ],
  [
    'SplitShard',
    { StreamName: LONG_NAME, ShardToSplit: LONG_NAME, NewStartingHashKey: '0' },
    [...tooLong('streamName'), ...tooLong('shardToSplit')],
  ],
  ['UpdateShardCount', {}, none('scalingType', 'targetShardCount')],
  [
    'UpdateShardCount',
    { StreamName: '', ScalingType: '', TargetShardCount: 0 },
    [
      fault('scalingType', '', oneOf(['UNIFORM_SCALING'])),
      ...nameless('streamName'),
      fault('targetShardCount', '0', valueAtLeast(1)),
    ],
  ],
];

export const recordedCases = (): readonly ApiCase[] =>
  RECORDED.map(([operation, input, faults]) => ({
    operation,
    kind: 'recorded',
    name: JSON.stringify(input).slice(0, 60),
    input,
    expected: { type: 'ValidationException', faults },
  }));
