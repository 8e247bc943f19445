import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, read } from './tree.ts';

/**
 * Every command line of the README that works on a data folder is run for real, one after the other, in a folder
 * that holds the files it names. What serves until Ctrl-C, installs or measures is not.
 */
const RUN = /^npx beagle (generate|import|lake|evolve|policy|rebuild|log) /;
const ENTRY = join(ROOT, 'dist/beagle.js');
const readme = read('README.md');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, body = '']) => body.trim().split('\n'));
const commands = blocks.filter((line) => line.startsWith('npx beagle'));

const run = promisify(execFile);
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'beagle-readme-'));
  const fixtures = (app: string) => readFileSync(join(ROOT, `ingest/sources/${app}/fixtures.ndjson`), 'utf8').trimEnd();
  writeFileSync(join(folder, 'system-log.ndjson'), fixtures('okta'));
  const wrapped = fixtures('slack').split('\n');
  writeFileSync(join(folder, 'wrapped.ndjson'), wrapped.map((line) => `{"event":${line}}`).join('\n'));
  mkdirSync(join(folder, 'CloudTrail'));
  const records = fixtures('aws').split('\n').join(',');
  writeFileSync(join(folder, 'CloudTrail/one.json.gz'), gzipSync(`{"Records":[${records}]}`));
  // The shell finds this npx first; it starts the program as the real one would.
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${ENTRY}" "$@"\n`);
  chmodSync(join(folder, 'bin/npx'), 0o755);
  await shell('npx beagle up --count 2000 --rate 60000/min --people 200 --port 0 --data data');
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shell(line: string) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(BEAGLE_|NODE_V8_COVERAGE|VITEST)/.test(name));
  const env = { ...Object.fromEntries(inherited), PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  return run('sh', ['-c', line], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
}

describe('README.md', () => {
  test.each(commands.filter((line) => RUN.test(line)))('%s', async (line) => {
    const id = / ID\b/.test(line)
      ? (JSON.parse((await shell('npx beagle policy show --json')).stdout) as { policyId: string }).policyId
      : 'ID';
    const { stdout } = await shell(line.replace(/ ID\b/, ` ${id}`));
    if (!line.includes('>')) expect(stdout.trim()).not.toBe('');
  });

  test('names commands to run', () => {
    expect(commands.filter((line) => RUN.test(line)).length).toBeGreaterThan(5);
  });

  test('has every command of beagle --help in its table, and no other', async () => {
    const { stdout: help } = await run(process.execPath, [ENTRY, '--help']);
    const known = [...help.matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}/gm)].map(([, name]) => name);
    const rows = [...readme.matchAll(/^\| `beagle ([a-z]+(?: [a-z]+)?)[^`]*` \|/gm)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(5);
    expect(rows).toEqual(known);
  });

  test('gives npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = ['README.md', 'CONTRIBUTING.md', '.github/workflows/ci.yml'].flatMap((path) =>
      [...read(path).matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? ''),
    );
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  test('credits the data that the page shows', () => {
    for (const text of [readme, read('NOTICE')]) {
      for (const credit of ['https://db-ip.com', 'https://www.routeviews.org', 'https://www.nro.net', 'CC BY 4.0'])
        expect(text).toContain(credit);
    }
  });
});

test('a built program needs nothing that only building and testing need', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  const imported = new Set<string>();
  for (const path of readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.js') || path.startsWith('page')) continue;
    const text = readFileSync(join(ROOT, 'dist', path), 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:import|export) .*?from '([^'.][^']*)';$/gm)) imported.add(name);
  }
  expect(imported).toContain('zod');
  for (const name of Object.keys(devDependencies)) expect(imported).not.toContain(name);
});
