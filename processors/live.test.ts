import { describe, expect, test } from 'vitest';
import { createTrial, START_US } from './fixtures.ts';
import { createLiveSampler, SCORED_APP } from './live.ts';

const row = createTrial().feed({ time: START_US });
const event = { row, source: 'generator@1', arrivalUs: START_US + 1 };

describe('the live sampler', () => {
  test('hands on what a page shows, without the raw event', () => {
    const sampler = createLiveSampler(() => 0);
    sampler.offer(event);
    const [record, ...more] = sampler.take();
    expect(more).toEqual([]);
    expect(record).toMatchObject({ app: SCORED_APP, key: row.actor_key });
    const shown = JSON.parse(Buffer.from(record!.data).toString());
    expect(shown).toMatchObject({
      shard: row.log_shard,
      position: row.log_position,
      arrival: START_US + 1,
      source: 'generator@1',
      risk: row.risk,
      decision: 'allow',
    });
    expect(shown).not.toHaveProperty('raw');
    expect(sampler.take()).toEqual([]);
  });

  test('lets 500 rows a second through, of however many', () => {
    let nowUs = 0;
    const sampler = createLiveSampler(() => nowUs);
    let taken = 0;
    for (let ms = 0; ms < 4000; ms++) {
      nowUs = ms * 1000;
      for (let i = 0; i < 3; i++) sampler.offer(event);
      if (ms % 50 === 0) taken += sampler.take().length;
    }
    taken += sampler.take().length;
    expect(taken).toBeGreaterThan(2400);
    expect(taken).toBeLessThan(2520);
  });

  test('never holds more than 2,000 rows when nobody takes', () => {
    let nowUs = 0;
    const sampler = createLiveSampler(() => nowUs);
    for (let s = 0; s < 20; s++) {
      nowUs = s * 1_000_000;
      for (let i = 0; i < 600; i++) sampler.offer(event);
    }
    expect(sampler.take()).toHaveLength(2000);
  });

  test('goes on when the clock is set back', () => {
    let nowUs = 3_600_000_000;
    const sampler = createLiveSampler(() => nowUs);
    nowUs = 0;
    sampler.offer(event);
    for (let i = 0; i < 600; i++) sampler.offer(event);
    expect(sampler.take()).toHaveLength(500);
    nowUs += 1_000_000;
    sampler.offer(event);
    expect(sampler.take()).toHaveLength(1);
  });
});
