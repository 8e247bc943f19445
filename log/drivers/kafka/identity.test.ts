import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IDENTITY_SETTINGS, identityOf, newIdentity } from './identity.ts';

const NOW_US = 1_790_000_000_123_456;

test('a topic’s settings say how many partitions it was created with, and when', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (partitions) => {
      const settings = newIdentity(partitions, NOW_US);
      expect(settings.map(({ name }) => name)).toEqual(IDENTITY_SETTINGS);
      const identity = identityOf('t', settings);
      expect(identity).toMatchObject({ partitions, createdUs: 1_790_000_000_123_000 });
      expect(identity.incarnation).toMatch(/^[a-z0-9]{12}$/);
      expect(identityOf('t', settings)).toEqual(identity);
    }),
  );
});

test('topics created one after another have different incarnations, within one millisecond too', () => {
  const all = Array.from({ length: 200 }, () => identityOf('t', newIdentity(3, NOW_US)).incarnation);
  expect(new Set(all).size).toBeGreaterThan(195);
});

test('a topic of others has one incarnation for ever, its own, and tells no number of partitions', () => {
  const settings = [
    { name: 'delete.retention.ms', value: '86400000' },
    { name: 'min.compaction.lag.ms', value: '0' },
  ];
  expect(identityOf('a', settings)).toMatchObject({ partitions: null, createdUs: 0 });
  expect(identityOf('a', settings)).toEqual(identityOf('a', []));
  expect(identityOf('a', []).incarnation).not.toBe(identityOf('b', []).incarnation);
});
