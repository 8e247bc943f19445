export * from './darwin/index.ts';
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
export type { ControlResult } from './replay/compliance.ts';
export { CONSTANTS, type Constant } from './replay/constants.ts';
export { CONTROLS, type Control } from './replay/controls.ts';
export { decisionOf, OUTCOME, replayDecisions } from './replay/decisions.ts';
export { createPolicyProblem } from './replay/evaluate.ts';
export { createEvaluationSet, type EvaluationSet, type EvaluationSetOptions } from './replay/evaluation-set.ts';
export { type EventColumns, FACT_COLUMNS, type LabelRow, segmentOf } from './replay/event.ts';
export { changesOf, type Explanation, explainPolicy, explanationLines, type PolicyChange } from './replay/explain.ts';
export { decodePolicy, encodePolicy, GENES, policyIdOf, SESSION_LIFETIME_S } from './replay/genome.ts';
export {
  type Assessment,
  assessPolicy,
  OBJECTIVE_NAMES,
  type PolicyObjectives,
  STOPPED_RESIDUAL_MAX,
} from './replay/objectives.ts';
export { type SyntheticHistory, syntheticHistory } from './replay/synthetic-history.ts';
