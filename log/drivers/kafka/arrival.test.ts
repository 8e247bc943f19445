import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latestBefore } from './arrival.ts';

test('the latest stamp before an offset is found by looks at times alone, whatever the clocks did', async () => {
  const stamps = fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(stamps, fc.nat(), async (log, at) => {
      const offset = at % log.length;
      // As Kafka answers: the first record stamped at or after the time.
      const since = async (timeMs: number) => {
        const first = log.findIndex((stamp) => stamp >= timeMs);
        return first < 0 ? null : first;
      };
      const stamp = log[offset] ?? 0;
      const before = Math.max(0, ...log.slice(0, offset));
      expect(Math.max(stamp, await latestBefore(offset, stamp, since))).toBe(Math.max(stamp, before));
    }),
  );
});

test('where clocks behave, one look is enough', async () => {
  let looks = 0;
  const since = async (timeMs: number) => {
    looks++;
    return timeMs <= 50 ? timeMs : null;
  };
  expect(await latestBefore(20, 20, since)).toBe(20);
  expect(looks).toBe(1);
});
