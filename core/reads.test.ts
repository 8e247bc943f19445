import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { READ_ALL, type Reads, readsOf } from './reads.ts';

const read = (json: string, reads: Reads): unknown => {
  const result = canonicalJson(Buffer.from(json), reads);
  if (result.kind !== 'canonical') return result.kind;
  return result.read.length === 0 ? undefined : JSON.parse(Buffer.from(result.read).toString());
};

test('gives the members at the paths, whole, and nothing else', () => {
  const reads = readsOf(['a', 'b/c', 'b/d/e']);
  const json = '{"z":[1,{"a":2}],"b":{"x":0,"d":{"e":[{"q":1}],"f":2},"c":"é"},"a":{"y":{"b":1,"a":2}},"aa":3}';
  expect(read(json, reads)).toEqual({ b: { d: { e: [{ q: 1 }] }, c: 'é' }, a: { y: { a: 2, b: 1 } } });
});

test('gives what is no object where a path goes through it', () => {
  const reads = readsOf(['b/c']);
  expect(read('{"b":[{"c":1}]}', reads)).toEqual({ b: [{ c: 1 }] });
  expect(read('{"b":"text"}', reads)).toEqual({ b: 'text' });
  expect(read('{"b":null}', reads)).toEqual({ b: null });
  expect(read('{"b":{}}', reads)).toEqual({ b: {} });
});

test('gives an empty object when nothing is there, and nothing for what is no object', () => {
  expect(read('{"x":{"a":1}}', readsOf(['a']))).toEqual({});
  expect(read('[{"a":1}]', readsOf(['a']))).toBeUndefined();
  expect(read('7', readsOf(['a']))).toBeUndefined();
});

test('tells names apart that look alike, and knows them however they are spelled', () => {
  const reads = readsOf(['abcd', 'axcd', 'é']);
  expect(read('{"abcd":1,"aycd":2,"abxd":3,"axcd":4}', reads)).toEqual({ abcd: 1, axcd: 4 });
  expect(read('{"\\u0061bcd":1,"\\u00e9":2}', reads)).toEqual({ abcd: 1, é: 2 });
});

test('a path within another adds nothing to it', () => {
  expect(read('{"a":{"b":1,"c":2}}', readsOf(['a/b', 'a']))).toEqual({ a: { b: 1, c: 2 } });
});

test('gives what a filter over the parsed text gives, for any text and any paths', () => {
  const name = fc.constantFrom('a', 'b', 'ab', 'ba', 'é', '"', '', '__proto__');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(null, true, 1.5, 'text', ''),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.uniqueArray(fc.tuple(name, tie('value')), { selector: ([key]) => key, maxLength: 5 }).map(objectOf),
    ),
  }));
  const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'ba', 'é'), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(value, fc.array(path, { maxLength: 5 }), fc.constantFrom(0, 1), (given, paths, indent) => {
      const json = JSON.stringify(given, null, indent);
      const expected = isObject(given) ? filtered(given, paths) : undefined;
      expect(read(json, readsOf(paths.map((names) => names.join('/'))))).toEqual(expected);
      expect(read(json, READ_ALL)).toEqual(JSON.parse(json));
    }),
    { numRuns: 2000 },
  );
});

function objectOf(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function filtered(object: Record<string, unknown>, paths: readonly (readonly string[])[]): unknown {
  const entries = Object.entries(object).flatMap(([key, member]) => {
    const here = paths.filter(([head]) => head === key);
    if (here.length === 0) return [];
    const isWhole = !isObject(member) || here.some((names) => names.length === 1);
    return [
      [
        key,
        isWhole
          ? member
          : filtered(
              member,
              here.map((names) => names.slice(1)),
            ),
      ],
    ];
  });
  return Object.fromEntries(entries);
}
