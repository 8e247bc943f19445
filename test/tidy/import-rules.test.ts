import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './tree.ts';

/** Who may import what, folder by folder, as ARCHITECTURE.md has it. A scratch tree is linted with our biome.json. */
const DOORS = ['core', 'log', 'lake', 'ingest', 'ingest/sources', 'processors', 'optimizer', 'dashboard'];
const ALLOWED: Record<string, readonly string[]> = {
  'core/deep': [],
  log: ['core'],
  'log/drivers': ['core'],
  lake: ['core'],
  'lake/delta': ['core'],
  ingest: ['core', 'log'],
  'ingest/sources/okta': ['core', 'log'],
  processors: ['core', 'log', 'lake', 'ingest/sources'],
  'processors/steps': ['core', 'log', 'lake', 'ingest/sources'],
  optimizer: ['core', 'lake'],
  'optimizer/replay': ['core', 'lake'],
  'optimizer/darwin': ['core'],
  dashboard: ['core', 'log', 'lake', 'optimizer'],
  'dashboard/server/routes': ['core', 'log', 'lake', 'optimizer'],
  'dashboard/web/views': [],
  cli: ['core', 'log', 'lake', 'ingest', 'processors', 'optimizer', 'dashboard'],
  'cli/up': ['core', 'log', 'lake', 'ingest', 'processors', 'optimizer', 'dashboard'],
  'test/flow': ['core', 'log', 'lake', 'ingest', 'processors', 'optimizer', 'dashboard'],
};
/** What only some may enter, and files that nobody but the folder itself may. */
const OTHERS = ['config.ts', 'beagle.ts', 'cli/main.ts', 'test/flow/x.ts', 'bin/build.mjs', 'dist/beagle.js'];
const OTHERS_ALLOWED: Record<string, readonly string[]> = {
  cli: ['config.ts'],
  'cli/up': ['config.ts'],
  'test/flow': ['config.ts', 'cli/main.ts', 'bin/build.mjs'],
};
const INNER = [
  'core/event.ts',
  'log/drivers/x.ts',
  'lake/delta/x.ts',
  'ingest/sources/okta/x.ts',
  'optimizer/darwin/x.ts',
];

const top = (path: string) => path.split('/')[0] ?? '';
let folder = '';
let refused: ReadonlyMap<string, ReadonlySet<string>> = new Map();

/** file → the rules that its diagnostics name */
async function lint(root: string): Promise<Map<string, Set<string>>> {
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const output = await new Promise<string>((resolve) =>
    execFile(
      process.execPath,
      [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout) => resolve(stdout),
    ),
  );
  const rules = new Map<string, Set<string>>();
  const report = JSON.parse(output) as { diagnostics: { category: string; location: { path: string } }[] };
  for (const { category, location } of report.diagnostics) {
    const path = String(location.path);
    rules.set(path, (rules.get(path) ?? new Set()).add(category.replace(/^lint\//, '')));
  }
  return rules;
}

/** one file an import, so that each answer has a name of its own */
const scratchPath = (from: string, to: string) => `${from}/from-${to.replaceAll(/[/.]/g, '-')}.ts`;

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function putImport(from: string, to: string): void {
  const path = relative(from, to);
  put(scratchPath(from, to), `import { a } from '${path}';\n\nexport const b = a;\n`);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'beagle-rules-'));
  const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as Record<string, unknown>;
  const { vcs: _vcs, $schema: _schema, ...rest } = config;
  put('biome.json', JSON.stringify(rest));
  for (const from of Object.keys(ALLOWED)) {
    const targets = [...DOORS.map((door) => `${door}/index.ts`), ...OTHERS, ...INNER];
    for (const to of targets) if (top(to) !== top(from)) putImport(from, to);
  }
  putImport('dashboard/web/views', 'dashboard/api.ts');
  putImport('dashboard/web/views', 'dashboard/server/app.ts');
  putImport('dashboard/server', 'dashboard/web/words.ts');
  put('core/one.ts', "import { two } from './two.ts';\n\nexport const one = () => two;\n");
  put('core/two.ts', "import type { one } from './one.ts';\n\nexport const two: typeof one | null = null;\n");
  put('core/long.ts', `export function long(): void {\n${'  console.log(1);\n'.repeat(71)}}\n`);
  put('core/short.ts', `export function short(): void {\n${'  console.log(1);\n'.repeat(70)}}\n`);
  refused = await lint(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isRefused = (path: string) => refused.get(path)?.has('style/noRestrictedImports') === true;

test.each(Object.entries(ALLOWED))('%s may import %j through their index.ts and nothing else', (from, doors) => {
  const allowed = [...doors.map((door) => `${door}/index.ts`), ...(OTHERS_ALLOWED[from] ?? [])];
  const targets = [...DOORS.map((door) => `${door}/index.ts`), ...OTHERS, ...INNER].filter(
    (to) => top(to) !== top(from),
  );
  const passed = targets.filter((to) => !isRefused(scratchPath(from, to)));
  expect(passed.sort()).toEqual(allowed.sort());
});

test('the page imports the types of its API, and neither imports the server nor is imported by it', () => {
  expect(isRefused(scratchPath('dashboard/web/views', 'dashboard/api.ts'))).toBe(false);
  expect(isRefused(scratchPath('dashboard/web/views', 'dashboard/server/app.ts'))).toBe(true);
  expect(isRefused(scratchPath('dashboard/server', 'dashboard/web/words.ts'))).toBe(true);
});

test('files that import each other are refused, even where one needs only a type', () => {
  expect(refused.get('core/one.ts')).toContain('suspicious/noImportCycles');
});

test('a function over 70 lines is refused', () => {
  expect(refused.get('core/long.ts')).toContain('complexity/noExcessiveLinesPerFunction');
  expect(refused.get('core/short.ts') ?? new Set()).not.toContain('complexity/noExcessiveLinesPerFunction');
});
