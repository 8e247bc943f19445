import { describe, expect, test } from 'vitest';
import { CLASS } from '../../core/index.ts';
import { createTrial, DAY_US, HOUR_US, NOWHERE, START_US } from '../fixtures.ts';
import { DEVICES_MAX } from '../person.ts';

/** Country and device follow one rule: what the person had not used for 90 days, while they used others. */
const KINDS = [
  {
    kind: 'device',
    trial: () => createTrial(),
    with: (name: string | null) => ({ device_uid: name }),
    signal: 's_new_device',
    list: 'devices',
  },
  {
    kind: 'country',
    trial: () => createTrial((ip) => ({ ...NOWHERE, src_country: ip === 'nowhere' ? null : ip })),
    with: (name: string | null) => ({ src_ip: name }),
    signal: 's_new_country',
    list: 'countries',
  },
] as const;

describe.each(KINDS)('a new $kind', ({ trial, with: use, signal, list }) => {
  test('is none while it is the first, nor when it comes again', () => {
    const { feed } = trial();
    expect(feed({ ...use('a'), time: START_US })[signal]).toBe(0);
    expect(feed({ ...use('b'), time: START_US + 1 })[signal]).toBe(1);
    expect(feed({ ...use('b'), time: START_US + 2 })[signal]).toBe(0);
    expect(feed({ ...use('a'), time: START_US + 3 })[signal]).toBe(0);
  });

  test('is one that was not seen for 90 days by the shard’s clock, while others were', () => {
    const { feed } = trial();
    feed({ ...use('a'), time: START_US });
    feed({ ...use('b'), time: START_US + 80 * DAY_US });
    expect(feed({ ...use('a'), time: START_US + 90 * DAY_US })[signal]).toBe(0);
    expect(feed({ ...use('b'), time: START_US + 175 * DAY_US })[signal]).toBe(1);
  });

  test('is none when nothing was seen for 90 days', () => {
    const { feed } = trial();
    feed({ ...use('a'), time: START_US });
    expect(feed({ ...use('b'), time: START_US + 91 * DAY_US })[signal]).toBe(0);
  });

  test('is unknown without it, without an actor, and for an event a day late, which teaches nothing', () => {
    const { feed, state } = trial();
    expect(feed({ ...use(null), time: START_US })[signal]).toBeNull();
    expect(feed({ ...use('a'), actor_uid: null, time: START_US })[signal]).toBeNull();
    expect(feed({ ...use('a'), time: START_US - 25 * HOUR_US }, { arrivalUs: START_US })[signal]).toBeNull();
    expect(state.people.get('person:p1')![list]).toEqual([]);
  });

  test('is known from an event out of order by less than a day', () => {
    const { feed } = trial();
    feed({ ...use('a'), time: START_US });
    expect(feed({ ...use('b'), time: START_US - 23 * HOUR_US }, { arrivalUs: START_US })[signal]).toBe(1);
    expect(feed({ ...use('b'), time: START_US + 1 })[signal]).toBe(0);
  });

  test('is not learned from a failed authentication: whoever tried is not the person', () => {
    const { feed } = trial();
    feed({ ...use('a'), time: START_US });
    const failed = { class_uid: CLASS.authentication, status: 'failure' } as const;
    expect(feed({ ...failed, ...use('b'), time: START_US + 1 })[signal]).toBe(1);
    expect(feed({ ...use('b'), time: START_US + 2 })[signal]).toBe(1);
  });

  test('is not forgotten because of an event that is dated 2099', () => {
    const { feed } = trial();
    feed({ ...use('a'), time: START_US });
    feed({ ...use('b'), time: START_US + 1 });
    feed({ ...use('a'), time: Date.UTC(2099, 0) * 1000 }, { arrivalUs: START_US + 2 });
    expect(feed({ ...use('b'), time: START_US + 3 })[signal]).toBe(0);
  });

  test(`is looked for among the ${DEVICES_MAX} seen most recently`, () => {
    const { feed, state } = trial();
    for (let i = 0; i <= DEVICES_MAX; i++) feed({ ...use(`n${i}`), time: START_US + i });
    expect(state.people.get('person:p1')![list]).toHaveLength(DEVICES_MAX);
    expect(feed({ ...use('n1'), time: START_US + 50 })[signal]).toBe(0);
    expect(feed({ ...use('n0'), time: START_US + 51 })[signal]).toBe(1);
  });
});
