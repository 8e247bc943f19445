import { describe, expect, test } from 'vitest';
import { createTrial, DAY_US, START_US } from '../fixtures.ts';

const RISKY = { is_privileged: true, changes_mfa: true } as const;

describe('risk carried over', () => {
  test('is the person’s risk just before the event', () => {
    const { feed } = createTrial();
    const first = feed({ ...RISKY, time: START_US });
    expect(first.s_user_risk).toBe(0);
    expect(first.user_risk).toBeGreaterThan(0);
    expect(feed({ time: START_US }).s_user_risk).toBe(first.user_risk);
  });

  test('is half of it a day later', () => {
    const { feed, state } = createTrial();
    feed({ ...RISKY, time: START_US });
    const { risk } = state.people.get('person:p1')!;
    expect(feed({ time: START_US + DAY_US }).s_user_risk).toBeCloseTo(risk / 2, 2);
  });

  test('does not raise itself: events without any other signal leave it to decay', () => {
    const { feed, state } = createTrial();
    feed({ time: START_US });
    const person = state.people.get('person:p1')!;
    person.risk = 90;
    const row = feed({ time: START_US });
    expect(row.s_user_risk).toBe(90);
    expect(row.risk).toBeCloseTo(100 * 0.3 * 0.9, 2);
    expect(row.user_risk).toBe(90);
  });

  test('is unknown without an actor, and for an event a day late', () => {
    const { feed } = createTrial();
    expect(feed({ actor_uid: null, time: START_US }).s_user_risk).toBeNull();
    const late = feed({ ...RISKY, time: START_US - DAY_US - 1 }, { arrivalUs: START_US });
    expect(late).toMatchObject({ s_user_risk: null, user_risk: 0, risk: 0, reasons: [] });
  });
});
