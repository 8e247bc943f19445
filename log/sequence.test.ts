import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePositions } from './log.ts';
import { createSequence, partsOfPosition, positionBefore } from './sequence.ts';

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

test('says of which shard a number is, and nothing of numbers that no shard gave', () => {
  fc.assert(
    fc.property(createdUs, fc.nat(999_999), counter, (created, shardIndex, n) => {
      const position = createSequence(created, shardIndex).position(n);
      expect(partsOfPosition(position)).toEqual({ createdUs: created, shardIndex, beforeFirst: false });
    }),
  );
  for (const text of ['', '0', '5', `49${'0'.repeat(53)}`, `50${'0'.repeat(54)}`, `49${'9'.repeat(54)}`]) {
    expect(partsOfPosition(text)).toBeNull();
  }
});

test('the number before another is the last one smaller than it, and before the first it still names the shard', () => {
  const { position } = createSequence(1_750_000_000_000_000, 12);
  expect(positionBefore(position(1000))).toBe(position(999));
  expect(positionBefore(position(1))).toBe(position(0));
  const before = positionBefore(position(0));
  expect(before).toMatch(/^49\d{54}$/);
  expect(partsOfPosition(before)).toEqual({ createdUs: 1_750_000_000_000_000, shardIndex: 12, beforeFirst: true });
  const older = createSequence(1_750_000_000_000_000, 11).position(Number.MAX_SAFE_INTEGER);
  expect(comparePositions(before, older)).toBeGreaterThan(0);
  expect(comparePositions(before, position(0))).toBeLessThan(0);
});
