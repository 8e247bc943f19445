import { compareObjectives } from './dominance.ts';

/**
 * Index of the knee of a front of minimised objectives: the member that lies furthest on the ideal's side of the
 * hyperplane Σ x = 1, the objectives scaled to [0, 1] over the front (after Das 1999, doi 10.1007/BF01195985,
 * whose plane passes through the minimum of each objective: with two objectives the same line, with more this one
 * stays defined when two objectives share their minimum). Objectives on which all agree are left out. Of equals
 * the lexicographically smallest, then the first. -1 for an empty front.
 */
export function kneeOf(front: readonly { readonly objectives: ArrayLike<number> }[]): number {
  const first = front[0];
  if (first === undefined) return -1;
  const size = first.objectives.length;
  const low = Array.from({ length: size }, (_, m) => Math.min(...front.map((s) => s.objectives[m] as number)));
  const high = Array.from({ length: size }, (_, m) => Math.max(...front.map((s) => s.objectives[m] as number)));
  // The distance to Σ x = 1 is (1 − Σ x)/√size: the smallest sum is the furthest.
  const sums = front.map(({ objectives }) => {
    let sum = 0;
    for (let m = 0; m < size; m++) {
      const range = (high[m] as number) - (low[m] as number);
      if (range > 0) sum += ((objectives[m] as number) - (low[m] as number)) / range;
    }
    return sum;
  });
  let knee = 0;
  for (let i = 1; i < front.length; i++) {
    const difference = (sums[i] as number) - (sums[knee] as number);
    const tie = () => compareObjectives(front[i]?.objectives ?? [], front[knee]?.objectives ?? []);
    if (difference < 0 || (difference === 0 && tie() < 0)) knee = i;
  }
  return knee;
}
