import { defineConfig } from 'vitest/config';

// Minutes long, so apart from `npm test`: npm run test:crash
export default defineConfig({
  test: {
    include: ['test/crash/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
  },
});
