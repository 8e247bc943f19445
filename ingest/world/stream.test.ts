import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../core/index.ts';
import { createCompany } from './company.ts';
import { FIXTURE_GENERATORS } from './fixture-generators.ts';
import { companySizeFor, createWorldStream, type GeneratedEvent, type WorldStreamOptions } from './stream.ts';

const startUs = Date.UTC(2026, 2, 3, 9) * 1000;

function stream(people: number, options: Partial<WorldStreamOptions> = {}) {
  const company = createCompany({ people, seed: 5, startUs });
  return createWorldStream({ company, generators: FIXTURE_GENERATORS, seed: 5, ...options });
}

function take(events: Iterator<GeneratedEvent>, count: number): GeneratedEvent[] {
  return Array.from({ length: count }, () => events.next().value as GeneratedEvent);
}

const text = (event: GeneratedEvent) => new TextDecoder().decode(event.data);

describe('createWorldStream', () => {
  it('gives the same bytes for the same options, and other bytes for another seed', () => {
    const first = take(stream(2000), 3000);
    expect(take(stream(2000), 3000).map(text)).toEqual(first.map(text));
    expect(take(stream(2000, { seed: 6 }), 50).map(text)).not.toEqual(first.slice(0, 50).map(text));
  });

  it('gives the same first events however many are taken', () => {
    const long = take(stream(300), 4000);
    expect(take(stream(300), 100)).toEqual(long.slice(0, 100));
  });

  it('keeps the rate exactly: event k lies in the k-th interval, and time never goes back', () => {
    for (const [people, perMinute] of [
      [100, 100],
      [100, 6000],
      [50, 7],
    ] as const) {
      const events = take(stream(people, { perMinute }), 2000);
      events.forEach((event, k) => {
        expect(event.index).toBe(k);
        expect(event.dueUs).toBeGreaterThanOrEqual(Math.floor(startUs + (k * 60e6) / perMinute));
        expect(event.dueUs).toBeLessThanOrEqual(startUs + ((k + 1) * 60e6) / perMinute);
        expect(event.dueUs).toBeGreaterThanOrEqual(events[k - 1]?.dueUs ?? 0);
        expect(event.activity.atUs).toBe(event.dueUs);
        expect(JSON.parse(text(event)).at).toBe(event.dueUs);
      });
    }
  });

  it('keys every app’s events by the person', () => {
    const company = createCompany({ people: 200, seed: 5, startUs });
    const apps = new Map<string, Set<string>>();
    for (const event of take(createWorldStream({ company, generators: FIXTURE_GENERATORS, seed: 5 }), 5000)) {
      expect(event.key).toBe(`person:${company.resolve(event.app, JSON.parse(text(event)).who)}`);
      const known = apps.get(event.key) ?? new Set();
      apps.set(event.key, known.add(event.app));
    }
    expect(Math.max(...[...apps.values()].map((each) => each.size))).toBe(4);
  });

  it('keys an app without accounts by the e-mail address', () => {
    const [okta] = FIXTURE_GENERATORS;
    const [event] = take(stream(50, { generators: [{ ...okta!, app: 'box' }] }), 1);
    expect(event?.key).toMatch(/^box:.+@galapagos\.example$/);
  });

  it('works with any one app, and with habits of sessions alone', () => {
    for (const generator of FIXTURE_GENERATORS) {
      const events = take(stream(50, { generators: [generator] }), 500);
      expect(new Set(events.map((event) => event.app))).toEqual(new Set([generator.app]));
    }
    const bare = { ...FIXTURE_GENERATORS[0]!, habits: { sign_in: 1 }, also: [] };
    expect(take(stream(50, { generators: [bare] }), 200).every((event) => event.activity.kind === 'sign_in')).toBe(
      true,
    );
  });

  it('asks an app only for kinds that it declares', () => {
    for (const { app, activity } of take(stream(3000), 20_000)) {
      const generator = FIXTURE_GENERATORS.find((each) => each.app === app)!;
      expect(activity.kind in generator.habits || generator.also.includes(activity.kind)).toBe(true);
    }
  });

  it('keeps half of the places for ordinary events, however many attacks are asked for', () => {
    const events = take(stream(50, { campaignEveryS: 1, perMinute: 60 }), 3000);
    const labelled = events.filter((event) => event.label !== null);
    expect(labelled.length).toBeGreaterThan(500);
    expect(labelled.length).toBeLessThanOrEqual(1500);
    for (const event of labelled) expect(events[event.index - 1]?.label).toBeNull();
  });

  it('refuses what makes no sense', () => {
    expect(() => stream(50, { perMinute: 0 }).next()).toThrow(ConfigError);
    expect(() => stream(50, { campaignEveryS: -1 }).next()).toThrow(ConfigError);
    expect(() => stream(50, { generators: [] }).next()).toThrow(ConfigError);
    expect(() => stream(50, { generators: [FIXTURE_GENERATORS[0]!, FIXTURE_GENERATORS[0]!] }).next()).toThrow('twice');
  });

  it('sizes the company by the rate', () => {
    expect([1, 20, 10_000, 99.5].map(companySizeFor)).toEqual([20, 20, 10_000, 100]);
  });
});
