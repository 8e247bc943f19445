export { compareDominance } from './dominance.ts';
export { hypervolume } from './hypervolume.ts';
export { kneeOf } from './knee.ts';
export { createRun, type Nsga2State, resumeRun } from './nsga2.ts';
export type { Problem, Solution } from './problem.ts';
export { randomSearch } from './random-search.ts';
