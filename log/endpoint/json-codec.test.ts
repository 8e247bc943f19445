import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JSON_CODEC, quote } from './json-codec.ts';
import { OPERATIONS } from './shapes/index.ts';

test('any text quoted is ASCII, and JSON.parse gives it back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(quote(text)).toMatch(/^[ -~]*$/);
      expect(JSON.parse(quote(text))).toBe(text);
    }),
  );
});

test('records are written as JSON.parse reads them', () => {
  const write = JSON_CODEC.writer(OPERATIONS.GetRecords.output);
  const at = new Date(1_795_352_086_123);
  const record = fc.record({
    SequenceNumber: fc.constantFrom('0', '49590338271490256608559692538361571095921575989136588898'),
    Data: fc.uint8Array({ maxLength: 50 }),
    PartitionKey: fc.string({ unit: 'grapheme' }),
  });
  fc.assert(
    fc.property(fc.array(record), fc.nat(), (records, behind) => {
      const Records = records.map((one) => ({ ...one, ApproximateArrivalTimestamp: at }));
      const read = JSON.parse(write({ Records, MillisBehindLatest: behind, NextShardIterator: undefined }).toString());
      expect(read).toEqual({
        Records: records.map(({ Data, ...rest }) => ({
          ...rest,
          Data: Buffer.from(Data).toString('base64'),
          ApproximateArrivalTimestamp: 1_795_352_086.123,
        })),
        MillisBehindLatest: behind,
      });
    }),
  );
});

test('maps and booleans are written', () => {
  const write = JSON_CODEC.writer(OPERATIONS.AddTagsToStream.input);
  expect(write({ Tags: { 'a"': 'ü' }, StreamName: 's' }).toString()).toBe(
    '{"StreamName":"s","Tags":{"a\\"":"\\u00fc"}}',
  );
  const streams = JSON_CODEC.writer(OPERATIONS.ListStreams.output);
  expect(streams({ HasMoreStreams: false, StreamNames: ['a', 'b'] }).toString()).toBe(
    '{"StreamNames":["a","b"],"HasMoreStreams":false}',
  );
});

test.each([
  ['no JSON', 'hello'],
  ['cut', '{"a":'],
  ['deeper than any request', '['.repeat(1_000_000)],
  ['wider than any request', `[${'{},'.repeat(30_000)}{}]`],
])('a body that is %s is refused', (_name, body) => {
  expect(() => JSON_CODEC.parse(Buffer.from(body))).toThrow(
    expect.objectContaining({ type: 'SerializationException' }),
  );
});

test('errors without a message have none', () => {
  expect(JSON_CODEC.error('UnknownOperationException', '').toString()).toBe('{"__type":"UnknownOperationException"}');
  expect(JSON_CODEC.error('SerializationException', 'x').toString()).toBe(
    '{"__type":"SerializationException","Message":"x"}',
  );
});
