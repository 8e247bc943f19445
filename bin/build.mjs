// Compiles the program (tsc) and the page (vite) into dist/. `node bin/build.mjs` does it in any case.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const SOURCES = [
  'beagle.ts',
  'config.ts',
  'core',
  'ingest',
  'log',
  'processors',
  'lake',
  'optimizer',
  'dashboard',
  'cli',
  'test/bench',
  'package.json',
  'tsconfig.build.json',
];
const PAGE = ['dashboard/web', 'dashboard/api.ts'];

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

const builtMs = () => statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const hasSources = existsSync(join(root, 'tsconfig.build.json'));

/** Whether a source file is newer than what was built; never where only the built files are installed. */
export function isStale() {
  return hasSources && SOURCES.some((path) => newest(join(root, path)) > builtMs());
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', command), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed:\n${output}`))));
  });
}

/**
 * Builds beside dist/ and puts the result in its place when it is whole: a start that finds another build under way
 * never runs half of one. A page that is still fresh is kept.
 */
export async function build() {
  const startedMs = Date.now();
  const next = join(root, `.dist-${process.pid}`);
  const page = join(dist, 'page');
  const keepsPage = existsSync(join(page, 'index.html')) && PAGE.every((path) => newest(join(root, path)) <= builtMs());
  if (process.stderr.isTTY) process.stderr.write('building…\n');
  try {
    await Promise.all([
      run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', next]),
      keepsPage
        ? cpSync(page, join(next, 'page'), { recursive: true })
        : run('vite/bin/vite.js', ['build', 'dashboard/web', '--outDir', join(next, 'page'), '--logLevel', 'error']),
    ]);
    writeFileSync(join(next, '.built'), '');
    // What was changed while it was being built is not in it.
    utimesSync(join(next, '.built'), startedMs / 1000, startedMs / 1000);
    replace(dist, next);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
  if (process.stderr.isTTY) process.stderr.write(`built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
}

/** Puts one folder where another is. Of two builds that end at once, one stays. */
function replace(target, next) {
  const old = `${next}-old`;
  try {
    renameSync(target, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  try {
    renameSync(next, target);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
