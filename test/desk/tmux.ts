import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { CLI } from '../whygraph.ts'

/** Whether there is a terminal for tests: tmux keeps the screen that a program draws. */
export const HAS_TMUX = spawnSync('tmux', ['-V']).status === 0

/** A shell on a terminal of its own. */
export interface TestTerminal {
  /** Types keys, by tmux's names for those that are no characters; the same again no sooner than a person would. */
  readonly press: (...keys: string[]) => void
  /** Types a text and Enter. */
  readonly enter: (text: string) => void
  /** The screen as soon as it shows this. @throws Error with the screen where it does not */
  readonly sees: (what: RegExp | string) => Promise<string>
  readonly screen: () => string
  readonly resize: (columns: number, rows: number) => void
  /** All bytes that came to the terminal so far. */
  readonly bytes: () => string
  readonly close: () => void
}

const PATIENCE_MILLISECONDS = 30_000
/** Sooner, a key that comes again is held down. */
const AGAIN_MILLISECONDS = 250

/** A desk on a terminal, as the tests of a file have it. */
export interface TestDesks {
  /** Gone after the tests of the file. */
  readonly folder: () => string
  /** A terminal there for one test. */
  readonly open: (columns?: number, rows?: number) => TestTerminal
  /** The same, with Rita's desk over a store open on it, with nothing of this machine's settings. */
  readonly sit: (store: string, how?: Sitting) => TestTerminal
}

interface Sitting {
  readonly columns?: number
  readonly rows?: number
  readonly flags?: string
  readonly variables?: string
}

/** What the tests of a file have in common: a folder, and for each a terminal of its own in there. */
export function useDesks(): TestDesks {
  let folder = ''
  let terminal: TestTerminal | null = null
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'whygraph-desk-'))
  })
  afterEach(() => {
    terminal?.close()
    terminal = null
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const open = (columns = 80, rows = 24): TestTerminal => {
    terminal = openTerminal(columns, rows, folder)
    return terminal
  }
  return {
    folder: () => folder,
    open,
    sit: (store, { columns, rows, flags = '', variables = '' } = {}) => {
      const opened = open(columns, rows)
      opened.press(deskLine(store, flags, variables), 'Enter')
      return opened
    },
  }
}

function openTerminal(columns: number, rows: number, cwd: string): TestTerminal {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-tmux-'))
  const raw = join(folder, 'bytes')
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...args], { cwd, encoding: 'utf8' })
  tmux('new-session', '-d', '-s', 'desk', '-x', String(columns), '-y', String(rows), 'env', 'PS1=ready$ ', 'sh')
  tmux('pipe-pane', '-t', 'desk', `cat >> '${raw}'`)
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'desk')
  let last = { keys: '', at: 0 }
  const press = (...keys: string[]): void => {
    if (keys.join(' ') === last.keys) sleep(AGAIN_MILLISECONDS - (Date.now() - last.at))
    tmux('send-keys', '-t', 'desk', ...keys)
    last = { keys: keys.join(' '), at: Date.now() }
  }
  return {
    press,
    enter: (text) => {
      press('-l', text)
      press('Enter')
    },
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

function sleep(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** A line for the shell that opens the desk, with nothing of this machine's settings. */
export function deskLine(store: string, flags = '', variables = ''): string {
  return `LC_ALL=C.UTF-8 ${variables} '${process.execPath}' '${CLI}' review --store '${store}' --reviewer rita ${flags}`
}
