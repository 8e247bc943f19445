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

/** `<signal>:<share>` for every signal and share in hundredths: made once, not once an event. */
const REASONS = SIGNAL_NAMES.map((name) => Array.from({ length: 101 }, (_, i) => `${name}:${(i / 100).toFixed(2)}`));
const shares = new Float64Array(SIGNAL_NAMES.length);

/** The largest shares of the risk first, those alike in the order of SIGNALS. */
function reasonsOf(scaled: Float64Array, weights: Float64Array): string[] {
  riskShares(scaled, weights, shares);
  const reasons: string[] = [];
  while (reasons.length < REASONS_MAX) {
    let most = 0;
    for (let i = 1; i < shares.length; i++) if ((shares[i] as number) > (shares[most] as number)) most = i;
    const share = shares[most] as number;
    if (share < SHARE_MIN) break;
    reasons.push((REASONS[most] as string[])[Math.round(share * 100)] as string);
    shares[most] = 0;
  }
  return reasons;
}

const hundredths = (x: number) => Math.round(x * 100) / 100;
