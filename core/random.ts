/**
 * A seeded stream of pseudo-random numbers: sfc32 (Chris Doty-Humphrey's Small Fast Counting PRNG, as in
 * PractRand), seeded by splitmix32. The same seed gives the same numbers on every platform.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, bound). */
  int(bound: number): number;
  /** One element, uniformly; the list must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** Standard normal deviate (Box–Muller). */
  normal(): number;
  /** `length` random lower-case hexadecimal digits. */
  hex(length: number): string;
  /** An independent stream named by a label: the same label of the same stream gives the same numbers. */
  split(label: string | number): Random;
}

export function createRandom(seed: number | string): Random {
  return fromState(hash(String(seed), 0x9e3779b9));
}

function fromState(seed: number): Random {
  let mix = seed >>> 0;
  const seedWord = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let [a, b, c, counter] = [seedWord(), seedWord(), seedWord(), 1];
  const word = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  const random: Random = {
    next: () => word() / 0x1_0000_0000,
    int: (bound) => Math.floor((word() / 0x1_0000_0000) * bound),
    pick: (list) => {
      if (list.length === 0) throw new RangeError('[core/random] pick from an empty list; check it first');
      return list[random.int(list.length)] as never;
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next()),
    hex: (length) => {
      let text = '';
      while (text.length < length) text += word().toString(16).padStart(8, '0');
      return text.slice(0, length);
    },
    split: (label) => fromState(hash(String(label), seed)),
  };
  return random;
}

/** FNV-1a over UTF-16 code units, from a given basis. */
function hash(text: string, basis: number): number {
  let h = (basis ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}
