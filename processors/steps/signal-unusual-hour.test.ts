import { describe, expect, test } from 'vitest';
import { CLASS } from '../../core/index.ts';
import { createTrial, DAY_US, HOUR_US, START_US } from '../fixtures.ts';

/** Twenty events at 10:00 UTC. */
function habit() {
  const trial = createTrial();
  for (let i = 0; i < 20; i++) trial.feed({ time: START_US + i });
  return trial;
}

describe('an unusual hour', () => {
  test('is unknown before 20 events', () => {
    const { feed } = createTrial();
    for (let i = 0; i < 20; i++) expect(feed({ time: START_US + i }).s_unusual_hour).toBeNull();
    expect(feed({ time: START_US + 20 }).s_unusual_hour).toBe(0);
  });

  test('is wholly so when nothing ever happened near it, and half so beside the usual one', () => {
    expect(habit().feed({ time: START_US + 11 * HOUR_US }).s_unusual_hour).toBe(1);
    expect(habit().feed({ time: START_US + HOUR_US }).s_unusual_hour).toBe(0.5);
    expect(habit().feed({ time: START_US + 23 * HOUR_US }).s_unusual_hour).toBe(0.5);
  });

  test('is judged by the events before it, and fades as it becomes a habit', () => {
    const { feed } = habit();
    for (let i = 0; i < 20; i++) feed({ time: START_US + 11 * HOUR_US + i });
    expect(feed({ time: START_US + 11 * HOUR_US + 30 }).s_unusual_hour).toBe(0);
  });

  test('is judged by recent habits: counts are halved at 2,000', () => {
    const { feed, state } = createTrial();
    for (let i = 0; i < 2001; i++) feed({ time: START_US + i });
    expect(state.people.get('person:p1')!.hours[10]).toBe(1001);
  });

  test('is measured for a failed authentication, which is no habit of the person', () => {
    const { feed, state } = habit();
    const failed = { class_uid: CLASS.authentication, status: 'failure' } as const;
    expect(feed({ ...failed, time: START_US + 11 * HOUR_US }).s_unusual_hour).toBe(1);
    expect(state.people.get('person:p1')!.hours[21]).toBe(0);
  });

  test('goes round midnight', () => {
    const trial = createTrial();
    for (let i = 0; i < 20; i++) trial.feed({ time: START_US + 13 * HOUR_US + i });
    expect(trial.feed({ time: START_US + 14 * HOUR_US }).s_unusual_hour).toBe(0.5);
  });

  test('is unknown without an actor, and for an event a day late', () => {
    const { feed } = habit();
    expect(feed({ actor_uid: null, time: START_US }).s_unusual_hour).toBeNull();
    expect(feed({ time: START_US - DAY_US - 1 }, { arrivalUs: START_US + 20 }).s_unusual_hour).toBeNull();
  });
});
