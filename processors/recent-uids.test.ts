import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecentUids } from './recent-uids.ts';

const HOUR_US = 3_600_000_000;
const uidOf = (n: number) => n.toString(16).padStart(32, '0');

/** The same by a Map: uid → hour under which it was noted. */
function createModel() {
  const noted = new Map<string, number>();
  let newest = -1;
  return {
    seen(uid: string, arrivalUs: number) {
      const hour = Math.floor(arrivalUs / HOUR_US);
      newest = Math.max(newest, hour);
      for (const [held, at] of noted) if (at < newest - 24) noted.delete(held);
      if (noted.has(uid)) return true;
      noted.set(uid, hour);
      return false;
    },
    noted,
  };
}

const hex = fc.integer({ min: 0, max: 15 }).map((digit) => digit.toString(16));
/** Few distinct uids, many alike in three of their four words; none of zeros alone. */
const uid = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map(uidOf),
  fc.integer({ min: 1, max: 40 }).map((n) => n.toString(16).padEnd(32, '0')),
  fc.array(hex, { minLength: 32, maxLength: 32 }).map((digits) => `${digits.slice(1).join('')}1`),
);
const steps = fc.array(
  fc.record({
    uid,
    forwardUs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: HOUR_US }),
      fc.integer({ min: 0, max: 30 * HOUR_US }),
    ),
    restore: fc.boolean(),
  }),
  { maxLength: 60 },
);

describe('recent uids', () => {
  test('are those of a Map over the last 24 hours, whenever they are written and restored', () => {
    fc.assert(
      fc.property(steps, (given) => {
        let uids = createRecentUids();
        const model = createModel();
        let nowUs = 1_700_000_000_000_000;
        for (const step of given) {
          nowUs += step.forwardUs;
          expect(uids.seen(step.uid, nowUs)).toBe(model.seen(step.uid, nowUs));
          if (step.restore) uids = restored(uids);
        }
        const counts = new Map<number, number>();
        for (const hour of model.noted.values()) counts.set(hour, (counts.get(hour) ?? 0) + 1);
        const held = uids.hours().filter(({ count }) => count > 0);
        expect(new Map(held.map(({ hour, count }) => [hour, count]))).toEqual(counts);
      }),
      { numRuns: 100 },
    );
  });

  test('stay exact while the table grows from 1,024 slots to 65,536', () => {
    const uids = createRecentUids();
    // As a hash spreads them, and some that begin with the same word or with zeros: the last words tell them apart.
    const spread = Array.from({ length: 30_000 }, (_, n) => createHash('md5').update(String(n)).digest('hex'));
    const alike = Array.from({ length: 300 }, (_, n) => `0000000${n % 3}${uidOf((n + 1) * 2_654_435_761).slice(8)}`);
    const many = [...spread, ...alike];
    expect(many.filter((one) => uids.seen(one, 0))).toEqual([]);
    expect(many.filter((one) => !uids.seen(one, 1))).toEqual([]);
    expect(uids.seen(`ffffffff${uidOf(1).slice(8)}`, 1)).toBe(false);
    expect(uids.hours()).toEqual([{ hour: 0, count: 30_301 }]);
  });

  test('are written as 16 bytes each, and a restored set holds the same', () => {
    const uids = createRecentUids();
    const many = Array.from({ length: 5000 }, (_, n) => createHash('md5').update(String(n)).digest('hex'));
    for (const one of many) uids.seen(one, 5 * HOUR_US);
    const bytes = uids.bytesOf(5);
    expect(bytes.byteLength).toBe(16 * 5000);
    const again = createRecentUids();
    again.restore(5, bytes);
    expect(again.hours()).toEqual([{ hour: 5, count: 5000 }]);
    expect(many.filter((one) => !again.seen(one, 5 * HOUR_US))).toEqual([]);
    expect(uids.bytesOf(4).byteLength).toBe(0);
  });

  test('a past hour’s bytes never change again', () => {
    const uids = createRecentUids();
    for (let n = 1; n < 500; n++) uids.seen(uidOf(n), 0);
    const before = uids.bytesOf(0);
    for (let n = 1; n < 1000; n++) uids.seen(uidOf(n), HOUR_US);
    expect(uids.bytesOf(0)).toEqual(before);
    expect(uids.hours()).toEqual([
      { hour: 0, count: 499 },
      { hour: 1, count: 500 },
    ]);
  });
});

function restored(from: ReturnType<typeof createRecentUids>) {
  const to = createRecentUids();
  for (const { hour } of from.hours()) to.restore(hour, from.bytesOf(hour));
  return to;
}
