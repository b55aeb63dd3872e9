import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/neo4j/global-setup.ts',
    // Processes, not threads: native modules and `node:sqlite` locks behave as they do for users.
    pool: 'forks',
    // By default one core is kept free, and on a machine with two that leaves one.
    maxWorkers: '100%',
    // Generous, since a test that waits for a busy machine is no slower product.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/summary-reporter.ts'],
  },
})
