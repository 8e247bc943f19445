import { decide, segmentOf } from '../../core/index.ts';
import type { Step } from './step.ts';

/** What the policy in force does with the event. */
export const decideEvent: Step = ({ draft, policy }) => {
  draft.policy_version = policy.version;
  draft.decision = decide(
    {
      risk: draft.risk,
      segment: segmentOf(draft),
      sessionAgeS: draft.session_age_s,
      mfa: draft.mfa,
    },
    policy,
  );
};
