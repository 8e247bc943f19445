import type { Problem } from '../darwin/index.ts';
import type { EvaluationSet } from './evaluation-set.ts';
import { decodePolicy, GENES } from './genome.ts';
import { evaluatePolicy, OBJECTIVE_NAMES } from './objectives.ts';

/** Access policies on this history, as Darwin sees them. */
export function createPolicyProblem(set: EvaluationSet): Problem {
  const outcomes = new Uint8Array(set.count);
  return {
    name: 'access-policy/1',
    lower: new Float64Array(GENES),
    upper: new Float64Array(GENES).fill(1),
    objectives: OBJECTIVE_NAMES.length,
    evaluate: (genome, out) => evaluatePolicy(set, decodePolicy(genome), outcomes, out),
  };
}
