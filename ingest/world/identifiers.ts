import { draw } from './draw.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE32 = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
/** Digits that carry the person's number; the others are a check that makes a guessed id unlikely to resolve. */
const CARRIERS = 5;

/** A reversible scramble of 0 … size − 1. */
export interface Permutation {
  readonly size: number;
  apply(index: number): number;
  invert(value: number): number;
}

/**
 * The affine permutation x → (a·x + b) mod size with `a` coprime to `size`; both from the seed. Sizes and indexes
 * up to 10^9 and 10^6, so that products stay exact.
 */
export function createPermutation(size: number, seed: number, salt: number): Permutation {
  let a = 1 + (draw(seed, 0, salt) % (size - 1));
  while (gcd(a, size) !== 1) a = a === size - 1 ? 1 : a + 1;
  const b = draw(seed, 1, salt) % size;
  const inverse = BigInt(inverseModulo(a, size));
  return {
    size,
    apply: (index) => (a * index + b) % size,
    invert: (value) => Number((inverse * BigInt((((value - b) % size) + size) % size)) % BigInt(size)),
  };
}

/** Ids that look random, are unique, and can be turned back into the number that they were made from. */
export interface IdCodec {
  encode(index: number): string;
  /** The number, or null when this is none of our ids. */
  decode(id: string): number | null;
}

/** `00u` and 17 base-62 digits, the shape of Okta's user ids. */
export function createOktaIds(seed: number): IdCodec {
  return createIds('00u', BASE62, 17, seed, 101);
}

/** `U` and 10 upper-case base-32 digits, the shape of Slack's user ids. */
export function createSlackIds(seed: number): IdCodec {
  return createIds('U', BASE32, 10, seed, 102);
}

function createIds(prefix: string, alphabet: string, digits: number, seed: number, salt: number): IdCodec {
  const base = alphabet.length;
  const permutation = createPermutation(base ** CARRIERS, seed, salt);
  const encode = (index: number) => {
    let carried = permutation.apply(index);
    let text = prefix;
    for (let i = 0; i < digits; i++) {
      // Carriers sit at every other place, so that ids of neighbours do not share a prefix.
      if (i % 2 === 1 && i < 2 * CARRIERS) {
        text += alphabet[carried % base];
        carried = Math.floor(carried / base);
      } else text += alphabet[draw(seed, index, salt * 32 + i) % base];
    }
    return text;
  };
  const decode = (id: string) => {
    if (id.length !== prefix.length + digits || !id.startsWith(prefix)) return null;
    let carried = 0;
    for (let i = 2 * CARRIERS - 1; i > 0; i -= 2) {
      const digit = alphabet.indexOf(id.charAt(prefix.length + i));
      if (digit < 0) return null;
      carried = carried * base + digit;
    }
    const index = permutation.invert(carried);
    return index <= Number.MAX_SAFE_INTEGER / permutation.size && encode(index) === id ? index : null;
  };
  return { encode, decode };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** The inverse of `a` modulo `size`, by Euclid's extended algorithm. */
function inverseModulo(a: number, size: number): number {
  let [oldR, r, oldS, s] = [a, size, 1, 0];
  while (r !== 0) {
    const quotient = Math.floor(oldR / r);
    [oldR, r] = [r, oldR - quotient * r];
    [oldS, s] = [s, oldS - quotient * s];
  }
  return ((oldS % size) + size) % size;
}
