import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ulid } from 'ulid'
import { NotFoundError, RefusedError, StoreError, UsageError } from '../model/errors.ts'
import { ENDING } from '../journal/recover.ts'
import { FILE_NAME } from '../store/local.ts'
import { formatOf } from '../store/local/format.ts'
import { Connection } from '../store/local/sqlite.ts'
import { REPLIES, TABLES } from './back-up.ts'
import { BackupReader, damaged, type Manifest } from './container.ts'
import { BEFORE, UNPACKED } from './kept-stores.ts'

export interface RestoreOptions {
  readonly file: string
  readonly folder: string
  readonly tables: string
  readonly repliesFolder: string
  /** Puts it in the place of a store that is not empty; that one is kept in a folder inside. */
  readonly force: boolean
  readonly now: Date
}

/** What was restored: the JSON of `restore --json`. */
export interface RestoreSummary {
  readonly version: 1
  readonly folder: string
  readonly backup: Manifest
  readonly nodes: number
  readonly waitingReplies: number
  /** Folder with what was there before; null where nothing was. */
  readonly kept: string | null
}

/** What SQLite keeps beside a database. */
const BESIDE = ['-wal', '-shm', '-journal']

/**
 * Puts a backup in the place of a local store that nobody uses. It is unpacked and checked first; the database then
 * takes the other's place in one step, and what follows can be done again by the same command.
 * @throws UsageError for what is no backup, StoreError for one that is damaged or of a newer whygraph; nothing was changed then
 */
export async function restore(options: RestoreOptions): Promise<RestoreSummary> {
  const { file, folder, tables, repliesFolder, force, now } = options
  if (!existsSync(file))
    throw new NotFoundError('no-backup', `there is no file ${file}`, { hint: 'Is the path right?' })
  if (!statSync(file).isFile())
    throw new UsageError('no-backup', `${file} is no file, and so no backup of whygraph`, {
      hint: "'whygraph backup FILE' makes one.",
    })
  const backup = new BackupReader(file)
  let staged: string | null = null
  let before: Connection | null = null
  /** The first folder that was not there, while there is nothing in it. */
  let made: string | null = null
  try {
    const path = join(folder, FILE_NAME)
    if (!backup.names().includes(FILE_NAME)) throw damaged(file, 'its store')
    if (!force) assertEmpty(path)
    made = mkdirSync(folder, { recursive: true, mode: 0o700 }) ?? null
    staged = mkdtempSync(join(folder, UNPACKED))
    unpack(backup, staged)
    const nodes = await checkStore(join(staged, FILE_NAME), file)
    const waiting = backup.names().filter((name) => name.startsWith(REPLIES))

    made = null
    before = existsSync(path) ? takeAlone(path) : null
    const kept = join(folder, `${BEFORE}${now.toISOString().replaceAll(/[:.]/g, '-')}`)
    // The projection follows the database, and would take this one for one that it has seen.
    rmSync(join(folder, 'projection'), { recursive: true, force: true })
    if (existsSync(path)) {
      mkdirSync(kept, { mode: 0o700 })
      linkSync(path, join(kept, FILE_NAME))
      for (const ending of BESIDE) moveInto(kept, `${path}${ending}`)
    }
    renameSync(join(staged, FILE_NAME), path)
    moveInto(kept, repliesFolder)
    for (const ending of ['', '.wal']) {
      moveInto(kept, `${tables}${ending}`)
      const own = join(staged, `${TABLES}${ending}`)
      if (existsSync(own)) move(own, `${tables}${ending}`)
    }
    placeReplies(backup, waiting, repliesFolder)
    const summary = { folder, backup: backup.manifest, nodes, waitingReplies: waiting.length }
    return { version: 1, ...summary, kept: existsSync(kept) ? kept : null }
  } finally {
    before?.rollback()
    before?.close()
    backup.close()
    if (staged !== null) rmSync(staged, { recursive: true, force: true })
    if (made !== null) rmSync(made, { recursive: true, force: true })
  }
}

function unpack(backup: BackupReader, staged: string): void {
  for (const name of [FILE_NAME, TABLES, `${TABLES}.wal`])
    if (backup.names().includes(name)) backup.extract(name, join(staged, name))
}

/** Whether what was unpacked is a whole store that this whygraph knows. Returns how many nodes it has. */
async function checkStore(path: string, file: string): Promise<number> {
  const connection = new Connection(path)
  try {
    formatOf(connection, file)
    const found = connection.all('PRAGMA integrity_check(1)').map((row) => String(row['integrity_check']))
    if (found[0] !== 'ok')
      throw new StoreError('damaged-backup', `the store in ${file} is damaged: ${found[0]}`, {
        hint: 'Nothing was changed. Take another backup.',
      })
    // From here on it goes its own way: nothing that was made of the other may be taken for its own.
    connection.run(`UPDATE meta SET value = lower(hex(randomblob(8))) WHERE name = 'store'`)
    return Number(connection.get('SELECT count(*) AS count FROM node')?.['count'])
  } finally {
    connection.close()
  }
}

/** @throws RefusedError where a store has anything in it, or cannot be read */
function assertEmpty(path: string): void {
  if (!existsSync(path)) return
  let isEmpty = false
  const connection = new Connection(path, { readOnly: true })
  try {
    isEmpty = connection.get('SELECT 1 FROM node LIMIT 1') === undefined
  } catch {
    // Whatever it is, somebody may miss it.
  } finally {
    connection.close()
  }
  if (isEmpty) return
  throw new RefusedError('store-not-empty', `there is a store at ${dirname(path)}, and it is not empty`, {
    hint: 'With --force the backup takes its place, and it is kept in a folder inside. Or name another: --store FOLDER.',
  })
}

/**
 * Holds the store that is there until another has taken its place, with all of it in one file. Null where it is too
 * damaged to be held.
 * @throws StoreError where somebody has it open
 */
function takeAlone(path: string): Connection | null {
  const connection = new Connection(path)
  try {
    connection.execute('PRAGMA locking_mode = EXCLUSIVE')
    connection.execute('PRAGMA journal_mode = DELETE')
    connection.execute('BEGIN EXCLUSIVE')
    return connection
  } catch (error) {
    connection.close()
    if (!(error instanceof StoreError) || error.code !== 'busy') return null
    throw new StoreError('in-use', `${path} is in use by another process`, {
      hint: 'Wait until ingests, reviewers and queries are done, or stop them, and try again. Nothing was changed.',
      cause: error,
    })
  }
}

/** As those of a run that was broken off: the next run stores them. */
function placeReplies(backup: BackupReader, names: readonly string[], folder: string): void {
  if (names.length === 0) return
  const own = join(folder, ulid())
  mkdirSync(own, { recursive: true, mode: 0o700 })
  for (const name of names) backup.extract(name, join(own, `${basename(name)}${ENDING}`))
}

function moveInto(folder: string, path: string): void {
  if (!existsSync(path) || isEmptyFolder(path)) return
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  move(path, join(folder, basename(path)))
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0
  } catch {
    return false
  }
}

/** The tables may be on another disk. */
function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    copyFileSync(from, to)
    rmSync(from)
  }
}
