import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Watched {
  readonly code: number | null
  readonly seconds: number
  /** The most memory that the process and those below it held at one moment, in MB; Linux only, else null. */
  readonly peak: number | null
  /** Seconds of computing, of the process and those below it; Linux only, else null. */
  readonly computing: number | null
  readonly stdout: string
}

const EVERY_MILLISECONDS = 50
const TICKS_A_SECOND = 100

export interface WatchOptions {
  readonly cwd?: string
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program to its end and looks at its memory, and that of its children, all the while. */
export function watch(command: string, args: readonly string[], { cwd, env }: WatchOptions = {}): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, [...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    })
    let stdout = ''
    let peak: number | null = null
    const computing = new Map<number, number>()
    const timer = setInterval(() => {
      const tree = descendants(child.pid ?? 0)
      if (tree.length === 0) return
      peak = Math.max(
        peak ?? 0,
        tree.reduce((sum, pid) => sum + residentMegabytes(pid), 0),
      )
      for (const pid of tree) computing.set(pid, computingSeconds(pid) ?? computing.get(pid) ?? 0)
    }, EVERY_MILLISECONDS)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(timer)
      const seconds = (performance.now() - started) / 1000
      const computed = peak === null ? null : [...computing.values()].reduce((sum, one) => sum + one, 0)
      resolve({ code, seconds, peak, computing: computed, stdout })
    })
  })
}

/** Seconds that a process has computed so far; null where the system does not tell. */
export function computingSeconds(pid: number): number | null {
  return secondsIn(`/proc/${pid}/stat`)
}

function secondsIn(path: string): number | null {
  try {
    // Fields 14 and 15 of proc(5), in ticks; the name in parentheses may hold blanks.
    const fields = readFileSync(path, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
  } catch {
    return null
  }
}

/**
 * Of it, what Java's own compilers took so far; null where the system does not tell. A server that has run for long does
 * not pay it any more.
 */
export function compilingSeconds(pid: number): number | null {
  try {
    const folder = `/proc/${pid}/task`
    const compilers = readdirSync(folder).filter((task) =>
      /^C[12] Compiler/.test(readFileSync(`${folder}/${task}/comm`, 'utf8')),
    )
    return compilers.reduce((sum, task) => sum + (secondsIn(`${folder}/${task}/stat`) ?? 0), 0)
  } catch {
    return null
  }
}

/** A process with all that descend from it; none where the system does not tell. Only they are looked at: cheap. */
function descendants(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean),
    )
    return [pid, ...children.flatMap((child) => descendants(Number(child)))]
  } catch {
    return [] // It has just ended.
  }
}

function residentMegabytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
