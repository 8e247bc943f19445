import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDominance, nonDominated } from './dominance.ts';
import { createSorter, crowdingDistance } from './sort.ts';

const vectors = fc.integer({ min: 1, max: 4 }).chain((size) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: size, maxLength: size }), {
    minLength: 1,
    maxLength: 40,
  }),
);

describe('non-dominated sort', () => {
  it('peels the fronts that a naive reading of the definition peels', () => {
    fc.assert(
      fc.property(vectors, (list) => {
        const size = list[0]!.length;
        const { rank, order, starts } = createSorter(list.length)(Float64Array.from(list.flat()), list.length, size);
        let left = list.map((_, i) => i);
        for (let front = 0; left.length > 0; front++) {
          const best = left.filter((i) => left.every((j) => compareDominance(list[j]!, list[i]!) >= 0));
          expect([...order.subarray(starts[front], starts[front + 1])]).toEqual(best);
          for (const i of best) expect(rank[i]).toBe(front);
          left = left.filter((i) => !best.includes(i));
        }
      }),
    );
  });

  it('serves several sets with one sorter and refuses more members than it has room for', () => {
    const sort = createSorter(4);
    expect([...sort(Float64Array.of(1, 2, 2, 1), 2, 2).rank]).toEqual([0, 0]);
    expect([...sort(Float64Array.of(1, 1, 2, 2, 3, 3), 3, 2).rank]).toEqual([0, 1, 2]);
    expect(() => createSorter(100_000)).toThrow(/at most/);
  });

  it('agrees with nonDominated, which keeps one of each vector', () => {
    fc.assert(
      fc.property(vectors, (list) => {
        const size = list[0]!.length;
        const fronts = createSorter(list.length)(Float64Array.from(list.flat()), list.length, size);
        const first = [...fronts.order.subarray(0, fronts.starts[1])].map((i) => list[i]!.join());
        const kept = nonDominated(list.map((vector) => ({ objectives: Float64Array.from(vector) })));
        expect(new Set(kept.map((s) => s.objectives.join()))).toEqual(new Set(first));
        expect(kept.length).toBe(new Set(first).size);
      }),
    );
  });
});

describe('crowding distance', () => {
  it('is Deb’s: infinite at the ends, else the sum of the neighbours’ gaps over the range', () => {
    const objectives = Float64Array.of(0, 10, 1, 6, 4, 4, 10, 0);
    const distance = new Float64Array(4);
    crowdingDistance(objectives, 2, Uint16Array.of(0, 1, 2, 3), distance);
    expect([...distance]).toEqual([Infinity, 4 / 10 + 6 / 10, 9 / 10 + 6 / 10, Infinity]);
  });

  it('leaves out an objective on which all agree', () => {
    const distance = new Float64Array(3);
    crowdingDistance(Float64Array.of(5, 1, 5, 2, 5, 4), 2, Uint16Array.of(0, 1, 2), distance);
    expect([...distance]).toEqual([Infinity, 1, Infinity]);
  });
});
