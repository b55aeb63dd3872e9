import { PassThrough } from 'node:stream'
import { runCli } from '../src/program.ts'
import { type Finished, ROOT } from './whygraph.ts'

/** Runs the command line in this process, which takes no second to start. */
export async function runHere(
  args: readonly string[],
  {
    cwd = ROOT,
    environment = {},
    input = '',
    signal = new AbortController().signal,
  }: {
    readonly cwd?: string
    readonly environment?: Readonly<Record<string, string>>
    readonly input?: string
    readonly signal?: AbortSignal
  } = {},
): Promise<Finished> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const printed = { stdout: '', stderr: '' }
  stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
  stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
  stdin.end(input)
  const code = await runCli(args, { cwd, environment, stdin, stdout, stderr, signal, version: '0' })
  await new Promise((resolve) => setImmediate(resolve))
  return { code, ...printed }
}
