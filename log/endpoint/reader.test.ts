import { expect, test } from 'vitest';
import { CBOR_NOTATION, JSON_NOTATION, structureReader } from './reader.ts';
import { OPERATIONS } from './shapes/index.ts';

const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber';
const put = structureReader(OPERATIONS.PutRecords.input, JSON_NOTATION);
const iterator = structureReader(OPERATIONS.GetShardIterator.input, JSON_NOTATION);
const streams = structureReader(OPERATIONS.ListStreams.input, JSON_NOTATION);
const remove = structureReader(OPERATIONS.DeleteStream.input, JSON_NOTATION);
const tag = structureReader(OPERATIONS.AddTagsToStream.input, JSON_NOTATION);

/** What is given, and what is said. */
type Case = [given: unknown, says: string];

const CONTAINERS = [
  [[], 'Start of list found where not expected'],
  [{}, 'Start of structure or map found where not expected.'],
] satisfies Case[];

test.each<Case>([
  [true, 'class java.lang.Boolean can not be converted to an String'],
  [23, `${NUMBER} can not be converted to an String`],
  ...CONTAINERS,
])('a string given as %j', (value, message) => {
  expect(() => put({ StreamName: value })).toThrow(message);
});

test.each<Case>([
  ['23', 'class java.lang.String can not be converted to an Integer'],
  [true, 'class java.lang.Boolean can not be converted to an Integer'],
  ...CONTAINERS,
])('an integer given as %j', (value, message) => {
  expect(() => streams({ Limit: value })).toThrow(message);
});

test.each<Case>([
  ['23', "'23' can not be converted to an Boolean"],
  [23, `${NUMBER} can not be converted to an Boolean`],
  ...CONTAINERS,
])('a boolean given as %j', (value, message) => {
  expect(() => remove({ EnforceConsumerDeletion: value })).toThrow(message);
});

test.each<Case>([
  [true, 'class java.lang.Boolean can not be converted to a Blob'],
  [23, `${NUMBER} can not be converted to a Blob`],
  ...CONTAINERS,
])('bytes given as %j', (value, message) => {
  expect(() => put({ Records: [{ Data: value }] })).toThrow(message);
});

test.each<Case>([
  ['2026', 'class java.lang.String can not be converted to milliseconds since epoch'],
  [true, 'class java.lang.Boolean can not be converted to milliseconds since epoch'],
  ...CONTAINERS,
])('a time given as %j', (value, message) => {
  expect(() => iterator({ Timestamp: value })).toThrow(message);
});

test.each<Case>([
  ['23', 'Expected list or null'],
  [23, 'Expected list or null'],
  [{}, 'Start of structure or map found where not expected.'],
])('a list given as %j', (value, message) => {
  expect(() => put({ Records: value })).toThrow(message);
});

test.each<Case>([
  ['23', 'Expected map or null'],
  [true, 'Expected map or null'],
  [[], 'Start of list found where not expected'],
])('a map given as %j', (value, message) => {
  expect(() => tag({ Tags: value })).toThrow(message);
});

test.each<Case>([
  ['23', 'Expected null'],
  [1, 'Expected null'],
  [[], 'Start of list found where not expected'],
])('a structure given as %j', (value, message) => {
  expect(() => put({ Records: [value] })).toThrow(message);
});

test('members that are null or unknown are as if they were not there', () => {
  expect(streams({ Limit: null, Nope: 1, constructor: 1 })).toEqual({});
});

test('numbers lose their fraction and stay within 32 bits', () => {
  expect(streams({ Limit: 3.9 })).toEqual({ Limit: 3 });
  expect(streams({ Limit: 1e20 })).toEqual({ Limit: 2147483647 });
  expect(streams({ Limit: -1e20 })).toEqual({ Limit: -2147483648 });
});

test('what is no number is no number of anything', () => {
  const cbor = structureReader(OPERATIONS.ListStreams.input, CBOR_NOTATION);
  expect(() => cbor({ Limit: Number.NaN })).toThrow(expect.objectContaining({ type: 'SerializationException' }));
});

test('true and false may be written as text', () => {
  expect(remove({ EnforceConsumerDeletion: 'True' })).toEqual({ EnforceConsumerDeletion: true });
});

test('times are seconds in JSON, milliseconds or seconds in CBOR', () => {
  const at = new Date('2026-11-22T13:14:46.123Z');
  const cbor = structureReader(OPERATIONS.GetShardIterator.input, CBOR_NOTATION);
  expect(iterator({ Timestamp: at.getTime() / 1000 })).toEqual({ Timestamp: at });
  expect(cbor({ Timestamp: at.getTime() })).toEqual({ Timestamp: at });
  expect(cbor({ Timestamp: at.getTime() / 1000 })).toEqual({ Timestamp: at });
  expect(() => iterator({ Timestamp: 1e300 })).toThrow();
});

test('a tag named __proto__ is a tag', () => {
  const { Tags } = tag(JSON.parse('{"Tags":{"__proto__":"x","a":"b"}}')) as { Tags: Record<string, string> };
  expect(Object.entries(Tags)).toEqual([
    ['__proto__', 'x'],
    ['a', 'b'],
  ]);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('__proto__ among members changes nothing', () => {
  const input = streams(JSON.parse('{"__proto__":{"Limit":5}}'));
  expect(input.Limit).toBeUndefined();
});
