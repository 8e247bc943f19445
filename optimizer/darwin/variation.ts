import type { Random } from '../../core/index.ts';

/** Where genes live: `lower` and `upper` of a problem. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Genes nearer than this count as equal: SBX divides by their distance. */
const EQUAL_GENES = 1e-14;

/**
 * Simulated binary crossover within bounds (Deb and Agrawal 1995; bounded as in Deb and Agrawal 1999 and the
 * authors' NSGA-II code): with `probability` the pair mates, each gene then with 1/2; `eta` is the distribution
 * index (large: children near their parents). Changes the two genomes, copies of the parents, in place.
 */
export function simulatedBinaryCrossover(
  one: Float64Array,
  two: Float64Array,
  bounds: Bounds,
  { probability, eta }: { probability: number; eta: number },
  random: Random,
): void {
  if (random.next() >= probability) return;
  for (let i = 0; i < one.length; i++) {
    if (random.next() >= 0.5) continue;
    const a = one[i] as number;
    const b = two[i] as number;
    if (Math.abs(a - b) <= EQUAL_GENES) continue;
    const low = Math.min(a, b);
    const high = Math.max(a, b);
    const lower = bounds.lower[i] as number;
    const upper = bounds.upper[i] as number;
    const u = random.next();
    const middle = (low + high) / 2;
    const nearLow = clamp(
      middle - (spread(u, 1 + (2 * (low - lower)) / (high - low), eta) * (high - low)) / 2,
      lower,
      upper,
    );
    const nearHigh = clamp(
      middle + (spread(u, 1 + (2 * (upper - high)) / (high - low), eta) * (high - low)) / 2,
      lower,
      upper,
    );
    const swap = random.next() < 0.5;
    one[i] = swap ? nearHigh : nearLow;
    two[i] = swap ? nearLow : nearHigh;
  }
}

function spread(u: number, beta: number, eta: number): number {
  const alpha = 2 - beta ** -(eta + 1);
  const base = u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha);
  return base ** (1 / (eta + 1));
}

/**
 * Polynomial mutation within bounds (Deb and Goyal 1996; bounded as in the authors' NSGA-II code): each gene
 * with `probability`; `eta` is the distribution index. Changes the genome in place.
 */
export function polynomialMutation(
  genome: Float64Array,
  bounds: Bounds,
  { probability, eta }: { probability: number; eta: number },
  random: Random,
): void {
  for (let i = 0; i < genome.length; i++) {
    if (random.next() >= probability) continue;
    const lower = bounds.lower[i] as number;
    const upper = bounds.upper[i] as number;
    const range = upper - lower;
    if (range <= 0) continue;
    const gene = genome[i] as number;
    const u = random.next();
    const power = 1 / (eta + 1);
    const step =
      u <= 0.5
        ? (2 * u + (1 - 2 * u) * (1 - (gene - lower) / range) ** (eta + 1)) ** power - 1
        : 1 - (2 * (1 - u) + 2 * (u - 0.5) * (1 - (upper - gene) / range) ** (eta + 1)) ** power;
    genome[i] = clamp(gene + step * range, lower, upper);
  }
}

/** Within bounds, and never -0, which JSON would not carry. */
export function clamp(value: number, lower: number, upper: number): number {
  return Math.min(upper, Math.max(lower, value)) + 0;
}
