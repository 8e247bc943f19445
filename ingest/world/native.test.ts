import { describe, expect, it } from 'vitest';
import { GENERATORS } from '../sources/generators.ts';
import { SOURCES } from '../sources/index.ts';
import { createCompany } from './company.ts';
import { createWorldStream } from './stream.ts';

const startUs = Date.UTC(2026, 2, 3, 9) * 1000;
const company = createCompany({ people: 3000, seed: 21, startUs });
const stream = createWorldStream({ company, generators: GENERATORS, seed: 21 });
const events = Array.from({ length: 20_000 }, () => {
  const event = stream.next().value;
  return { ...event, native: JSON.parse(new TextDecoder().decode(event.data)) };
});

describe('the stream through the apps’ own generators', () => {
  it('gives native events that the apps’ schemas accept', () => {
    const refused = events.filter(({ app, native }) => !SOURCES.get(app)?.schema.safeParse(native).success);
    expect(refused.map(({ app, activity }) => `${app} ${activity.kind}`)).toEqual([]);
  });

  it('gives them the key to which the directory resolves their native actor', () => {
    const wrong = events.filter(({ app, native, key }) => {
      const actor = SOURCES.get(app)?.actor(native) ?? null;
      return actor === null || key !== `person:${company.resolve(app, actor.uid)}`;
    });
    const kinds = wrong.map(({ app, activity, label }) => `${app} ${activity.kind} ${label?.stage ?? 'ordinary'}`);
    expect([...new Set(kinds)]).toEqual([]);
  });

  it('gives each event a native id of its own', () => {
    const ids = events.map(({ app, native }) => `${app} ${SOURCES.get(app)?.nativeId(native)}`);
    expect(new Set(ids).size).toBe(events.length);
  });

  it('gives them the time and the address of the activity', () => {
    const wrong = events.flatMap(({ app, native, activity }) => {
      const source = SOURCES.get(app);
      const parsed = source?.schema.safeParse(native);
      const mapped = parsed?.success ? source?.map(parsed.data) : undefined;
      // Some vendors write whole seconds.
      const isLate = Math.abs((mapped?.time ?? 0) - activity.atUs) > 1e6;
      return isLate || (mapped?.src_ip ?? activity.ip) !== activity.ip ? [`${app} ${activity.kind}`] : [];
    });
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('has all apps in it', () => {
    expect(new Set(events.map(({ app }) => app))).toEqual(new Set(SOURCES.keys()));
  });
});
