import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeUs } from './time.ts';

const anyMs = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) - 1 });

describe('parseTimeUs', () => {
  it('reads what Date.toISOString writes, exactly', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        expect(parseTimeUs(new Date(ms).toISOString())).toBe(ms * 1000);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps every microsecond of up to nine fraction digits, with a space or a T', () => {
    fc.assert(
      fc.property(
        anyMs,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('T', ' '),
        fc.nat(999_999_999),
        (ms, n, t, f) => {
          const second = Math.floor(ms / 1000);
          const fraction = String(f).padStart(9, '0').slice(0, n);
          const text = `${new Date(second * 1000).toISOString().slice(0, 19).replace('T', t)}.${fraction}`;
          const us = second * 1_000_000 + Number(fraction.padEnd(9, '0').slice(0, 6));
          expect(parseTimeUs(text)).toBe(us);
          expect(parseTimeUs(`${text}Z`)).toBe(us);
        },
      ),
    );
  });

  it('agrees with Date about offsets', () => {
    fc.assert(
      fc.property(anyMs, fc.integer({ min: -14 * 60, max: 14 * 60 }), fc.boolean(), (ms, offset, colon) => {
        const minutes = Math.abs(offset);
        const hh = String(Math.floor(minutes / 60)).padStart(2, '0');
        const mm = String(minutes % 60).padStart(2, '0');
        const local = new Date(ms).toISOString().slice(0, -1);
        const zone = `${offset < 0 ? '-' : '+'}${hh}`;
        const expected = new Date(`${local}${zone}:${mm}`).getTime();
        const got = parseTimeUs(`${local}${zone}${colon ? ':' : ''}${mm}`);
        if (got !== null) expect(got).toBe(expected * 1000);
        else expect(expected < Date.UTC(1990, 0, 1) || expected >= Date.UTC(2100, 0, 1)).toBe(true);
      }),
    );
  });

  it('refuses calendar days that Date does not keep', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99 }), fc.nat({ max: 19 }), fc.nat({ max: 39 }), (y, m, d) => {
        const text = `20${String(y).padStart(2, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}T00:00:00Z`;
        const ms = Date.UTC(2000 + y, m - 1, d);
        const kept = new Date(ms).toISOString().startsWith(text.slice(0, 10));
        expect(parseTimeUs(text)).toBe(kept ? ms * 1000 : null);
      }),
    );
  });

  it('tells seconds, milliseconds and microseconds apart, as numbers and as digits', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        expect(parseTimeUs(ms)).toBe(ms * 1000);
        expect(parseTimeUs(String(ms))).toBe(ms * 1000);
        expect(parseTimeUs(ms * 1000)).toBe(ms * 1000);
        expect(parseTimeUs(Math.floor(ms / 1000))).toBe(Math.floor(ms / 1000) * 1_000_000);
        expect(parseTimeUs(ms / 1000)).toBe(ms * 1000);
      }),
    );
    expect(parseTimeUs('1617979411.000200')).toBe(1_617_979_411_000_200);
    expect(parseTimeUs('1671111111111.5')).toBe(1_671_111_111_111_500);
  });

  it.each([
    ['2022-03-22 14:21:53.225', 1_647_958_913_225_000],
    ['2020-11-25 21:27:03.496000000', 1_606_339_623_496_000],
    ['2024-12-17 00:00:00000000', 1_734_393_600_000_000],
    ['2022-03-22T14:21:53+02', 1_647_951_713_000_000],
    ['2022-03-22 14:21:53 UTC', 1_647_958_913_000_000],
    ['2016-12-31T23:59:60Z', 1_483_228_800_000_000],
  ])('reads %s', (text, us) => {
    expect(parseTimeUs(text)).toBe(us);
  });

  it.each([
    undefined,
    null,
    true,
    {},
    [],
    '',
    'yesterday',
    '2022-03-22',
    '2022-13-01T00:00:00Z',
    '2022-03-22T24:00:00Z',
    '2022-03-22T14:60:00Z',
    '2022-03-22T14:21:61Z',
    '2022-03-22T14:21:53.Z',
    '2022-03-22T14:21:53.1234567890Z',
    '2022-03-22T14:21:5301Z',
    '2022-03-22T14:21:53ZZ',
    '2022-03-22T14:21:53+2',
    '2022-03-22T14:21:53+25:00',
    '2022-03-22T14:21:53+02:0',
    '2022-03-22T14:21:53 EST',
    '2022/03/22 14:21:53',
    '1989-12-31T23:59:59Z',
    '2100-01-01T00:00:00Z',
    '99999999',
    '16179794xx',
    '1617979411.x',
    '1617979411.',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    0,
    12345,
    1e20,
    '9'.repeat(39),
    '9'.repeat(100),
  ])('gives null for %j', (value) => {
    expect(parseTimeUs(value)).toBeNull();
  });
});
