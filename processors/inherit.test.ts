import { expect, test } from 'vitest';
import { BASELINE_POLICY } from '../core/index.ts';
import { hashKeyOf } from '../log/index.ts';
import { createTrial, DAY_US, HOUR_US, START_US } from './fixtures.ts';
import { inherit } from './inherit.ts';
import { createShardState } from './state.ts';

const HALF = 2n ** 127n;
const LOWER = { start: '0', end: String(HALF - 1n) };
const UPPER = { start: String(HALF), end: String(2n ** 128n - 1n) };
const WHOLE = { start: '0', end: UPPER.end };
const keys = Array.from({ length: 30 }, (_, i) => `person:p${i}`);
const uid = (n: number) => n.toString(16).padStart(32, '0');

/** A shard that has seen one event of each of these people. */
function shardOf(people: readonly string[], atUs = START_US) {
  const { feed, state } = createTrial();
  for (const [i, key] of people.entries()) feed({ time: atUs + i, actor_uid: key }, { key });
  return state;
}

test('the children of a split share the people by their keys; each knows all that was seen', () => {
  const parent = shardOf(keys);
  parent.findings.set('f', 1);
  for (const [range, isOwn] of [
    [LOWER, (key: string) => hashKeyOf(key) < HALF],
    [UPPER, (key: string) => hashKeyOf(key) >= HALF],
  ] as const) {
    const child = inherit([parent], range);
    expect([...child.people.keys()]).toEqual(keys.filter(isOwn));
    expect(child.clockUs).toBe(parent.clockUs);
    expect(child.recentUids.hours()).toEqual(parent.recentUids.hours());
    expect([...child.findings]).toEqual([['f', 1]]);
  }
});

test('the child of a merge has the people of both, the later clock and all policies', () => {
  const [lower, upper] = [shardOf(keys.slice(0, 10)), shardOf(keys.slice(10), START_US + HOUR_US)];
  const policy = { ...BASELINE_POLICY, version: 3 };
  upper.policies = [policy, BASELINE_POLICY];
  lower.findings.set('b', 2);
  lower.findings.set('d', 4);
  upper.findings.set('a', 2);
  upper.findings.set('c', 3);
  const child = inherit([lower, upper], WHOLE);
  expect([...child.people.keys()].sort()).toEqual([...keys].sort());
  expect(child.clockUs).toBe(upper.clockUs);
  expect(child.policies.map(({ version }) => version)).toEqual([3, 0]);
  expect([...child.findings.keys()]).toEqual(['a', 'b', 'c', 'd']);
});

test('what either parent has seen within a day is a redelivery, and nothing older', () => {
  const [a, b] = [createShardState(), createShardState()];
  a.recentUids.seen(uid(1), START_US);
  a.recentUids.seen(uid(2), START_US + DAY_US + 2 * HOUR_US);
  b.recentUids.seen(uid(3), START_US + 3 * HOUR_US);
  b.recentUids.seen(uid(4), START_US);
  const atUs = START_US + DAY_US + 2 * HOUR_US;
  const seen = (n: number) => inherit([a, b], WHOLE).recentUids.seen(uid(n), atUs);
  expect([1, 2, 3, 4, 5].map(seen)).toEqual([false, true, true, false, false]);
});
