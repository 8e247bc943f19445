import { describe, expect, it } from 'vitest';
import { toNumber, toNumberOrNull, toText, toTextOrNull, toTexts } from './row.ts';

describe('values of a row', () => {
  it('are numbers whatever shape the driver gives them', () => {
    expect([12, 12n, '12', null, 'x', Number.NaN].map(toNumber)).toEqual([12, 12, 12, 0, 0, 0]);
    expect([null, undefined, 3n].map(toNumberOrNull)).toEqual([null, null, 3]);
    expect([null, 'a', 3].map(toText)).toEqual(['', 'a', '3']);
    expect([null, 'a'].map(toTextOrNull)).toEqual([null, 'a']);
  });

  it('are lists whether they come as an array, as items or as JSON', () => {
    for (const value of [['a', 'b'], { items: ['a', 'b'] }, '["a","b"]']) expect(toTexts(value)).toEqual(['a', 'b']);
    expect([null, '', '[oops', 'a'].map(toTexts)).toEqual([[], [], ['[oops'], ['a']]);
  });
});
