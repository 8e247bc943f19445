import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPlacement, evenHashKeyRanges, HASH_KEY_COUNT, hashKeyOf } from './hash-key.ts';

test('gives the ranges that AWS gives for one, two and three shards', () => {
  expect(evenHashKeyRanges(1)).toEqual([{ start: '0', end: '340282366920938463463374607431768211455' }]);
  expect(evenHashKeyRanges(2).map((range) => range.end)).toEqual([
    '170141183460469231731687303715884105727',
    '340282366920938463463374607431768211455',
  ]);
  expect(evenHashKeyRanges(3)).toEqual([
    { start: '0', end: '113427455640312821154458202477256070484' },
    { start: '113427455640312821154458202477256070485', end: '226854911280625642308916404954512140969' },
    { start: '226854911280625642308916404954512140970', end: '340282366920938463463374607431768211455' },
  ]);
});

test('hashes keys by the MD5 of their UTF-8, as RFC 1321 gives it for "abc"', () => {
  expect(hashKeyOf('abc').toString(16)).toBe('900150983cd24fb0d6963f7d28e17f72');
  expect(hashKeyOf('é')).toBe(
    BigInt(
      `0x${createHash('md5')
        .update(Buffer.from([0xc3, 0xa9]))
        .digest('hex')}`,
    ),
  );
});

test('covers all hash keys without gap or overlap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), (shards) => {
      let next = 0n;
      for (const { start, end } of evenHashKeyRanges(shards)) {
        expect(BigInt(start)).toBe(next);
        next = BigInt(end) + 1n;
      }
      expect(next).toBe(HASH_KEY_COUNT);
    }),
    { numRuns: 30 },
  );
});

test('places every key on the shard whose range holds its hash key, asked once or again, in any order of ranges', () => {
  const input = fc.tuple(
    fc.integer({ min: 1, max: 60 }),
    fc.array(fc.string({ unit: 'grapheme', minLength: 1 })),
    fc.boolean(),
  );
  fc.assert(
    fc.property(input, ([shards, keys, reversed]) => {
      const ranges = evenHashKeyRanges(shards);
      if (reversed) ranges.reverse();
      const place = createPlacement(ranges);
      for (const key of [...keys, ...keys]) {
        const hashKey = hashKeyOf(key);
        const expected = ranges.findIndex(({ start, end }) => BigInt(start) <= hashKey && hashKey <= BigInt(end));
        expect(place(key)).toBe(expected);
      }
    }),
  );
});

test('forgets keys rather than grow without bound', () => {
  const place = createPlacement(evenHashKeyRanges(2));
  const first = place('key-0');
  for (let i = 0; i < 40_000; i++) place(`key-${i}`);
  expect(place('key-0')).toBe(first);
});
