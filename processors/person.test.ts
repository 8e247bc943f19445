import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addTime, countTimes, oldest, type Sighting, sight } from './person.ts';

const sightings = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), atUs: fc.integer({ min: 0, max: 1000 }) }),
  { maxLength: 60 },
);

describe('sight', () => {
  test('says new when others were seen since the limit and this one was not: as a Map says, without a bound', () => {
    fc.assert(
      fc.property(sightings, fc.integer({ min: 0, max: 400 }), (given, spanUs) => {
        const list: Sighting[] = [];
        const model = new Map<string, number>();
        let clockUs = 0;
        for (const { key, atUs } of given) {
          clockUs = Math.max(clockUs, atUs);
          const sinceUs = clockUs - spanUs;
          const isKnown = (model.get(key) ?? Number.NEGATIVE_INFINITY) >= sinceUs;
          const others = [...model].some(([other, lastUs]) => other !== key && lastUs >= sinceUs);
          expect(sight(list, key, atUs, sinceUs, 16, true)).toBe(!isKnown && others);
          model.set(key, Math.max(model.get(key) ?? 0, atUs));
        }
        expect(new Map(list.map(({ key, lastUs }) => [key, lastUs]))).toEqual(model);
      }),
    );
  });

  test('keeps the ones seen most recently, whatever the order in which they came', () => {
    const list: Sighting[] = [];
    for (const atUs of [5, 1, 4]) sight(list, `k${atUs}`, atUs, 0, 3, true);
    sight(list, 'k1', 9, 0, 3, true);
    expect(sight(list, 'k7', 7, 0, 3, true)).toBe(true);
    expect(list.map(({ key }) => key).sort()).toEqual(['k1', 'k5', 'k7']);
  });

  test('an earlier sighting does not take the later one back', () => {
    const list: Sighting[] = [];
    sight(list, 'a', 9, 0, 3, true);
    sight(list, 'a', 2, 0, 3, true);
    expect(list).toEqual([{ key: 'a', lastUs: 9 }]);
  });
});

describe('sight without learning', () => {
  test('says the same and leaves the list as it is', () => {
    const list: Sighting[] = [{ key: 'a', lastUs: 9 }];
    expect(sight(list, 'b', 10, 0, 3, false)).toBe(true);
    expect(sight(list, 'a', 10, 0, 3, false)).toBe(false);
    expect(list).toEqual([{ key: 'a', lastUs: 9 }]);
  });
});

describe('oldest', () => {
  test('is the first of those seen longest ago', () => {
    expect(oldest([{ lastUs: 3 }, { lastUs: 1 }, { lastUs: 1 }])).toBe(1);
    expect(oldest([{ lastUs: 3 }])).toBe(0);
  });
});

describe('times', () => {
  const times = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 50 });

  test('are kept in order, the newest of them', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 60 }), (given, max) => {
        const list: number[] = [];
        for (const atUs of given) addTime(list, atUs, max);
        expect(list).toEqual([...given].sort((a, b) => a - b).slice(-max));
      }),
    );
  });

  test('are counted behind the span’s begin up to and with its end', () => {
    const list = [10, 20, 20, 30];
    expect(countTimes(list, 30, 10)).toBe(1);
    expect(countTimes(list, 30, 11)).toBe(3);
    expect(countTimes(list, 20, 10)).toBe(2);
    expect(countTimes(list, 9, 100)).toBe(0);
    expect(countTimes([], 9, 100)).toBe(0);
  });
});
