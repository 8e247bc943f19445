export { type Archive, type ArchiveOptions, createArchive } from './archive.ts';
export { compareDominance, compareObjectives, nonDominated } from './dominance.ts';
export { hypervolume } from './hypervolume.ts';
export { kneeOf } from './knee.ts';
export {
  createRun,
  type GenerationReport,
  type Nsga2Options,
  type Nsga2Run,
  type Nsga2State,
  resumeRun,
} from './nsga2.ts';
export type { Problem, Solution } from './problem.ts';
export { randomSearch } from './random-search.ts';
