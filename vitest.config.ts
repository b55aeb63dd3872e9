import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import RunOrder from './test/run-order.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/neo4j/global-setup.ts',
    // Processes, not threads: native modules and `node:sqlite` locks behave as they do for users.
    pool: 'forks',
    // One for each core, and one that waits for the Neo4j of all or, while it is used, for an answer.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: RunOrder },
    // Generous, since a test that waits for a busy machine is no slower product.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/summary-reporter.ts'],
  },
})
