import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BASELINE_POLICY } from '../../core/index.ts';
import type { SavedRun } from '../darwin-store.ts';
import { fillLake } from '../fixture-lake.ts';
import type { FromDarwin } from './darwin-messages.ts';
import { evolveInSeasons } from './darwin-seasons.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'beagle-seasons-'));
  await fillLake(join(root, 'full'));
  await fillLake(join(root, 'poor'), 40);
});
afterAll(() => rm(root, { recursive: true }));

type Generation = Extract<FromDarwin, { type: 'generation' }>;

/** Evolves until so many generations are told of, or as long as it waits for history. */
async function evolve(data: string, saved: SavedRun | null, generations: number) {
  const stop = new AbortController();
  const told: Generation[] = [];
  const waits: number[] = [];
  await evolveInSeasons({
    config: { lake: join(root, data, 'lake'), seed: 5, population: 8, saved, baseline: BASELINE_POLICY },
    baseline: () => BASELINE_POLICY,
    stop: stop.signal,
    post: (message) => {
      if (message.type === 'generation') told.push(message);
      if (told.length === generations) stop.abort();
    },
    wait: async (ms) => {
      waits.push(ms);
      if (waits.length > 500) stop.abort();
    },
  });
  return { told, waits };
}

test('Darwin goes on after a restart as if there had been none', async () => {
  const { told } = await evolve('full', null, 6);
  expect(told.map(({ step }) => step.generation)).toEqual([...told.keys()].map((i) => i + told[0]!.step.generation));
  const middle = told[2]!;
  // What was reached is told once more, for whoever starts anew.
  const { told: resumed } = await evolve('full', { lakeVersion: middle.lakeVersion, state: middle.state }, 4);
  const facts = (generations: Generation[]) => generations.map(({ step: { elapsedMs: _, ...step } }) => step);
  expect(facts(resumed)).toEqual(facts(told.slice(2)));
});

test('a season ends after sixty generations; the next begins with its policies', async () => {
  const { told } = await evolve('full', null, 75);
  const last = told.findIndex(({ isLast }) => isLast);
  expect(told[last]?.step.generation).toBe(60);
  expect(told[last + 1]?.step.runId).not.toBe(told[last]?.step.runId);
  expect(told[last + 1]!.step.hypervolume).toBeGreaterThan(told[0]!.step.hypervolume);
});

test('with too little history it waits', async () => {
  const { told, waits } = await evolve('poor', null, 1);
  expect(told).toEqual([]);
  expect(waits.length).toBeGreaterThan(100);
});
