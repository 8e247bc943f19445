import { CLASS, decide, type Segment } from '../../core/index.ts';
import type { Draft, Step } from './step.ts';

/** What the policy in force does with the event. */
export const decideEvent: Step = ({ draft, policy }) => {
  draft.policy_version = policy.version;
  draft.decision = decide(
    {
      risk: draft.risk,
      segment: segmentOf(draft),
      sessionAgeS: draft.session_age_s,
      mfa: draft.mfa,
      isAuthentication: draft.class_uid === CLASS.authentication,
    },
    policy,
  );
};

function segmentOf(draft: Draft): Segment {
  if (draft.actor_type === 'service' || draft.actor_type === 'system') return 'service';
  return draft.is_privileged ? 'privileged' : 'person';
}
