import { expect, test } from 'vitest';
import { validator } from './constraints.ts';
import { OPERATIONS } from './shapes/index.ts';

const AT = 'failed to satisfy constraint:';

function faultOf(name: keyof typeof OPERATIONS, input: Record<string, unknown>): string {
  try {
    validator(OPERATIONS[name].input)(input);
  } catch (error) {
    const { type, message } = error as { type: string; message: string };
    expect(type).toBe('ValidationException');
    return message;
  }
  return '';
}

const name129 = 'a'.repeat(129);
const ARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/s';

test('an input that breaks nothing passes', () => {
  expect(faultOf('PutRecord', { StreamName: 's', PartitionKey: 'k', Data: new Uint8Array(0) })).toBe('');
  expect(faultOf('AddTagsToStream', { StreamARN: ARN, Tags: { a: '' } })).toBe('');
  expect(faultOf('EnableEnhancedMonitoring', { StreamName: 's', ShardLevelMetrics: ['ALL'] })).toBe('');
});

test('every constraint is named in one message, patterns before lengths', () => {
  expect(faultOf('PutRecords', { StreamName: '', Records: [] })).toBe(
    `3 validation errors detected: Value '[]' at 'records' ${AT} Member must have length greater than or equal to 1; ` +
      `Value '' at 'streamName' ${AT} Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; ` +
      `Value '' at 'streamName' ${AT} Member must have length greater than or equal to 1`,
  );
});

test.each([
  ['CreateStream', {}, `Value null at 'streamName' ${AT} Member must not be null`],
  [
    'CreateStream',
    { StreamName: name129 },
    `Value '${name129}' at 'streamName' ${AT} Member must have length less than or equal to 128`,
  ],
  [
    'CreateStream',
    { StreamName: 's', ShardCount: 0 },
    `Value '0' at 'shardCount' ${AT} Member must have value greater than or equal to 1`,
  ],
  [
    'ListStreams',
    { Limit: 10_001 },
    `Value '10001' at 'limit' ${AT} Member must have value less than or equal to 10000`,
  ],
  ['UpdateStreamMode', { StreamARN: ARN }, `Value null at 'streamModeDetails' ${AT} Member must not be null`],
  [
    'UpdateStreamMode',
    { StreamARN: ARN, StreamModeDetails: {} },
    `Value null at 'streamModeDetails.streamMode' ${AT} Member must not be null`,
  ],
  [
    'UpdateShardCount',
    { TargetShardCount: 1, ScalingType: 'X' },
    `Value 'X' at 'scalingType' ${AT} Member must satisfy enum value set: [UNIFORM_SCALING]`,
  ],
  [
    'DescribeStream',
    { StreamARN: 'x' },
    `Value 'x' at 'streamARN' ${AT} Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+`,
  ],
  [
    'PutRecords',
    { Records: [{ Data: new Uint8Array(0), PartitionKey: 'a' }, { PartitionKey: 'a' }] },
    `Value null at 'records.2.member.data' ${AT} Member must not be null`,
  ],
  ['PutRecords', { Records: [null] }, `Value null at 'records.1.member' ${AT} Member must not be null`],
  [
    'PutRecord',
    { Data: new Uint8Array(10_485_761), PartitionKey: 'a' },
    `Value at 'data' ${AT} Member must have length less than or equal to 10485760`,
  ],
  [
    'RemoveTagsFromStream',
    { TagKeys: ['a', name129] },
    `Value '[a, ${name129}]' at 'tagKeys' ${AT} Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]`,
  ],
  [
    'AddTagsToStream',
    { Tags: { '': 'x' } },
    `Value '{=x}' at 'tags' ${AT} Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]`,
  ],
  [
    'AddTagsToStream',
    { Tags: { a: null } },
    `Value '{a=null}' at 'tags' ${AT} Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 0]`,
  ],
] as const)('%s: %o', (operation, input, fault) => {
  expect(faultOf(operation, input)).toBe(`1 validation error detected: ${fault}`);
});

test('a list of names is answered for in one sentence', () => {
  expect(faultOf('EnableEnhancedMonitoring', { ShardLevelMetrics: ['Nope'] })).toMatch(
    /^1 validation error detected: Value '\[Nope\]' at 'shardLevelMetrics' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[IncomingBytes, /,
  );
});

test('ten faults at most are told, and large values are cut', () => {
  const message = faultOf('PutRecords', {
    Records: Array.from({ length: 501 }, () => ({ Data: new Uint8Array(0), PartitionKey: '' })),
  });
  expect(message).toMatch(/^10 validation errors detected: Value at 'records' failed to satisfy constraint: /);
  expect(message).toContain("at 'records.9.member.partitionKey'");
  expect(message).not.toContain("at 'records.10.member");
  const start = performance.now();
  expect(
    faultOf('DescribeStream', { StreamName: '.'.repeat(2_000_000), StreamARN: 'arn:aws'.repeat(200_000) }).length,
  ).toBeLessThan(20_000);
  expect(performance.now() - start).toBeLessThan(1000);
});
