import { execFileSync } from 'node:child_process'

/** Processes that this one has started, with their command lines. */
export function childrenOf(parent: number): { readonly pid: number; readonly command: string }[] {
  return execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid]) => Number(ppid) === parent)
    .map(([pid, , ...command]) => ({ pid: Number(pid), command: command.join(' ') }))
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
