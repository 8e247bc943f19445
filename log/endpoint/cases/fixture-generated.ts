import { OPERATIONS, type OperationShape, type Shape, type StructureShape } from '../shapes/index.ts';
import { brokenBy, printed } from './fixture-broken.ts';
import { VALID_CALLS } from './fixture-inputs.ts';
import { longOf, sampleOf, unmatchedOf } from './fixture-samples.ts';
import { type Expected, type Fault, NOT_NULL, WRONG_TYPES } from './fixture-wording.ts';

/** One call and what the service says to it. */
export interface ApiCase {
  readonly operation: string;
  /** What is wrong with the call. */
  readonly kind: string;
  readonly name: string;
  readonly input: unknown;
  readonly expected: Expected;
}

type Path = readonly (string | number)[];
type Members = Readonly<Record<string, unknown>>;
/** A value for one place of a call, and what is wrong with it. */
type Variant = Omit<ApiCase, 'operation' | 'input'> & { readonly path: Path; readonly value: unknown };

/** Every case that the model gives, operation by operation. */
export function generatedCases(): readonly ApiCase[] {
  return Object.entries(OPERATIONS as Readonly<Record<string, OperationShape>>).flatMap(([operation, { input }]) => {
    const valid = VALID_CALLS[operation];
    if (valid === undefined) throw new Error(`no valid call of ${operation} is written down`);
    const variants = membersOf(input, valid.input, []).map(({ path, value, ...rest }) => ({
      ...rest,
      operation,
      input: put(valid.input, path, value),
    }));
    return [...variants, ...wholeInputs(operation, input, valid.input, valid.expected)];
  });
}

/** What holds for the input as a whole. */
function wholeInputs(operation: string, shape: StructureShape, valid: Members, expected: Expected): ApiCase[] {
  const all = Object.entries(shape.members).map(([name, member]) => [name, shortOf(member)] as const);
  const broken = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  const faults = [
    ...shape.required.filter((name) => !(name in broken)).map((name): Fault => nullFault(pathText([name]))),
    ...Object.entries(broken).flatMap(([name, value]) => brokenBy(shape.members[name] as Shape, value, name)),
  ];
  const one = { operation, expected };
  const nothing = Object.fromEntries(Object.keys(shape.members).map((name) => [name, null]));
  return [
    { ...one, kind: 'as the model has it', name: 'a valid call', input: valid },
    {
      ...one,
      kind: 'unknown member',
      name: 'members that the model has not are passed over',
      input: { ...valid, Nonsense: [{ a: 1 }], streamName: 7, __proto__2: null },
    },
    { ...one, kind: 'null', name: 'null is as good as nothing', input: { ...nothing, ...valid } },
    { ...typed(operation, 'structure', []), kind: 'wrong type', name: 'a list for an input', input: [] },
    ...(faults.length > 1
      ? [
          {
            operation,
            kind: 'several at once',
            name: 'all that is wrong is said in one message',
            input: broken,
            expected: { type: 'ValidationException', faults } as const,
          },
        ]
      : []),
  ];
}

function typed(operation: string, type: string, value: unknown) {
  const [, message = ''] =
    (WRONG_TYPES[type] ?? []).find(([wrong]) => JSON.stringify(wrong) === JSON.stringify(value)) ?? [];
  return { operation, expected: { type: 'SerializationException', message } };
}

function membersOf(shape: StructureShape, valid: Members, parent: Path): Variant[] {
  return Object.entries(shape.members).flatMap(([name, member]) => {
    const path = [...parent, name];
    const required = shape.required.includes(name);
    return [
      ...(required ? [missing(path, undefined, 'is not there'), missing(path, null, 'is null')] : []),
      ...variantsOf(member, path, valid[name]),
    ];
  });
}

function missing(path: Path, value: unknown, how: string): Variant {
  const expected = { type: 'ValidationException', faults: [nullFault(pathText(path))] } as const;
  return { kind: 'missing', name: `${path.join('.')} ${how}`, path, value, expected };
}

const nullFault = (path: string): Fault => ({ path, value: null, constraint: NOT_NULL });

/** Everything that can be wrong with a value and with what it holds. */
function variantsOf(shape: Shape, path: Path, valid: unknown): Variant[] {
  const where = path.join('.');
  const wrong = (WRONG_TYPES[shape.type] ?? []).map(([value, message]): Variant => {
    const name = `${where} is ${JSON.stringify(value)}`;
    return { kind: 'wrong type', name, path, value, expected: { type: 'SerializationException', message } };
  });
  const broken = brokenValues(shape).map(([kind, value]): Variant => {
    const faults = brokenBy(shape, value, pathText(path));
    const name = `${where}: ${printed(shape, value).slice(0, 40)}`;
    return { kind, name, path, value, expected: { type: 'ValidationException', faults } };
  });
  return [...wrong, ...broken, ...heldBy(shape, path, valid)];
}

function heldBy(shape: Shape, path: Path, valid: unknown): Variant[] {
  switch (shape.type) {
    case 'structure':
      return membersOf(shape, (valid ?? sampleOf(shape)) as Members, path).map((one) =>
        within(one, path, shape, valid),
      );
    case 'list':
      return shape.member.type === 'structure'
        ? variantsOf(shape.member, [...path, 0], undefined)
        : typesOnly(variantsOf(shape.member, [...path, 0], undefined));
    case 'map':
      return typesOnly(variantsOf(shape.value, [...path, 'a'], undefined));
    default:
      return [];
  }
}

/** The structure around a member has its other members, whether the valid call has it or not. */
function within(one: Variant, path: Path, shape: StructureShape, valid: unknown): Variant {
  if (valid !== undefined) return one;
  return { ...one, path, value: put(sampleOf(shape) as Members, one.path.slice(path.length), one.value) };
}

/** Constraints of what lists and maps of texts hold are the list's own: see {@link brokenValues}. */
const typesOnly = (variants: readonly Variant[]) => variants.filter(({ kind }) => kind === 'wrong type');

/** Values of the right type that break a constraint. */
function brokenValues(shape: Shape): [string, unknown][] {
  const values: [string, unknown][] = [];
  const short = shortOf(shape);
  if (short !== undefined) values.push([shape.type === 'integer' ? 'below the range' : 'too short', short]);
  const long = longOf(shape);
  if (long !== undefined) values.push([shape.type === 'integer' ? 'above the range' : 'too long', long]);
  if (shape.type === 'string') {
    const unmatched = unmatchedOf(shape);
    if (unmatched !== undefined) values.push(['bad pattern', unmatched]);
    if (shape.enum !== undefined) values.push(['bad enum', 'NONSENSE'], ['bad enum', shape.enum[0]?.toLowerCase()]);
  }
  if (shape.type === 'list' && shape.member.type === 'string') {
    for (const [kind, member] of brokenValues(shape.member)) {
      values.push([`${kind} in a list`, [sampleOf(shape.member), member]]);
    }
    values.push(['null in a list', [null]]);
  }
  if (shape.type === 'map') {
    for (const [kind, key] of brokenValues(shape.key))
      values.push([`${kind} as a key`, { a: 'b', [String(key)]: 'c' }]);
    for (const [kind, value] of brokenValues(shape.value)) values.push([`${kind} in a map`, { a: 'b', c: value }]);
    values.push(['null in a map', { a: null }]);
  }
  return values.filter(([, value]) => brokenBy(shape, value, '').length > 0);
}

/** A value that is too short or too small; undefined when there is none. */
function shortOf(shape: Shape): unknown {
  switch (shape.type) {
    case 'string':
      return (shape.min ?? 0) > 0 || shape.pattern !== undefined || shape.enum !== undefined ? '' : undefined;
    case 'integer':
      return shape.min === undefined ? undefined : shape.min - 1;
    case 'list':
      return (shape.min ?? 0) > 0 ? [] : undefined;
    case 'map':
      return (shape.min ?? 0) > 0 ? {} : undefined;
    default:
      return undefined;
  }
}

/** `records.1.member.data`, as the service writes where a value stands. */
function pathText(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `${step + 1}.member` : step.charAt(0).toLowerCase() + step.slice(1)))
    .join('.');
}

/** A copy with a value put at a place; undefined takes it away. */
function put(members: Members, [step, ...steps]: Path, value: unknown): Members {
  if (step === undefined) return members;
  const known = members[step];
  const inner =
    steps.length === 0 ? value : put((known ?? (typeof steps[0] === 'number' ? [] : {})) as Members, steps, value);
  const copy = (Array.isArray(members) ? [...members] : { ...members }) as Record<string, unknown>;
  if (inner === undefined) delete copy[step];
  else copy[step] = inner;
  return copy;
}
