import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createArraySplitter, createLineSplitter, type Splitter, splitterFor } from './split.ts';

/** The texts of the slices, the file given in chunks of these sizes, over and over. */
function texts(splitter: Splitter, bytes: Uint8Array, chunks: readonly number[] = [bytes.length + 1]): string[] {
  const slices = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = chunks[i % chunks.length] ?? 1;
    slices.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  slices.push(...splitter.end());
  return slices.map(({ offset, length }) => Buffer.from(bytes.subarray(offset, offset + length)).toString('latin1'));
}
const split = (text: string, chunks?: readonly number[]) => {
  const bytes = Buffer.from(text);
  return texts(splitterFor(bytes.subarray(0, 4096)), bytes, chunks);
};

const chunkSizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

describe('lines', () => {
  test('are events; empty ones are none, and the last needs no end', () => {
    expect(split('{"a":1}\r\n\n  \n{"b":2}\n{"c"')).toEqual(['{"a":1}\r', '{"b":2}', '{"c"']);
    expect(split('')).toEqual([]);
    expect(split('\n\n')).toEqual([]);
  });

  test('are the same however the file is cut into chunks', () => {
    const bytes = fc.array(fc.constantFrom(0x0a, 0x0d, 0x20, 0x7b, 0x22, 0xff, 0x61), { maxLength: 60 });
    fc.assert(
      fc.property(bytes, chunkSizes, (given, chunks) => {
        const file = Uint8Array.from(given);
        const expected = Buffer.from(file)
          .toString('latin1')
          .split('\n')
          .filter((line) => /[^ \r\t]/.test(line));
        expect(texts(createLineSplitter(), file, chunks)).toEqual(expected);
      }),
    );
  });
});

describe('a JSON array', () => {
  test('gives its elements as they are written, whatever they hold', () => {
    expect(split(' [ {"a":"],}"} ,\n[1,[2]], "x,y\\"]", 3, null ] ')).toEqual([
      '{"a":"],}"}',
      '[1,[2]]',
      '"x,y\\"]"',
      '3',
      'null',
    ]);
    expect(split('[]')).toEqual([]);
    expect(split('[1] trailing')).toEqual(['1']);
  });

  test('in Records is found behind a mark of byte order and white space', () => {
    expect(split('\ufeff {\n "Records" : [{"a":1},{"b":2}], "more": [3]}')).toEqual(['{"a":1}', '{"b":2}']);
    expect(split('{"records":[1]}')).toEqual(['{"records":[1]}']);
  });

  test('that was cut off still gives what is there of its last element', () => {
    expect(split('[{"a":1},{"b":"te')).toEqual(['{"a":1}', '{"b":"te']);
    expect(split('[{"a":1},')).toEqual(['{"a":1}']);
  });

  test('gives JSON.parse’s elements, however it is laid out and cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.nat(3),
        chunkSizes,
        fc.boolean(),
        (list, indent, chunks, wrapped) => {
          const text = JSON.stringify(wrapped ? { Records: list } : list, null, indent);
          const found = split(text, chunks).map((element) =>
            JSON.parse(Buffer.from(element, 'latin1').toString('utf8')),
          );
          expect(found).toEqual(JSON.parse(JSON.stringify(list)));
        },
      ),
    );
  });

  test('of bytes that are no JSON gives the same slices for every cut, and never more bytes than there are', () => {
    const bytes = fc.array(fc.constantFrom(...Buffer.from('[]{},"\\ a\n'), 0xff), { maxLength: 60 });
    fc.assert(
      fc.property(bytes, chunkSizes, (given, chunks) => {
        const file = Uint8Array.from(given);
        const whole = texts(createArraySplitter(0), file);
        expect(texts(createArraySplitter(0), file, chunks)).toEqual(whole);
        expect(whole.join('').length).toBeLessThanOrEqual(file.length);
      }),
    );
  });
});
