export {
  type Evolution,
  type EvolutionState,
  type EvolutionStep,
  type EvolveOptions,
  evolve,
  type FrontPolicy,
  policiesOf,
} from './evolve.ts';
export { type LoadOptions, loadEvaluationSet } from './load.ts';
export { type Explanation, explainPolicy, explanationLines } from './replay/explain.ts';
export { policyIdOf } from './replay/genome.ts';
export { type Assessment, assessPolicy, type PolicyObjectives } from './replay/objectives.ts';
