import { membersByFault } from './fault-order.ts';
import { fullPattern } from './pattern.ts';
import type { Shape, StringShape, StructureShape } from './shapes/index.ts';

/** AWS reports no more than this many at once. */
const FAULTS_MAX = 10;
/** A value is shown this far: an answer must not be as large as what provoked it. */
const SHOWN_CHARACTERS_MAX = 4096;
const SHOWN_MEMBERS_MAX = 1000;
/** Longer texts that are too long anyway are not held against a pattern: patterns backtrack. */
const PATTERN_CHARACTERS_MAX = 4096;

/**
 * Every constraint that an input breaks, in AWS's words: "Value 'x' at 'streamName' failed to satisfy constraint: …".
 * Members in the order of `membersByFault`, a list's own faults before those of its members, patterns before lengths.
 */
export function describeFaults(shape: StructureShape, input: Record<string, unknown>): readonly string[] {
  const faults: string[] = [];
  describeStructure(shape, input, '', faults);
  return faults.slice(0, FAULTS_MAX);
}

function describeStructure(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  parent: string,
  faults: string[],
): void {
  for (const [name, member] of membersByFault(shape)) {
    const path = `${parent}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const given = value[name];
    if (given !== undefined) describe(member, given, path, faults);
    else if (shape.required.includes(name)) faults.push(faultText('null', path, 'Member must not be null'));
    if (faults.length >= FAULTS_MAX) return;
  }
}

function describe(shape: Shape, value: unknown, path: string, faults: string[]): void {
  if (value === null) {
    faults.push(faultText('null', path, 'Member must not be null'));
    return;
  }
  for (const constraint of brokenBy(shape, value)) faults.push(faultText(shown(shape, value), path, constraint));
  if (shape.type === 'structure') describeStructure(shape, value as Record<string, unknown>, `${path}.`, faults);
  if (shape.type !== 'list' || shape.member.type === 'string') return;
  const members = value as readonly unknown[];
  for (let i = 0; i < members.length && faults.length < FAULTS_MAX; i++) {
    describe(shape.member, members[i], `${path}.${i + 1}.member`, faults);
  }
}

/** What the value breaks itself; lists and maps of texts answer for their members in one sentence, as AWS's do. */
function brokenBy(shape: Shape, value: unknown): readonly string[] {
  switch (shape.type) {
    case 'string':
      return brokenByText(shape, value as string);
    case 'integer':
    case 'long':
      return [
        ...((value as number) > (shape.max ?? Infinity)
          ? [`Member must have value less than or equal to ${shape.max}`]
          : []),
        ...((value as number) < (shape.min ?? -Infinity)
          ? [`Member must have value greater than or equal to ${shape.min}`]
          : []),
      ];
    case 'blob':
      return brokenLengths(shape, (value as Uint8Array).length);
    case 'list': {
      const members = value as readonly unknown[];
      const own = brokenLengths(shape, members.length);
      if (shape.member.type !== 'string') return own;
      return [...own, ...membersBroken(shape.member, members, 'Member must satisfy constraint')];
    }
    case 'map': {
      const entries = Object.entries(value as Record<string, unknown>);
      return [
        ...brokenLengths(shape, entries.length),
        ...membersBroken(
          shape.key,
          entries.map(([key]) => key),
          'Map keys must satisfy constraint',
        ),
        ...membersBroken(
          shape.value,
          entries.map(([, member]) => member),
          'Map value must satisfy constraint',
        ),
      ];
    }
    default:
      return [];
  }
}

function brokenByText(shape: StringShape, text: string): readonly string[] {
  const tooLong = shape.max !== undefined && text.length > shape.max;
  const unmatched =
    shape.pattern !== undefined &&
    !(tooLong && text.length > PATTERN_CHARACTERS_MAX) &&
    !fullPattern(shape.pattern).test(text);
  return [
    ...(unmatched ? [`Member must satisfy regular expression pattern: ${shape.pattern}`] : []),
    ...brokenLengths(shape, text.length),
    ...(shape.enum !== undefined && !shape.enum.includes(text) ? [enumText(shape.enum)] : []),
  ];
}

function brokenLengths({ min, max }: { readonly min?: number; readonly max?: number }, length: number): string[] {
  if (max !== undefined && length > max) return [`Member must have length less than or equal to ${max}`];
  if (min !== undefined && length < min) return [`Member must have length greater than or equal to ${min}`];
  return [];
}

function membersBroken(shape: StringShape, members: readonly unknown[], sentence: string): readonly string[] {
  const broken = members.some((member) => typeof member !== 'string' || brokenByText(shape, member).length > 0);
  if (!broken) return [];
  const { min, max, pattern, enum: names } = shape;
  const constraints = [
    ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have length greater than or equal to ${min}`]),
    ...(pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${pattern}`]),
    ...(names === undefined ? [] : [enumText(names)]),
  ];
  return [`${sentence}: [${constraints.join(', ')}]`];
}

function enumText(names: readonly string[]): string {
  return `Member must satisfy enum value set: [${names.join(', ')}]`;
}

function faultText(value: string | null, path: string, constraint: string): string {
  return `Value${value === null ? '' : ` ${value}`} at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** A value as AWS quotes it; null for records and their data, of which nothing is shown. */
function shown(shape: Shape, value: unknown): string | null {
  if (shape.type === 'blob' || shape.type === 'structure') return null;
  if (shape.type === 'list' && shape.member.type === 'structure' && (value as readonly unknown[]).length > 0)
    return null;
  return `'${printed(shape, value)}'`;
}

/** A value as Java prints it. */
function printed(shape: Shape, value: unknown): string {
  let text: string;
  if (shape.type === 'list') {
    const members = (value as readonly unknown[]).slice(0, SHOWN_MEMBERS_MAX);
    text = `[${members.map((member) => (member === null ? 'null' : printed(shape.member, member))).join(', ')}]`;
  } else if (shape.type === 'map') {
    const entries = Object.entries(value as Record<string, unknown>);
    text = `{${entries.map(([key, member]) => `${key}=${String(member)}`).join(', ')}}`;
  } else {
    text = String(value);
  }
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
}
