import { SEGMENTS } from '../../core/index.ts';
import { CONSTANTS } from './constants.ts';
import { OUTCOME } from './decisions.ts';
import { type EvaluationSet, FLAG } from './evaluation-set.ts';

/** What a policy costs the people who did nothing wrong. */
export interface Productivity {
  /** Minutes per user-week. */
  readonly friction: number;
  /** Prompts owed to risk or a guard, estimated over the whole history. */
  readonly prompts: number;
  /** Prompts owed to the age of the session alone, likewise. */
  readonly reauthentications: number;
  /** Blocked sessions, each a call to the help desk, likewise. */
  readonly blocked: number;
}

/**
 * Friction in minutes per user-week: (prompts and re-authentications · 20 s + blocked · 30 min) / users / weeks.
 * Within a session a prompt holds for two hours against risk and for the session lifetime against age; a call to
 * the help desk holds for eight hours. A blocked person is counted a prompt, too (they tried). Windows begin at the
 * first event that none covers, which is the least number of windows that cover them all: so fewer challenges
 * never cost more. Machines are not prompted; what blocks one costs a call.
 */
export function assessProductivity(
  set: EvaluationSet,
  outcomes: Uint8Array,
  policy: { readonly sessionLifetimeS: number },
): Productivity {
  const { timeS, trustKey, flags, segment } = set;
  const service = SEGMENTS.indexOf('service');
  const trust = CONSTANTS.trustS.value;
  const lifetime = policy.sessionLifetimeS;
  const blockTrust = CONSTANTS.blockTrustS.value;
  // By outcome without its block bit: risk, age, both.
  const holds = [0, trust, lifetime, Math.min(trust, lifetime)];
  const { legitimate } = FLAG;
  const { risk, age, block } = OUTCOME;
  const counts = { prompts: 0, reauthentications: 0, blocked: 0 };
  let key = -1;
  let prompted = Number.NEGATIVE_INFINITY;
  let called = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < set.count; i++) {
    const outcome = outcomes[i] as number;
    if (outcome === 0 || ((flags[i] as number) & legitimate) === 0) continue;
    if (trustKey[i] !== key) {
      key = trustKey[i] as number;
      prompted = Number.NEGATIVE_INFINITY;
      called = Number.NEGATIVE_INFINITY;
    }
    const now = timeS[i] as number;
    if ((outcome & block) !== 0 && now - called > blockTrust) {
      called = now;
      counts.blocked++;
    }
    const cause = outcome & (risk | age);
    if (segment[i] !== service && now - prompted > (holds[cause] as number)) {
      prompted = now;
      if (cause === age) counts.reauthentications++;
      else counts.prompts++;
    }
  }
  const prompts = counts.prompts * set.weight;
  const reauthentications = counts.reauthentications * set.weight;
  const blocked = counts.blocked * set.weight;
  const seconds = (prompts + reauthentications) * CONSTANTS.promptS.value + blocked * CONSTANTS.blockedS.value;
  return { friction: seconds / 60 / set.users / set.weeks, prompts, reauthentications, blocked };
}
