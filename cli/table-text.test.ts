import { expect, test } from 'vitest';
import { csvText, tableText } from './table-text.ts';

test('a table aligns text to the left and numbers to the right', () => {
  expect(
    tableText(
      ['app', 'n'],
      [
        ['okta', 7],
        ['a', 1234],
      ],
    ),
  ).toBe('app      n\n────  ────\nokta     7\na     1234\n');
});

test('a table without rows is its header', () => {
  expect(tableText(['a', 'bc'], [])).toBe('a  bc\n─  ──\n');
});

test('cells are cut, and carry no control characters to the terminal', () => {
  const text = tableText(['x'], [['\u001b[31mred\nline'], ['y'.repeat(100)]], 10);
  expect(text).not.toContain('\u001b');
  expect(text.split('\n')[3]).toBe(`${'y'.repeat(9)}…`);
});

test('what is no text is written as JSON, and null as nothing', () => {
  expect(tableText(['v'], [[['a', 1]], [null], [undefined], [{ b: 2 }]])).toContain('["a",1]\n\n\n{"b":2}\n');
});

test('CSV quotes what RFC 4180 asks to be quoted', () => {
  expect(
    csvText(
      ['a', 'b,c'],
      [
        ['say "x"', null],
        ['two\r\nlines', [1, 2]],
        [0, false],
      ],
    ),
  ).toBe('a,"b,c"\r\n"say ""x""",\r\n"two\r\nlines","[1,2]"\r\n0,false\r\n');
});
