import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/scratch.ts'],
    pool: 'forks',
    // Long counts take long, the more so on two cores.
    testTimeout: process.env['GLOVEBOX_RUNS'] === undefined ? 120_000 : 900_000,
    hookTimeout: 300_000,
  },
});
