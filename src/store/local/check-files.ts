import { fork } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { StoreError } from '../../model/errors.ts'
import { beginReading } from './begin-reading.ts'
import { Connection } from './sqlite.ts'

/** From source it is TypeScript, which Node runs as it is; in the package JavaScript. */
const CHILD = fileURLToPath(
  new URL(`check-files-child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
)

/** What is smaller is checked sooner than a process has started. */
const SMALL_BYTES = 32 << 20
/** More are not told. */
const MOST = 20

export type FilesMessage =
  | { readonly kind: 'found'; readonly found: readonly string[] }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint?: string }

/**
 * What SQLite finds wrong with its file, in words; null where the signal came first. SQLite cannot be interrupted while
 * it looks through a large file, so that is done in a process of its own.
 */
export async function checkFiles(path: string, signal: AbortSignal): Promise<readonly string[] | null> {
  if (signal.aborted) return null
  return statSync(path).size <= SMALL_BYTES ? integrityOf(path) : checkApart(path, signal)
}

/** On a connection of its own: FTS5 checks what it remembers of an earlier look as if it were the present. */
export async function integrityOf(path: string): Promise<string[]> {
  const connection = new Connection(path, { readOnly: true })
  try {
    await connection.whenFree(() => beginReading(connection))
    const found = connection.all(`PRAGMA integrity_check(${MOST})`).map((row) => String(row['integrity_check']))
    return found.filter((message) => message !== 'ok')
  } finally {
    connection.close()
  }
}

function checkApart(path: string, signal: AbortSignal): Promise<readonly string[] | null> {
  const child = fork(CHILD, [path], {
    env: { PATH: process.env['PATH'] },
    // Not those of the parent: a debugger's port or a test runner's loader is not for it.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // An interrupt of the terminal is for this process.
    detached: process.platform !== 'win32',
  })
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[] | null>()
  const stop = (): void => resolve(null)
  signal.addEventListener('abort', stop, { once: true })
  child.on('message', (message: FilesMessage) => {
    if (message.kind === 'found') return resolve(message.found)
    const { code, message: what, hint } = message
    reject(new StoreError(code, what, hint === undefined ? {} : { hint }))
  })
  child.once('error', reject)
  child.once('exit', (code, how) =>
    reject(new StoreError('sqlite', `${path} could not be checked: the check ended with ${how ?? code}.`)),
  )
  return promise.finally(() => {
    signal.removeEventListener('abort', stop)
    child.kill('SIGKILL')
  })
}
