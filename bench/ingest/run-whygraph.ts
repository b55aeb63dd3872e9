/**
 * A script that runs the built command line in its process, as `whygraph ARGUMENTS…` would, and prints how long it took
 * without the loading of its modules: the peers' scripts leave that out too. Its arguments are the path of the built
 * `run-cli.js` and the command line. JavaScript, for `node --input-type=module --eval`: what Node needs for TypeScript
 * takes some 15 MB that no user of the package pays.
 */
export const RUN_WHYGRAPH = `
const [, built, ...args] = process.argv
const { runCli } = await import(built)
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
process.stdout.write('\\nREPORT ' + JSON.stringify({ wall: (performance.now() - started) / 1000 }) + '\\n')
`
