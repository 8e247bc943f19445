import { nonDominated } from './dominance.ts';
import type { Solution } from './problem.ts';
import { crowdingDistance } from './sort.ts';

/** The best that a run has found so far, beside its population. */
export interface Archive {
  /** Takes in new solutions; keeps those that nothing known dominates, one for each vector of objectives. */
  add(solutions: readonly Solution[]): void;
  /** Ordered by objectives. */
  members(): readonly Solution[];
}

/**
 * An archive of at most `max` solutions, beginning with `members`. When there are more, the most crowded goes (Deb
 * et al. 2002's distance), one at a time and measured anew after each; the best in each objective always stay.
 */
export function createArchive(max: number, members: readonly Solution[] = []): Archive {
  let kept = truncated(nonDominated(members), max);
  return {
    add(solutions) {
      kept = truncated(nonDominated([...kept, ...solutions]), max);
    },
    members: () => kept,
  };
}

function truncated(solutions: Solution[], max: number): Solution[] {
  const size = solutions[0]?.objectives.length ?? 0;
  while (solutions.length > max) {
    const objectives = Float64Array.from(solutions.flatMap((solution) => [...solution.objectives]));
    const distance = new Float64Array(solutions.length);
    crowdingDistance(
      objectives,
      size,
      Uint16Array.from(solutions, (_, i) => i),
      distance,
    );
    solutions.splice(distance.indexOf(Math.min(...distance)), 1);
  }
  return solutions;
}
