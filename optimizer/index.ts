export { createRun, hypervolume, type Problem, randomSearch } from './darwin/index.ts';
export {
  type Evolution,
  type EvolutionState,
  type EvolutionStep,
  type EvolveOptions,
  evolve,
  type FrontPolicy,
  policiesOf,
  REFERENCE_POINT,
  volumeOf,
} from './evolve.ts';
export { type LoadOptions, loadEvaluationSet } from './load.ts';
export { createPolicyProblem } from './replay/evaluate.ts';
export { createEvaluationSet, type EvaluationSet } from './replay/evaluation-set.ts';
export { type Explanation, explainPolicy, explanationLines } from './replay/explain.ts';
export { policyIdOf } from './replay/genome.ts';
export { type Assessment, assessPolicy, type PolicyObjectives } from './replay/objectives.ts';
export { syntheticHistory } from './replay/synthetic-history.ts';
