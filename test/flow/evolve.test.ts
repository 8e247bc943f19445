import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestbed, lineCount, type Testbed } from './beagle.ts';

interface Front {
  readonly generations: number;
  readonly hypervolume: readonly number[];
  readonly front: readonly {
    policyId: string;
    objectives: Record<'security' | 'productivity' | 'compliance', number>;
  }[];
  readonly kneeId: string;
}

let bed: Testbed;
let data: string;
beforeAll(async () => {
  bed = createTestbed();
  data = bed.folder();
  const start = new Date(Date.now() - 120_000).toISOString();
  await bed.run(['generate', '--to', data, '--people', '1500', '--start', start, '--count', '1500']);
  await bed.json(['up', '--data', data, '--people', '1500', '--port', '0', '--rate', '6000/min', '--count', '50']);
}, 120_000);
afterAll(() => bed.cleanUp());

const evolve = (...words: string[]) =>
  bed.json<Front>(['evolve', '--data', data, '--population', '20', '--seed', '7', ...words]);

describe('evolve', () => {
  test('gives the same front for the same version and seed, and goes on where it stopped', async () => {
    const [{ version = -1 } = {}] = await bed.json<{ version: number }[]>([
      'lake',
      'history',
      'events',
      '--data',
      data,
    ]);
    const at = ['--version', String(version)];
    const first = await evolve('--generations', '6', ...at);
    expect(first.generations).toBe(6);
    expect(first.front.map(({ policyId }) => policyId)).toContain(first.kneeId);
    expect(first.hypervolume.at(-1)).toBeGreaterThanOrEqual(first.hypervolume[0]!);
    expect(await evolve('--generations', '6', ...at)).toEqual(first);
    const other = await bed.json<Front>([
      ...['evolve', '--data', data, '--population', '20', '--seed', '8', '--generations', '6', ...at],
    ]);
    expect(other.front).not.toEqual(first.front);
    // In one go or in two: the same.
    await evolve('--generations', '3', ...at);
    expect(await evolve('--generations', '6', '--resume')).toEqual(first);
  });
});

describe('policy', () => {
  test('show explains the newest knee in words and numbers', async () => {
    const { kneeId } = await evolve('--generations', '2');
    const { code, stdout } = await bed.run(['policy', 'show', '--data', data]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Policy [0-9a-f]+ \(knee\), replayed on \d+ events of lake version \d+, against /);
    expect(stdout).toMatch(/attack impact left +\d+\.\d %/);
    expect(stdout).toMatch(/friction +\d+\.\d\d min a user-week/);
    expect(stdout).toMatch(/control gaps +\d+\.\d %/);
    expect(lineCount(stdout)).toBeGreaterThan(6);
    const shown = await bed.json<{ policyId: string; policy: { weights: object } }>([
      ...['policy', 'show', kneeId.slice(0, 8), '--data', data],
    ]);
    expect(shown.policyId).toBe(kneeId);
    expect(Object.values(shown.policy.weights).every((weight) => typeof weight === 'number')).toBe(true);
  });

  test('an id that is not there ends with exit code 2 and one line', async () => {
    const refused = [
      ['approve', 'ffffffffffff'],
      ['show', 'v99'],
    ].map((words) => bed.run(['policy', ...words, '--data', data]));
    for (const { code, stdout, stderr } of await Promise.all(refused))
      expect({ code, stdout, lines: lineCount(stderr) }, stderr).toEqual({ code: 2, stdout: '', lines: 1 });
  });
});
