import { addTime, countTimes, MFA_CHANGES_MAX } from '../person.ts';
import type { Step } from './step.ts';

const SPAN_US = 3_600_000_000;

/** Changes to MFA factors that the person made within the hour: their own or somebody else's. */
export const signalMfaChange: Step = ({ draft, mapped, person, atUs }) => {
  if (person === null) return;
  if (mapped.changes_mfa && draft.status !== 'failure') addTime(person.mfaChangesUs, atUs, MFA_CHANGES_MAX);
  draft.s_mfa_change_1h = countTimes(person.mfaChangesUs, atUs, SPAN_US);
};
