import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CBOR_CODEC } from './cbor-codec.ts';
import { decodeCbor } from './cbor-decode.ts';
import { structureReader } from './reader.ts';
import { OPERATIONS } from './shapes/index.ts';

/** cborg as an independent reader: indefinite maps, tag 1 as a number. */
const independent = (bytes: Uint8Array) =>
  decode(bytes, { tags: Object.assign([], { 1: (inner: () => unknown) => inner() }) });
/** Without what a comparison should not see: the class of bytes, objects' prototypes, the sign of zero. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array || Array.isArray(value)) return Array.from(value as ArrayLike<unknown>, plain);
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

test('what cborg writes is read as it was', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array(),
      fc.array(tie('any'), { maxLength: 5 }),
      fc.dictionary(fc.string(), tie('any'), { maxKeys: 5 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (given) => {
      expect(plain(decodeCbor(Buffer.from(encode(given))))).toEqual(plain(given));
    }),
  );
});

test('what we write, cborg and we ourselves read', () => {
  const write = CBOR_CODEC.writer(OPERATIONS.GetRecords.output);
  const record = fc.record({
    SequenceNumber: fc.constant('49590338271490256608559692538361571095921575989136588898'),
    ApproximateArrivalTimestamp: fc.integer({ min: -5, max: 1_795_352_086_123 }).map((ms) => new Date(ms)),
    Data: fc.uint8Array({ maxLength: 400 }),
    PartitionKey: fc.string({ unit: 'grapheme' }),
  });
  fc.assert(
    fc.property(fc.array(record), fc.maxSafeInteger(), (Records, MillisBehindLatest) => {
      const bytes = write({ Records, MillisBehindLatest });
      const wanted = plain({
        Records: Records.map((one) => ({
          ...one,
          ApproximateArrivalTimestamp: one.ApproximateArrivalTimestamp.getTime(),
        })),
        MillisBehindLatest,
      });
      expect(plain(independent(bytes))).toEqual(wanted);
      expect(plain(decodeCbor(bytes))).toEqual(wanted);
    }),
  );
});

test('an input written and read again is the same', () => {
  const shape = OPERATIONS.AddTagsToStream.input;
  const input = { StreamName: 's', Tags: { a: 'b', ü: '' } };
  const read = structureReader(shape, CBOR_CODEC.notation);
  expect(plain(read(CBOR_CODEC.parse(CBOR_CODEC.writer(shape)(input))))).toEqual(input);
});

test('maps and strings of indefinite length, as the Java SDK writes them, are read', () => {
  const hex = (text: string) => decodeCbor(Buffer.from(text.replace(/ /g, ''), 'hex'));
  expect(plain(hex('bf 61 61 01 61 62 9f 02 03 ff ff'))).toEqual({ a: 1, b: [2, 3] });
  expect(hex('7f 62 6162 61 63 ff')).toBe('abc');
  expect(plain(hex('5f 41 01 42 0203 ff'))).toEqual([1, 2, 3]);
  expect(hex('c1 1b 000001a2024ef8eb')).toBe(0x01_a2_02_4e_f8_eb);
});

// RFC 8949, appendix A.
test.each([
  ['f93e00', 1.5],
  ['f90001', 2 ** -24],
  ['f9c400', -4],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['fa47c35000', 100_000],
  ['1bffffffffffffffff', 18446744073709551615n],
  ['3bffffffffffffffff', -18446744073709551616n],
  ['3863', -100],
  ['f5', true],
  ['f6', null],
  ['f7', null],
])('%s is %s', (bytes, value) => {
  expect(decodeCbor(Buffer.from(bytes, 'hex'))).toBe(value);
});

test.each([
  ['nothing', ''],
  ['a break alone', 'ff'],
  ['a break in a list of a known length', '82 01 ff'],
  ['something behind the value', '01 01'],
  ['a key that is no text', 'a1 01 01'],
  ['a length beyond the body', '5b 00ffffffffffffff'],
  ['a list longer than the body', '9a ffffffff'],
  ['a length that is none', '1c'],
  ['pieces of another kind', '7f 41 01 ff'],
  ['an unknown simple value', 'f8 ff'],
  ['a nesting of 40', `${'81'.repeat(40)}01`],
  ['a nesting of 40 tags', `${'c1'.repeat(40)}01`],
  ['a million lists', '9f'.repeat(1_000_000)],
  ['more lists than any request has', `9f${'80'.repeat(25_000)}ff`],
])('%s is refused', (_name, bytes) => {
  expect(() => decodeCbor(Buffer.from(bytes.replace(/ /g, ''), 'hex'))).toThrow(
    expect.objectContaining({ type: 'SerializationException' }),
  );
});

test('no bytes make the reader fail in another way', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decodeCbor(Buffer.from(bytes));
      } catch (error) {
        expect((error as { type?: string }).type).toBe('SerializationException');
      }
    }),
    { numRuns: 3000 },
  );
});

test('errors are the maps that AWS sends', () => {
  const bytes = CBOR_CODEC.error('UnknownOperationException', '');
  const text = Buffer.from('UnknownOperationException').toString('hex');
  expect(bytes.toString('hex')).toBe(`bf66${Buffer.from('__type').toString('hex')}7819${text}ff`);
  expect(independent(CBOR_CODEC.error('X', 'y'))).toEqual({ __type: 'X', message: 'y' });
});
