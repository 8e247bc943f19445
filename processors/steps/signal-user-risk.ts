import { riskAt } from '../user-risk.ts';
import type { Step } from './step.ts';

/** The person's risk just before this event. */
export const signalUserRisk: Step = ({ draft, person, atUs }) => {
  if (person !== null) draft.s_user_risk = Math.round(riskAt(person, atUs) * 100) / 100;
};
