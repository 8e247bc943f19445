import type { ApiCase } from './fixture-generated.ts';
import { ACCOUNT, arnOf, consumerArnOf, REGION, streamNotFound, VALID_CALLS } from './fixture-inputs.ts';
import type { Expected } from './fixture-wording.ts';
import type { World } from './fixture-world.ts';

/*
 * What only the state of streams can make wrong. The words are those that kinesalite's tests record of the service,
 * but for what has changed since: 8,760 hours of retention, 50 tags, stream names that an ARN may stand for.
 */

/** The streams that the situations are about, and consumers of `present`. */
export async function prepare({ call, slow }: World): Promise<void> {
  const done = async (answer: Promise<{ readonly status: number; readonly body: unknown }>) => {
    const { status, body } = await answer;
    if (status !== 200) throw new Error(`the streams cannot be made: ${JSON.stringify(body)}`);
  };
  await done(call('CreateStream', { StreamName: 'present', ShardCount: 3 }));
  await done(slow('CreateStream', { StreamName: 'creating', ShardCount: 2 }));
  for (const StreamName of ['updating', 'deleting', 'split']) {
    await done(call('CreateStream', { StreamName, ShardCount: 2 }));
  }
  await done(slow('IncreaseStreamRetentionPeriod', { StreamName: 'updating', RetentionPeriodHours: 48 }));
  await done(slow('DeleteStream', { StreamName: 'deleting' }));
  await done(call('SplitShard', { StreamName: 'split', ShardToSplit: 'shardId-0', NewStartingHashKey: '100' }));
  await done(call('CreateStream', { StreamName: 'on-demand', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
  await done(call('IncreaseStreamRetentionPeriod', { StreamName: 'split', RetentionPeriodHours: 30 }));
  await done(call('RegisterStreamConsumer', { StreamARN: arnOf('present'), ConsumerName: 'reader' }));
  await done(slow('RegisterStreamConsumer', { StreamARN: arnOf('present'), ConsumerName: 'starting' }));
  const tags = Array.from({ length: 50 }, (_, i) => [`k${i}`, '']);
  await done(call('AddTagsToStream', { StreamName: 'split', Tags: Object.fromEntries(tags) }));
}

export const situations = (): readonly ApiCase[] => [
  ...namedWrongly(),
  ...ofStates(),
  ...ofShards(),
  ...ofIterators(),
  ...ofRecords(),
  ...ofTags(),
  ...ofSettings(),
  ...ofLists(),
  ...ofConsumers(),
];

const invalid = (message?: string | RegExp): Expected => refusal('InvalidArgumentException', message);
const notFound = (message?: string | RegExp): Expected => refusal('ResourceNotFoundException', message);
const inUse = (message?: string | RegExp): Expected => refusal('ResourceInUseException', message);
const limit = (message?: string | RegExp): Expected => refusal('LimitExceededException', message);
const refusal = (type: string, message?: string | RegExp): Expected =>
  message === undefined ? { type } : { type, message };
const under = (stream: string) => `in stream ${stream} under account ${ACCOUNT}`;

/** Every operation that takes a stream's name or its ARN. */
function namedWrongly(): ApiCase[] {
  return Object.entries(VALID_CALLS).flatMap(([operation, { input, expected }]) => {
    const { StreamName, ...rest } = input;
    if (StreamName !== 'absent' || expected === null) return [];
    const kind = 'unknown resource';
    const foreign = arnOf('present').replace(ACCOUNT, '999999999999');
    const elsewhere = arnOf('present').replace(REGION, 'eu-west-3');
    const one = (name: string, members: object, wanted: Expected): ApiCase => ({
      operation,
      kind,
      name,
      input: { ...rest, ...members },
      expected: wanted,
    });
    return [
      one('by ARN', { StreamARN: arnOf('absent') }, expected),
      one('by name and ARN', { StreamName, StreamARN: arnOf('absent') }, expected),
      one("another account's", { StreamARN: foreign }, notFound()),
      one("another region's", { StreamARN: elsewhere }, notFound()),
      one('neither name nor ARN', {}, invalid()),
      one('a name and the ARN of another', { StreamName: 'present', StreamARN: arnOf('absent') }, invalid()),
      one('a StreamId, which is not supported', { StreamName, StreamId: `${'a'.repeat(20)}-aaa` }, invalid(/StreamId/)),
    ];
  });
}

/** Operations that want an ACTIVE stream, with inputs that would do but for the state. */
const CHANGES: Readonly<Record<string, object>> = {
  AddTagsToStream: { Tags: { a: 'b' } },
  DecreaseStreamRetentionPeriod: { RetentionPeriodHours: 24 },
  DisableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  EnableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  IncreaseStreamRetentionPeriod: { RetentionPeriodHours: 72 },
  MergeShards: { ShardToMerge: 'shardId-000000000000', AdjacentShardToMerge: 'shardId-000000000001' },
  RemoveTagsFromStream: { TagKeys: ['a'] },
  SplitShard: { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '100' },
  StartStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  StopStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  UpdateShardCount: { TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' },
  UpdateMaxRecordSize: { MaxRecordSizeInKiB: 2048 },
  UpdateStreamMode: { StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
};

function ofStates(): ApiCase[] {
  const kind = 'wrong state';
  const changes = Object.entries(CHANGES).flatMap(([operation, members]) =>
    ['CREATING', 'UPDATING', 'DELETING'].map((state): ApiCase => {
      const stream = state.toLowerCase();
      const named = ['UpdateMaxRecordSize', 'UpdateStreamMode'].includes(operation)
        ? { StreamARN: arnOf(stream) }
        : { StreamName: stream };
      const busy = `Stream ${stream} under account ${ACCOUNT} not ACTIVE, instead in state ${state}`;
      return {
        operation,
        kind,
        name: `a stream in state ${state}`,
        input: { ...named, ...members },
        // The API Reference of each: ResourceInUseException, "must be in the ACTIVE state".
        expected: retentionFits(operation, state) ? inUse(busy) : inUse(),
      };
    }),
  );
  const record = { Data: 'AA==', PartitionKey: 'a' };
  const closed = ['creating', 'deleting'].flatMap((StreamName): ApiCase[] => {
    const one = { kind, name: `records for a stream in state ${StreamName.toUpperCase()}` };
    const expected = streamNotFound(StreamName);
    return [
      { ...one, operation: 'PutRecord', input: { StreamName, ...record }, expected },
      { ...one, operation: 'PutRecords', input: { StreamName, Records: [record] }, expected },
    ];
  });
  return [
    ...changes,
    ...closed,
    {
      operation: 'GetShardIterator',
      kind,
      name: 'a shard of a stream in state CREATING',
      input: { StreamName: 'creating', ShardId: 'shardId-0', ShardIteratorType: 'LATEST' },
      expected: notFound(`Shard shardId-000000000000 ${under('creating')} does not exist`),
    },
    {
      operation: 'SubscribeToShard',
      kind,
      name: 'a consumer in state CREATING',
      input: { ConsumerARN: 'STARTING', ShardId: 'shardId-0', StartingPosition: { Type: 'LATEST' } },
      expected: inUse(),
    },
    {
      operation: 'DeleteStream',
      kind,
      name: 'a stream with consumers',
      input: { StreamName: 'present' },
      // As users of cloud-custodian and aws-nuke report it.
      expected: inUse(
        /^DeleteStream can't delete \S+ because there are consumers associated with this data stream\. To delete present anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the consumers that are associated with it\.$/,
      ),
    },
    {
      operation: 'CreateStream',
      kind,
      name: 'a stream that is being deleted',
      input: { StreamName: 'deleting', ShardCount: 1 },
      expected: inUse(`Stream deleting under account ${ACCOUNT} already exists.`),
    },
    ...['SplitShard', 'MergeShards', 'UpdateShardCount'].map((operation) => ({
      operation,
      kind,
      name: 'an on-demand stream',
      input: { StreamName: 'on-demand', ...CHANGES[operation] },
      // The API Reference of each: ValidationException, for the provisioned mode alone.
      expected: refusal('ValidationException', /On-Demand/i),
    })),
  ];
}

/** A stream whose retention is the least cannot be told which check comes first. */
const retentionFits = (operation: string, state: string) =>
  operation !== 'DecreaseStreamRetentionPeriod' || state === 'UPDATING';

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

function ofShards(): ApiCase[] {
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
const hex = (digits: string) => BigInt(`0x${digits}`).toString();

function ofIterators(): ApiCase[] {
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

const HASH_KEYS = 'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ';

function ofRecords(): ApiCase[] {
  const beyond = (2n ** 128n).toString();
  const record = { PartitionKey: 'a', Data: '' };
  const put = (name: string, members: object, expected: Expected): ApiCase => ({
    operation: 'PutRecord',
    kind: 'bad argument',
    name,
    input: { StreamName: 'present', ...record, ...members },
    expected,
  });
  const puts = (name: string, Records: readonly object[], expected: Expected): ApiCase => ({
    operation: 'PutRecords',
    kind: 'bad argument',
    name,
    input: { StreamName: 'present', Records },
    expected,
  });
  const Data = Buffer.alloc(1_048_576).toString('base64');
  const tooLong = refusal(
    'ValidationException',
    /'data' failed .*: Member must have length less than or equal to 1048576$/,
  );
  const order: readonly [string, string][] = [
    ['a version 0', '20000000000000000000000000000000000000000000000'],
    ['a version 4', '20000000000000000000000000000000000000000000004'],
    ['3 at its head', '30000000000000000000000000000000000000000000001'],
    ['1 at its head', '1ffffffffff7fffffffffffffff000000000007fffffff2'],
    ['a negative counter', '20000000000800000000000000000000000000000000002'],
    ['a time to come', '20000000000000000000000000000007fffffff000000002'.slice(0, 47)],
  ];
  return [
    put('a hash key beyond the last', { ExplicitHashKey: beyond }, invalid(HASH_KEYS + beyond)),
    puts('a hash key beyond the last', [{ ...record, ExplicitHashKey: beyond }, record], invalid(HASH_KEYS + beyond)),
    put('data and key larger than a record may be', { Data }, tooLong),
    puts(
      'data and key larger than a record may be',
      [record, { ...record, Data }],
      refusal(
        'ValidationException',
        /'records\.2\.member\.data' failed .*: Member must have length less than or equal to 1048576$/,
      ),
    ),
    ...order.map(([name, digits]) =>
      put(
        `SequenceNumberForOrdering with ${name}`,
        { SequenceNumberForOrdering: hex(digits) },
        invalid(
          `ExclusiveMinimumSequenceNumber ${hex(digits)} used in PutRecord on stream present under account ${ACCOUNT} is invalid.`,
        ),
      ),
    ),
    put('an empty record', {}, null),
    put('the last hash key', { ExplicitHashKey: (2n ** 128n - 1n).toString() }, null),
    puts('empty records', [record, record], null),
  ];
}

const BAD_CHARACTERS =
  'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.';

function ofTags(): ApiCase[] {
  const kind = 'bad argument';
  const characters = [';', '\t', '\n', ',', '#', '*'].flatMap((character): ApiCase[] => {
    const name = `${JSON.stringify(character)} in a tag`;
    const [text, expected] = [`abc${character}def`, invalid(BAD_CHARACTERS)];
    const one = { kind, name, expected };
    return [
      { ...one, operation: 'AddTagsToStream', input: { StreamName: 'present', Tags: { [text]: '1' } } },
      { ...one, operation: 'AddTagsToStream', input: { StreamName: 'present', Tags: { a: text } } },
      { ...one, operation: 'RemoveTagsFromStream', input: { StreamName: 'present', TagKeys: [text] } },
    ];
  });
  const add = (name: string, Tags: object, expected: Expected, StreamName = 'present'): ApiCase => ({
    operation: 'AddTagsToStream',
    kind,
    name,
    input: { StreamName, Tags },
    expected,
  });
  return [
    ...characters,
    add('every character that is allowed', { 'ü0 _.': 'a', '/=+-@:': 'ü0 _./=+-@:' }, null),
    add('more than 50', { another: '' }, invalid(/cannot have more than 50 tags associated with it/), 'split'),
    add('50, one of them known', { k0: 'changed' }, null, 'split'),
    add('a key of AWS', { 'aws:a': '' }, invalid()),
    {
      operation: 'RemoveTagsFromStream',
      kind,
      name: 'tags that are not there',
      input: { StreamName: 'present', TagKeys: ['b', 'c'] },
      expected: null,
    },
    {
      operation: 'RemoveTagsFromStream',
      kind: 'unknown resource',
      name: 'before what is wrong with the tags',
      input: { StreamName: 'absent', TagKeys: [';'] },
      expected: streamNotFound('absent'),
    },
    ...['TagResource', 'UntagResource', 'ListTagsForResource'].map((operation) => ({
      operation,
      kind: 'unknown resource',
      name: 'a consumer that is not there',
      input: { ResourceARN: consumerArnOf('present'), ...tagsOf(operation) },
      expected: notFound(),
    })),
  ];
}

const tagsOf = (operation: string) =>
  operation === 'TagResource' ? { Tags: { a: 'b' } } : operation === 'UntagResource' ? { TagKeys: ['a'] } : {};

const SERVICE_LIMITS =
  'Refer to the AWS Service Limits page \\(http://docs\\.aws\\.amazon\\.com/general/latest/gr/aws_service_limits\\.html\\) ' +
  'for current limits and how to request higher limits\\.';

function ofSettings(): ApiCase[] {
  const kind = 'bad argument';
  const hours = (operation: string, wanted: number, stream: string, message: string): ApiCase => ({
    operation: `${operation}StreamRetentionPeriod`,
    kind,
    name: `${wanted} hours`,
    input: { StreamName: stream, RetentionPeriodHours: wanted },
    expected: invalid(message),
  });
  const requested = (wanted: number) => `Requested retention period (${wanted} hours)`;
  const bounds = ['Increase', 'Decrease'].flatMap((operation) => [
    hours(operation, 23, 'present', `Minimum allowed retention period is 24 hours. ${requested(23)} is too short.`),
    // 168 hours until 2020.
    hours(
      operation,
      8761,
      'present',
      `Maximum allowed retention period is 8760 hours. ${requested(8761)} is too long.`,
    ),
  ]);
  const count = (TargetShardCount: number, message: string): ApiCase => ({
    operation: 'UpdateShardCount',
    kind,
    name: `${TargetShardCount} shards`,
    input: { StreamName: 'present', TargetShardCount, ScalingType: 'UNIFORM_SCALING' },
    expected: limit(`${message} Current open shard count: 3, Target shard count: ${TargetShardCount}`),
  });
  return [
    ...bounds,
    hours(
      'Increase',
      29,
      'split',
      `${requested(29)} for stream split can not be shorter than existing retention period (30 hours). Use DecreaseRetentionPeriod API.`,
    ),
    hours(
      'Decrease',
      31,
      'split',
      `${requested(31)} for stream split can not be longer than existing retention period (30 hours). Use IncreaseRetentionPeriod API.`,
    ),
    count(7, 'UpdateShardCount cannot scale up over double your current open shard count.'),
    count(1, 'UpdateShardCount cannot scale down below half your current open shard count.'),
    count(10_001, 'Target shard count or number of open shards cannot be greater than 10000.'),
    {
      operation: 'CreateStream',
      kind,
      name: 'more shards than an account may have',
      input: { StreamName: 'large', ShardCount: 100_000 },
      expected: limit(
        new RegExp(
          `^This request would exceed the shard limit for the account ${ACCOUNT} in ${REGION}\\. ` +
            'Current shard count for the account: \\d+\\. Limit: 10000\\. ' +
            `Number of additional shards that would have resulted from this request: 100000\\. ${SERVICE_LIMITS}$`,
        ),
      ),
    },
    {
      operation: 'GetResourcePolicy',
      kind: 'no policy',
      name: 'a stream without a policy has an empty one',
      input: { ResourceARN: arnOf('present') },
      expected: null,
    },
    {
      operation: 'DeleteResourcePolicy',
      kind: 'unknown resource',
      name: 'a stream without a policy',
      input: { ResourceARN: arnOf('present') },
      expected: notFound(`No resource policy found for resource ARN ${arnOf('present')}.`),
    },
    ...['{', '[]', '"text"'].map((Policy) => ({
      operation: 'PutResourcePolicy',
      kind,
      name: `no policy: ${Policy}`,
      input: { ResourceARN: arnOf('present'), Policy },
      expected: invalid(),
    })),
  ];
}

function ofLists(): ApiCase[] {
  const list = (operation: string, name: string, input: object, expected: Expected): ApiCase => ({
    operation,
    kind: 'bad argument',
    name,
    input,
    expected,
  });
  const both = (members: object) => ({ NextToken: 'absent', ...members });
  const filter = (ShardFilter: object) => ({ StreamName: 'present', ShardFilter });
  return [
    list(
      'ListShards',
      'neither a stream nor a token',
      {},
      invalid('Either NextToken or StreamName should be provided.'),
    ),
    list(
      'ListShards',
      'a token and a stream',
      both({ StreamName: 'present' }),
      invalid('NextToken and StreamName cannot be provided together.'),
    ),
    list('ListShards', 'a token and a shard', both({ ExclusiveStartShardId: 'shardId-0' }), invalid()),
    list('ListShards', 'a token and a filter', both({ ShardFilter: { Type: 'AT_LATEST' } }), invalid()),
    list('ListShards', 'a token that is none', both({}), invalid()),
    list('ListShards', 'AFTER_SHARD_ID without a shard', filter({ Type: 'AFTER_SHARD_ID' }), invalid()),
    list('ListShards', 'AT_TIMESTAMP without a time', filter({ Type: 'AT_TIMESTAMP' }), invalid()),
    list('ListShards', 'FROM_TIMESTAMP without a time', filter({ Type: 'FROM_TIMESTAMP' }), invalid()),
    list(
      'ListShards',
      'a stream of that name made at another time',
      { StreamName: 'present', StreamCreationTimestamp: 1_000_000_000 },
      streamNotFound('present'),
    ),
    list('ListStreams', 'a token that is none', { NextToken: 'absent' }, invalid()),
    list('ListStreamConsumers', 'a token that is none', both({ StreamARN: arnOf('present') }), invalid()),
    list(
      'ListStreamConsumers',
      'a token and a time',
      both({ StreamARN: arnOf('present'), StreamCreationTimestamp: 1_000_000_000 }),
      invalid(),
    ),
  ];
}

function ofConsumers(): ApiCase[] {
  const consumer = (operation: string, kind: string, name: string, input: object, expected: Expected): ApiCase => ({
    operation,
    kind,
    name,
    input,
    expected,
  });
  const StreamARN = arnOf('present');
  return [
    consumer(
      'RegisterStreamConsumer',
      'wrong state',
      'a consumer that is there',
      { StreamARN, ConsumerName: 'reader' },
      inUse(),
    ),
    ...['DescribeStreamConsumer', 'DeregisterStreamConsumer'].flatMap((operation) => [
      consumer(operation, 'bad argument', 'nothing named', {}, invalid()),
      consumer(operation, 'bad argument', 'a stream alone', { StreamARN }, invalid()),
      consumer(operation, 'bad argument', 'a name alone', { ConsumerName: 'reader' }, invalid()),
      consumer(operation, 'unknown resource', 'by name', { StreamARN, ConsumerName: 'nobody' }, notFound()),
      consumer(
        operation,
        'unknown resource',
        'by ARN',
        { ConsumerARN: consumerArnOf('present', 'reader') },
        notFound(),
      ),
    ]),
    consumer(
      'ListStreamConsumers',
      'unknown resource',
      "another account's stream",
      { StreamARN: StreamARN.replace(ACCOUNT, '999999999999') },
      notFound(),
    ),
  ];
}
