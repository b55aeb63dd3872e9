import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../model/errors.ts'
import { keepPrivate } from '../private-file.ts'
import type { Database, DatabaseInfo, GraphReader, GraphWriter, QueryResult } from './database.ts'
import { backupNoStore, isBackup } from './local/backup-header.ts'
import { checkFiles } from './local/check-files.ts'
import { bringUpToDate, FORMAT } from './local/format.ts'
import { queryProjection } from './local/query.ts'
import { LocalReader } from './local/reader.ts'
import { scrubLocal } from './local/scrub.ts'
import { beginReading } from './local/begin-reading.ts'
import { Connection } from './local/sqlite.ts'
import { LocalWriter } from './local/writer.ts'

export const FILE_NAME = 'whygraph.db'

/** After a commit, so that another process (a reviewer beside an ingest) gets in between. */
const PAUSE_MILLISECONDS = 2

/** Some 20 ms of work: a reviewer beside an ingest waits no longer than that. */
const GROUP_SIZE = 4

/** Connections kept open for the next reads. */
const SPARE_READERS = 4

/** Of pages that the writing connection keeps; the others are in the system's own memory. */
const CACHE_KILOBYTES = 8000

const SETTINGS = `PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -${CACHE_KILOBYTES};`

/** Whether there is a store in a folder. */
export function hasLocalDatabase(folder: string): boolean {
  return existsSync(join(folder, FILE_NAME))
}

/** Opens the store in a folder, and makes both where they are not there. Several processes may have it open. */
export async function openLocalDatabase(folder: string, options: { readOnly?: boolean } = {}): Promise<Database> {
  const readOnly = options.readOnly ?? false
  if (isBackup(folder)) throw backupNoStore(folder)
  if (!readOnly) makeFolder(folder)
  const path = join(folder, FILE_NAME)
  assertNoOtherFile(path)
  if (!readOnly) keepPrivate(path)
  const connection = new Connection(path, { readOnly })
  try {
    if (!readOnly) await connection.whenFree(() => connection.execute('PRAGMA journal_mode = WAL'))
    connection.execute(SETTINGS)
    await bringUpToDate(connection, path, readOnly)
  } catch (error) {
    connection.close()
    throw error
  }
  return new LocalDatabase(folder, path, connection, readOnly)
}

class LocalDatabase implements Database {
  readonly groupSize = GROUP_SIZE
  readonly #folder: string
  readonly #path: string
  /** The connection of all writes of this process, one after the other. */
  readonly #connection: Connection
  readonly #readOnly: boolean
  readonly #spare: Connection[] = []
  readonly #queries = new Set<ChildProcess>()
  #lastWrite: Promise<unknown> = Promise.resolve()
  #lastCommit = 0
  #closed = false

  constructor(folder: string, path: string, connection: Connection, readOnly: boolean) {
    this.#folder = folder
    this.#path = path
    this.#connection = connection
    this.#readOnly = readOnly
  }

  async info(): Promise<DatabaseInfo> {
    const version = await this.#snapshot(async (connection) => connection.get('SELECT sqlite_version() AS version'))
    return { kind: 'local', location: this.#folder, version: `SQLite ${version?.['version']}, format ${FORMAT}` }
  }

  /** Nothing to do: links of all types are in one table, with its indexes. */
  async prepare(): Promise<void> {}

  async read<T>(work: (reader: GraphReader) => Promise<T>): Promise<T> {
    return this.#snapshot((connection) => work(new LocalReader(connection)))
  }

  async write<T>(work: (writer: GraphWriter) => Promise<T>): Promise<T> {
    this.#assertOpen()
    if (this.#readOnly) throw new StoreError('read-only', `${this.#path} was opened for reading only.`)
    const turn = this.#lastWrite.then(() => this.#transaction(work))
    this.#lastWrite = turn.catch(() => {})
    return turn
  }

  async query(
    text: string,
    parameters: Readonly<Record<string, unknown>>,
    limits: { readonly seconds: number },
  ): Promise<QueryResult> {
    this.#assertOpen()
    const request = { folder: this.#folder, storePath: this.#path, text, parameters }
    return queryProjection(request, limits, this.#queries)
  }

  async scrub(): Promise<void> {
    this.#assertOpen()
    const turn = this.#lastWrite.then(() => scrubLocal(this.#connection, this.#folder, this.#path))
    this.#lastWrite = turn.catch(() => {})
    return turn
  }

  async checkFiles(signal: AbortSignal): Promise<readonly string[] | null> {
    this.#assertOpen()
    return checkFiles(this.#path, signal)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#lastWrite
    for (const child of this.#queries) child.kill('SIGKILL')
    for (const connection of this.#spare.splice(0)) connection.close()
    this.#connection.close()
  }

  /** Reads one state of the store, on a connection that nobody else uses meanwhile. */
  async #snapshot<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    this.#assertOpen()
    const connection = this.#spare.pop() ?? new Connection(this.#path, { readOnly: true })
    try {
      await connection.whenFree(() => beginReading(connection))
      return await work(connection)
    } finally {
      connection.rollback()
      if (this.#closed || this.#spare.length >= SPARE_READERS) connection.close()
      else this.#spare.push(connection)
    }
  }

  async #transaction<T>(work: (writer: GraphWriter) => Promise<T>): Promise<T> {
    const connection = this.#connection
    if (Date.now() - this.#lastCommit < PAUSE_MILLISECONDS) await pause(PAUSE_MILLISECONDS)
    await connection.whenFree(() => connection.execute('BEGIN IMMEDIATE'))
    try {
      const result = await work(new LocalWriter(connection))
      connection.execute('COMMIT')
      return result
    } catch (error) {
      connection.rollback()
      throw error
    } finally {
      this.#lastCommit = Date.now()
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('closed', `${this.#path} has been closed.`)
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StoreError('cannot-open', `${folder}: the folder of the store cannot be made.`, {
      hint: 'Check the permissions of the folder above it, or name another folder.',
      cause: error,
    })
  }
}

/** What is shorter is no database. */
const SHORTEST = 512

/**
 * SQLite would take a file of a few bytes for an empty database, and overwrite it. What is longer it knows itself, and
 * must not be opened here: to close it would let go of the locks that this process holds on it.
 */
function assertNoOtherFile(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0 || size >= SHORTEST) return
  throw new StoreError('not-a-database', `${path} is no whygraph store.`, {
    hint: 'Move it away, or name another folder for the store.',
  })
}
