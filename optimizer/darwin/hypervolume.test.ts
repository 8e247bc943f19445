import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/index.ts';
import { hypervolume } from './hypervolume.ts';

const coordinate = fc.integer({ min: 0, max: 12 }).map((x) => x / 10);
const sets = (size: number, max: number) =>
  fc.array(fc.array(coordinate, { minLength: size, maxLength: size }), { maxLength: max });

/** The measure of a union of boxes, by inclusion and exclusion over all subsets. */
function inclusionExclusion(points: number[][], reference: number[]): number {
  let volume = 0;
  for (let subset = 1; subset < 1 << points.length; subset++) {
    const corner = reference.map((_, m) =>
      Math.max(...points.filter((_, i) => subset & (1 << i)).map((point) => point[m]!)),
    );
    const box = corner.reduce((product, c, m) => product * Math.max(0, reference[m]! - c), 1);
    const members = subset.toString(2).replaceAll('0', '').length;
    volume += members % 2 === 1 ? box : -box;
  }
  return volume;
}

describe('hypervolume', () => {
  for (const size of [1, 2, 3]) {
    it(`of ${size} objectives equals inclusion and exclusion, whatever the order, doubles and dominated points`, () => {
      fc.assert(
        fc.property(sets(size, 9), (points) => {
          const reference = new Array<number>(size).fill(1);
          expect(hypervolume(points, reference)).toBeCloseTo(inclusionExclusion(points, reference), 10);
          expect(hypervolume([...points].reverse(), reference)).toBeCloseTo(hypervolume(points, reference), 12);
        }),
        { numRuns: 200 },
      );
    });
  }

  it('of a large random set of 3 objectives lies within four standard errors of Monte-Carlo', () => {
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      // Near the sphere around (1, 1, 1), so that most points are on the front.
      const points = Array.from({ length: 150 }, () => {
        const v = [random.normal(), random.normal(), random.normal()].map(Math.abs);
        return v.map((x) => 1 - (0.9 * x) / Math.hypot(...v));
      });
      const samples = 20_000;
      let inside = 0;
      for (let i = 0; i < samples; i++) {
        const at = [random.next(), random.next(), random.next()];
        if (points.some((p) => p.every((x, m) => x <= at[m]!))) inside++;
      }
      const share = inside / samples;
      expect(Math.abs(hypervolume(points, [1, 1, 1]) - share)).toBeLessThan(
        4 * Math.sqrt((share * (1 - share)) / samples),
      );
    }
  });

  it('counts nothing at or beyond the reference point, and grows with each point that is not dominated', () => {
    expect(hypervolume([], [1, 1])).toBe(0);
    expect(hypervolume([[1, 0]], [1, 1])).toBe(0);
    expect(hypervolume([[0.5, 0.5]], [1, 1])).toBe(0.25);
    expect(
      hypervolume(
        [
          [0.5, 0.5, 0.5],
          [0.25, 0.75, 0.5],
        ],
        [1, 1, 1],
      ),
    ).toBe(0.125 + 0.25 * 0.25 * 0.5);
  });

  it('refuses what it cannot measure', () => {
    expect(() => hypervolume([], [1, 1, 1, 1])).toThrow(/1 to 3/);
    expect(() => hypervolume([[1]], [1, 1])).toThrow(/must agree/);
  });
});
