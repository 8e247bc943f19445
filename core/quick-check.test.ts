import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { quickCheck } from './quick-check.ts';

const upper = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && 'A' in value ? { a: value.A } : value),
  z.object({ a: z.string().nullish() }),
);
const event = z.object({
  name: z.string().min(2),
  count: z.number().nullish(),
  kind: z.union([z.string(), z.number()]).optional(),
  flag: z.boolean().nullable(),
  free: z.unknown().optional(),
  inner: z.object({ id: z.string() }).nullish(),
  upper: upper.optional(),
});

test('says yes to what the schema accepts and leaves as it is, and to nothing else', () => {
  const check = quickCheck(event);
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      '',
      'a',
      'ab',
      0,
      1.5,
      Number.POSITIVE_INFINITY,
      true,
      [],
      [{ id: 'x' }],
      {},
    ),
    fc.constantFrom<unknown>({ id: 'x' }, { id: 1 }, { a: 'x' }, { a: 1 }, { A: 'x' }, { A: 1 }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const member = fc.option(value, { nil: undefined, freq: 4 });
  const names = ['name', 'count', 'kind', 'flag', 'free', 'inner', 'upper', 'other'];
  const good = { name: fc.constant('ab'), flag: fc.constant(null) };
  let yes = 0;
  fc.assert(
    fc.property(
      fc.record({ ...Object.fromEntries(names.map((name) => [name, member])), ...good }),
      fc.constantFrom(...names),
      value,
      (base, name, other) => {
        for (const candidate of [base, { ...base, [name]: other }, other]) {
          const parsed = event.safeParse(candidate);
          if (!check(candidate)) continue;
          yes++;
          expect(parsed.error).toBeUndefined();
          expect(candidate).toMatchObject(parsed.data ?? {});
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(yes).toBeGreaterThan(20);
});

test('says yes to a whole event of a source, so that it is of use', () => {
  expect(quickCheck(event)({ name: 'ab', flag: true, kind: 1, inner: { id: '' }, upper: { a: null }, more: 1 })).toBe(
    true,
  );
});

test.each<[string, z.ZodType, unknown]>([
  ['a format', z.email(), 'a@b.example'],
  ['a longest length', z.string().max(3), 'ab'],
  ['a refinement', z.string().refine((text) => text !== 'x'), 'ab'],
  ['a coercion', z.coerce.string(), 'ab'],
  ['a transformation', z.string().transform((text) => text.length), 'ab'],
  ['what a transformation changes', upper, { A: 'x' }],
  ['a default', z.string().default('x'), 'ab'],
  ['an object that keeps or refuses other members', z.strictObject({ a: z.string() }), { a: 'x' }],
  ['a type that it does not know', z.array(z.string()), ['ab']],
])('leaves %s to the schema', (_name, schema, value) => {
  expect(schema.safeParse(value).success).toBe(true);
  expect(quickCheck(schema)(value)).toBe(false);
});
