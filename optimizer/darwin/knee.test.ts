import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kneeOf } from './knee.ts';

const front = (...vectors: number[][]) => vectors.map((objectives) => ({ objectives }));

describe('the knee', () => {
  it('is the bulge of the front, whatever the units', () => {
    expect(kneeOf(front([0, 1], [0.2, 0.2], [1, 0]))).toBe(1);
    expect(kneeOf(front([0, 1000], [0.2, 200], [1, 0]))).toBe(1);
    expect(kneeOf(front([0, 1, 5], [0.1, 0.6, 5], [1, 0, 5]))).toBe(1);
  });

  it('of equals is the lexicographically smallest; an empty front has none', () => {
    expect(kneeOf(front([1, 0], [0, 1]))).toBe(1);
    expect(kneeOf(front([2, 2], [2, 2]))).toBe(0);
    expect(kneeOf([])).toBe(-1);
  });

  it('does not hang on the order of the front', () => {
    const vector = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 12 }), (vectors) => {
        const list = front(...vectors);
        const reversed = [...list].reverse();
        expect(reversed[kneeOf(reversed)]!.objectives).toEqual(list[kneeOf(list)]!.objectives);
      }),
    );
  });
});
