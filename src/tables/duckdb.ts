import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreError, UsageError } from '../model/errors.ts'
import { keepPrivate } from '../private-file.ts'

/** How long to wait for another process that is writing tables. It lets go between files. */
const WAIT_SECONDS = 30
/** Let go of the file when it was not used for so long, so that others get at it. */
const IDLE_MILLISECONDS = 200

/**
 * Pieces of work after which the file is let go and opened anew: what was written stays in memory until then, and
 * others have to wait.
 */
const RENEW_AFTER = 100
/** Whoever waits looks again so often, and whoever lets go stays away for longer than that. */
const LOOK_AGAIN_MILLISECONDS = 25
const STAY_AWAY_MILLISECONDS = 100

/** Nothing that stands in a query may reach a file, the network or an extension; nor more memory than this. */
const LIMITS = {
  threads: '2',
  memory_limit: '512MB',
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
}

/**
 * The file of the tables. DuckDB lets one process write, or several read: so it is opened for each piece of work, kept
 * while work follows on work, and waited for where another process has it.
 */
export class DuckDBFile {
  readonly #path: string | null
  readonly #access: 'write' | 'read'
  #open: { instance: DuckDBInstance; connection: DuckDBConnection } | null = null
  #queue: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #used = 0
  readonly #prepare: (connection: DuckDBConnection) => Promise<void>

  /** `path` null: in memory. `prepare` is run each time the file has been opened for writing. */
  constructor(path: string | null, access: 'write' | 'read', prepare: (connection: DuckDBConnection) => Promise<void>) {
    this.#path = path
    this.#access = access
    this.#prepare = prepare
  }

  /** Whether there is no file yet; of one in memory, whether nothing has been done with it. */
  get isMissing(): boolean {
    return this.#path === null ? this.#open === null : !existsSync(this.#path)
  }

  /**
   * One after the other: a connection has one transaction.
   * @throws StoreError where there is no room for what is written; the file is as it was before
   */
  use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = this.#queue.then(async () => {
      clearTimeout(this.#timer)
      this.#open ??= await this.#connect()
      try {
        return await work(this.#open.connection)
      } catch (cause) {
        if (!isWithoutRoom(cause)) throw cause
        // DuckDB does nothing more with a file that it could not write, until it is opened anew.
        this.#close()
        throw withoutRoom(this.#path, cause)
      } finally {
        // By now there may be a log beside it, which says what the tables say.
        if (this.#access === 'write' && this.#path !== null) keepPrivate(this.#path)
        if (this.#path !== null && ++this.#used >= RENEW_AFTER) {
          this.#close()
          await pause(STAY_AWAY_MILLISECONDS)
        }
        if (this.#path !== null) this.#timer = setTimeout(() => this.#close(), IDLE_MILLISECONDS).unref()
      }
    })
    this.#queue = result.catch(() => {})
    return result
  }

  async close(): Promise<void> {
    await this.#queue
    clearTimeout(this.#timer)
    this.#close()
  }

  /** Writes the file anew: what was dropped stays in free blocks, which nothing overwrites. */
  async compact(): Promise<void> {
    await this.close()
    const path = this.#path
    if (path === null || !existsSync(path)) return
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const copy = `${path}.new`
    const until = Date.now() + WAIT_SECONDS * 1000
    for (;;) {
      const instance = await DuckDBInstance.create(':memory:')
      try {
        const connection = await instance.connect()
        for (const file of [copy, `${copy}.wal`]) await rm(file, { force: true })
        // Read only, but nobody else can write it meanwhile.
        await connection.run(`ATTACH ${quoteText(path)} AS old (READ_ONLY)`)
        await connection.run(`ATTACH ${quoteText(copy)} AS new`)
        keepPrivate(copy)
        await connection.run('COPY FROM DATABASE old TO new')
        await connection.run('CHECKPOINT new')
        await connection.run('DETACH new')
        await rename(copy, path)
        return
      } catch (cause) {
        const isLocked = isLockedOut(cause)
        if (!isLocked || Date.now() > until) throw cannotOpen(path, isLocked, cause)
        await pause(LOOK_AGAIN_MILLISECONDS)
      } finally {
        instance.closeSync()
      }
    }
  }

  #close(): void {
    this.#open?.connection.closeSync()
    this.#open?.instance.closeSync()
    this.#open = null
    this.#used = 0
  }

  async #connect(): Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> {
    const path = this.#path
    // Native code of 70 MB: only for those who have tables.
    const { DuckDBInstance } = await import('@duckdb/node-api')
    if (path !== null) await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const mode = this.#access === 'read' ? { access_mode: 'READ_ONLY' } : {}
    const until = Date.now() + WAIT_SECONDS * 1000
    for (;;) {
      let instance: DuckDBInstance | null = null
      try {
        instance = await DuckDBInstance.create(path ?? ':memory:', {
          ...LIMITS,
          ...(path === null ? { max_temp_directory_size: '0KB' } : {}),
          ...mode,
        })
        const connection = await instance.connect()
        if (this.#access === 'write' && path !== null) keepPrivate(path)
        if (this.#access === 'write') await this.#prepare(connection)
        await connection.run('SET lock_configuration = true')
        return { instance, connection }
      } catch (cause) {
        instance?.closeSync()
        const isLocked = isLockedOut(cause)
        if (!isLocked || Date.now() > until) throw cannotOpen(path, isLocked, cause)
        await pause(LOOK_AGAIN_MILLISECONDS)
      }
    }
  }
}

function isLockedOut(cause: unknown): boolean {
  return cause instanceof Error && /could not set lock|conflicting lock/i.test(cause.message)
}

/** What DuckDB says of a full disk, a quota, or a limit of the largest file. */
function isWithoutRoom(cause: unknown): boolean {
  return cause instanceof Error && /no space left on device|file too large|quota exceeded/i.test(cause.message)
}

function withoutRoom(path: string | null, cause: unknown): StoreError {
  return new StoreError('disk-full', `${path}: there is no room for the tables (${firstLine(cause)})`, {
    hint: 'Is the disk full, or a limit reached (a quota, the largest file)? Make room and run the same command again; an ingest goes on where it stopped.',
    cause,
  })
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** @throws UsageError where no table was ever registered */
export function requireFile(path: string): void {
  if (existsSync(path)) return
  throw new UsageError('no-tables', `there are no tables at ${path}`, {
    hint: "'whygraph ingest PATH' registers the tables (CSV, XLSX, Parquet, JSON) that it finds.",
  })
}

/** A name as it stands in SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as it stands in SQL. */
function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function cannotOpen(path: string | null, isLocked: boolean, cause: unknown): StoreError {
  if (isLocked)
    return new StoreError('tables-locked', `${path}: another process has been writing tables for ${WAIT_SECONDS} s`, {
      retryable: true,
      hint: 'Wait until it is done, and try again.',
      cause,
    })
  if (isWithoutRoom(cause)) return withoutRoom(path, cause)
  return new StoreError('tables-unusable', `${path}: the tables cannot be opened (${firstLine(cause)})`, {
    hint: 'The file can be deleted: the next ingest registers the tables anew.',
    cause,
  })
}
