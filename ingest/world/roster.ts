import type { Random } from '../../core/index.ts';
import type { Company } from './company.ts';
import { activityAt, type Shift, shiftOf } from './hours.ts';

const MINUTE_US = 60e6;

/** Chooses who acts: people on the same shift form a class, and a class acts as much as its hours say. */
export interface Roster {
  /** The number of a person employed at the time, with more chance the more they work then. */
  pick(atUs: number, random: Random): number;
  isEmployed(index: number, atUs: number): boolean;
  /** Numbers of the administrators, and of people who join or leave after the company's start. */
  readonly admins: readonly number[];
  readonly joiners: readonly number[];
  readonly leavers: readonly number[];
}

interface ShiftClass {
  readonly shift: Shift;
  readonly members: number[];
}

/** Memory and time to build grow with the people: about 1 µs and 20 bytes each. */
export function createRoster(company: Company): Roster {
  const classes = new Map<string, ShiftClass>();
  const joined = new Float64Array(company.people);
  const left = new Float64Array(company.people).fill(Number.POSITIVE_INFINITY);
  const [admins, joiners, leavers]: [number[], number[], number[]] = [[], [], []];
  for (let index = 0; index < company.people; index++) {
    const { joinedUs, leftUs, isAdmin } = company.facts(index);
    joined[index] = joinedUs;
    if (leftUs !== null) left[index] = leftUs;
    if (isAdmin) admins.push(index);
    if (joinedUs >= company.startUs) joiners.push(index);
    if (leftUs !== null && leftUs >= company.startUs) leavers.push(index);
    const shift = shiftOf(company, index);
    const key = `${shift.utcOffsetH}/${shift.startH}/${shift.days}`;
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { shift, members: [index] });
    else known.members.push(index);
  }
  const isEmployed = (index: number, atUs: number) => atUs >= (joined[index] ?? 0) && atUs < (left[index] ?? 0);
  const choose = createChooser([...classes.values()]);
  const pick = (atUs: number, random: Random) => {
    for (let tries = 0; tries < 64; tries++) {
      const index = choose(atUs, random);
      if (isEmployed(index, atUs)) return index;
    }
    // The founders stay for ever.
    return 0;
  };
  return { pick, isEmployed, admins, joiners, leavers };
}

function createChooser(classes: readonly ShiftClass[]): (atUs: number, random: Random) => number {
  const cumulative = new Float64Array(classes.length);
  let minute = Number.NaN;
  let total = 0;
  return (atUs, random) => {
    const now = Math.floor(atUs / MINUTE_US);
    if (now !== minute) {
      minute = now;
      total = 0;
      classes.forEach(({ shift, members }, i) => {
        total += members.length * activityAt(shift, now * MINUTE_US);
        cumulative[i] = total;
      });
    }
    const target = random.next() * total;
    let [low, high] = [0, classes.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    const members = classes[low]?.members;
    return members?.[random.int(members.length)] ?? 0;
  };
}
