// Compiles the program (tsc) and the page (vite) into dist/. `node bin/build.mjs` does it in any case.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.built');
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

export async function build() {
  const startedMs = Date.now();
  const pageIsStale =
    PAGE.some((path) => newest(join(root, path)) > builtMs()) || !existsSync(join(root, 'dist', 'page', 'index.html'));
  if (process.stderr.isTTY) process.stderr.write('building…\n');
  await Promise.all([
    run('typescript/bin/tsc', ['-p', 'tsconfig.build.json']),
    pageIsStale ? run('vite/bin/vite.js', ['build', 'dashboard/web', '--logLevel', 'error']) : Promise.resolve(),
  ]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  if (process.stderr.isTTY) process.stderr.write(`built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await build();
}
