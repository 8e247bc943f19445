import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePositions } from './log.ts';
import { createSequence } from './sequence.ts';

const createdUs = fc.integer({ min: 1, max: 4_000_000_000_000_000 });
const counter = fc.integer({ min: 0, max: 9_007_199_254_740_990 });

test('gives 56 digits that begin with 49, as Kinesis does', () => {
  const { position } = createSequence(1_795_343_083_693_000, 12);
  expect(position(1234)).toBe('49017953430836930000000120000000000000000000000000001234');
  expect(position(1234)).toHaveLength(56);
});

test('orders by shard creation, then by counter', () => {
  fc.assert(
    fc.property(createdUs, createdUs, counter, counter, (a, b, m, n) => {
      const left = createSequence(a, 1).position(m);
      const right = createSequence(b, 1).position(n);
      expect(Math.sign(comparePositions(left, right))).toBe(Math.sign(a - b || m - n));
    }),
  );
});

test('gives the counter back, and knows numbers of other shards for foreign', () => {
  fc.assert(
    fc.property(createdUs, fc.integer({ min: 0, max: 999_998 }), counter, (created, shard, n) => {
      const sequence = createSequence(created, shard);
      expect(sequence.counterOf(sequence.position(n))).toBe(n);
      expect(createSequence(created, shard + 1).counterOf(sequence.position(n))).toBe(null);
    }),
  );
  for (const text of ['', '0', 'x', `${createSequence(5, 0).position(1)}0`]) {
    expect(createSequence(5, 0).counterOf(text)).toBe(null);
  }
});

test('counts on without a gap over the thousands', () => {
  const sequence = createSequence(7, 0);
  for (let i = 0; i < 2500; i++) expect(BigInt(sequence.position(i + 1))).toBe(BigInt(sequence.position(i)) + 1n);
});
