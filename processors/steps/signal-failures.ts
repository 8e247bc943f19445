import { CLASS } from '../../core/index.ts';
import { addTime, countTimes, FAILURES_MAX } from '../person.ts';
import type { Step } from './step.ts';

const SPAN_US = 10 * 60_000_000;

/** Failed authentications of the person in ten minutes, in whatever app. */
export const signalFailures: Step = ({ draft, person, atUs }) => {
  if (person === null) return;
  if (draft.class_uid === CLASS.authentication && draft.status === 'failure')
    addTime(person.failuresUs, atUs, FAILURES_MAX);
  draft.s_failures_10m = countTimes(person.failuresUs, atUs, SPAN_US);
};
