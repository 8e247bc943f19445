import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFiles, ROOT, read } from './tree.ts';

const LINES_MAX = 300;
/** Why a file may be longer. */
const LONG: Readonly<Record<string, string>> = {
  'ingest/world/city-table.ts': 'a table of data',
};
const STAGES = ['core', 'log', 'lake', 'ingest', 'processors', 'optimizer', 'dashboard'];

const files = projectFiles().filter((path) => existsSync(join(ROOT, path)));
const texts = files.filter((path) => !/\.(png|ndjson)$/.test(path) && path !== 'package-lock.json');
const sources = texts.filter((path) => /\.(ts|tsx|mjs)$/.test(path));

test('every stage has an index.ts, by which others enter it', () => {
  for (const stage of STAGES) expect(files).toContain(`${stage}/index.ts`);
});

test(`no source file but those that say why is over ${LINES_MAX} lines`, () => {
  const long = sources.filter((path) => !/\.test\.tsx?$/.test(path) && read(path).split('\n').length > LINES_MAX + 1);
  expect(long.sort()).toEqual(Object.keys(LONG).sort());
});

test('files are in kebab-case', () => {
  const odd = sources.filter((path) => !/^[a-z0-9.-]+$/.test(path.split('/').at(-1) ?? ''));
  expect(odd).toEqual([]);
});

test('nothing names the machine that it was written on, or the host of a package registry', () => {
  // Spelt in parts, so that this file passes its own test.
  const banned = [
    '/wo' + 'rk/',
    '/ro' + 'ot/',
    '/tm' + 'p/w/',
    'registry.' + 'npmjs',
    'registry.' + 'yarnpkg',
    'pypi.' + 'org',
  ];
  const found = texts.flatMap((path) => {
    const text = read(path);
    return banned.filter((word) => text.includes(word)).map((word) => `${path}: ${word}`);
  });
  expect(found).toEqual([]);
});

test('what lies beside the repository is used by its checks and by tests that can do without, and by nothing else', () => {
  const users = texts.filter((path) => /\bshared\/(services|corpora)/.test(read(path)));
  const others = users.filter((path) => path !== '.ci/run' && !/(\.test|\/contract-suite\/ocsf)\.ts$/.test(path));
  expect(others.filter((path) => !path.startsWith('test/'))).toEqual([]);
  for (const path of users.filter((user) => user.endsWith('.test.ts') && user !== 'test/tidy/tree.test.ts'))
    expect(read(path), path).toMatch(/skipIf|skip\(|existsSync/);
});

test('nothing is left unfinished in the sources', () => {
  const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', '@ts-' + 'ignore', '@ts-' + 'nocheck'].join('|'));
  expect(sources.filter((path) => marks.test(read(path)))).toEqual([]);
});

test('dependencies have exact versions', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test('ARCHITECTURE.md names every dependency at its version, and only files that are there', () => {
  const text = read('ARCHITECTURE.md');
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  for (const [name, version] of Object.entries(dependencies)) {
    const row = text.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``));
    expect(row, name).toContain(version);
  }
  for (const path of ['ARCHITECTURE.md', 'CONTRIBUTING.md']) {
    for (const [, named = ''] of read(path).matchAll(/`((?:[a-z]+\/)+[a-zA-Z0-9.-]+\.(?:ts|tsx|mjs|sql))`/g))
      expect(existsSync(join(ROOT, named)), `${path} names ${named}`).toBe(true);
  }
});

test('the licence is Apache-2.0', () => {
  expect(read('LICENSE')).toMatch(/^\s+Apache License\n\s+Version 2\.0, January 2004\n/);
  expect(JSON.parse(read('package.json'))).toMatchObject({ license: 'Apache-2.0' });
});
