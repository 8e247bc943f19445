import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { Skipped } from './test/tidy/skipped.ts';

// Where a machine wants to read the results (.ci/run does), beside what a person reads.
const results = process.env.TEST_RESULTS;
const EXCLUDED = ['node_modules/**', 'dist/**', '.dist-*/**'];
/** What stands in for a module, or watches or ends what belongs to the whole process, has a process of its own. */
const OWN_PROCESS = [
  'processors/{holds,pipeline,reshard}.test.ts',
  'processors/leases/member.test.ts',
  'lake/parquet/wasm-zstd.test.ts',
  'log/drivers/embedded.process.test.ts',
  'cli/*.test.ts',
  'cli/up/*.test.ts',
];
const ALONE = ['test/engines/**/*.test.ts', 'test/clients/java.test.ts'];
const FOLDER_WORKERS = Math.max(2, Math.min(4, availableParallelism()));

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', new Skipped(), ...(results === undefined ? [] : ['json'])],
    ...(results === undefined ? {} : { outputFile: { json: results } }),
    // What belongs to one folder runs first, many files in one process, so that each module is loaded once and not
    // once a file; what starts whole Beagles, browsers and other engines runs after it.
    // Three files at a time of the second kind: much of it is waiting. Other engines and Java's clients come
    // last, alone: one of them fills the machine by itself.
    projects: [
      {
        extends: true,
        test: {
          name: 'folders',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...EXCLUDED, ...OWN_PROCESS, 'test/**'],
          maxWorkers: FOLDER_WORKERS,
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'folders, own process',
          include: OWN_PROCESS,
          exclude: EXCLUDED,
          maxWorkers: FOLDER_WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...EXCLUDED, 'test/crash/**', ...ALONE],
          maxWorkers: 3,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          include: ALONE,
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: [
        'core/**/*.ts',
        'ingest/**/*.ts',
        'log/**/*.ts',
        'processors/**/*.ts',
        'lake/**/*.ts',
        'optimizer/**/*.ts',
        'dashboard/server/**/*.ts',
        'cli/**/*.ts',
        'config.ts',
      ],
      exclude: [
        'core/json-scan/assembly/**',
        '**/*.test.ts',
        '**/contract.ts',
        '**/contract/*.ts',
        '**/contract-suite/**',
        '**/fixtures.ts',
        '**/fixture-*.ts',
        '**/fake-*.ts',
        '**/test-*.ts',
      ],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90 },
    },
  },
});
