import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNative, readNative, type Source } from '../../../core/index.ts';
import { expectMappedEvent } from './mapped-event.ts';
import { expectConsistent, expectReads } from './reading.ts';

/** No input that the schema accepts makes the mapper throw. */
export function describeHostile(source: Source, fixtures: readonly unknown[]): void {
  const mutated = fc
    .record({
      fixture: fc.constantFrom(...fixtures.map((fixture) => JSON.stringify(fixture))),
      edits: fc.array(fc.record({ at: fc.nat(), how: fc.nat(3), value: hostileValue() }), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ fixture, edits }) => {
      let native: unknown = JSON.parse(fixture);
      for (const edit of edits) native = mutate(native, edit.at, edit.how, edit.value);
      return native;
    });

  describe(`${source.app} hostile events`, () => {
    it('are refused by the schema or map to a row, never throw', () => {
      let accepted = 0;
      fc.assert(
        fc.property(mutated, (native) => {
          const json = jsonOf(native);
          if (json !== null) expectReads(source, json);
          const parsed = parseNative(source, native);
          if ('fault' in parsed) return;
          accepted++;
          expectMappedEvent(source.map(parsed.native));
          expectConsistent(source, parsed.native);
        }),
        { numRuns: 1500 },
      );
      expect(accepted).toBeGreaterThan(100);
    });

    it('are refused when they hold what cannot be compared', () => {
      const names = new Set(source.reads.map((pointer) => pointer.split('/')[1] ?? ''));
      for (const name of names) {
        for (const value of ['{"length":{"toString":null,"valueOf":null}}', '{"toString":null}', '[{"length":{}}]']) {
          const json = `{${JSON.stringify(name)}:${value}}`;
          expect(readNative(source.app, Buffer.from(json), source).result.kind, json).toBe('deadLetter');
        }
      }
    });

    it.each([null, 7, 'text', true, [], [[]], {}, JSON.parse('{"__proto__": {"polluted": true}}')])(
      'such as %j are refused',
      (native) => {
        expect(source.schema.safeParse(native).success).toBe(false);
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      },
    );
  });
}

/** Values of the wrong type, of hostile size or with members that reach for prototypes. */
function hostileValue(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, 4.5, '', ' ', 'null', [], {}, [null], [[]], [{}]),
    fc.constant('x'.repeat(1_000_000)),
    fc.constant('🐕'.repeat(5000)),
    fc.constant(JSON.parse('{"__proto__": {"id": "x"}, "constructor": 7, "toString": null, "length": -1}')),
    fc.constant(JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`)),
    fc.constant(JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)),
    fc.string({ unit: 'binary' }),
    fc.json().map((text) => JSON.parse(text) as unknown),
  );
}

/** Replaces, removes, wraps or renames one member somewhere in the event; `at` chooses which. */
function mutate(native: unknown, at: number, how: number, value: unknown): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > 8) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key], depth + 1);
    }
  };
  visit(native, 0);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return value;
  const [parent, key] = place;
  if (how === 0) parent[key] = value;
  else if (how === 1) delete parent[key];
  else if (how === 2) parent[key] = [parent[key]];
  else {
    const held = parent[key];
    delete parent[key];
    Object.defineProperty(parent, key === 'id' ? '__proto__' : key.toLowerCase(), {
      value: held,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return native;
}

/** null when the value holds itself. */
function jsonOf(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}
