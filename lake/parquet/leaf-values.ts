import { BooleanValues } from './boolean-values.ts';
import { ByteValues } from './byte-values.ts';
import { LIMITS, TYPE } from './format.ts';
import { NumberValues, type Scratch } from './number-values.ts';
import type { EncodedValues } from './pages.ts';

/** Types of leaves and how they are stored. */
export const PHYSICAL = {
  string: TYPE.byteArray,
  int: TYPE.int32,
  long: TYPE.int64,
  double: TYPE.double,
  boolean: TYPE.boolean,
} as const;

export type LeafType = keyof typeof PHYSICAL;

/** The values of a leaf of any type. */
export interface LeafValues {
  readonly count: number;
  /** To be called before each row that has values: `entry` is the number of entries in the leaf's levels so far. */
  begin(entry: number): void;
  /** False, with nothing changed, when the value does not suit the type. */
  add(value: unknown): boolean;
  encode(entryEnd: number, scratch: Scratch): EncodedValues;
}

export function leafValues(type: LeafType): LeafValues {
  switch (type) {
    case 'string': {
      const values = new ByteValues(LIMITS);
      const add = (value: string) => values.addString(value);
      return adapted(
        values,
        (value) => typeof value === 'string',
        add,
        (entryEnd, scratch) => values.encode(entryEnd, scratch).encoded,
        (entry) => values.settle(entry),
      );
    }
    case 'boolean': {
      const values = new BooleanValues();
      const add = (value: boolean) => values.add(value);
      return adapted(
        values,
        (value) => typeof value === 'boolean',
        add,
        (end, scratch) => values.encode(end, scratch),
      );
    }
    case 'int':
    case 'long':
    case 'double': {
      const values = new NumberValues(PHYSICAL[type]);
      const add = (value: number) => values.add(value);
      return adapted(values, suits[type], add, (end, scratch) => values.encode(end, LIMITS, scratch).encoded);
    }
  }
}

const suits = {
  int: (value: unknown): value is number => typeof value === 'number' && (value | 0) === value,
  long: (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value),
  double: (value: unknown): value is number => typeof value === 'number',
};

function adapted<T>(
  values: { readonly count: number },
  fits: (value: unknown) => value is T,
  add: (value: T) => void,
  encode: LeafValues['encode'],
  begin: LeafValues['begin'] = () => {},
): LeafValues {
  return {
    get count() {
      return values.count;
    },
    add: (value) => {
      if (!fits(value)) return false;
      add(value);
      return true;
    },
    encode,
    begin,
  };
}
