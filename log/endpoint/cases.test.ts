import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCase, generatedCases } from './cases/fixture-generated.ts';
import { arnOf } from './cases/fixture-inputs.ts';
import { recordedCases } from './cases/fixture-recorded.ts';
import { prepare, situations } from './cases/fixture-situations.ts';
import { mismatch } from './cases/fixture-wording.ts';
import { type Answer, openWorld, type Protocol, type World, withBytes } from './cases/fixture-world.ts';
import { OPERATIONS } from './shapes/index.ts';

/*
 * Every operation of the model called wrongly in every way that the model knows of, against a real server. What is
 * expected is written down in ./cases, from what the service was seen to answer.
 */

const GENERATED = generatedCases();
const WRITTEN = [...recordedCases(), ...situations()];
/** Over CBOR: of each operation one case of each kind. What its parser says of a wrong type is not known. */
const OVER_CBOR = GENERATED.filter(
  ({ operation, kind }, i) =>
    kind !== 'wrong type' && GENERATED.findIndex((one) => one.operation === operation && one.kind === kind) === i,
);

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await prepare(world);
});
afterAll(async () => {
  await world.close();
  const all = [...GENERATED, ...WRITTEN];
  const lines = byOperation(all).map(([name, { length }]) => `  ${String(length).padStart(5)} ${name}`);
  console.log(`API cases over JSON: ${all.length}, over CBOR: ${OVER_CBOR.length}\n${lines.join('\n')}`);
});

function check(
  { status, contentType, body }: Answer,
  { operation, kind, expected }: ApiCase,
  protocol: Protocol,
): void {
  if (expected === null) {
    expect({ status, body }, operation).toMatchObject({ status: 200 });
    return;
  }
  expect({ status, contentType, type: body?.__type, body }).toMatchObject({
    status: 400,
    contentType: `application/x-amz-${protocol}-1.1`,
    type: expected.type,
  });
  if ('faults' in expected) {
    expect(mismatch(body.message, expected.faults, kind === 'recorded'), body.message.slice(0, 2000)).toBeNull();
  } else if (expected.message !== undefined) {
    const said = expected.type === 'SerializationException' ? body.Message : body.message;
    if (expected.message instanceof RegExp) expect(said).toMatch(expected.message);
    else expect(said).toBe(expected.message);
  }
}

/** A consumer's ARN holds when it was made. */
async function withArns(input: unknown): Promise<unknown> {
  const text = JSON.stringify(input);
  if (!/"(READER|STARTING)"/.test(text)) return input;
  const { body } = await world.call('ListStreamConsumers', { StreamARN: arnOf('present') });
  const arns = new Map(
    (body.Consumers as { ConsumerName: string; ConsumerARN: string }[]).map((one) => [
      one.ConsumerName,
      one.ConsumerARN,
    ]),
  );
  return JSON.parse(
    text.replace(/"(READER|STARTING)"/, (_, name: string) => JSON.stringify(arns.get(name.toLowerCase()))),
  );
}

const byOperation = (cases: readonly ApiCase[]): [string, ApiCase[]][] =>
  Object.keys(OPERATIONS).flatMap((name) => {
    const its = cases.filter(({ operation }) => operation === name);
    return its.length === 0 ? [] : [[name, its] as [string, ApiCase[]]];
  });

test('a message that says less, more or something else is told from the one expected', () => {
  const faults = [
    { path: 'a', value: 'x', constraint: 'Member must have length greater than or equal to 2' },
    { path: 'b', value: null, constraint: 'Member must not be null' },
  ];
  const one = "Value 'x' at 'a' failed to satisfy constraint: Member must have length greater than or equal to 2";
  const two = "Value null at 'b' failed to satisfy constraint: Member must not be null";
  expect(mismatch(`2 validation errors detected: ${one}; ${two}`, faults)).toBeNull();
  expect(mismatch(`2 validation errors detected: ${two}; ${one}`, faults)).toBeNull();
  expect(mismatch(`2 validation errors detected: ${one}; ${two}`, faults, true)).toBeNull();
  expect(mismatch(`2 validation errors detected: ${two}; ${one}`, faults, true)).not.toBeNull();
  for (const message of [
    `1 validation error detected: ${one}`,
    `2 validation errors detected: ${one}`,
    `2 validation errors detected: ${one}; ${one}`,
    `2 validation errors detected: ${one}; ${two}; ${two}`,
    `2 validation errors detected: ${one}0; ${two}`,
    `2 validation errors detected: ${one}; ${two.replace("'b'", "'c'")}`,
  ]) {
    expect(mismatch(message, faults), message).not.toBeNull();
  }
});

describe.each(byOperation([...GENERATED, ...WRITTEN]))('%s', (operation, cases) => {
  test.each(cases)('$kind: $name', async (one) => {
    check(await world.call(operation, await withArns(one.input)), one, 'json');
  });
});

describe.each(byOperation(OVER_CBOR))('%s over CBOR', (operation, cases) => {
  test.each(cases)('$kind: $name', async (one) => {
    const shape = OPERATIONS[operation as keyof typeof OPERATIONS].input;
    check(await world.call(operation, withBytes(shape, one.input), 'cbor'), one, 'cbor');
  });
});
