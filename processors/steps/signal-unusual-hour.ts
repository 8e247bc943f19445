import type { Step } from './step.ts';

const HOUR_US = 3_600_000_000;
/** Fewer events say nothing about a person's day. */
const EVENTS_MIN = 20;
/** The counts are halved beyond this, so that habits of long ago fade. */
const EVENTS_MAX = 2000;

/**
 * How rare this hour of the day is for the person: 1 − f(hour) / max f, f being the counts smoothed over the
 * neighbouring hours by ¼, ½, ¼.
 */
export const signalUnusualHour: Step = ({ draft, person, atUs, isPerson }) => {
  if (person === null) return;
  const hours = person.hours;
  const hour = Math.floor(atUs / HOUR_US) % 24;
  let total = 0;
  let most = 0;
  for (let h = 0; h < 24; h++) {
    total += hours[h] as number;
    most = Math.max(most, smoothed(hours, h));
  }
  if (total >= EVENTS_MIN) draft.s_unusual_hour = Math.round(1000 * (1 - smoothed(hours, hour) / most)) / 1000;
  if (!isPerson) return;
  if (total >= EVENTS_MAX) for (let h = 0; h < 24; h++) hours[h] = (hours[h] as number) >> 1;
  hours[hour] = (hours[hour] as number) + 1;
};

function smoothed(hours: readonly number[], hour: number): number {
  return ((hours[(hour + 23) % 24] as number) + (hours[(hour + 1) % 24] as number)) / 4 + (hours[hour] as number) / 2;
}
