import type { Random } from '../../core/index.ts';

/** Ways in which an export goes wrong; each gives bytes without a line break. */
type Mutation = (line: string, random: Random) => Uint8Array;

const MEGABYTE = 1024 * 1024;
const text = (value: unknown) => Buffer.from(JSON.stringify(value));
const objectOf = (line: string) => JSON.parse(line) as Record<string, unknown>;

const flipBytes: Mutation = (line, random) => {
  const bytes = Buffer.from(line);
  for (let i = 1 + random.int(8); i > 0; i--) {
    const at = random.int(bytes.length);
    const flipped = (bytes[at] as number) ^ (1 << random.int(8));
    if (flipped !== 0x0a) bytes[at] = flipped;
  }
  return bytes;
};

const cutOff: Mutation = (line, random) => Buffer.from(line).subarray(0, 1 + random.int(line.length - 1));

const dropMember: Mutation = (line, random) => {
  const event = objectOf(line);
  delete event[random.pick(Object.keys(event))];
  return text(event);
};

const swapType: Mutation = (line, random) => {
  const event = objectOf(line);
  const values = [7, -0.5, 1e300, true, null, '', 'text', [], [[]], {}, { a: { b: 1 } }];
  event[random.pick(Object.keys(event))] = random.pick(values);
  return text(event);
};

const nestDeep: Mutation = (line, random) => {
  const depth = 100 + random.int(5000);
  const nested =
    random.next() < 0.5 ? `${'['.repeat(depth)}${']'.repeat(depth)}` : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  return Buffer.from(`${line.slice(0, -1)},"nested":${nested}}`);
};

const breakUtf8: Mutation = (line, random) => {
  const bytes = Buffer.from(line);
  const at = random.int(bytes.length);
  const broken = random.pick([[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(broken), bytes.subarray(at)]);
};

const addProto: Mutation = (line, random) => {
  const member = random.pick([
    '"__proto__":{"isAdmin":true}',
    '"constructor":{"prototype":{"x":1}}',
    '"__proto__":null',
    '"\\u005f_proto__":{"toString":1}',
  ]);
  return Buffer.from(`{${member},${line.slice(1)}`);
};

const doubleMember: Mutation = (line, random) => {
  const event = objectOf(line);
  const name = random.pick(Object.keys(event));
  return Buffer.from(
    `${line.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(random.pick([1, 'x', null, event[name]]))}}`,
  );
};

const noObject: Mutation = (_line, random) =>
  Buffer.from(
    random.pick(['null', '42', '"text"', '[]', 'true', '{}', 'plain text', '\u{1f600}', '{"a":1}}', '\u0000']),
  );

const growHuge: Mutation = (line) => Buffer.from(`${line.slice(0, -1)},"huge":"${'x'.repeat(MEGABYTE)}"}`);

const MUTATIONS: readonly Mutation[] = [
  flipBytes,
  cutOff,
  dropMember,
  swapType,
  nestDeep,
  breakUtf8,
  addProto,
  doubleMember,
  noObject,
];

/** One line, changed in a way that the random numbers choose. */
export const mutate = (line: string, random: Random): Uint8Array => random.pick(MUTATIONS)(line, random);

/** The line with a string of a megabyte in it. */
export const withHugeString = (line: string, random: Random): Uint8Array => growHuge(line, random);
