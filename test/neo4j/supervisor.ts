/**
 * A process of its own that runs programs for the process that forked it, and lets none outlive that one.
 *
 * A test run that is killed outright cannot stop its server. But the channel between the two processes closes then,
 * whatever ended the run, and this one takes that as the word to kill the program and to remove its home folder.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** The first message that the supervisor waits for; each further one has it run the last command again. */
export interface SupervisorPlan {
  /** A folder that belongs to the programs, removed at the end. Their output goes to `console.log` in it. */
  home: string
  environment: Record<string, string>
  /** Run one after the other; each but the last has to end with exit code 0. */
  commands: [program: string, ...programArguments: string[]][]
}

/** What the supervisor tells: a command began, or nothing will run any more (the home folder is still there). */
export type SupervisorReport = { kind: 'began'; command: number; pid: number } | { kind: 'ended'; reason: string }

let running: ChildProcess | undefined
let home: string | undefined
let closing = false

process.once('message', (message) => {
  const plan = message as SupervisorPlan
  void runAll(plan)
  process.on('message', () => void runAll({ ...plan, commands: plan.commands.slice(-1) }))
})
process.once('disconnect', () => void close())
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close())

async function runAll(plan: SupervisorPlan): Promise<void> {
  home = plan.home
  const output = openSync(join(home, 'console.log'), 'a')
  for (const [command, [program, ...programArguments]] of plan.commands.entries()) {
    const child = spawn(program, programArguments, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...plan.environment },
    })
    running = child
    if (child.pid !== undefined) tell({ kind: 'began', command, pid: child.pid })
    const ending = await once(child, 'exit').catch((error: unknown) => error)
    running = undefined
    if (closing) return
    const isLast = command === plan.commands.length - 1
    if (Array.isArray(ending) && ending[0] === 0 && !isLast) continue
    const how = Array.isArray(ending) ? (ending[1] ?? `exit code ${ending[0]}`) : String(ending)
    return tell({ kind: 'ended', reason: `${program} ended with ${how}` })
  }
}

function tell(report: SupervisorReport): void {
  if (process.connected) process.send?.(report)
}

async function close(): Promise<void> {
  if (closing) return
  closing = true
  if (running !== undefined) {
    // Killed outright, not asked to end: all that it would save is removed on the next line.
    running.kill('SIGKILL')
    await once(running, 'exit')
  }
  if (home !== undefined) await rm(home, { recursive: true, force: true, maxRetries: 5 })
  process.exit()
}
