import { describe, expect, it } from 'vitest';
import { COLUMN_TEXT_MAX, columnId, columnText } from './text.ts';

describe('columnText', () => {
  it('keeps text up to the longest a column holds', () => {
    expect(columnText('a'.repeat(COLUMN_TEXT_MAX))).toHaveLength(COLUMN_TEXT_MAX);
    expect(columnText('a'.repeat(1_000_000))).toHaveLength(COLUMN_TEXT_MAX);
  });

  it('never cuts a surrogate pair in two', () => {
    const text = `${'a'.repeat(COLUMN_TEXT_MAX - 1)}🐕 and more`;
    expect(columnText(text)).toBe('a'.repeat(COLUMN_TEXT_MAX - 1));
    expect(columnText(`a${text}`.slice(2))).toBe(`${'a'.repeat(COLUMN_TEXT_MAX - 2)}🐕`);
  });

  it.each([null, undefined, '', 7, {}, ['x']])('gives null for %j', (value) => {
    expect(columnText(value)).toBeNull();
  });
});

describe('columnId', () => {
  it('takes numbers as identifiers', () => {
    expect(columnId(12345)).toBe('12345');
    expect(columnId('abc')).toBe('abc');
    expect(columnId(Number.NaN)).toBeNull();
    expect(columnId({})).toBeNull();
  });
});
