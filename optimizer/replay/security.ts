import { CONSTANTS } from './constants.ts';
import { OUTCOME } from './decisions.ts';
import type { EvaluationSet } from './evaluation-set.ts';

/** What is left of the attacks under a policy. */
export interface Security {
  /** 0 (all stopped before any harm) to 1 (as if there were no policy). */
  readonly residual: number;
  /** `labels`: over known campaigns. `risk`: nothing is labelled, so over baseline risk let through. */
  readonly basis: 'labels' | 'risk';
  /** Residual impact of each campaign, in the order of the set's `campaigns`. */
  readonly byCampaign: Float64Array;
}

/**
 * Residual attack impact, 0 to 1. Each event of a campaign has an impact (stage · sensitivity, a tenth when it
 * failed by itself). An actor's part of a campaign goes on with probability q: 1 at first; a block makes it 0 from
 * that event on; the first step-up makes it 1 − 0.9 (later ones change nothing: an attacker either has the factor
 * or has not). A campaign's residual is Σ q·impact / Σ impact, the objective the mean over campaigns: an
 * expectation, no draw. Without labels: Σ r²·(1 − stopped) / Σ r² over all rows, r the risk under the
 * baseline's weights (fixed, else a policy could win by not looking; squared, else the sum of everyday risks hides
 * the few high ones: an assumption), stopped 1 for a block and 0.9 for a step-up.
 */
export function assessSecurity(set: EvaluationSet, outcomes: Uint8Array): Security {
  const byCampaign = new Float64Array(set.campaigns.length);
  if (set.campaigns.length === 0) return { residual: unchallengedRisk(set, outcomes), basis: 'risk', byCampaign };
  const possible = new Float64Array(set.campaigns.length);
  for (const { campaign, start, end } of set.chains) {
    let goesOn = 1;
    for (let i = start; i < end; i++) {
      const outcome = outcomes[set.attackRows[i] as number] as number;
      const impact = set.attackImpact[i] as number;
      if ((outcome & OUTCOME.block) !== 0) goesOn = 0;
      else if (outcome !== 0) goesOn = Math.min(goesOn, 1 - CONSTANTS.stepUpStops.value);
      byCampaign[campaign] = (byCampaign[campaign] as number) + goesOn * impact;
      possible[campaign] = (possible[campaign] as number) + impact;
    }
  }
  let sum = 0;
  for (let c = 0; c < byCampaign.length; c++) {
    byCampaign[c] = (byCampaign[c] as number) / (possible[c] as number);
    sum += byCampaign[c] as number;
  }
  return { residual: sum / byCampaign.length, basis: 'labels', byCampaign };
}

function unchallengedRisk(set: EvaluationSet, outcomes: Uint8Array): number {
  const { block } = OUTCOME;
  const passes = 1 - CONSTANTS.stepUpStops.value;
  let left = 0;
  let all = 0;
  for (let i = 0; i < set.count; i++) {
    const risk = (set.baselineRisk[i] as number) ** 2;
    const outcome = outcomes[i] as number;
    all += risk;
    if (outcome === 0) left += risk;
    else if ((outcome & block) === 0) left += risk * passes;
  }
  return all === 0 ? 0 : left / all;
}
