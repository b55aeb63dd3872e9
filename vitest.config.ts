import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/neo4j/global-setup.ts',
    // Processes, not threads: native modules and `node:sqlite` locks behave as they do for users.
    pool: 'forks',
    // By default one core is kept free, and on a machine with two that leaves one.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', './test/summary-reporter.ts'],
  },
})
