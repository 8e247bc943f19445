import type { ApiCase } from './fixture-generated.ts';
import { ACCOUNT, arnOf, consumerArnOf, REGION, streamNotFound } from './fixture-inputs.ts';
import { inUse, invalid, limit, notFound } from './fixture-refusals.ts';
import type { Expected } from './fixture-wording.ts';

// What is wrong with settings, lists and consumers when the stream is there.

const SERVICE_LIMITS =
  'Refer to the AWS Service Limits page \\(http://docs\\.aws\\.amazon\\.com/general/latest/gr/aws_service_limits\\.html\\) ' +
  'for current limits and how to request higher limits\\.';

export function ofSettings(): ApiCase[] {
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

export function ofLists(): ApiCase[] {
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

export function ofConsumers(): ApiCase[] {
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
