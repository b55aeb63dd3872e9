import { backup, DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../../model/errors.ts'

export type Row = Readonly<Record<string, SQLInputValue>>

/** How long a transaction waits for other processes' before it gives up. */
const BUSY_MILLISECONDS = 30_000

/** Of 4 KB: some milliseconds of work, after which others of this process have their turn. */
const PAGES_AT_ONCE = 2_000

/** Result codes of SQLite, https://www.sqlite.org/rescode.html */
const BUSY = 5
const LOCKED = 6
const READ_ONLY = 8
const INPUT_OUTPUT = 10
const CORRUPT = 11
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26
/** Varieties of INPUT_OUTPUT: what a quota or a limit of the largest file gives, and a full disk, where shared memory is to grow. */
const CANNOT_GROW: ReadonlySet<number> = new Set([778, 1034, 1546, 4874])

/** One connection to SQLite with its statements prepared once. Its errors are store errors. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #path: string

  constructor(path: string, options: { readOnly?: boolean } = {}) {
    this.#path = path
    // No busy timeout of SQLite's own: it blocks the event loop and polls so seldom that a reviewer waits a second.
    this.#database = this.#try(() => new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: 0 }))
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#try(() => this.#prepare(sql).all(...values) as Row[])
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#try(() => this.#prepare(sql).get(...values) as Row | undefined)
  }

  iterate(sql: string, ...values: SQLInputValue[]): IterableIterator<Row> {
    return this.#try(() => this.#prepare(sql).iterate(...values) as IterableIterator<Row>)
  }

  /** @returns the row id of the row inserted last */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#try(() => Number(this.#prepare(sql).run(...values).lastInsertRowid))
  }

  /** Runs a script of several statements. */
  execute(sql: string): void {
    this.#try(() => this.#database.exec(sql))
  }

  /** Runs it again for as long as another connection is in the way, up to a limit. */
  async whenFree<T>(action: () => T, milliseconds = BUSY_MILLISECONDS): Promise<T> {
    const giveUp = Date.now() + milliseconds
    for (;;) {
      try {
        return action()
      } catch (error) {
        if (!(error instanceof StoreError && error.code === 'busy') || Date.now() > giveUp) throw error
      }
      await pause(1 + Math.random())
    }
  }

  /**
   * Copies the database to a new file while others write. Within a transaction that has read, that is the state which
   * it sees: the copy need not begin anew whenever somebody writes.
   */
  async copyTo(path: string): Promise<void> {
    try {
      await backup(this.#database, path, { rate: PAGES_AT_ONCE })
    } catch (error) {
      throw asStoreError(error, path)
    }
  }

  rollback(): void {
    // Some errors (a full disk) have rolled back already.
    if (this.#database.isTransaction) this.execute('ROLLBACK')
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #try<T>(action: () => T): T {
    try {
      return action()
    } catch (error) {
      throw asStoreError(error, this.#path)
    }
  }
}

function asStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  // The low byte is the code, the rest of the number tells its variety.
  switch (Number(error.errcode) & 0xff) {
    case BUSY:
    case LOCKED:
      return new StoreError('busy', `${path} is held by another process, and does not become free.`, {
        retryable: true,
        hint: 'Try again when it is done, or stop it.',
        cause: error,
      })
    case READ_ONLY:
      return new StoreError('read-only', `${path} cannot be written.`, {
        hint: 'Check the permissions of the folder and the file.',
        cause: error,
      })
    case CANNOT_OPEN:
      return new StoreError('cannot-open', `${path} cannot be opened.`, {
        hint: 'Check that the folder exists and may be read and written.',
        cause: error,
      })
    case FULL:
      return new StoreError('disk-full', `${path}: the disk is full. Nothing of this transaction was kept.`, {
        hint: 'Make room and run the same command again; an ingest, a rebuild or a copy goes on where it stopped.',
        cause: error,
      })
    case NOT_A_DATABASE:
    case CORRUPT:
      return new StoreError('not-a-database', `${path} is damaged, or is no whygraph store: ${error.message}.`, {
        hint: 'Restore it from a backup, or move it away and ingest again.',
        cause: error,
      })
    case INPUT_OUTPUT:
      if (CANNOT_GROW.has(Number(error.errcode)))
        return new StoreError(
          'disk-full',
          `${path} cannot be written: ${error.message}. Nothing of this transaction was kept.`,
          {
            hint: 'Is the disk full, or a limit reached (a quota, the largest file)? Make room and run the same command again; an ingest, a rebuild or a copy goes on where it stopped.',
            cause: error,
          },
        )
      return new StoreError('disk-error', `${path}: the disk does not answer as it should: ${error.message}.`, {
        hint: 'Check the disk. Network file systems are not safe for the local store.',
        cause: error,
      })
    default:
      return new StoreError('sqlite', `${path}: ${error.message}.`, { cause: error })
  }
}
