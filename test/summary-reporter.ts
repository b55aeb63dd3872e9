/** Closes a test run with one plain line, which `.ci/run` and other tools read. */
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node'

export default class SummaryReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const testModule of modules) {
      // A file that does not load and a hook that throws fail no test, but must not look like success.
      if (testModule.errors().length > 0) count.failed += 1
      for (const suite of testModule.children.allSuites()) if (suite.errors().length > 0) count.failed += 1
      for (const test of testModule.children.allTests()) {
        const { state } = test.result()
        // Pending at the end: the run broke off while the test ran.
        count[state === 'pending' ? 'failed' : state] += 1
      }
    }
    // The global setup threw, or someone interrupted: no test failed, but none tells of success either.
    if (reason !== 'passed') count.failed ||= 1
    process.stdout.write(`tests: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}
