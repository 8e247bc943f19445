import type { Policy } from '../../core/index.ts';
import { CONTROLS } from './controls.ts';
import type { EvaluationSet } from './evaluation-set.ts';

/** How a policy keeps one control. */
export interface ControlResult {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly weight: number;
  /** Events of the set that the control speaks of; null when it is checked on the policy itself. */
  readonly checked: number | null;
  /** Those of them that the policy lets through unchallenged; null likewise. */
  readonly failed: number | null;
  /** 0 (kept) to 1. */
  readonly gap: number;
}

/** Control gaps, 0 to 1: the mean gap by weight of the controls that history gives something to check for. */
export function complianceOf(set: EvaluationSet, outcomes: Uint8Array, policy: Policy): number {
  let gaps = 0;
  let weights = 0;
  for (let c = 0; c < CONTROLS.length; c++) {
    const { gap, weight } = CONTROLS[c] as (typeof CONTROLS)[number];
    const rows = set.controlRows[c] as Int32Array;
    if (gap === undefined && rows.length === 0) continue;
    gaps += weight * (gap === undefined ? unchallenged(rows, outcomes) / rows.length : gap(policy));
    weights += weight;
  }
  return weights === 0 ? 0 : gaps / weights;
}

/** Every control's result, in the order of CONTROLS. */
export function assessControls(set: EvaluationSet, outcomes: Uint8Array, policy: Policy): ControlResult[] {
  return CONTROLS.map(({ id, text, source, weight, gap }, c) => {
    const about = { id, text, source, weight };
    if (gap !== undefined) return { ...about, checked: null, failed: null, gap: gap(policy) };
    const rows = set.controlRows[c] as Int32Array;
    const failed = unchallenged(rows, outcomes);
    return { ...about, checked: rows.length, failed, gap: rows.length === 0 ? 0 : failed / rows.length };
  });
}

function unchallenged(rows: Int32Array, outcomes: Uint8Array): number {
  let count = 0;
  for (const row of rows) if (outcomes[row] === 0) count++;
  return count;
}
