import { describe, expect, it } from 'vitest';
import { age, ago, clockTime, count, length, place, precise, rate, utc } from './format.ts';

describe('numbers and times in words', () => {
  it('gives ages in one unit', () => {
    const now = 1_767_355_200e6;
    for (const [seconds, words] of [
      [0, 'now'],
      [12, '12 s'],
      [200, '3 min'],
      [7300, '2 h'],
      [200_000, '2 d'],
      [-5, 'now'],
    ] as const)
      expect(age(now - seconds * 1e6, now)).toBe(words);
    expect(ago(now, now)).toBe('just now');
    expect(ago(now - 61e6, now)).toBe('1 min ago');
    expect(utc(now)).toBe('2026-01-02 12:00:00.000 UTC');
    expect(utc(Number.MAX_VALUE)).toBe('unknown time');
    expect(clockTime(now)).toBe('12:00');
    expect(clockTime(now, true)).toBe('12:00:00');
  });

  it('gives lengths and numbers with the digits that matter', () => {
    expect([84, 1400, 90_000, 7_200_000].map(length)).toEqual(['84 ms', '1.4 s', '2 min', '2 h']);
    expect([count(1234.4), rate(12.34), rate(167.2), precise(0.123), precise(12.34)]).toEqual([
      '1,234',
      '12.3',
      '167',
      '0.12',
      '12.3',
    ]);
  });

  it('names a place as well as it is known', () => {
    expect(place('Berlin', 'DE', '192.0.2.1')).toBe('Berlin, Germany');
    expect(place(null, 'not a code', null)).toBe('not a code');
    expect(place(null, null, '192.0.2.1')).toBe('192.0.2.1');
    expect(place(null, null, null)).toBe('–');
  });
});
