import { createHash } from 'node:crypto';
import {
  BASELINE_POLICY,
  type Policy,
  SEGMENTS,
  type Segment,
  SIGNAL_NAMES,
  type SignalName,
} from '../../core/index.ts';

/** Session lifetimes that genes can express, seconds: 15 minutes to 7 days, the least time first. */
export const SESSION_LIFETIME_S = { min: 900, max: 604_800 } as const;

const WEIGHTS = SIGNAL_NAMES.length;
const THRESHOLDS = WEIGHTS;
const LIFETIME = THRESHOLDS + 2 * SEGMENTS.length;
const GUARDS = LIFETIME + 1;

/** Genes of a policy, all in [0, 1]: nine weights, two a segment, session lifetime, two guards. */
export const GENES = GUARDS + 2;

/** What a policy is beside what it does. */
export type PolicyHeader = Pick<Policy, 'version' | 'parent' | 'effectiveFrom'>;

/**
 * The policy of a genome: always one that policySchema takes. Values are rounded to what a person would write
 * (weights 0.001, thresholds 0.1, minutes), so near genomes give one policy. The second gene of a segment says how
 * far between stepUp and 100 block lies; the lifetime's gene is on a log scale; a guard is on from 0.5.
 */
export function decodePolicy(genome: ArrayLike<number>, header: PolicyHeader = BASELINE_POLICY): Policy {
  const gene = (at: number) => Math.min(1, Math.max(0, genome[at] ?? 0));
  const thresholds = SEGMENTS.map((name, s) => {
    const stepUp = round(100 * gene(THRESHOLDS + 2 * s), 10);
    const block = Math.max(stepUp, round(stepUp + gene(THRESHOLDS + 2 * s + 1) * (100 - stepUp), 10));
    return [name, { stepUp, block }] as const;
  });
  const { min, max } = SESSION_LIFETIME_S;
  return {
    version: header.version,
    parent: header.parent,
    effectiveFrom: header.effectiveFrom,
    weights: Object.fromEntries(SIGNAL_NAMES.map((name, i) => [name, round(gene(i), 1000)])) as Record<
      SignalName,
      number
    >,
    thresholds: Object.fromEntries(thresholds) as Record<Segment, { stepUp: number; block: number }>,
    sessionLifetimeS: Math.round((min * (max / min) ** gene(LIFETIME)) / 60) * 60,
    guards: { privilegedNeedsMfa: gene(GUARDS) >= 0.5, serviceStepUpAllows: gene(GUARDS + 1) >= 0.5 },
  };
}

/**
 * A genome of the policy: decoding it gives the policy again, as far as genes can express it (rounding, and
 * lifetimes from 15 minutes to 7 days).
 */
export function encodePolicy(policy: Policy): Float64Array {
  const genome = new Float64Array(GENES);
  SIGNAL_NAMES.forEach((name, i) => {
    genome[i] = policy.weights[name];
  });
  SEGMENTS.forEach((name, s) => {
    const { stepUp, block } = policy.thresholds[name];
    genome[THRESHOLDS + 2 * s] = stepUp / 100;
    genome[THRESHOLDS + 2 * s + 1] = stepUp >= 100 ? 0 : (block - stepUp) / (100 - stepUp);
  });
  const { min, max } = SESSION_LIFETIME_S;
  genome[LIFETIME] = Math.log(Math.min(max, Math.max(min, policy.sessionLifetimeS)) / min) / Math.log(max / min);
  genome[GUARDS] = policy.guards.privilegedNeedsMfa ? 0.75 : 0.25;
  genome[GUARDS + 1] = policy.guards.serviceStepUpAllows ? 0.75 : 0.25;
  return genome;
}

/** What the policy does, hashed: 16 hexadecimal digits, the same whatever its version, parent and effective time. */
export function policyIdOf(policy: Policy): string {
  const acts = [
    SIGNAL_NAMES.map((name) => policy.weights[name]),
    SEGMENTS.map((name) => [policy.thresholds[name].stepUp, policy.thresholds[name].block]),
    policy.sessionLifetimeS,
    policy.guards.privilegedNeedsMfa,
    policy.guards.serviceStepUpAllows,
  ];
  return createHash('sha256').update(JSON.stringify(acts)).digest('hex').slice(0, 16);
}

/** To the nearest 1/steps. */
function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
