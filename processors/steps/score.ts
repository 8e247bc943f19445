import { BASELINE_POLICY, eventRisk, riskShares, SIGNAL_NAMES, scaleSignals, weightsOf } from '../../core/index.ts';
import { addEventRisk } from '../user-risk.ts';
import type { Step } from './step.ts';

const CARRIED_OVER = SIGNAL_NAMES.indexOf('s_user_risk');
/** A signal with a smaller share is no reason. */
const SHARE_MIN = 0.05;
const REASONS_MAX = 5;
/**
 * What a person is remembered by is weighed the same under every policy: policies read signals and never write
 * state. Else the signals of history would differ from those that another policy would have seen.
 */
const MEMORY_WEIGHTS = weightsOf(BASELINE_POLICY);

/** Risk of the event with its reasons, and of the person with this event added. */
export const score: Step = ({ draft, person, atUs, weights, scaled }) => {
  scaleSignals(draft, scaled);
  const risk = eventRisk(scaled, weights);
  draft.risk = hundredths(risk);
  if (risk > 0) draft.reasons = reasonsOf(scaled, weights);
  if (person === null) return;
  // What was carried over must not raise itself.
  scaled[CARRIED_OVER] = 0;
  draft.user_risk = hundredths(addEventRisk(person, eventRisk(scaled, MEMORY_WEIGHTS), atUs));
};

function reasonsOf(scaled: Float64Array, weights: Float64Array): string[] {
  const shares = riskShares(scaled, weights);
  const order = [...shares.keys()].filter((i) => (shares[i] as number) >= SHARE_MIN);
  order.sort((a, b) => (shares[b] as number) - (shares[a] as number) || a - b);
  return order.slice(0, REASONS_MAX).map((i) => `${SIGNAL_NAMES[i]}:${(shares[i] as number).toFixed(2)}`);
}

const hundredths = (x: number) => Math.round(x * 100) / 100;
