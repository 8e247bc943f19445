import { type Decision, type Policy, SEGMENTS, weightsOf } from '../../core/index.ts';
import { type EvaluationSet, FLAG } from './evaluation-set.ts';

/** What the policy does with a row and why: bits. No bit is allow; without `block` it is a step-up. */
export const OUTCOME = {
  /** Risk reaches the threshold, or a guard asks. */
  risk: 1,
  /** The session is older than it may be. */
  age: 2,
  block: 4,
} as const;

/** The decision that an outcome stands for. */
export function decisionOf(outcome: number): Decision {
  if (outcome === 0) return 'allow';
  return (outcome & OUTCOME.block) === 0 ? 'step_up' : 'block';
}

/**
 * Writes the outcome of every row to `outcomes`. Row by row the same decision as core's `decide` on core's
 * `eventRisk`: signals of zero are left out of the product, which multiplies by exactly 1 for them.
 */
export function replayDecisions(set: EvaluationSet, policy: Policy, outcomes: Uint8Array): void {
  const { signalStart, signalIndex, signalValue, segment, sessionAgeS, flags } = set;
  const weights = weightsOf(policy);
  const stepUp = Float64Array.from(SEGMENTS, (name) => policy.thresholds[name].stepUp);
  const block = Float64Array.from(SEGMENTS, (name) => policy.thresholds[name].block);
  const privileged = SEGMENTS.indexOf('privileged');
  const service = SEGMENTS.indexOf('service');
  const { privilegedNeedsMfa, serviceStepUpAllows } = policy.guards;
  const lifetime = policy.sessionLifetimeS;
  const { withoutMfa } = FLAG;
  let at = 0;
  for (let i = 0; i < set.count; i++) {
    const end = signalStart[i + 1] as number;
    let none = 1;
    for (; at < end; at++) {
      none *= 1 - (weights[signalIndex[at] as number] as number) * (signalValue[at] as number);
    }
    const risk = 100 * (1 - none);
    const who = segment[i] as number;
    const flag = flags[i] as number;
    let outcome = risk >= (stepUp[who] as number) ? OUTCOME.risk : 0;
    // NaN, an unknown age, is not greater than anything.
    if ((sessionAgeS[i] as number) > lifetime) outcome |= OUTCOME.age;
    if (privilegedNeedsMfa && who === privileged && (flag & withoutMfa) !== 0) outcome |= OUTCOME.risk;
    if (risk >= (block[who] as number)) outcome |= OUTCOME.block;
    else if (outcome !== 0 && who === service) outcome = serviceStepUpAllows ? 0 : outcome | OUTCOME.block;
    outcomes[i] = outcome;
  }
}
