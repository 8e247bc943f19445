import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDominance } from './dominance.ts';
import { hypervolume } from './hypervolume.ts';
import { createRun, resumeRun } from './nsga2.ts';
import type { Problem } from './problem.ts';
import { randomSearch } from './random-search.ts';

/** The ZDT test functions (Zitzler, Deb and Thiele 2000), 30 genes in [0, 1]. */
function zdt(name: string, f2: (f1: number, g: number) => number): Problem {
  const genes = 30;
  return {
    name,
    lower: new Float64Array(genes),
    upper: new Float64Array(genes).fill(1),
    objectives: 2,
    evaluate(x, out) {
      let sum = 0;
      for (let i = 1; i < genes; i++) sum += x[i]!;
      out[0] = x[0]!;
      out[1] = f2(x[0]!, 1 + (9 * sum) / (genes - 1));
    },
  };
}

const zdt1 = zdt('ZDT1', (f, g) => g * (1 - Math.sqrt(f / g)));
const zdt2 = zdt('ZDT2', (f, g) => g * (1 - (f / g) ** 2));
const zdt3 = zdt('ZDT3', (f, g) => g * (1 - Math.sqrt(f / g) - (f / g) * Math.sin(10 * Math.PI * f)));

/**
 * Hypervolume with objectives scaled by the ends of the true front, reference point (1, 1). Medians and standard
 * deviations of NSGA-II with population 100, 25,000 evaluations, SBX 0.9/20 and polynomial mutation 1/n/20:
 * jMetal at 98c84d712 (NSGAIIBuilder, 31 runs) and pymoo 0.6.2 at c9352c03 (21 runs), measured 2026.
 */
const references = [
  { problem: zdt1, ideal: [0, 0], nadir: [1, 1], jmetal: [0.659107, 0.000349], pymoo: [0.659675, 0.00029] },
  { problem: zdt2, ideal: [0, 0], nadir: [1, 1], jmetal: [0.326132, 0.0004], pymoo: [0.326492, 0.000304] },
  {
    problem: zdt3,
    ideal: [0, -0.773369012],
    nadir: [0.851832865, 1],
    jmetal: [0.514643, 0.000204],
    pymoo: [0.514867, 0.00014],
  },
] as const;

function scaledHypervolume(
  front: readonly { objectives: Float64Array }[],
  ideal: readonly number[],
  nadir: readonly number[],
): number {
  const scaled = front.map((s) => s.objectives.map((value, m) => (value - ideal[m]!) / (nadir[m]! - ideal[m]!)));
  return hypervolume(scaled, [1, 1]);
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe('NSGA-II against the published figures', () => {
  for (const { problem, ideal, nadir, jmetal, pymoo } of references) {
    it(`reaches on ${problem.name} what jMetal and pymoo reach with the same settings, within one and three deviations`, () => {
      const reached = Array.from({ length: 5 }, (_, seed) => {
        const run = createRun(problem, { seed, population: 100 });
        while (run.evaluations < 25_000) run.step();
        return scaledHypervolume(run.front(), ideal, nadir);
      });
      expect(median(reached)).toBeGreaterThan(jmetal[0] - jmetal[1]);
      // pymoo also drops duplicates, which Deb's algorithm does not.
      expect(median(reached)).toBeGreaterThan(pymoo[0] - 3 * pymoo[1]);
    });
  }
});

describe('a run', () => {
  const settings = { seed: 'hound', population: 20 };

  it('is the same for the same seed and another for another seed', () => {
    const go = (seed: string) => {
      const run = createRun(zdt1, { ...settings, seed });
      for (let i = 0; i < 5; i++) run.step();
      return run.state();
    };
    expect(go('a')).toEqual(go('a'));
    expect(go('a').genomes).not.toEqual(go('b').genomes);
  });

  it('equals the uninterrupted run bit for bit when resumed from JSON at any generation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.integer(), fc.integer({ min: 1, max: 20 }), (stop, seed, max) => {
        const whole = createRun(zdt3, { seed, population: 8, archive: { max, limit: [1, 4] } });
        for (let i = 0; i < 12; i++) whole.step();
        let run = createRun(zdt3, { seed, population: 8, archive: { max, limit: [1, 4] } });
        for (let i = 0; i < stop; i++) run.step();
        run = resumeRun(zdt3, JSON.parse(JSON.stringify(run.state())));
        for (let i = stop; i < 12; i++) run.step();
        expect(run.state()).toEqual(whole.state());
      }),
      { numRuns: 30 },
    );
  });

  it('keeps every gene within its bounds and no front is beaten by the one before it', () => {
    const run = createRun(zdt2, settings);
    for (let i = 0; i < 20; i++) {
      const before = run.front();
      run.step();
      const after = run.population();
      for (const { genome } of after) for (const gene of genome) expect(gene >= 0 && gene <= 1).toBe(true);
      // Elitist: no member of the new front is beaten by one of the old front.
      for (const s of run.front()) {
        expect(before.every((old) => compareDominance(old.objectives, s.objectives) >= 0)).toBe(true);
      }
    }
  });

  it('with an archive breeds the same generations and forgets nothing while there is room', () => {
    const plain = createRun(zdt1, settings);
    const run = createRun(zdt1, { ...settings, archive: { max: 500 } });
    const met = run.population();
    for (let i = 0; i < 15; i++) {
      plain.step();
      run.step();
      met.push(...run.population());
    }
    expect(run.population()).toEqual(plain.population());
    for (const s of run.front()) expect(met.every((m) => compareDominance(m.objectives, s.objectives) >= 0)).toBe(true);
    expect(run.front().length).toBeGreaterThanOrEqual(plain.front().length);
  });

  it('begins with the genomes that it is given, clamped to the bounds', () => {
    const initial = [new Float64Array(30).fill(0.25), new Float64Array(30).fill(7)];
    const [first, second] = createRun(zdt1, { ...settings, initial }).population();
    expect(first!.genome).toEqual(initial[0]);
    expect(second!.genome).toEqual(new Float64Array(30).fill(1));
  });

  it('refuses impossible populations, alien states and objectives that are no numbers', () => {
    expect(() => createRun(zdt1, { seed: 1, population: 7 })).toThrow(/even number/);
    expect(() => createRun(zdt1, { seed: 1, population: 5000 })).toThrow(/even number/);
    const state = createRun(zdt1, settings).state();
    expect(() => resumeRun(zdt2, state)).toThrow(/does not fit/);
    expect(() => resumeRun(zdt1, { ...state, genomes: state.genomes.slice(1) })).toThrow(/does not fit/);
    const archive = { max: 3, limit: null, genomes: [1], objectives: [1] };
    expect(() => resumeRun(zdt1, { ...state, archive })).toThrow(/does not fit/);
    const broken: Problem = { ...zdt1, evaluate: (_, out) => out.fill(Number.NaN) };
    expect(() => createRun(broken, settings)).toThrow(/finite/);
  });

  it('beats random search with the same evaluations', () => {
    const run = createRun(zdt1, { seed: 3 });
    while (run.evaluations < 3000) run.step();
    const drawn = randomSearch(zdt1, { seed: 3, evaluations: 3000 });
    const volume = (front: readonly { objectives: Float64Array }[]) =>
      hypervolume(
        front.map((s) => s.objectives),
        [1, 10],
      );
    expect(volume(run.front())).toBeGreaterThan(volume(drawn));
  });
});
