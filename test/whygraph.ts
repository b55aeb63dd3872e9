import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** For `XDG_CACHE_HOME`: what one process compiled the next one need not. */
const CACHES = join(ROOT, '.cache')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
  /** Another build of the command line than this source. */
  readonly cli?: string
  /** Called when the process has been started, to stop it at a certain point. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void, pid: number) => void
}

/** Runs the command line from source in a process of its own, with nothing of this machine's settings. */
export function whygraph(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.cli ?? CLI, ...args], {
      cwd: options.cwd ?? ROOT,
      env: {
        PATH: process.env['PATH'],
        HOME: options.cwd ?? '/nonexistent',
        XDG_CACHE_HOME: CACHES,
        ...options.environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    options.onStart?.((signal) => void child.kill(signal), child.pid ?? 0)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.end(options.input ?? '')
  })
}

/** What a command printed with `--json`. */
export function parseJson<T>(finished: Finished): T {
  return JSON.parse(finished.stdout) as T
}
