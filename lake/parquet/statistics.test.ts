import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Column, ColumnType, Value } from '../../core/index.ts';
import { createFileBuilder, type FileBuilderOptions, UNCOMPRESSED } from './index.ts';

function fileOf(type: ColumnType, values: readonly Value[], options: FileBuilderOptions = {}) {
  const column: Column = { name: 'x', type, nullable: true, comment: '' };
  const builder = createFileBuilder([column], UNCOMPRESSED, options);
  for (const x of values) builder.append({ x });
  return builder.finish();
}

/** Delta's [min, max, nullCount] after a round through JSON. */
function delta(type: ColumnType, values: readonly Value[], options?: FileBuilderOptions) {
  const { minValues, maxValues, nullCount } = JSON.parse(JSON.stringify(fileOf(type, values, options).statistics));
  return [minValues.x, maxValues.x, nullCount.x];
}

/** The footer's [min, max, null count] of the first row group. */
function footer(type: ColumnType, values: readonly Value[]) {
  const { bytes } = fileOf(type, values);
  const statistics = parquetMetadata(new Uint8Array(bytes).buffer).row_groups[0]?.columns[0]?.meta_data?.statistics;
  return [statistics?.min_value, statistics?.max_value, Number(statistics?.null_count)];
}

const utf8 = (text: string) => Buffer.from(text);

describe("Delta's statistics", () => {
  it('bound numbers and count nulls', () => {
    expect(delta('int', [3, null, -2])).toEqual([-2, 3, 1]);
    expect(delta('long', [Number.MAX_SAFE_INTEGER, 0])).toEqual([0, Number.MAX_SAFE_INTEGER, 0]);
    expect(delta('double', [0.5, -0.25, null])).toEqual([-0.25, 0.5, 1]);
    expect(delta('int', [null, null])).toEqual([undefined, undefined, 2]);
  });

  it('survive what JSON cannot say', () => {
    expect(delta('double', [1, Number.NaN])).toEqual([undefined, undefined, 0]);
    expect(delta('double', [1, Number.POSITIVE_INFINITY])).toEqual([1, undefined, 0]);
    expect(delta('double', [Number.NEGATIVE_INFINITY, 2])).toEqual([undefined, 2, 0]);
    expect(fileOf('double', [-0]).statistics.minValues).toEqual({ x: 0 });
    expect(delta('double', [Number.NaN, 1, 2, 3], { rowGroupRowsMax: 1 })).toEqual([undefined, undefined, 0]);
  });

  it('write timestamps to the millisecond, the upper bound rounded up', () => {
    expect(delta('timestamp', [1_700_000_000_000_001, 1_700_000_000_000_999])).toEqual([
      '2023-11-14T22:13:20.000Z',
      '2023-11-14T22:13:20.001Z',
      0,
    ]);
    expect(delta('timestamp', [-1])).toEqual(['1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00.000Z', 0]);
    expect(delta('timestamp', [0, Number.MAX_SAFE_INTEGER])).toEqual([
      '1970-01-01T00:00:00.000Z',
      '2255-06-05T23:47:34.741Z',
      0,
    ]);
    expect(delta('timestamp', [Number.MIN_SAFE_INTEGER])[0]).toBe('1684-07-28T00:12:25.259Z');
  });

  it('write dates as dates, and nothing beyond the years 1 to 9999', () => {
    expect(delta('date', [0, 19_000])).toEqual(['1970-01-01', '2022-01-08', 0]);
    expect(delta('date', [-2_000_000, 3_000_000])).toEqual([undefined, undefined, 0]);
  });

  it('order strings by code point, not by UTF-16 unit', () => {
    expect(delta('string', ['\ufffd', '😀', 'a'])).toEqual(['a', '😀', 0]);
  });

  it('cut strings to 32 code points, the upper bound rounded up', () => {
    const long = '😀'.repeat(40);
    expect(delta('string', [long])).toEqual(['😀'.repeat(32), `${'😀'.repeat(31)}😁`, 0]);
    expect(delta('string', ['a'.repeat(32)])).toEqual(['a'.repeat(32), 'a'.repeat(32), 0]);
    expect(delta('string', [`${'a'.repeat(31)}\ud7ffx`])[1]).toBe(`${'a'.repeat(31)}\ue000`);
    expect(delta('string', [`a${'\u{10ffff}'.repeat(40)}`])[1]).toBe('b');
    expect(delta('string', ['\u{10ffff}'.repeat(33)])).toEqual(['\u{10ffff}'.repeat(32), undefined, 0]);
  });

  it('always bound the strings they were made of', () => {
    const compare = (a: string, b: string) => Buffer.compare(utf8(a), utf8(b));
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 50 }), { minLength: 1 }), (strings) => {
        const [min, max] = delta('string', strings, { rowGroupRowsMax: 3 });
        for (const string of strings) {
          expect(compare(min, string)).toBeLessThanOrEqual(0);
          if (max !== undefined) expect(compare(max, string)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('have no bounds for booleans, binaries, lists and columns that the caller names', () => {
    expect(delta('boolean', [true, null])).toEqual([undefined, undefined, 1]);
    expect(delta('binary', [new Uint8Array(2), null])).toEqual([undefined, undefined, 1]);
    expect(delta('list<string>', [['a'], [], null])).toEqual([undefined, undefined, 1]);
    expect(delta('string', ['a', null], { withoutBounds: ['x'] })).toEqual([undefined, undefined, 1]);
    expect(delta('int', [1, null], { withoutBounds: ['x'] })).toEqual([undefined, undefined, 1]);
  });
});

describe("the footer's statistics", () => {
  it('bound fixed-width types and short strings', () => {
    expect(footer('int', [5, -7, null])).toEqual([-7, 5, 1]);
    expect(footer('long', [2 ** 40, -1])).toEqual([-1n, 2n ** 40n, 0]);
    expect(footer('string', ['b', 'a', null])).toEqual(['a', 'b', 1]);
  });

  it('have no bounds for long strings and for NaN', () => {
    expect(footer('string', ['a', 'b'.repeat(65)])).toEqual([undefined, undefined, 0]);
    expect(footer('double', [1, Number.NaN])).toEqual([undefined, undefined, 0]);
  });

  it('widen a bound of zero over both zeros', () => {
    expect(footer('double', [0, 1])).toEqual([-0, 1, 0]);
    expect(footer('double', [-1, -0])).toEqual([-1, 0, 0]);
  });
});
