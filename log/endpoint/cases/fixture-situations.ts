import type { ApiCase } from './fixture-generated.ts';
import { ACCOUNT, arnOf, REGION, streamNotFound, VALID_CALLS } from './fixture-inputs.ts';
import { ofRecords, ofTags } from './fixture-record-situations.ts';
import { inUse, invalid, notFound, refusal, under } from './fixture-refusals.ts';
import { ofConsumers, ofLists, ofSettings } from './fixture-setting-situations.ts';
import { ofIterators, ofShards } from './fixture-shard-situations.ts';
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
    const StreamARN = arnOf(StreamName);
    const state = StreamName.toUpperCase();
    const busy = (wanted: string) =>
      inUse(`Stream ${StreamName} under account ${ACCOUNT} not ${wanted}, instead in state ${state}`);
    const of = { kind, name: `a stream in state ${state}` };
    return [
      // The API Reference of each has ResourceInUseException; the Kinesis Client Library takes it from ListShards for a
      // stream that is neither ACTIVE nor UPDATING, in the words that aws-sdk-java-v2's pull request 5949 shows.
      { ...of, operation: 'ListShards', input: { StreamName }, expected: busy('ACTIVE or UPDATING') },
      { ...of, operation: 'ListStreamConsumers', input: { StreamARN }, expected: busy('ACTIVE or UPDATING') },
      {
        ...of,
        operation: 'PutResourcePolicy',
        input: { ResourceARN: StreamARN, Policy: '{"Statement":[]}' },
        expected: busy('ACTIVE'),
      },
      { ...of, operation: 'DeleteResourcePolicy', input: { ResourceARN: StreamARN }, expected: busy('ACTIVE') },
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
