import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liveEvent } from './fake-deps.ts';
import { createSampler } from './sampler.ts';

const batch = (count: number) => Array.from({ length: count }, (_, n) => liveEvent(n));

describe('the sampler', () => {
  it('never leaves out anything at 10,000 a minute, however the events are bunched within 10 s', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 100, max: 10_000 }), { minLength: 1, maxLength: 40 }), (gapsMs) => {
        const sampler = createSampler();
        let nowMs = 0;
        let owed = 0;
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          owed += (gapMs * 10_000) / 60_000;
          const events = batch(Math.floor(owed));
          owed -= events.length;
          expect(sampler.take(events, nowMs * 1000).skipped).toBe(0);
        }
      }),
    );
  });

  it('lets 200 a second through of 1,000, in order, and counts the rest', () => {
    const sampler = createSampler(200, 200);
    let kept = 0;
    let skipped = 0;
    for (let second = 0; second < 10; second++) {
      const result = sampler.take(batch(1000), second * 1e6);
      kept += result.kept.length;
      skipped += result.skipped;
      const positions = result.kept.map((event) => Number(event.position));
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
    }
    expect(kept).toBe(2000);
    expect(kept + skipped).toBe(10_000);
  });

  it('keeps what was stopped and what is risky when it must choose', () => {
    const sampler = createSampler(200, 2);
    const events = [liveEvent(1), liveEvent(2, { risk: 30 }), liveEvent(3), liveEvent(4, { decision: 'block' })];
    expect(sampler.take(events, 0).kept.map((event) => event.position)).toEqual(['2', '4']);
  });
});
