import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedModel, type Model } from './cases/fixture-model.ts';
import { openWorld, type World } from './cases/fixture-world.ts';
import { OPERATIONS, type OperationShape, type Shape, type StringShape } from './shapes/index.ts';

/** What the shapes were written from: see shapes/scalars.ts. */
const PINNED = '1.44.5';
/** Where the shapes ask for more than the model, and why. */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
  // Needed by every stream but those that spread records themselves, which are not offered.
  PutRecordInput: ['PartitionKey'],
  PutRecordsRequestEntry: ['PartitionKey'],
};
/** Bounds that the model has not, and why. */
const BOUNDED: Readonly<Record<string, object>> = {
  // "Member must have value greater than or equal to 1", as kinesalite's tests recorded it.
  RetentionPeriodHours: { min: 1 },
};

const model = installedModel(PINNED);
if (model === null) console.log(`skipped: no Python here has botocore ${PINNED} (BOTO3_PYTHON names another)`);

/** A shape of ours in words: nested ones by what they hold. */
function ours(shape: Shape): unknown {
  const { type } = shape;
  switch (shape.type) {
    case 'list':
      return { ...bounds(shape), type, member: ours(shape.member) };
    case 'map':
      return { ...bounds(shape), type, key: ours(shape.key), value: ours(shape.value) };
    case 'structure':
      return {
        type,
        required: [...shape.required].sort(),
        members: Object.entries(shape.members).map(([name, member]) => [name, ours(member)]),
      };
    case 'eventstream':
      return { type, members: Object.entries(shape.members).map(([name, member]) => [name, ours(member)]) };
    default:
      return { ...bounds(shape), type };
  }
}

/** The same of the model's. */
function theirs({ shapes }: Model, name: string): unknown {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`the model has no shape ${name}`);
  const model = { shapes } as Model;
  const type = shape.eventstream === true ? 'eventstream' : shape.type;
  const of = (reference: { readonly shape: string } | undefined) => theirs(model, reference?.shape ?? '');
  if (type === 'list') return { ...bounds(shape), type, member: of(shape.member) };
  if (type === 'map') return { ...bounds(shape), type, key: of(shape.key), value: of(shape.value) };
  if (shape.members === undefined) return { ...bounds({ ...shape, ...BOUNDED[name] }), type };
  const members = Object.entries(shape.members).map(([member, reference]) => [member, of(reference)]);
  if (type === 'eventstream') return { type, members };
  return { type, required: [...(shape.required ?? []), ...(STRICTER[name] ?? [])].sort(), members };
}

/** Sets of names are sets: the service prints them in an order that the model does not give. */
function bounds(shape: object) {
  const { min, max, pattern, enum: names } = shape as Partial<StringShape>;
  return { min, max, pattern, enum: names === undefined ? undefined : [...names].sort() };
}

describe.skipIf(model === null)(`the model of botocore ${PINNED}`, () => {
  const { operations, shapes }: Omit<Model, 'version'> = model ?? { operations: {}, shapes: {} };
  const offered: readonly [string, OperationShape][] = Object.entries(OPERATIONS);
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test.each(offered)('has %s as it is offered', (name, { input, output }) => {
    const known = operations[name];
    const of = (reference: { readonly shape: string } | undefined) =>
      reference === undefined ? null : theirs({ version: PINNED, operations, shapes }, reference.shape);
    expect(ours(input)).toEqual(of(known?.input) ?? { type: 'structure', required: [], members: [] });
    expect(output === null ? null : ours(output)).toEqual(of(known?.output));
  });

  test('names the operations that are not offered, each of them unknown to the endpoint', async () => {
    const others = Object.keys(operations).filter((name) => !Object.hasOwn(OPERATIONS, name));
    expect(others.length + offered.length).toBe(Object.keys(operations).length);
    for (const name of others) {
      const { status, body } = await world.call(name, {});
      expect({ name, status, body }).toEqual({ name, status: 400, body: { __type: 'UnknownOperationException' } });
    }
  });
});
