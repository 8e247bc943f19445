import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linear, padded } from './scale.ts';

const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });

describe('scales', () => {
  it('map the ends to the ends and put round ticks between them', () => {
    const scale = linear(0, 10, 100, 0, 5);
    expect([scale(0), scale(10), scale(5)]).toEqual([100, 0, 50]);
    expect(scale.ticks).toEqual([0, 2, 4, 6, 8, 10]);
  });

  it('draw a single value, or values too near to tell apart, in the middle', () => {
    expect(padded([5, 5])).toEqual([4.6, 5.4]);
    expect(padded([5e-324])[1]).toBeGreaterThan(0);
    expect(padded([0])).toEqual([-0.08, 0.08]);
  });

  it('have few ticks, all inside, for any range', () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 50 }), (values) => {
        const [low, high] = padded(values);
        expect(high).toBeGreaterThan(low);
        const { ticks } = linear(low, high, 0, 1);
        expect(ticks.length).toBeLessThanOrEqual(20);
        const margin = (high - low) * 1e-6;
        for (const tick of ticks) expect(tick >= low - margin && tick <= high + margin).toBe(true);
      }),
    );
  });
});
