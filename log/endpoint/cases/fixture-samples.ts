import type { Shape, StringShape } from '../shapes/index.ts';
import { arnOf, consumerArnOf } from './fixture-inputs.ts';

const TEXTS = ['absent', '0', arnOf('absent'), consumerArnOf('absent'), `${'a'.repeat(20)}-aaa`];
/** Texts that break one pattern or another, none of them too long or too short. */
const UNMATCHED = ['a b', 'ä', '-1', '00', '340282366920938463463374607431768211456000', 'arn:aws:kinesis:nonsense'];

/** As Java's `matches`: the whole text. */
export const matches = ({ pattern }: StringShape, text: string) =>
  pattern === undefined || new RegExp(`^(?:${pattern})$`).test(text);

const fits = (shape: StringShape, text: string) =>
  matches(shape, text) && text.length <= (shape.max ?? text.length) && text.length >= (shape.min ?? 0);

/** A value that satisfies a shape. */
export function sampleOf(shape: Shape): unknown {
  switch (shape.type) {
    case 'string':
      return shape.enum?.[0] ?? TEXTS.find((text) => fits(shape, text));
    case 'integer':
    case 'long':
      return shape.min ?? 24;
    case 'boolean':
      return false;
    case 'timestamp':
      return 1_600_000_000;
    case 'blob':
      return 'AA==';
    case 'list':
      return [sampleOf(shape.member)];
    case 'map':
      return { a: 'b' };
    case 'structure':
      return Object.fromEntries(shape.required.map((name) => [name, sampleOf(shape.members[name] as Shape)]));
    default:
      return undefined;
  }
}

/** A value that is just too long or too large, and otherwise right where that is possible; undefined without a bound. */
export function longOf(shape: Shape): unknown {
  if (!('max' in shape) || shape.max === undefined) return undefined;
  const { max } = shape;
  switch (shape.type) {
    case 'string': {
      const lengthened = TEXTS.flatMap((text) => ['a', '1'].map((more) => text.padEnd(max + 1, more)));
      return lengthened.find((text) => matches(shape, text)) ?? 'a'.repeat(max + 1);
    }
    case 'integer':
      return max + 1;
    case 'blob':
      return Buffer.alloc(max + 1).toString('base64');
    case 'list': {
      const { member } = shape;
      return Array.from({ length: max + 1 }, (_, i) =>
        member.type === 'string' && member.enum === undefined ? `${i}` : sampleOf(member),
      );
    }
    case 'map':
      return Object.fromEntries(Array.from({ length: max + 1 }, (_, i) => [`${i}`, `${i}`]));
    default:
      return undefined;
  }
}

/** A text that breaks the pattern alone; undefined when there is no pattern. */
export function unmatchedOf(shape: StringShape): string | undefined {
  return UNMATCHED.find((text) => !matches(shape, text) && text.length <= (shape.max ?? text.length));
}
