import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Watched {
  readonly code: number | null
  readonly seconds: number
  /** The most memory that the process and those below it held at one moment, in MB; Linux only, else null. */
  readonly peak: number | null
  readonly stdout: string
}

const EVERY_MILLISECONDS = 50

/** Runs a program to its end and looks at its memory, and that of its children, all the while. */
export function watch(command: string, args: readonly string[], cwd?: string): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, [...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      ...(cwd === undefined ? {} : { cwd }),
    })
    let stdout = ''
    let peak: number | null = null
    const timer = setInterval(() => {
      const now = residentMegabytes(child.pid ?? 0)
      if (now !== null) peak = Math.max(peak ?? 0, now)
    }, EVERY_MILLISECONDS)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(timer)
      resolve({ code, seconds: (performance.now() - started) / 1000, peak, stdout })
    })
  })
}

function residentMegabytes(root: number): number | null {
  try {
    const processes = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statusOf(Number(name)))
    const tree = new Set([root])
    for (let size = 0; size !== tree.size;) {
      size = tree.size
      for (const { pid, parent } of processes) if (tree.has(parent)) tree.add(pid)
    }
    return processes.filter(({ pid }) => tree.has(pid)).reduce((sum, { kilobytes }) => sum + kilobytes, 0) / 1024
  } catch {
    return null
  }
}

function statusOf(pid: number): { pid: number; parent: number; kilobytes: number }[] {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
    return [{ pid, parent: field('PPid'), kilobytes: field('VmRSS') }]
  } catch {
    return [] // It has just ended.
  }
}
