import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spanAt } from './json-pointer.ts';

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
