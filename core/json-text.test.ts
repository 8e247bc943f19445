import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, JSON_DEPTH_MAX, spanAt } from './json-text.ts';

const text = (json: string) => {
  const result = canonicalJson(json);
  return result.kind === 'canonical' ? result.text : result.kind;
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

test.each(['', '{', '{"a"}', '{"a":1', '[1', '[1 2]', '"abc', '"a\\', '{"a":1}x', '{a:1}', '[,]', '"\\x"'])(
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

test('a pointer finds the bytes of a value as written', () => {
  const line = '{"app":"okta", "event": {"n": 1.0, "s":"}\\"{"} ,"list":[1,[2,3]], "a\\/b": -1.5e3}';
  const at = (...path: string[]) => {
    const span = spanAt(line, path);
    return span && line.slice(span.start, span.end);
  };
  expect(at('event')).toBe('{"n": 1.0, "s":"}\\"{"}');
  expect(at('event', 'n')).toBe('1.0');
  expect(at('list', '1', '0')).toBe('2');
  expect(at('a/b')).toBe('-1.5e3');
  expect(at()).toBe(line);
  expect(at('nothing')).toBeNull();
  expect(at('app', 'x')).toBeNull();
  expect(spanAt('{"event":', ['event'])).toBeNull();
  expect(spanAt('not json', ['event'])).toBeNull();
});

test('a member given twice is taken at its last place, whatever it holds', () => {
  const line = '{"e":{"a":1,"a":2},"e":{"b":1,"b":2}}';
  const span = spanAt(line, ['e']);
  expect(span && line.slice(span.start, span.end)).toBe('{"b":1,"b":2}');
});

test('a pointer agrees with JSON.parse on any value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (record, choice) => {
      const names = Object.keys(record);
      const name = names[choice % names.length] as string;
      const line = JSON.stringify(record);
      const span = spanAt(line, [name]);
      expect(span).not.toBeNull();
      expect(JSON.parse(line.slice(span!.start, span!.end))).toEqual(JSON.parse(line)[name]);
    }),
  );
});
