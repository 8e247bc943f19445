import type { Step } from './step.ts';

/** Whether the action needs administrative rights, as the app's mapper knows it. */
export const signalPrivileged: Step = ({ draft }) => {
  draft.s_privileged = draft.is_privileged ? 1 : 0;
};
