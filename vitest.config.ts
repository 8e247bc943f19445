import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', 'test/crash/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: [
        'core/**',
        'ingest/**',
        'log/**',
        'processors/**',
        'lake/**',
        'optimizer/**',
        'dashboard/server/**',
        'cli/**',
        'config.ts',
      ],
      exclude: ['**/*.test.ts', '**/*.sql', '**/*.ndjson'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
