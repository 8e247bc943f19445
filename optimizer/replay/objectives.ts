import type { Policy } from '../../core/index.ts';
import { assessControls, type ControlResult, complianceOf } from './compliance.ts';
import { replayDecisions } from './decisions.ts';
import type { EvaluationSet } from './evaluation-set.ts';
import { assessProductivity, type Productivity } from './productivity.ts';
import { assessSecurity, type Security } from './security.ts';

/** The three objectives of a policy on history, all of them better when smaller. */
export interface PolicyObjectives {
  /** Residual attack impact, 0 to 1 (security.ts). */
  readonly security: number;
  /** Friction, minutes per user-week (productivity.ts). */
  readonly productivity: number;
  /** Control gaps, 0 to 1 (compliance.ts). */
  readonly compliance: number;
}

export const OBJECTIVE_NAMES = ['security', 'productivity', 'compliance'] as const satisfies (keyof PolicyObjectives)[];

/** A campaign is called stopped when at most this much of its impact is left: a step-up at once leaves 0.1. */
const STOPPED_RESIDUAL_MAX = 0.25;

/** Everything that the replay has to say about a policy. */
export interface Assessment {
  readonly objectives: PolicyObjectives;
  /** What `security` rests on. */
  readonly basis: Security['basis'];
  readonly campaigns: readonly { readonly campaign: string; readonly residual: number; readonly stopped: boolean }[];
  readonly friction: Omit<Productivity, 'friction'> & { readonly users: number; readonly weeks: number };
  readonly controls: readonly ControlResult[];
}

/** The policy on this history, with the details behind its objectives. */
export function assessPolicy(set: EvaluationSet, policy: Policy): Assessment {
  const outcomes = new Uint8Array(set.count);
  replayDecisions(set, policy, outcomes);
  const security = assessSecurity(set, outcomes);
  const { friction, ...counts } = assessProductivity(set, outcomes, policy);
  return {
    objectives: {
      security: security.residual,
      productivity: friction,
      compliance: complianceOf(set, outcomes, policy),
    },
    basis: security.basis,
    campaigns: set.campaigns.map((campaign, c) => {
      const residual = security.byCampaign[c] as number;
      return { campaign, residual, stopped: residual <= STOPPED_RESIDUAL_MAX };
    }),
    friction: { ...counts, users: set.users, weeks: set.weeks },
    controls: assessControls(set, outcomes, policy),
  };
}

/** Writes the objectives alone to `out`, in the order of OBJECTIVE_NAMES; `outcomes` is scratch space. */
export function evaluatePolicy(set: EvaluationSet, policy: Policy, outcomes: Uint8Array, out: Float64Array): void {
  replayDecisions(set, policy, outcomes);
  out[0] = assessSecurity(set, outcomes).residual;
  out[1] = assessProductivity(set, outcomes, policy).friction;
  out[2] = complianceOf(set, outcomes, policy);
}
