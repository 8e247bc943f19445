import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, JSON_DEPTH_MAX } from './canonical-json.ts';

const text = (json: string) => {
  const result = canonicalJson(Buffer.from(json));
  return result.kind === 'canonical' ? Buffer.from(result.bytes).toString() : result.kind;
};

test('members are sorted, white space goes, numbers stay as written', () => {
  expect(text(' {"b" : 1.0, "a":[ 1e3 , {"d":true,"c":null} ] } ')).toBe('{"a":[1e3,{"c":null,"d":true}],"b":1.0}');
  expect(text('12345678901234567890')).toBe('12345678901234567890');
  expect(text('{"a":[],"b":{}}')).toBe('{"a":[],"b":{}}');
});

test('escapes in strings and names have one form', () => {
  expect(text('{"\\u0061":"\\u00e9\\/\\n"}')).toBe(text('{"a":"é/\\n"}'));
});

test('a member given twice is told, however it is spelled', () => {
  expect(text('{"a":1,"a":1}')).toBe('doubled');
  expect(text('{"b":0,"a":1,"\\u0061":2}')).toBe('doubled');
  expect(text('[{"x":{"b":1,"a":1,"b":2}}]')).toBe('doubled');
});

test('nesting is bounded', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(text(nested(JSON_DEPTH_MAX))).toBe(nested(JSON_DEPTH_MAX));
  expect(text(nested(JSON_DEPTH_MAX + 1))).toBe('too_deep');
  expect(text(nested(1_000_000))).toBe('too_deep');
});

test.each(['', '"', '{', '{"a"}', '{"a":1', '[1', '"abc', '"a\\', '{"a":1}x', '{a:1}', '[,]', '"\\x"'])(
  'what is no JSON is told: %s',
  (broken) => {
    expect(text(broken)).toBe('malformed');
  },
);

test('any order of members and any white space give one canonical form that means the same', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, shuffled(member)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, 3), (value, indent) => {
      const canonical = text(JSON.stringify(value));
      expect(text(JSON.stringify(shuffled(value), null, indent))).toBe(canonical);
      expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('an object of many members is sorted in reasonable time', () => {
  const names = Array.from({ length: 50_000 }, (_, i) => `k${(i * 7919) % 50_000}`);
  const json = `{${names.map((name) => `"${name}":0`).join(',')}}`;
  const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(text(json)).toBe(`{${sorted.map((name) => `"${name}":0`).join(',')}}`);
  expect(text(`{${[...names, 'k0'].map((name) => `"${name}":0`).join(',')}}`)).toBe('doubled');
});
