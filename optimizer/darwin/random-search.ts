import { createRandom } from '../../core/index.ts';
import { nonDominated } from './dominance.ts';
import { evaluateChecked, type Problem, type Solution } from './problem.ts';

/** How many solutions wait before the dominated ones among them are dropped. */
const BATCH = 512;

/** Uniform random search: the front of `evaluations` genomes drawn within the bounds. The yardstick for Darwin. */
export function randomSearch(
  problem: Problem,
  { seed, evaluations }: { seed: number | string; evaluations: number },
): Solution[] {
  const random = createRandom(seed).split('random search');
  let kept: Solution[] = [];
  let limit = BATCH;
  for (let i = 0; i < evaluations; i++) {
    const genome = Float64Array.from(problem.lower, (lower, g) => {
      return lower + random.next() * ((problem.upper[g] as number) - lower);
    });
    const objectives = new Float64Array(problem.objectives);
    evaluateChecked(problem, genome, objectives);
    kept.push({ genome, objectives });
    if (kept.length >= limit) {
      kept = nonDominated(kept);
      limit = kept.length + BATCH;
    }
  }
  return nonDominated(kept);
}
