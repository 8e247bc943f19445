import type { ApiCase } from './fixture-generated.ts';
import { streamNotFound } from './fixture-inputs.ts';
import { hex, invalid, notFound, under } from './fixture-refusals.ts';
import type { Expected } from './fixture-wording.ts';

// What is wrong with shards, hash keys and iterators when the stream is there.

/** Ways to write a shard's id, and whether the service can make a number of it. */
const SHARD_IDS: readonly [string, string, boolean][] = [
  ['a number just small enough', '2147483647', true],
  ['any prefix', 'whatever_0.1-2147483647', true],
  ['a short prefix', 'a-00002147483647', true],
  ['no prefix', '-00002147483647', true],
  ['a number too large', '2147483648', false],
  ['an id too large', 'shardId-002147483648', false],
  ['no number', 'ABKLFD8', false],
  ['an exponent', '2.14E4', false],
];
const RANGE_0 =
  "the shard's StartingHashKey 0 and less than the shard's EndingHashKey 113427455640312821154458202477256070484";
const RANGE_2 =
  "the shard's StartingHashKey 226854911280625642308916404954512140970 and less than the shard's EndingHashKey 340282366920938463463374607431768211455";

export function ofShards(): ApiCase[] {
  const ids = SHARD_IDS.flatMap(([name, id, possible]): ApiCase[] => {
    const one = { kind: 'unknown resource', name: `shard id, ${name}`, StreamName: 'absent' };
    const impossible = notFound(`Could not find shard ${id} ${under('absent')}.`);
    const wanted = possible ? streamNotFound('absent') : impossible;
    const gone = notFound(`Shard shardId-002147483647 ${under('absent')} does not exist`);
    const call = (operation: string, members: object, expected: Expected) => ({
      operation,
      kind: one.kind,
      name: one.name,
      input: { StreamName: one.StreamName, ...members },
      expected,
    });
    return [
      call('SplitShard', { ShardToSplit: id, NewStartingHashKey: '0' }, wanted),
      call('MergeShards', { ShardToMerge: id, AdjacentShardToMerge: 'x-0' }, wanted),
      call('MergeShards', { ShardToMerge: 'x-0', AdjacentShardToMerge: id }, wanted),
      call('GetShardIterator', { ShardId: id, ShardIteratorType: 'LATEST' }, possible ? gone : impossible),
    ];
  });
  const five = `Could not find shard shardId-000000000005 ${under('present')}.`;
  const split = (name: string, ShardToSplit: string, NewStartingHashKey: string, expected: Expected): ApiCase => ({
    operation: 'SplitShard',
    kind: 'bad argument',
    name,
    input: { StreamName: 'present', ShardToSplit, NewStartingHashKey },
    expected,
  });
  const hash = (key: string, shard: string, range: string) =>
    invalid(
      `NewStartingHashKey ${key} used in SplitShard() on shard ${shard} ${under('present')} ` +
        `is not both greater than one plus ${range}.`,
    );
  const merge = (name: string, low: string, high: string, expected: Expected, StreamName = 'present'): ApiCase => ({
    operation: 'MergeShards',
    kind: 'bad argument',
    name,
    input: { StreamName, ShardToMerge: low, AdjacentShardToMerge: high },
    expected,
  });
  const apart = (low: number, high: number) =>
    invalid(
      `Shards shardId-00000000000${low} and shardId-00000000000${high} ${under('present')} ` +
        'are not an adjacent pair of shards eligible for merging',
    );
  const [first, last, most] = ['1', '113427455640312821154458202477256070484', '9'.repeat(39)] as const;
  return [
    ...ids,
    split('a shard that is not there', 'shardId-5', '0', notFound(five)),
    split('a hash key too small', 'shard-0', first, hash(first, 'shardId-000000000000', RANGE_0)),
    split('a hash key too large', 'shard-0', last, hash(last, 'shardId-000000000000', RANGE_0)),
    split('a hash key that is none', 'shard-2', most, hash(most, 'shardId-000000000002', RANGE_2)),
    merge('a shard that is not there', 'shardId-5', 'x-0', notFound(five)),
    merge('a neighbour that is not there', 'x-0', 'shardId-5', notFound(five)),
    merge('shards that are not adjacent', 'x-0', 'x-2', apart(0, 2)),
    merge('adjacent shards the other way round', 'x-1', 'x-0', apart(1, 0)),
    merge('a shard and itself', 'x-1', 'x-1', apart(1, 1)),
    merge('a shard that is closed', 'x-0', 'x-1', invalid(), 'split'),
  ];
}

const MUST =
  'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
  '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ';
const NO_TIME =
  'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.';
/** Of no stream, as the service writes them: 47 digits in base 16, the last one a version. */

export function ofIterators(): ApiCase[] {
  const iterator = (name: string, members: object, expected: Expected): ApiCase => ({
    operation: 'GetShardIterator',
    kind: 'bad argument',
    name,
    input: { StreamName: 'present', ShardId: 'shardId-0', ...members },
    expected,
  });
  const numbered = (type: string) => ({ ShardIteratorType: type, StartingSequenceNumber: '5' });
  const odd = hex('20000000000800000000000000000000000000000000002');
  return [
    iterator(
      'a shard that is not there',
      { ShardId: 'shardId-5', ...numbered('AT_SEQUENCE_NUMBER') },
      notFound(`Shard shardId-000000000005 ${under('present')} does not exist`),
    ),
    ...['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'].map((type) =>
      iterator(
        `${type} without a number`,
        { ShardIteratorType: type },
        invalid(`${MUST}${type} and no StartingSequenceNumber.`),
      ),
    ),
    ...['LATEST', 'TRIM_HORIZON'].map((type) =>
      iterator(`${type} with a number`, numbered(type), invalid(`${MUST}${type} and also a StartingSequenceNumber.`)),
    ),
    iterator('AT_TIMESTAMP without a time', { ShardIteratorType: 'AT_TIMESTAMP' }, invalid(NO_TIME)),
    iterator(
      'AT_TIMESTAMP in the future',
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: 9_999_999_999 },
      invalid(
        /^The timestampInMillis parameter cannot be greater than the currentTimestampInMillis\. timestampInMillis: 9999999999000, currentTimestampInMillis: \d{13}$/,
      ),
    ),
    iterator('a number of no stream', numbered('AT_SEQUENCE_NUMBER'), invalid(/StartingSequenceNumber/)),
    iterator(
      'a number that cannot be',
      { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: odd },
      invalid(
        `StartingSequenceNumber ${odd} used in GetShardIterator on shard shardId-000000000000 ${under('present')} is invalid.`,
      ),
    ),
    {
      operation: 'SubscribeToShard',
      kind: 'bad argument',
      name: 'a shard that is not there',
      input: { ConsumerARN: 'READER', ShardId: 'shardId-5', StartingPosition: { Type: 'LATEST' } },
      expected: notFound(),
    },
    {
      operation: 'SubscribeToShard',
      kind: 'bad argument',
      name: 'AT_SEQUENCE_NUMBER without a number',
      input: { ConsumerARN: 'READER', ShardId: 'shardId-0', StartingPosition: { Type: 'AT_SEQUENCE_NUMBER' } },
      expected: invalid(),
    },
    ...['0', 'Zm9v', 'A'.repeat(200)].map((ShardIterator) => ({
      operation: 'GetRecords',
      kind: 'bad argument',
      name: `no iterator: ${ShardIterator.slice(0, 8)}`,
      input: { ShardIterator },
      expected: invalid('Invalid ShardIterator.'),
    })),
  ];
}
