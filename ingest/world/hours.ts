import { CITIES } from './cities.ts';
import type { Company } from './company.ts';
import { drawUnit } from './draw.ts';

const HOUR_US = 3600e6;
const SALT = { shift: 30, start: 31 };

/** Days of the week on which a shift works, Sunday first. */
const WORKDAYS = { usual: '0111110', sunday: '1111100', weekend: '1001111' };

/** A person's week: when the shift starts by local time, how far local time is from UTC, and the days. */
export interface Shift {
  /** Local hour, a multiple of 0.5. */
  readonly startH: number;
  readonly utcOffsetH: number;
  /** Seven digits, Sunday first; 1 is a day of work. */
  readonly days: string;
}

/** The person's shift: 85 % start between 7 and 10:30, 3 % in the evening, 12 % work at the weekend. */
export function shiftOf(company: Company, index: number): Shift {
  const city = CITIES[company.facts(index).city];
  const kind = drawUnit(company.seed, index, SALT.shift);
  const start = drawUnit(company.seed, index, SALT.start);
  const early = 7 + Math.floor(start * 8) / 2;
  const usual = city?.country === 'IL' ? WORKDAYS.sunday : WORKDAYS.usual;
  return {
    startH: kind < 0.03 ? 20 + Math.floor(start * 6) / 2 : early,
    utcOffsetH: city?.utcOffsetH ?? 0,
    days: kind >= 0.88 ? WORKDAYS.weekend : usual,
  };
}

/** How much somebody on this shift does at a time, beside 1 in the middle of the shift. Never 0. */
export function activityAt(shift: Shift, atUs: number): number {
  const { into, works } = placeInShift(shift, atUs);
  const workday = works ? 1 : 0.015;
  if (into < 0 || into >= 10.5) return 0.012 * workday;
  if (into >= 9) return 0.2 * workday;
  return (into >= 4 && into < 5 ? 0.55 : 1) * workday;
}

/** Whether a time lies in the shift: its nine hours, and half an hour before and an hour and a half after. */
export function isWorking(shift: Shift, atUs: number): boolean {
  const { into, works } = placeInShift(shift, atUs);
  return works && into < 10.5;
}

/** Hours into the shift that began last (of 24), and whether it is a day of work. */
function placeInShift(shift: Shift, atUs: number): { into: number; works: boolean } {
  const sinceStart = atUs / HOUR_US + shift.utcOffsetH - shift.startH;
  const day = Math.floor(sinceStart / 24);
  // 1 January 1970 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  return { into: sinceStart - day * 24, works: shift.days[weekday] === '1' };
}
