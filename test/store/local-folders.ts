import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, onTestFinished } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { openLocalDatabase } from '../../src/store/local.ts'

const folders: string[] = []

export function newFolder(): string {
  if (folders.length === 0) {
    afterAll(() => {
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-local-'))
  folders.push(folder)
  return folder
}

/** Closed when the test ends. */
export async function openHere(folder: string): Promise<Database> {
  const database = await openLocalDatabase(folder)
  onTestFinished(() => database.close())
  return database
}

/** Another process on the same folder; `lines` grows with what it says, `ended` tells its exit code. */
export function startProcess(
  action: 'increment' | 'append' | 'query',
  folder: string,
  count: number,
): { child: ChildProcess; lines: string[]; ended: Promise<number | null> } {
  const script = fileURLToPath(new URL('local-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, action, folder, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let rest = ''
  child.stdout.on('data', (text: Buffer) => {
    const parts = `${rest}${text.toString()}`.split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, lines, ended }
}
