import { expect, test } from 'vitest';
import { createPulse } from './pulse.ts';

const SECOND_US = 1_000_000;
const progress = (records: number, byApp: Record<string, number>, lagMs = 0) => ({
  shard: 's',
  records,
  byApp,
  position: null,
  lagMs,
  manifest: null,
});

test('rates are averages over whole seconds, without Beagle’s own records, and fade when nothing comes', () => {
  let nowUs = 1000 * SECOND_US;
  const pulse = createPulse(() => nowUs);
  for (let second = 0; second < 5; second++) {
    pulse.progress(progress(12, { okta: 6, slack: 4, '@control': 2 }, 40 + second));
    nowUs += SECOND_US;
  }
  expect(pulse.rate(nowUs)).toEqual({ eventsPerSecond: 10, byApp: { okta: 6, slack: 4 }, lagMs: 44 });
  pulse.progress(progress(0, {}, 9999));
  expect(pulse.rate(nowUs).lagMs).toBe(44);
  expect(pulse.rate(nowUs + 20 * SECOND_US)).toEqual({ eventsPerSecond: 0, byApp: {}, lagMs: 0 });
});

test('the last commit is that of events', () => {
  const pulse = createPulse(() => 0);
  const committed = { through: new Map(), counts: {} as never, newest: new Map() };
  pulse.committed({ ...committed, version: 3 }, 7);
  pulse.committed({ ...committed, version: null }, 8);
  expect(pulse.commit).toEqual({ version: 3, at: 7 });
});
