import { describeFaults } from './constraint-faults.ts';
import { KinesisError } from './operation.ts';
import { fullPattern } from './pattern.ts';
import type { Shape, StringShape, StructureShape } from './shapes/index.ts';

type Check = (value: unknown) => boolean;

/**
 * A function that throws one ValidationException with every constraint that a read input breaks (ten at most, as AWS),
 * or returns. Most requests break none: whether they do is asked first, without building any text.
 */
export function validator(shape: StructureShape): (input: Record<string, unknown>) => void {
  const valid = structureCheck(shape);
  return (input) => {
    if (valid(input)) return;
    const faults = describeFaults(shape, input);
    const [count, s] = [faults.length, faults.length === 1 ? '' : 's'];
    throw new KinesisError('ValidationException', `${count} validation error${s} detected: ${faults.join('; ')}`);
  };
}

function check(shape: Shape): Check {
  switch (shape.type) {
    case 'string':
      return stringCheck(shape);
    case 'integer':
    case 'long': {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
      return (value) => (value as number) >= min && (value as number) <= max;
    }
    case 'blob': {
      const { min = 0, max = Number.POSITIVE_INFINITY } = shape;
      return (value) => (value as Uint8Array).length >= min && (value as Uint8Array).length <= max;
    }
    case 'list': {
      const { min = 0, max = Number.POSITIVE_INFINITY } = shape;
      const member = check(shape.member);
      return (value) => {
        const members = value as readonly unknown[];
        return members.length >= min && members.length <= max && members.every((one) => one !== null && member(one));
      };
    }
    case 'map': {
      const { min = 0, max = Number.POSITIVE_INFINITY } = shape;
      const [key, member] = [check(shape.key), check(shape.value)];
      return (value) => {
        const entries = Object.entries(value as Record<string, unknown>);
        return (
          entries.length >= min &&
          entries.length <= max &&
          entries.every(([name, one]) => key(name) && one !== null && member(one))
        );
      };
    }
    case 'structure':
      return structureCheck(shape) as Check;
    default:
      return () => true;
  }
}

function stringCheck({ min = 0, max = Number.POSITIVE_INFINITY, pattern, enum: names }: StringShape): Check {
  const matches = pattern === undefined ? null : fullPattern(pattern);
  const known = names === undefined ? null : new Set(names);
  return (value) => {
    const text = value as string;
    return (
      text.length >= min &&
      text.length <= max &&
      (matches === null || matches.test(text)) &&
      (known === null || known.has(text))
    );
  };
}

function structureCheck(shape: StructureShape): (value: Record<string, unknown>) => boolean {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    required: shape.required.includes(name),
    valid: check(member),
  }));
  return (value) => {
    for (let i = 0; i < members.length; i++) {
      const { name, required, valid } = members[i] as (typeof members)[number];
      const member = value[name];
      if (member === undefined ? required : !valid(member)) return false;
    }
    return true;
  };
}
