import { beforeAll, describe, expect, it } from 'vitest';
import { CITIES, distanceKm } from './cities.ts';
import { createCompany } from './company.ts';
import { FIXTURE_GENERATORS } from './fixture-generators.ts';
import { activityAt, isWorking, shiftOf } from './hours.ts';
import { createWorldStream } from './stream.ts';
import { whereabouts } from './trips.ts';

const startUs = Date.UTC(2026, 2, 2) * 1000;
const HOUR_US = 3600e6;
const company = createCompany({ people: 400, seed: 11, startUs });

interface Seen {
  personId: string;
  atUs: number;
  kind: string;
  app: string;
  session: string;
  device: string;
  city: (typeof CITIES)[number];
  labelled: boolean;
}

/** Nine days, from Monday to the Tuesday after the next. */
let week: Seen[];
beforeAll(() => {
  const events = createWorldStream({
    company,
    generators: FIXTURE_GENERATORS,
    seed: 11,
    perMinute: 10,
    campaignEveryS: 4 * 3600,
  });
  week = Array.from({ length: 9 * 1440 * 10 }, () => {
    const { personId, dueUs, app, label, activity } = events.next().value;
    const { kind, sessionId, device, city } = activity;
    const session = sessionId;
    return { personId, atUs: dueUs, kind, app, session, device: device.uid, city, labelled: label !== null };
  });
});

const ordinary = () => week.filter((seen) => !seen.labelled);

describe('habits', () => {
  it('let people work in their hours: 90 % of what they do lies in their shift', () => {
    let inShift = 0;
    for (const { personId, atUs } of ordinary()) {
      if (isWorking(shiftOf(company, company.indexOf(personId) ?? 0), atUs)) inShift++;
    }
    const share = inShift / ordinary().length;
    console.log(`habits: ${(share * 100).toFixed(1)} % of ordinary events lie in the person’s shift`);
    expect(share).toBeGreaterThan(0.9);
  });

  it('let nobody act before they join or after they leave', () => {
    const outside = week.filter(({ personId, atUs }) => {
      const { joinedUs, leftUs } = company.facts(company.indexOf(personId) ?? -1);
      return atUs < joinedUs || atUs >= (leftUs ?? Number.POSITIVE_INFINITY);
    });
    expect(outside).toEqual([]);
    const leavers = Array.from({ length: company.people }, (_, i) => company.facts(i).leftUs ?? 0);
    expect(leavers.filter((leftUs) => leftUs > startUs && leftUs < startUs + 9 * 24 * HOUR_US).length).toBeGreaterThan(
      0,
    );
  });

  it('let people travel, no faster than an airliner', () => {
    const last = new Map<string, Seen>();
    let [fast, moves, pairs] = [0, 0, 0];
    for (const seen of ordinary()) {
      const earlier = last.get(seen.personId);
      last.set(seen.personId, seen);
      if (earlier === undefined) continue;
      pairs++;
      const km = distanceKm(earlier.city, seen.city);
      if (km < 100) continue;
      moves++;
      if (km / ((seen.atUs - earlier.atUs) / HOUR_US) >= 900) fast++;
    }
    console.log(`habits: ${moves} moves of 100 km or more in ${pairs} steps, ${fast} at 900 km/h or more`);
    expect(moves).toBeGreaterThan(5);
    expect(fast).toBe(0);
  });

  it('keep a session on one device, in one city, and with one person', () => {
    const sessions = new Map<string, Set<string>>();
    for (const { session, device, city, personId } of ordinary()) {
      const facts = sessions.get(session) ?? new Set();
      sessions.set(session, facts.add(`${device} ${city.city} ${personId}`));
    }
    expect(Math.max(...[...sessions.values()].map((facts) => facts.size))).toBe(1);
  });

  it('begin sessions with a sign-in, in the app with the second factor', () => {
    const first = new Map<string, Seen>();
    const early = new Set<string>();
    for (const seen of ordinary()) {
      if (seen.atUs - startUs < HOUR_US) early.add(seen.session);
      if (!first.has(seen.session)) first.set(seen.session, seen);
    }
    const later = [...first.values()].filter((seen) => !early.has(seen.session));
    expect(later.length).toBeGreaterThan(1000);
    expect(new Set(later.map((seen) => `${seen.app} ${seen.kind}`))).toEqual(
      new Set(['okta sign_in', 'okta sign_in_failed']),
    );
  });

  it('keep to known devices, nearly always', () => {
    const unknown = ordinary().filter(({ personId, device }) => {
      return !company.person(company.indexOf(personId) ?? 0).devices.some((each) => each.uid === device);
    });
    console.log(`habits: ${((100 * unknown.length) / ordinary().length).toFixed(2)} % of events from a new device`);
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.length / ordinary().length).toBeLessThan(0.02);
  });

  it('let administrators administer, and nobody else', () => {
    const kinds = ['reset_mfa', 'create_user', 'deactivate_user', 'grant_admin', 'revoke_admin'];
    const deeds = ordinary().filter((seen) => kinds.includes(seen.kind));
    expect(deeds.length).toBeGreaterThan(0);
    for (const { personId } of deeds) expect(company.facts(company.indexOf(personId) ?? 0).isAdmin).toBe(true);
  });
});

describe('shifts', () => {
  it('are low at night and at the weekend, and never 0', () => {
    const shift = { startH: 9, utcOffsetH: 0, days: '0111110' };
    const at = (day: number, hour: number) => activityAt(shift, Date.UTC(2026, 2, day, hour) * 1000);
    expect(at(2, 10)).toBe(1);
    expect(at(2, 13)).toBeLessThan(1);
    expect(at(2, 3)).toBeLessThan(0.05);
    expect(at(7, 10)).toBeLessThan(0.05);
    expect(at(8, 3)).toBeGreaterThan(0);
  });

  it('follow local time', () => {
    const shift = { startH: 9, utcOffsetH: 9, days: '0111110' };
    expect(isWorking(shift, Date.UTC(2026, 2, 2, 1) * 1000)).toBe(true);
    expect(isWorking(shift, Date.UTC(2026, 2, 2, 12) * 1000)).toBe(false);
    expect(isWorking({ ...shift, startH: 21, utcOffsetH: 0 }, Date.UTC(2026, 2, 7, 2) * 1000)).toBe(true);
  });
});

describe('whereabouts', () => {
  it('takes the time that a journey takes', () => {
    const large = createCompany({ people: 3000, seed: 2, startUs });
    for (let index = 0; index < large.people; index += 17) {
      let left: { city: number; atUs: number } | null = null;
      for (let atUs = startUs; atUs < startUs + 40 * 24 * HOUR_US; atUs += HOUR_US) {
        const place = whereabouts(large, index, atUs);
        if (place === null) continue;
        if (left !== null && left.city !== place.city) {
          const km = distanceKm(CITIES[left.city]!, CITIES[place.city]!);
          expect(km / ((atUs - left.atUs) / HOUR_US)).toBeLessThan(900);
        }
        left = { city: place.city, atUs };
      }
    }
  });
});
