import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CLI } from '../whygraph.ts'

/** Whether there is a terminal for tests: tmux keeps the screen that a program draws. */
export const HAS_TMUX = spawnSync('tmux', ['-V']).status === 0

/** A shell on a terminal of its own. */
export interface TestTerminal {
  /** Types keys, by tmux's names for those that are no characters. */
  readonly press: (...keys: string[]) => void
  /** The screen as soon as it shows this. @throws Error with the screen where it does not */
  readonly sees: (what: RegExp | string) => Promise<string>
  readonly screen: () => string
  readonly resize: (columns: number, rows: number) => void
  /** All bytes that came to the terminal so far. */
  readonly bytes: () => string
  readonly close: () => void
}

const PATIENCE_MILLISECONDS = 30_000

export function openTerminal(columns: number, rows: number, cwd: string): TestTerminal {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-tmux-'))
  const raw = join(folder, 'bytes')
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...args], { cwd, encoding: 'utf8' })
  tmux('new-session', '-d', '-s', 'desk', '-x', String(columns), '-y', String(rows), 'env', 'PS1=ready$ ', 'sh')
  tmux('pipe-pane', '-t', 'desk', `cat >> '${raw}'`)
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'desk')
  return {
    press: (...keys) => void tmux('send-keys', '-t', 'desk', ...keys),
    sees: async (what) => {
      for (const end = Date.now() + PATIENCE_MILLISECONDS; ; await pause(30)) {
        const shown = screen()
        if (typeof what === 'string' ? shown.includes(what) : what.test(shown)) return shown
        if (Date.now() > end) throw new Error(`the terminal does not show ${what}, but:\n${shown}`)
      }
    },
    screen,
    resize: (x, y) => void tmux('resize-window', '-t', 'desk', '-x', String(x), '-y', String(y)),
    bytes: () => readFileSync(raw, 'utf8'),
    close: () => {
      tmux('kill-server')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A line for the shell that opens the desk, with nothing of this machine's settings. */
export function deskLine(store: string, flags = '', variables = ''): string {
  return `LC_ALL=C.UTF-8 ${variables} '${process.execPath}' '${CLI}' review --store '${store}' --reviewer rita ${flags}`
}
