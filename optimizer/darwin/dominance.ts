import type { Solution } from './problem.ts';

/**
 * Pareto dominance of minimised objectives: -1 when `a` dominates `b`, 1 when `b` dominates `a`, 0 when neither
 * does (equal vectors included). Reads `size` numbers from the offsets on.
 */
export function compareDominance(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  size = a.length,
  offsetA = 0,
  offsetB = 0,
): -1 | 0 | 1 {
  let aBetter = false;
  let bBetter = false;
  for (let m = 0; m < size; m++) {
    const x = a[offsetA + m] as number;
    const y = b[offsetB + m] as number;
    if (x < y) {
      if (bBetter) return 0;
      aBetter = true;
    } else if (y < x) {
      if (aBetter) return 0;
      bBetter = true;
    }
  }
  if (aBetter === bBetter) return 0;
  return aBetter ? -1 : 1;
}

/** Lexicographic order of objective vectors: a total order that does not hang on where a solution was stored. */
export function compareObjectives(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let m = 0; m < a.length; m++) {
    const difference = (a[m] as number) - (b[m] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The solutions that no other one dominates, one for each objective vector (the first), ordered by objectives. */
export function nonDominated<S extends Pick<Solution, 'objectives'>>(solutions: readonly S[]): S[] {
  const sorted = [...solutions].sort((a, b) => compareObjectives(a.objectives, b.objectives));
  const kept: S[] = [];
  // In lexicographic order nothing later can dominate anything earlier.
  for (const candidate of sorted) {
    const beaten = kept.some(
      (other) =>
        compareDominance(other.objectives, candidate.objectives) < 0 ||
        compareObjectives(other.objectives, candidate.objectives) === 0,
    );
    if (!beaten) kept.push(candidate);
  }
  return kept;
}
