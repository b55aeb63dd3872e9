import type { runCli as RunCli } from '../../src/run-cli.ts'

/**
 * Runs the built command line in this process, as `whygraph ARGUMENTS…` would, and prints how long it took without the
 * loading of its modules: the peers' scripts leave that out too.
 */

const [built = '', ...args] = process.argv.slice(2)
const { runCli } = (await import(built)) as { runCli: typeof RunCli }
const started = performance.now()
process.exitCode = await runCli(args, {
  cwd: process.cwd(),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  signal: new AbortController().signal,
  version: 'bench',
})
process.stdout.write(`\nREPORT ${JSON.stringify({ wall: (performance.now() - started) / 1000 })}\n`)
