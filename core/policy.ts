import { z } from 'zod';
import type { ActorType } from './actor-type.ts';
import { SIGNAL_NAMES, SIGNALS, type SignalName } from './signal.ts';

/** Whom a threshold is for: people, people when they act with administrative rights, and machines. */
export const SEGMENTS = ['person', 'privileged', 'service'] as const;
export type Segment = (typeof SEGMENTS)[number];

/** Whose thresholds apply to an event. */
export function segmentOf(event: { readonly actor_type: ActorType; readonly is_privileged: boolean }): Segment {
  if (event.actor_type === 'service' || event.actor_type === 'system') return 'service';
  return event.is_privileged ? 'privileged' : 'person';
}

export const DECISIONS = ['allow', 'step_up', 'block'] as const;
export type Decision = (typeof DECISIONS)[number];

const unit = z.number().min(0).max(1);
const risk = z.number().min(0).max(100);
const thresholdsSchema = z
  .strictObject({ stepUp: risk, block: risk })
  .refine((t) => t.stepUp <= t.block, { message: 'stepUp must not exceed block' });

/**
 * An access policy: how much each signal weighs, at which risk a person must prove themselves again or is
 * stopped, and how long a session lasts. Times are microseconds since 1970 UTC.
 */
export const policySchema = z.strictObject({
  version: z.int().min(0),
  parent: z.int().min(0).nullable(),
  effectiveFrom: z.int(),
  weights: z.strictObject(
    Object.fromEntries(SIGNAL_NAMES.map((name) => [name, unit])) as Record<SignalName, typeof unit>,
  ),
  thresholds: z.strictObject({ person: thresholdsSchema, privileged: thresholdsSchema, service: thresholdsSchema }),
  sessionLifetimeS: z.int().min(60).max(31_536_000),
  guards: z.strictObject({
    /** A privileged action on a session without MFA always steps up. */
    privilegedNeedsMfa: z.boolean(),
    /** Machines cannot answer a prompt: for them a step-up is a block when false, an allow when true. */
    serviceStepUpAllows: z.boolean(),
  }),
});

export type Policy = z.infer<typeof policySchema>;

/** In force from the beginning of time, until another is approved. */
export const BASELINE_POLICY: Policy = {
  version: 0,
  parent: null,
  effectiveFrom: 0,
  weights: Object.fromEntries(SIGNALS.map((signal) => [signal.name, signal.weight])) as Record<SignalName, number>,
  thresholds: {
    person: { stepUp: 40, block: 75 },
    privileged: { stepUp: 35, block: 70 },
    service: { stepUp: 60, block: 85 },
  },
  sessionLifetimeS: 43_200,
  guards: { privilegedNeedsMfa: false, serviceStepUpAllows: true },
};

/** The policy's weights in the order of SIGNALS. */
export function weightsOf(policy: Policy): Float64Array {
  return Float64Array.from(SIGNAL_NAMES, (name) => policy.weights[name]);
}

/**
 * Event risk, 0 to 100: 100·(1 − Π(1 − wᵢ·sᵢ)), the noisy-or of independent evidence (Pearl 1988, §4.3).
 * `scaled` holds s in [0, 1] from `offset` on, in the order of `weights`.
 */
export function eventRisk(scaled: ArrayLike<number>, weights: ArrayLike<number>, offset = 0): number {
  let none = 1;
  for (let i = 0; i < weights.length; i++) none *= 1 - (weights[i] as number) * (scaled[offset + i] as number);
  return 100 * (1 - none);
}

/**
 * Writes each signal's share of the risk to `shares`, ln(1 − wᵢsᵢ) over the sum of all; zeros when there is no
 * risk. A certain signal (w·s = 1) would take all: it is counted as 1 − 1e-9.
 */
export function riskShares(scaled: ArrayLike<number>, weights: ArrayLike<number>, shares: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const product = (weights[i] as number) * (scaled[i] as number);
    const log = product === 0 ? 0 : Math.log(Math.max(1e-9, 1 - product));
    shares[i] = log;
    sum += log;
  }
  if (sum === 0) return;
  for (let i = 0; i < weights.length; i++) shares[i] = (shares[i] as number) / sum;
}

export interface DecisionInput {
  /** 0 to 100, under the same policy's weights. */
  readonly risk: number;
  readonly segment: Segment;
  /** Seconds since the session began or was last opened again with a second factor; null when there is no session or its start was not seen. */
  readonly sessionAgeS: number | null;
  /** Whether the session was opened with a second factor; null when unknown. */
  readonly mfa: boolean | null;
}

/** What the policy does with an event: block over step-up over allow, the strictest rule that applies. */
export function decide(input: DecisionInput, policy: Policy): Decision {
  const { stepUp, block } = policy.thresholds[input.segment];
  if (input.risk >= block) return 'block';
  const tooOld = input.sessionAgeS !== null && input.sessionAgeS > policy.sessionLifetimeS;
  const withoutMfa = policy.guards.privilegedNeedsMfa && input.segment === 'privileged' && input.mfa === false;
  if (input.risk < stepUp && !tooOld && !withoutMfa) return 'allow';
  if (input.segment !== 'service') return 'step_up';
  return policy.guards.serviceStepUpAllows ? 'allow' : 'block';
}
