import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JSON_DEPTH_MAX, scanJson } from './scan.ts';
import { type Wanted, wantedBy } from './wanted.ts';

const text = (json: string) => {
  const result = scanJson(Buffer.from(json));
  return result.kind === 'canonical' ? Buffer.from(result.bytes).toString() : result.kind;
};
const wantedOf = (json: string, wanted: Wanted) => {
  const result = scanJson(Buffer.from(json), wanted);
  return result.kind === 'canonical' ? result.wanted : result.kind;
};
const isJson = (json: string) => {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
};

/** The canonical form as it is defined, of a value whose numbers JSON writes as they were read. */
function canonicalOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => ({ name: JSON.stringify(name), member }));
  members.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  return `{${members.map(({ name, member }) => `${name}:${canonicalOf(member)}`).join(',')}}`;
}

/** A string literal with some characters escaped that need not be. */
const spelt = (value: string, escapes: number) =>
  `"${[...JSON.stringify(value).slice(1, -1)]
    .map((character, i, all) => {
      const isPlain = character !== '\\' && all[i - 1] !== '\\' && !/[0-9a-fA-F]/.test(character) && character !== 'u';
      if (!isPlain || (escapes >> (i % 8)) % 2 === 0) return character === '/' && isPlain ? '\\/' : character;
      return character.replace(/./gsu, (units) =>
        [...Array(units.length).keys()]
          .map((at) => `\\u${units.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase()}`)
          .join(''),
      );
    })
    .join('')}"`;

const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    'a',
    'a b',
    'a!',
    'ab',
    'abcdefg',
    'abcdefgh',
    'abcdefghi',
    'abcdefgh!',
    'é',
    '\ud800',
    '"',
    '__proto__',
  ),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e21, 5e-324, 2 ** 53),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(tie('value'), { depthIdentifier: 'value', maxLength: 6 }),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(names, tie('value')), { selector: ([name]) => name, depthIdentifier: 'value', maxLength: 8 })
    .map((members) => Object.fromEntries(members.map(([name, value]) => [name, value]))),
})).object as fc.Arbitrary<Record<string, unknown>>;

describe('the canonical form', () => {
  test('has its members sorted, no white space, and numbers as they were written', () => {
    expect(text(' {"b" : 1.0, "a":[ 1e3 , {"d":true,"c":null} ] } ')).toBe('{"a":[1e3,{"c":null,"d":true}],"b":1.0}');
    expect(text('12345678901234567890')).toBe('12345678901234567890');
    expect(text('{"a":[],"b":{}}')).toBe('{"a":[],"b":{}}');
    expect(text('\t[ -0.10E+05\r\n, false ]\n')).toBe('[-0.10E+05,false]');
  });

  test('has one spelling of each character', () => {
    expect(text('{"\\u0061":"\\u00e9\\/\\n\\u000A\\u0000\\u001F\\u0022\\u005c\\ud83d\\ude00"}')).toBe(
      '{"a":"é/\\n\\n\\u0000\\u001f\\"\\\\😀"}',
    );
    expect(text('"\\uD800 \\uDC00\\ud800 \\ud800\\n"')).toBe('"\\ud800 \\udc00\\ud800 \\ud800\\n"');
  });

  test('is what its definition says, however the text is spelt', () => {
    const write = (value: unknown, escapes: number, space: string): string => {
      if (typeof value === 'string') return spelt(value, escapes);
      if (Array.isArray(value))
        return `[${space}${value.map((item) => write(item, escapes, space)).join(`,${space}`)}]`;
      if (typeof value !== 'object' || value === null) return JSON.stringify(value);
      const members = Object.entries(value).reverse();
      const written = members.map(
        ([name, member]) => `${spelt(name, escapes)}${space}:${write(member, escapes, space)}`,
      );
      return `{${space}${written.join(`${space},`)}${space}}`;
    };
    fc.assert(
      fc.property(values, fc.nat(255), fc.constantFrom('', ' ', '\r\n\t'), (value, escapes, space) => {
        const written = write(value, escapes, space);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text(written)).toBe(canonicalOf(value));
      }),
      { numRuns: 500 },
    );
  });

  test('of an object of many members is made in reasonable time', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `k${(i * 7919) % 50_000}`);
    const json = `{${many.map((name) => `"${name}":0`).join(',')}}`;
    const sorted = [...many].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(text(json)).toBe(`{${sorted.map((name) => `"${name}":0`).join(',')}}`);
    expect(text(`{${[...many, 'k0'].map((name) => `"${name}":0`).join(',')}}`)).toBe('doubled');
  });
});

describe('what has no canonical form', () => {
  test('has a member twice, however it is spelt', () => {
    expect(text('{"a":1,"a":1}')).toBe('doubled');
    expect(text('{"b":0,"a":1,"\\u0061":2}')).toBe('doubled');
    expect(text('[{"x":{"b":1,"a":1,"b":2}}]')).toBe('doubled');
    expect(text('{"":0,"":1}')).toBe('doubled');
    expect(text('{"long enough to pass eight":0,"b":0,"long enough to pass eight":1}')).toBe('doubled');
  });

  test('is nested too deep', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(text(nested(JSON_DEPTH_MAX))).toBe(nested(JSON_DEPTH_MAX));
    expect(text(nested(JSON_DEPTH_MAX + 1))).toBe('too_deep');
    expect(text(nested(1_000_000))).toBe('too_deep');
  });

  test.each([
    ...[
      '',
      ' ',
      '"',
      '{',
      '{"a"}',
      '{"a":1',
      '[1',
      '"abc',
      '"a\\',
      '{"a":1}x',
      '{a:1}',
      '[,]',
      '"\\x"',
      '[1,]',
      '{"a":1,}',
    ],
    ...[
      '"\\u12g4"',
      '"\\u12',
      '"\n"',
      '"\u0000"',
      '01',
      '1.',
      '.5',
      '-',
      '+1',
      '1e',
      '1e+',
      'tru',
      'truE',
      'falsy',
      'nul',
    ],
    ...[
      'nulll',
      '\u00a0{}',
      '\ufeff{}',
      '{}\u0000',
      '[1 2]',
      '{"a" 1}',
      '{"a":1 "b":2}',
      '{"a":}',
      "{'a':1}",
      'NaN',
      '//',
    ],
  ])('is no JSON: %j', (broken) => {
    expect(isJson(broken)).toBe(false);
    expect(text(broken)).toBe('malformed');
  });

  test('is told from what has one as JSON.parse tells it', () => {
    const bytes = fc.constantFrom(...'{}[]",:\\u0019aeE+-.tfn \n\u0001é😀');
    const edits = fc.array(fc.record({ at: fc.nat(), cut: fc.nat(3), put: fc.string({ unit: bytes, maxLength: 3 }) }), {
      minLength: 1,
      maxLength: 3,
    });
    let broken = 0;
    fc.assert(
      fc.property(values, edits, (value, changes) => {
        let json = JSON.stringify(value);
        for (const { at, cut, put } of changes) {
          const place = at % (json.length + 1);
          json = Buffer.from(json.slice(0, place) + put + json.slice(place + cut)).toString();
        }
        const { kind } = scanJson(Buffer.from(json));
        if (kind === 'malformed') broken++;
        if (kind !== 'doubled')
          expect({ json, kind }).toEqual({ json, kind: isJson(json) ? 'canonical' : 'malformed' });
      }),
      { numRuns: 3000 },
    );
    expect(broken).toBeGreaterThan(300);
  });
});

describe('what is wanted', () => {
  test('are the members that pointers name, as they stand in the text', () => {
    const json =
      '{"z": 1.0, "a": {"b": [1, {"c":2}], "d": 3}, "list": [{"id":1,"x":[2]}, 7, {"y":0}, [{"id":[]}]], "t":"\\u0061"}';
    expect(wantedOf(json, wantedBy(['/z', '/t', '/none']))).toBe('{"z":1.0,"t":"\\u0061"}');
    expect(wantedOf(json, wantedBy(['/a/b', '/list/id']))).toBe(
      '{"a":{"b":[1, {"c":2}]},"list":[{"id":1},7,{},[{"id":[]}]]}',
    );
    expect(wantedOf(json, wantedBy([]))).toBe('{}');
    expect(wantedOf(json, wantedBy(['/z/inside']))).toBe('{"z":1.0}');
    expect(wantedOf(' [1] ', true)).toBe('[1]');
    expect(wantedOf('{"a/b":1,"~":2,"\\u0041":3}', wantedBy(['/a~1b', '/~0', '/A']))).toBe(
      '{"a/b":1,"~":2,"\\u0041":3}',
    );
  });

  test('is what a walk over the value finds', () => {
    const pick = (value: unknown, wanted: Wanted): unknown => {
      if (wanted === true || typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map((item) => pick(item, wanted));
      const kept = Object.entries(value).filter(([name]) => Object.hasOwn(wanted, name));
      return Object.fromEntries(kept.map(([name, member]) => [name, pick(member, wanted[name] as Wanted)]));
    };
    const pointers = ['a', 'ab', 'abcdefgh', 'é', '', '__proto__'].flatMap((name) => [`/${name}/a b`, `/${name}/ab/a`]);
    const wanted = wantedBy([...pointers, '/a b', '/abcdefghi']);
    fc.assert(
      fc.property(values, (value) => {
        const parsed = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(wantedOf(JSON.stringify(value), wanted))).toEqual(pick(parsed, wanted));
      }),
      { numRuns: 500 },
    );
  });

  test('is asked for with pointers that exclude each other', () => {
    for (const pointers of [['a'], [''], ['/a', '/a'], ['/a', '/a/b'], ['/a/b', '/a']])
      expect(() => wantedBy(pointers)).toThrow(/^\[core\] /);
    const many = wantedBy(Array.from({ length: 49 }, (_, i) => `/m${i}`));
    expect(() => scanJson(Buffer.from('{}'), many)).toThrow(/49 members of one object are wanted; at most 48/);
  });

  test('can be different for each text, of whatever length', () => {
    const wanted = Array.from({ length: 300 }, (_, i) => wantedBy([`/m${i}/x`]));
    for (const [i, one] of wanted.entries()) {
      const json = `{"m${i}":{"x":"${'é'.repeat(i * 300)}","y":0},"m":1}`;
      expect(wantedOf(json, one)).toBe(`{"m${i}":{"x":"${'é'.repeat(i * 300)}"}}`);
      expect(wantedOf('{"m0":{"x":1,"y":2}}', wanted[0] as Wanted)).toBe('{"m0":{"x":1}}');
    }
  });
});
