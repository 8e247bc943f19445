import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArchive } from './archive.ts';
import { nonDominated } from './dominance.ts';

const solution = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 3, maxLength: 3 })
  .map((vector) => ({ genome: new Float64Array(1), objectives: Float64Array.from(vector) }));
const batches = fc.array(fc.array(solution, { maxLength: 20 }), { maxLength: 6 });

describe('the archive', () => {
  it('holds the front of all that it was given, as long as there is room', () => {
    fc.assert(
      fc.property(batches, (list) => {
        const archive = createArchive({ max: 1000 });
        for (const batch of list) archive.add(batch);
        expect(archive.members().map((s) => s.objectives)).toEqual(nonDominated(list.flat()).map((s) => s.objectives));
      }),
    );
  });

  it('is never larger than its bound and goes on from its members as if it had not stopped', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 6, max: 12 }), (list, max) => {
        const archive = createArchive({ max });
        let resumed = createArchive({ max });
        for (const batch of list) {
          archive.add(batch);
          resumed = createArchive({ max }, resumed.members());
          resumed.add(batch);
          expect(archive.members().length).toBeLessThanOrEqual(max);
          expect(resumed.members()).toEqual(archive.members());
        }
      }),
    );
  });

  it('drops the most crowded and keeps the ends', () => {
    const archive = createArchive({ max: 3 });
    const at = (...objectives: number[]) => ({
      genome: new Float64Array(1),
      objectives: Float64Array.from(objectives),
    });
    archive.add([at(0, 10), at(1, 9), at(5, 5), at(10, 0)]);
    expect(archive.members().map((s) => [...s.objectives])).toEqual([
      [0, 10],
      [5, 5],
      [10, 0],
    ]);
  });

  it('takes what stays below the limit in every objective, or anything as long as nothing does', () => {
    const archive = createArchive({ max: 10, limit: [5, 5] });
    const at = (...objectives: number[]) => ({
      genome: new Float64Array(1),
      objectives: Float64Array.from(objectives),
    });
    const held = () => archive.members().map((s) => [...s.objectives]);
    archive.add([at(0, 10), at(5, 0)]);
    expect(held()).toEqual([
      [0, 10],
      [5, 0],
    ]);
    archive.add([at(4, 4), at(0, 5)]);
    expect(held()).toEqual([[4, 4]]);
  });
});
