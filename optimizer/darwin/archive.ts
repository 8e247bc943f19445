import { nonDominated } from './dominance.ts';
import type { Solution } from './problem.ts';
import { crowdingDistance } from './sort.ts';

export interface ArchiveOptions {
  /** Most solutions to keep. */
  readonly max: number;
  /**
   * Objectives that a solution must stay below, all of them, to be worth its place; as long as none does, all are
   * taken. None unless told.
   */
  readonly limit?: readonly number[] | null;
}

/** The best that a run has found so far, beside its population. */
export interface Archive {
  /** Takes in new solutions; keeps those that nothing known dominates, one for each vector of objectives. */
  add(solutions: readonly Solution[]): void;
  /** Ordered by objectives. */
  members(): readonly Solution[];
}

/**
 * A bounded archive, beginning with `members`. When there are too many, the most crowded goes (Deb et al. 2002's
 * distance), one at a time and measured anew after each; the best in each objective always stay.
 */
export function createArchive({ max, limit }: ArchiveOptions, members: readonly Solution[] = []): Archive {
  const best = (solutions: readonly Solution[]) => {
    const inside = limit ? solutions.filter((s) => limit.every((value, m) => (s.objectives[m] as number) < value)) : [];
    return truncated(nonDominated(inside.length > 0 ? inside : solutions), max);
  };
  let kept = best(members);
  return {
    add(solutions) {
      kept = best([...kept, ...solutions]);
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
