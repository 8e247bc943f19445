import type { Shape, StringShape } from '../shapes/index.ts';
import { matches } from './fixture-samples.ts';
import {
  eachKey,
  eachMember,
  eachValue,
  type Fault,
  lengthAtLeast,
  lengthAtMost,
  matching,
  oneOf,
  valueAtLeast,
  valueAtMost,
} from './fixture-wording.ts';

/** Longer values are shown shortened here, which the service does not do. */
const SHOWN_MAX = 4000;

/** What a value given in JSON breaks, in the service's order: pattern, length, set of names. */
export function brokenBy(shape: Shape, value: unknown, path: string): Fault[] {
  const where = path.charAt(0).toLowerCase() + path.slice(1);
  const text = printed(shape, value);
  // The service prints maps in an order of its own.
  const known = text.length <= SHOWN_MAX && !(shape.type === 'map' && text.includes(','));
  const hidden = shape.type === 'blob' || (shape.type === 'list' && shape.member.type === 'structure' && text !== '[]');
  return constraintsBroken(shape, value).map((constraint) => ({
    path: where,
    value: known ? text : undefined,
    hidden,
    constraint,
  }));
}

function constraintsBroken(shape: Shape, value: unknown): string[] {
  switch (shape.type) {
    case 'string':
      return textBroken(shape, value as string);
    case 'integer': {
      const { min = -Infinity, max = Infinity } = shape;
      const number = value as number;
      return [...(number > max ? [valueAtMost(max)] : []), ...(number < min ? [valueAtLeast(min)] : [])];
    }
    case 'blob':
      return lengthBroken(shape, Buffer.from(value as string, 'base64').length);
    case 'list': {
      const list = value as readonly (string | null)[];
      const { member } = shape;
      const bad = member.type === 'string' && list.some((one) => one === null || textBroken(member, one).length > 0);
      return [
        ...lengthBroken(shape, list.length),
        ...(bad && member.type === 'string' ? [eachMember(constraintsOf(member))] : []),
      ];
    }
    case 'map': {
      const entries = Object.entries(value as Readonly<Record<string, string | null>>);
      const badKey = entries.some(([key]) => textBroken(shape.key, key).length > 0);
      const badValue = entries.some(([, one]) => one === null || textBroken(shape.value, one).length > 0);
      return [
        ...lengthBroken(shape, entries.length),
        ...(badKey ? [eachKey(constraintsOf(shape.key))] : []),
        ...(badValue ? [eachValue(constraintsOf(shape.value))] : []),
      ];
    }
    default:
      return [];
  }
}

function textBroken(shape: StringShape, text: string): string[] {
  return [
    ...(shape.pattern !== undefined && !matches(shape, text) ? [matching(shape.pattern)] : []),
    ...lengthBroken(shape, text.length),
    ...(shape.enum !== undefined && !shape.enum.includes(text) ? [oneOf(shape.enum)] : []),
  ];
}

function lengthBroken({ min = 0, max = Infinity }: { readonly min?: number; readonly max?: number }, length: number) {
  if (length > max) return [lengthAtMost(max)];
  return length < min ? [lengthAtLeast(min)] : [];
}

/** All constraints of a text, as they stand in the sentence about what a list or a map holds. */
function constraintsOf({ min, max, pattern, enum: names }: StringShape): string[] {
  return [
    ...(max === undefined ? [] : [lengthAtMost(max)]),
    ...(min === undefined ? [] : [lengthAtLeast(min)]),
    ...(pattern === undefined ? [] : [matching(pattern)]),
    ...(names === undefined ? [] : [oneOf(names)]),
  ];
}

/** A value as the service prints it, if it does. */
export function printed(shape: Shape, value: unknown): string {
  if (shape.type === 'blob') return 'data';
  if (shape.type === 'structure') return shape.name;
  if (shape.type === 'list') {
    return `[${(value as unknown[]).map((one) => (one === null ? 'null' : printed(shape.member, one))).join(', ')}]`;
  }
  if (shape.type === 'map') {
    return `{${Object.entries(value as object)
      .map(([key, one]) => `${key}=${one}`)
      .join(', ')}}`;
  }
  return String(value);
}
