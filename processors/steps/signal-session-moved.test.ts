import { describe, expect, test } from 'vitest';
import { CLASS } from '../../core/index.ts';
import { createTrial, HOUR_US, NOWHERE, SECOND_US, START_US } from '../fixtures.ts';
import { SESSIONS_MAX } from '../person.ts';

const ASNS: Record<string, number> = { '198.51.100.1': 64500, '203.0.113.1': 64500, '192.0.2.1': 64501 };
const trial = () => createTrial((ip) => ({ ...NOWHERE, src_asn: ASNS[ip] ?? null }));
const S = { session_uid: 's1' } as const;

describe('a session', () => {
  test('is as old as its first event, in seconds', () => {
    const { feed } = trial();
    expect(feed({ ...S, time: START_US }).session_age_s).toBe(0);
    expect(feed({ ...S, time: START_US + HOUR_US }).session_age_s).toBe(3600);
    expect(feed({ ...S, time: START_US - SECOND_US }, { arrivalUs: START_US + HOUR_US }).session_age_s).toBe(0);
    expect(feed({ session_uid: 's2', time: START_US + HOUR_US }).session_age_s).toBe(0);
  });

  test('begins anew with a second factor', () => {
    const { feed } = trial();
    feed({ ...S, time: START_US });
    expect(feed({ ...S, class_uid: CLASS.authentication, mfa: true, time: START_US + HOUR_US }).session_age_s).toBe(0);
    expect(feed({ ...S, time: START_US + 2 * HOUR_US }).session_age_s).toBe(3600);
  });

  test('moves when it goes on from another autonomous system than it started on', () => {
    const { feed } = trial();
    expect(feed({ ...S, src_ip: '198.51.100.1', time: START_US }).s_session_moved).toBe(0);
    expect(feed({ ...S, src_ip: '203.0.113.1', time: START_US + 1 }).s_session_moved).toBe(0);
    expect(feed({ ...S, src_ip: '192.0.2.1', time: START_US + 2 }).s_session_moved).toBe(1);
    expect(feed({ ...S, src_ip: '198.51.100.1', time: START_US + 3 }).s_session_moved).toBe(0);
  });

  test('of addresses without a system moves between /16s of IPv4 and /32s of IPv6', () => {
    const { feed } = trial();
    feed({ ...S, src_ip: '10.1.2.3', time: START_US });
    expect(feed({ ...S, src_ip: '10.1.9.9', time: START_US }).s_session_moved).toBe(0);
    expect(feed({ ...S, src_ip: '10.2.2.3', time: START_US }).s_session_moved).toBe(1);
    feed({ session_uid: 's6', src_ip: '2001:db8:1::1', time: START_US });
    expect(feed({ session_uid: 's6', src_ip: '2001:db8:2::1', time: START_US }).s_session_moved).toBe(0);
    expect(feed({ session_uid: 's6', src_ip: '2001:db9:1::1', time: START_US }).s_session_moved).toBe(1);
  });

  test('starts on the first network that is known of it', () => {
    const { feed } = trial();
    expect(feed({ ...S, time: START_US }).s_session_moved).toBe(0);
    expect(feed({ ...S, src_ip: '192.0.2.1', time: START_US }).s_session_moved).toBe(0);
    expect(feed({ ...S, src_ip: '198.51.100.1', time: START_US }).s_session_moved).toBe(1);
  });

  test('of one app is not that of another, nor of another person', () => {
    const { feed, state } = trial();
    feed({ ...S, src_ip: '192.0.2.1', time: START_US });
    expect(feed({ ...S, src_ip: '198.51.100.1', time: START_US }, { key: 'person:p2' }).s_session_moved).toBe(0);
    expect(state.people.get('person:p1')!.sessions[0]!.uid).toBe('s1');
  });

  test(`is remembered among the ${SESSIONS_MAX} used most recently`, () => {
    const { feed, state } = trial();
    for (let i = 0; i <= SESSIONS_MAX; i++) feed({ session_uid: `n${i}`, time: START_US + i * SECOND_US });
    expect(state.people.get('person:p1')!.sessions).toHaveLength(SESSIONS_MAX);
    expect(feed({ session_uid: 'n1', time: START_US + 100 * SECOND_US }).session_age_s).toBe(99);
    expect(feed({ session_uid: 'n0', time: START_US + 100 * SECOND_US }).session_age_s).toBe(0);
  });

  test('is unknown without an id or an actor, and for an event a day late', () => {
    const { feed } = trial();
    const unknown = { session_age_s: null, s_session_moved: null };
    expect(feed({ time: START_US })).toMatchObject(unknown);
    expect(feed({ ...S, actor_uid: null, time: START_US })).toMatchObject(unknown);
    expect(feed({ ...S, time: START_US - 25 * HOUR_US }, { arrivalUs: START_US })).toMatchObject(unknown);
  });
});
