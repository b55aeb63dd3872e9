#!/usr/bin/env node
import { readFileSync } from 'node:fs'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`whygraph needs Node 22.18 or later; this is ${process.versions.node}.\n`)
  process.exit(2)
}
// Only now: what is imported from here on does not load on older ones.
const { keepCompiled } = await import('./keep-compiled.ts')
keepCompiled()
const { runCli } = await import('./run-cli.ts')

const interrupt = new AbortController()
process.on('SIGINT', () => {
  // The first one stops cleanly, with everything kept; a second one does not wait.
  if (interrupt.signal.aborted) process.exit(130)
  process.stderr.write('\nstopping; press Ctrl-C again to stop at once\n')
  interrupt.abort()
})
process.on('SIGTERM', () => interrupt.abort())
// Whoever reads a list of paths from there need not wait for its end.
interrupt.signal.addEventListener('abort', () => process.stdin.destroy())
// A reader that went away (`whygraph … | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: invocationFolder(),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  signal: interrupt.signal,
  version: packageVersion(),
})

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve('#package')), 'utf8')) as { version: string }
  return version
}

/** `npm run whygraph` in this project runs in its root; what was meant is the folder that one stands in. */
function invocationFolder(): string {
  const fromOwnScript = process.env['npm_package_name'] === 'whygraph'
  return (fromOwnScript ? process.env['INIT_CWD'] : undefined) ?? process.cwd()
}
