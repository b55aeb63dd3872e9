import { existsSync, mkdtempSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { StoreError, UsageError } from '../model/errors.ts'
import { FILE_NAME } from '../store/local.ts'
import { beginReading } from '../store/local/begin-reading.ts'
import { formatOf } from '../store/local/format.ts'
import { Connection } from '../store/local/sqlite.ts'
import { copyFileOfTables, whileNobodyWrites } from '../tables/copy-tables.ts'
import { BackupWriter } from './container.ts'
import { notInStore, readWaiting } from './waiting-replies.ts'

/** Names inside a backup. */
export const TABLES = 'tables.duckdb'
export const REPLIES = 'replies/'

export interface BackUpOptions {
  /** Folder of the local store, and where its tables are. */
  readonly folder: string
  readonly tables: string
  readonly repliesFolder: string
  /** By which replies for this store are known in the journal. */
  readonly storeName: string
  readonly file: string
  /** Puts it in the place of a file that is there. */
  readonly force: boolean
  /** Of this whygraph. */
  readonly version: string
  readonly now: Date
}

/** What went into a backup: the JSON of `backup --json`. */
export interface BackupSummary {
  readonly version: 1
  readonly file: string
  readonly bytes: number
  readonly format: number
  readonly nodes: number
  readonly tables: boolean
  /** Replies that were paid for and not in the store yet. */
  readonly waitingReplies: number
}

/**
 * Copies a local store into one file while others work with it: the database as it is at one moment, the tables as they
 * are then, and of the journal what was not in the database. The projection is made anew. The file appears at once and
 * whole, or not at all.
 */
export async function backUp(options: BackUpOptions): Promise<BackupSummary> {
  const { folder, tables, file, force, version, now } = options
  const path = join(folder, FILE_NAME)
  assertOutside(file, options)
  if (existsSync(file) && !force)
    throw new UsageError('file-exists', `${file} is there already`, { hint: 'Name another file, or give --force.' })
  const work = makeWorkFolder(file)
  const store = new Connection(path, { readOnly: true })
  try {
    const format = await store.whenFree(() => formatOf(store, path))
    // First: what goes from the journal meanwhile is in the database then.
    const journal = readWaiting(options.repliesFolder)
    const copy = join(work, FILE_NAME)
    const hasTables = existsSync(tables)
    // Nobody writes tables in between, so that they are those of this moment.
    await whileNobodyWrites(tables, async () => {
      await store.whenFree(() => beginReading(store))
      if (hasTables) copyFileOfTables(tables, join(work, TABLES))
    })
    await store.copyTo(copy)
    store.rollback()
    const copied = new Connection(copy)
    // Read as one file, without what SQLite keeps beside it.
    copied.execute('PRAGMA journal_mode = DELETE')
    assertWhole(copied, path)
    const nodes = Number(copied.get('SELECT count(*) AS count FROM node')?.['count'])
    const waiting = notInStore(journal, options.storeName, copied)
    copied.close()

    const container = join(work, 'backup')
    const writer = new BackupWriter(container)
    try {
      writer.addFile(FILE_NAME, copy)
      for (const name of [TABLES, `${TABLES}.wal`])
        if (existsSync(join(work, name))) writer.addFile(name, join(work, name))
      for (const [index, { text }] of waiting.entries()) writer.addText(`${REPLIES}${index + 1}`, text)
      writer.finish({ whygraph: version, createdAt: now.toISOString(), format }, container)
    } finally {
      writer.close()
    }
    renameSync(container, file)
    const { size } = statSync(file)
    return { version: 1, file, bytes: size, format, nodes, tables: hasTables, waitingReplies: waiting.length }
  } finally {
    store.rollback()
    store.close()
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * A backup in the store's folder would take the place of a part of what it is a copy of, or go wherever the store goes.
 * @throws UsageError
 */
function assertOutside(file: string, { folder, tables, repliesFolder }: BackUpOptions): void {
  const path = realPath(file)
  const isWithin = (place: string): boolean => !/^\.\.($|[/\\])/.test(relative(realPath(place), path))
  const place = [folder, repliesFolder, tables, `${tables}.wal`].find(isWithin)
  if (place === undefined) return
  throw new UsageError('backup-in-store', `${file} is inside the store that is to be backed up (${place})`, {
    hint: 'Nothing was changed. Name a file elsewhere, best on another disk.',
  })
}

/** Where a path leads, also one of which the end is not there yet. */
function realPath(path: string): string {
  const whole = resolve(path)
  try {
    return realpathSync(whole)
  } catch {
    return dirname(whole) === whole ? whole : join(realPath(dirname(whole)), basename(whole))
  }
}

/** What is damaged is found now, while there may be an older backup. */
function assertWhole(copied: Connection, path: string): void {
  const found = copied.all('PRAGMA quick_check(1)').map((row) => String(row['quick_check']))
  if (found[0] === 'ok') return
  throw new StoreError('not-a-database', `${path} is damaged: ${found[0]}. No backup was made.`, {
    hint: "Restore it from an earlier backup: 'whygraph restore FILE --force' keeps the damaged one beside.",
  })
}

/** Beside the file that is to be, on the same disk, for its owner only. */
function makeWorkFolder(file: string): string {
  try {
    return mkdtempSync(`${resolve(file)}.part-`)
  } catch (cause) {
    throw new UsageError('cannot-write', `${file} cannot be written`, {
      hint: `Does the folder ${dirname(resolve(file))} exist, and may it be written?`,
      cause,
    })
  }
}
