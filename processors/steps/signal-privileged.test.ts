import { describe, expect, test } from 'vitest';
import { createTrial, DAY_US, START_US } from '../fixtures.ts';

describe('a privileged action', () => {
  test('is what the mapper says it is, with or without an actor', () => {
    const { feed } = createTrial();
    expect(feed({ is_privileged: true, time: START_US }).s_privileged).toBe(1);
    expect(feed({ is_privileged: true, actor_uid: null, time: START_US }).s_privileged).toBe(1);
    expect(feed({ time: START_US }).s_privileged).toBe(0);
  });

  test('is unknown for an event more than a day late', () => {
    const { feed } = createTrial();
    feed({ time: START_US });
    const late = { is_privileged: true, time: START_US - DAY_US - 1 };
    expect(feed(late, { arrivalUs: START_US }).s_privileged).toBeNull();
    expect(feed({ ...late, time: START_US - DAY_US }, { arrivalUs: START_US }).s_privileged).toBe(1);
  });
});
