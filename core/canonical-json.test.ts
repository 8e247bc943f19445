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

test('takes what JSON.parse takes, and nothing else', () => {
  const mutated = fc
    .tuple(
      fc.json({ maxDepth: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 })), {
        maxLength: 3,
      }),
    )
    .map(([json, edits]) => {
      let broken = json;
      for (const [place, how, by] of edits) {
        const at = place % (broken.length + 1);
        broken = broken.slice(0, at) + (how === 2 ? '' : by) + broken.slice(how === 0 ? at : at + 1);
      }
      return broken;
    });
  const takes = (json: string): boolean => {
    try {
      JSON.parse(json);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(mutated, (json) => {
      const { kind } = canonicalJson(Buffer.from(json));
      expect(kind !== 'malformed').toBe(takes(json));
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ...['01', '-', '1.', '.5', '1e', '1e+', '+1', '0x1', 'nul', 'nulll', 'True', 'NaN', '1 2', '\u00a01', '\ufeff{}'],
  ...['"\u0001"', '"\t"', '\u000b1', '{"a":1,}', '[1,]', '{"a":1 "b":2}', '"\\u12g4"', '-01', '--1', '1.e5'],
])('refuses what JSON.parse refuses: %j', (json) => {
  expect(() => JSON.parse(json)).toThrow();
  expect(text(json)).toBe('malformed');
});

test.each(['0', '-0', '-0.5e-7', '1E+9', ' [ 1\t,\r\n2 ] ', '"\u007f"', '10', '0.0'])('takes %j', (json) => {
  expect(text(json)).toBe(json.replace(/\s/g, ''));
});
