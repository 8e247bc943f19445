import { describe, expect, test } from 'vitest';
import { CLASS } from '../../core/index.ts';
import { createTrial, HOUR_US, MINUTE_US, START_US } from '../fixtures.ts';
import { FAILURES_MAX } from '../person.ts';

const FAILED = { class_uid: CLASS.authentication, status: 'failure' } as const;

describe('failed attempts', () => {
  test('are counted with the event itself, up to ten minutes back', () => {
    const { feed } = createTrial();
    expect(feed({ ...FAILED, time: START_US }).s_failures_10m).toBe(1);
    expect(feed({ ...FAILED, time: START_US + MINUTE_US }).s_failures_10m).toBe(2);
    expect(feed({ time: START_US + 2 * MINUTE_US }).s_failures_10m).toBe(2);
    expect(feed({ time: START_US + 10 * MINUTE_US }).s_failures_10m).toBe(1);
    expect(feed({ time: START_US + 11 * MINUTE_US }).s_failures_10m).toBe(0);
  });

  test('are authentications that failed, and nothing else', () => {
    const { feed } = createTrial();
    expect(feed({ status: 'failure', time: START_US }).s_failures_10m).toBe(0);
    expect(feed({ class_uid: CLASS.authentication, time: START_US }).s_failures_10m).toBe(0);
    expect(feed({ ...FAILED, status: 'unknown', time: START_US }).s_failures_10m).toBe(0);
  });

  test('of one person do not count for another', () => {
    const { feed } = createTrial();
    feed({ ...FAILED, time: START_US });
    expect(feed({ time: START_US }, { key: 'person:p2' }).s_failures_10m).toBe(0);
  });

  test('that come out of order count for later events, and later ones not for them', () => {
    const { feed } = createTrial();
    feed({ ...FAILED, time: START_US + 5 * MINUTE_US });
    expect(feed({ ...FAILED, time: START_US }, { arrivalUs: START_US + 6 * MINUTE_US }).s_failures_10m).toBe(1);
    expect(feed({ time: START_US + 6 * MINUTE_US }).s_failures_10m).toBe(2);
  });

  test(`are at most ${FAILURES_MAX}, the newest`, () => {
    const { feed, state } = createTrial();
    for (let i = 0; i < 3 * FAILURES_MAX; i++) feed({ ...FAILED, time: START_US + i });
    expect(feed({ time: START_US + 1000 }).s_failures_10m).toBe(FAILURES_MAX);
    expect(state.people.get('person:p1')!.failuresUs).toHaveLength(FAILURES_MAX);
  });

  test('dated in the future count when they arrive', () => {
    const { feed } = createTrial();
    feed({ ...FAILED, time: START_US + 1000 * HOUR_US }, { arrivalUs: START_US });
    expect(feed({ time: START_US + MINUTE_US }).s_failures_10m).toBe(1);
  });

  test('are unknown for an event without an actor, and for one a day late', () => {
    const { feed } = createTrial();
    expect(feed({ ...FAILED, actor_uid: null, time: START_US }).s_failures_10m).toBeNull();
    const late = feed({ ...FAILED, time: START_US - 25 * HOUR_US }, { arrivalUs: START_US });
    expect(late.s_failures_10m).toBeNull();
  });
});
