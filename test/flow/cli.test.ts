import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestbed, lineCount, type RunOptions, type Testbed } from './beagle.ts';

let bed: Testbed;
beforeEach(() => {
  bed = createTestbed();
});
afterEach(() => bed.cleanUp());

/** The one line that a refusal consists of. */
async function refusal(words: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await bed.run(words, options);
  expect({ code, stdout, lines: lineCount(stderr) }, stderr).toEqual({ code: 2, stdout: '', lines: 1 });
  return stderr;
}

/** A folder with a beagle.config.json in it, to run in. */
function folderWith(config: string): string {
  const path = bed.folder('configured');
  mkdirSync(path);
  writeFileSync(join(path, 'beagle.config.json'), config);
  return path;
}

test('--help exits 0 and asks nothing of the folder', async () => {
  const [overview, sql] = await Promise.all([bed.run([]), bed.run(['lake', 'sql', '--help'])]);
  expect(overview).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('policy approve') });
  expect(sql).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--format FORMAT') });
});

test('what cannot be is refused in one line with exit code 2', async () => {
  expect(await refusal(['fly'])).toMatch(/^beagle: \[beagle\] there is no command fly; there are up, /);
  expect(await refusal(['up', '--fast'])).toBe("beagle: [beagle up] Unknown option '--fast'; see beagle up --help\n");
});

test('all faults of flags, environment and file are told at once', async () => {
  const cwd = folderWith('{"rate":"fast","shards":0,"colour":"red"}');
  const line = await refusal(['up', '--count', 'many'], { cwd, env: { BEAGLE_PORT: 'high' } });
  for (const fault of [
    '--count must be a number, not "many"',
    'BEAGLE_PORT must be a number, not "high"',
    'beagle.config.json: rate must be a rate',
    'beagle.config.json: shards must be at least 1',
    'beagle.config.json: there is no option colour',
  ])
    expect(line).toContain(fault);
});

test('a configuration file that is no JSON object is refused', async () => {
  expect(await refusal(['policy', 'list'], { cwd: folderWith('{') })).toContain('beagle.config.json is not JSON');
  expect(await refusal(['policy', 'list'], { cwd: folderWith('[1]') })).toContain('must be an object');
  expect(await refusal(['policy', 'list'], { cwd: folderWith('null') })).toContain('must be an object');
});

test('a flag goes before the environment, the environment before the file, the file before the default', async () => {
  const cwd = folderWith('{"count":3,"people":30,"apps":"github"}');
  const lines = async (words: string[], env: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await bed.run(['generate', ...words], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return lineCount(stdout);
  };
  expect(await Promise.all([lines([]), lines([], { BEAGLE_COUNT: '5' })])).toEqual([3, 5]);
  expect(await lines(['--count', '7'], { BEAGLE_COUNT: '5' })).toBe(7);
});

test('a reader that has seen enough is no fault', async () => {
  const running = bed.start(['generate', '--count', '200000']);
  running.child.stdout?.once('data', () => running.child.stdout?.destroy());
  expect(await running.finished).toMatchObject({ code: 0, stderr: '' });
});
