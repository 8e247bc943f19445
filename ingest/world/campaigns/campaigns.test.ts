import { describe, expect, it } from 'vitest';
import { distanceKm, HOSTING } from '../cities.ts';
import { createCompany } from '../company.ts';
import { FIXTURE_GENERATORS } from '../fixture-generators.ts';
import { createWorldStream, type GeneratedEvent } from '../stream.ts';
import { CAMPAIGN_KINDS, campaignKind, defaultCampaignEveryS } from './schedule.ts';

const startUs = Date.UTC(2026, 2, 3, 9) * 1000;

function run(people: number, count: number, seed = 3, campaignEveryS?: number): GeneratedEvent[] {
  const company = createCompany({ people, seed, startUs });
  const options = { company, generators: FIXTURE_GENERATORS, seed, ...(campaignEveryS && { campaignEveryS }) };
  const events = createWorldStream(options);
  return Array.from({ length: count }, () => events.next().value);
}

/** Labelled events of each campaign of a kind. */
function campaigns(events: readonly GeneratedEvent[], kind: string): GeneratedEvent[][] {
  const byName = new Map<string, GeneratedEvent[]>();
  for (const event of events) {
    if (event.label === null || campaignKind(event.label) !== kind) continue;
    byName.set(event.label.campaign, [...(byName.get(event.label.campaign) ?? []), event]);
  }
  return [...byName.values()];
}

const stages = (events: readonly GeneratedEvent[]) => [...new Set(events.map((event) => event.label?.stage))];
const kinds = (events: readonly GeneratedEvent[], stage: string) =>
  events.filter((event) => event.label?.stage === stage).map((event) => event.activity.kind);
const seconds = (a: GeneratedEvent, b: GeneratedEvent) => (b.dueUs - a.dueUs) / 1e6;
/** What a person did by themselves before a time. */
const earlier = (events: readonly GeneratedEvent[], personId: string, index: number) =>
  events.slice(0, index).filter((event) => event.personId === personId && event.label === null);

const minute = run(10_000, 10_000);
/** Twenty minutes. */
const twenty = run(3000, 60_000);

describe('campaigns', () => {
  it('show one of each kind, whole, in a minute at 10,000 events a minute, for any seed', () => {
    for (const events of [minute, run(10_000, 10_000, 4), run(10_000, 10_000, 5)]) {
      const last = ['persist', 'persist', 'collect'];
      CAMPAIGN_KINDS.forEach((kind, i) => {
        const [first] = campaigns(events, kind);
        expect(first?.at(-1)?.label?.stage, kind).toBe(last[i]);
      });
      const begin = events.find((event) => event.label !== null)!;
      expect(seconds(events[0]!, begin)).toBeGreaterThan(11.5);
      expect(seconds(events[0]!, begin)).toBeLessThan(15);
    }
  });

  it('come from hosting networks abroad, with a device that is nobody’s, in the victims’ names', () => {
    const addresses = new Set(HOSTING.flatMap((city) => city.networks));
    for (const { label, activity } of minute) {
      if (label === null) continue;
      expect(addresses).toContain(activity.ip.slice(0, activity.ip.lastIndexOf('.')));
      expect(activity.city.country).not.toBe(label.stage === 'spray' ? null : activity.person.home.country);
      expect(activity.person.devices.map((device) => device.uid)).not.toContain(activity.device.uid);
    }
  });

  it('find their victim with a history, and leave them silent afterwards', () => {
    for (const kind of CAMPAIGN_KINDS) {
      const [events] = campaigns(minute, kind);
      const theft = events!.findLast(
        (event) => !['help_desk', 'reset_mfa', 'grant_admin'].includes(event.label!.stage),
      )!;
      const attack = events!.filter((event) => event.personId === theft.personId);
      expect(earlier(minute, theft.personId, attack[0]!.index).length).toBeGreaterThanOrEqual(6);
      const after = minute.slice(attack[0]!.index).filter((event) => event.personId === theft.personId);
      expect(after.filter((event) => event.label === null)).toEqual([]);
    }
  });

  it('password spray: one address, 20 people or more in half a minute, gets in as one, collects and persists', () => {
    const found = campaigns(twenty, 'password_spray');
    expect(found.length).toBeGreaterThan(3);
    for (const events of found.slice(0, -1)) {
      expect(stages(events)).toEqual(['spray', 'take_over', 'collect', 'persist']);
      expect(new Set(events.map((event) => event.activity.ip)).size).toBe(1);
      const spray = events.filter((event) => event.label?.stage === 'spray');
      expect(new Set(kinds(events, 'spray'))).toEqual(new Set(['sign_in_failed']));
      const people = new Set(spray.map((event) => event.personId));
      expect(people.size).toBeGreaterThanOrEqual(20);
      expect(people.size).toBeLessThanOrEqual(61);
      expect(seconds(spray[0]!, spray.at(-1)!)).toBeLessThan(30);
      const rest = events.filter((event) => event.label?.stage !== 'spray');
      expect(new Set(rest.map((event) => event.personId)).size).toBe(1);
      expect(people).toContain(rest[0]?.personId);
      expect(kinds(events, 'take_over')).toEqual(['sign_in']);
      expect(kinds(events, 'persist')).toEqual(['create_token']);
    }
    const apps = found.flat().filter((event) => event.label?.stage === 'spray');
    const inGate = apps.filter((event) => event.app === 'okta').length / apps.length;
    expect(inGate).toBeGreaterThan(0.8);
    expect(inGate).toBeLessThan(1);
  });

  it('stolen session: the victim’s session goes on from another country faster than anybody flies', () => {
    const found = campaigns(twenty, 'stolen_session');
    expect(found.length).toBeGreaterThan(3);
    const isKnown = found.flat().map(({ app, personId, index, activity }) => {
      const before = earlier(twenty, personId, index);
      return before.some((event) => event.app === app && event.activity.sessionId === activity.sessionId);
    });
    expect(isKnown.filter(Boolean).length / isKnown.length).toBeGreaterThan(0.6);
    for (const events of found.slice(0, -1)) {
      expect(stages(events)).toEqual(['use_session', 'collect', 'exfiltrate', 'persist']);
      const [first] = events;
      const last = earlier(twenty, first!.personId, first!.index).at(-1)!;
      expect(first!.activity.sessionId).toBe(last.activity.sessionId);
      expect(first!.activity.city.country).not.toBe(last.activity.city.country);
      expect(first!.activity.device.uid).not.toBe(last.activity.device.uid);
      const kmh = distanceKm(first!.activity.city, last.activity.city) / (seconds(last, first!) / 3600);
      expect(kmh).toBeGreaterThan(2000);
      expect(new Set(events.map((event) => `${event.personId} ${event.activity.sessionId}`)).size).toBe(1);
    }
  });

  it('admin after MFA reset: the reset comes before enrolment, take-over, grant and disabled protections', () => {
    const found = campaigns(twenty, 'admin_after_mfa_reset');
    expect(found.length).toBeGreaterThan(3);
    for (const events of found.slice(0, -1)) {
      expect(stages(events)).toEqual([
        'help_desk',
        'reset_mfa',
        'enroll_mfa',
        'take_over',
        'grant_admin',
        'disable_protection',
        'collect',
      ]);
      const reset = events.find((event) => event.activity.kind === 'reset_mfa')!;
      const enrol = events.find((event) => event.activity.kind === 'enroll_mfa')!;
      const grant = events.find((event) => event.activity.kind === 'grant_admin')!;
      expect(reset.activity.person.isAdmin).toBe(true);
      expect(reset.activity.target?.id).toBe(enrol.personId);
      expect(enrol.activity.ip).not.toBe(reset.activity.ip);
      expect([grant.personId, grant.activity.target?.id]).toEqual([reset.personId, enrol.personId]);
      const off = events.filter((event) => event.activity.kind === 'disable_protection');
      expect(new Set(off.map((event) => event.personId))).toEqual(new Set([enrol.personId]));
      expect(off.map((event) => event.app)).toEqual(['okta', 'github', 'aws']);
    }
  });

  it('make up 2 % of the events at most, and come as often as asked', () => {
    for (const people of [60, 1000, 10_000]) {
      const labelled = run(people, 30_000).filter((event) => event.label !== null).length;
      expect(labelled / 30_000).toBeLessThan(0.025);
      expect(labelled).toBeGreaterThan(0);
    }
    expect([10_000, 600].map(defaultCampaignEveryS)).toEqual([40, 135]);
    const names = run(100, 60_000, 3, 7200).flatMap((event) => event.label?.campaign ?? []);
    // 60,000 events of 100 people are ten hours.
    expect(new Set(names).size).toBeGreaterThanOrEqual(4);
    expect(new Set(names).size).toBeLessThanOrEqual(8);
  });

  it('can be left out', () => {
    const company = createCompany({ people: 500, seed: 1, startUs });
    const events = createWorldStream({ company, generators: FIXTURE_GENERATORS, seed: 1, campaignEveryS: 0 });
    for (let i = 0; i < 5000; i++) expect(events.next().value.label).toBeNull();
  });

  it('do what they can in the smallest company and with one app', () => {
    for (const generator of FIXTURE_GENERATORS) {
      const company = createCompany({ people: 3, seed: 1, startUs });
      const events = createWorldStream({
        company,
        generators: [generator],
        seed: 1,
        campaignEveryS: 20,
        perMinute: 600,
      });
      for (let i = 0; i < 3000; i++) expect(events.next().value.app).toBe(generator.app);
    }
  });
});
