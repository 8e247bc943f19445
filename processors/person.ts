/**
 * What a shard remembers of one actor: bounded lists and counters, so that memory grows with people and not
 * with events. Times are µs since 1970 UTC. Nothing expires by itself: each reader compares with the clock.
 */
export interface Person {
  /** Device and country keys, each with when it was last seen. */
  devices: Sighting[];
  countries: Sighting[];
  lastPlace: { atUs: number; lat: number; lon: number } | null;
  /** Failed authentications and changes to MFA factors, oldest first. */
  failuresUs: number[];
  mfaChangesUs: number[];
  /** Events by UTC hour of the day. */
  hours: number[];
  sessions: Session[];
  /** Accumulated risk, 0 to 100, as it stood at `riskAtUs`. */
  risk: number;
  riskAtUs: number;
}

export interface Sighting {
  key: string;
  lastUs: number;
}

export interface Session {
  app: string;
  uid: string;
  startUs: number;
  lastUs: number;
  /** The network it started on; null while no event of it had an address. */
  network: number | string | null;
}

export const DEVICES_MAX = 16;
export const COUNTRIES_MAX = 16;
export const SESSIONS_MAX = 32;
export const FAILURES_MAX = 64;
export const MFA_CHANGES_MAX = 16;

export function createPerson(): Person {
  return {
    devices: [],
    countries: [],
    lastPlace: null,
    failuresUs: [],
    mfaChangesUs: [],
    hours: new Array(24).fill(0),
    sessions: [],
    risk: 0,
    riskAtUs: 0,
  };
}

/**
 * Notes that `key` was seen and says whether it is new: others were seen since `sinceUs`, this one was not.
 * Unless it `learns`, the list stays as it is. The list keeps the `max` most recently seen.
 */
export function sight(
  list: Sighting[],
  key: string,
  atUs: number,
  sinceUs: number,
  max: number,
  learns: boolean,
): boolean {
  let others = false;
  for (const sighting of list) {
    if (sighting.key === key) {
      const known = sighting.lastUs >= sinceUs;
      const isNew = !known && list.some((other) => other !== sighting && other.lastUs >= sinceUs);
      if (learns && atUs > sighting.lastUs) sighting.lastUs = atUs;
      return isNew;
    }
    if (sighting.lastUs >= sinceUs) others = true;
  }
  if (!learns) return others;
  if (list.length >= max) list.splice(oldest(list), 1);
  list.push({ key, lastUs: atUs });
  return others;
}

/** Index of the entry that was seen longest ago. */
export function oldest(list: readonly { lastUs: number }[]): number {
  let index = 0;
  for (let i = 1; i < list.length; i++) {
    if ((list[i] as { lastUs: number }).lastUs < (list[index] as { lastUs: number }).lastUs) index = i;
  }
  return index;
}

/** Adds a time to a list in order, keeping the newest `max`. */
export function addTime(times: number[], atUs: number, max: number): void {
  let i = times.length;
  while (i > 0 && (times[i - 1] as number) > atUs) i--;
  times.splice(i, 0, atUs);
  if (times.length > max) times.shift();
}

/** How many times lie in (untilUs − spanUs, untilUs]. */
export function countTimes(times: readonly number[], untilUs: number, spanUs: number): number {
  let count = 0;
  for (const atUs of times) if (atUs > untilUs - spanUs && atUs <= untilUs) count++;
  return count;
}
