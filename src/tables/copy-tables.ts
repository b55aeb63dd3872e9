import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RefusedError, StoreError } from '../model/errors.ts'
import { compareTables } from './compare-tables.ts'
import { DuckDBFile } from './duckdb.ts'

/** `none`: there are no tables. `same`: both stores use the same file, or the target has an equal one. */
export type CopiedTables = 'none' | 'same' | 'copied'

/** Copies the tables of a store for another, whole or not at all. @throws RefusedError as {@link assertNoOtherTables} */
export async function copyTables(from: string, to: string): Promise<CopiedTables> {
  if (!existsSync(from)) return 'none'
  await assertNoOtherTables(from, to)
  if (existsSync(to)) return 'same'
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  await whileNobodyWrites(from, async () => copyFileOfTables(from, to))
  return 'copied'
}

/** @throws RefusedError where the target has tables that are not the same as these */
export async function assertNoOtherTables(from: string, to: string): Promise<void> {
  if (!existsSync(from) || !existsSync(to) || resolve(from) === resolve(to)) return
  if ((await compareTables(from, to)).equal) return
  throw new RefusedError('other-tables', `${to}: there are other tables already; nothing is copied over them.`, {
    hint: 'Move that file away, or name another place for the tables of the target with WHYGRAPH_TABLES_TO.',
  })
}

/**
 * Copies the file, which is there when all of it is, with what a writer that was killed did last: DuckDB takes that in
 * when it opens the file. To be called while nobody writes it. The file comes last: once a second handle on it is
 * closed, the lock of this process is gone.
 */
export function copyFileOfTables(from: string, to: string): void {
  if (existsSync(`${from}.wal`)) copyFileSync(`${from}.wal`, `${to}.wal`)
  else rmSync(`${to}.wal`, { force: true })
  const part = `${to}.copying`
  copyFileSync(from, part)
  renameSync(part, to)
}

/**
 * Does something while nobody writes the tables: who has them open for reading keeps all writers away. Tables that
 * DuckDB cannot read are no hindrance, as the next ingest makes them anew.
 */
export async function whileNobodyWrites(path: string, work: () => Promise<void>): Promise<void> {
  if (!existsSync(path)) return work()
  const file = new DuckDBFile(path, 'read', async () => {})
  let hasWorked = false
  try {
    await file.use(async () => {
      hasWorked = true
      await work()
    })
  } catch (error) {
    if (hasWorked || !(error instanceof StoreError) || error.code !== 'tables-unusable') throw error
    await work()
  } finally {
    await file.close()
  }
}
