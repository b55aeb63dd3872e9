import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { RefusedError } from '../model/errors.ts'
import { DuckDBFile } from './duckdb.ts'

/** `none`: there are no tables. `same`: both stores use the same file, or the target has an equal one. */
export type CopiedTables = 'none' | 'same' | 'copied'

/** Copies the file of the tables, whole or not at all, while nobody writes to it. @throws RefusedError as {@link assertNoOtherTables} */
export async function copyTables(from: string, to: string): Promise<CopiedTables> {
  if (!existsSync(from)) return 'none'
  if (resolve(from) === resolve(to)) return 'same'
  // Who has it open for reading keeps writers away.
  const source = new DuckDBFile(from, 'read', async () => {})
  try {
    return await source.use(async () => {
      await assertNoOtherTables(from, to)
      if (existsSync(to)) return 'same'
      const part = `${to}.copying`
      await mkdir(dirname(to), { recursive: true })
      await copyFile(from, part)
      // What a writer that was killed did last; DuckDB takes it in when it opens the file.
      if (existsSync(`${from}.wal`)) await copyFile(`${from}.wal`, `${to}.wal`)
      else await rm(`${to}.wal`, { force: true })
      await rename(part, to)
      return 'copied'
    })
  } finally {
    await source.close()
  }
}

/** @throws RefusedError where the target has tables that are not a copy of these */
export async function assertNoOtherTables(from: string, to: string): Promise<void> {
  if (!existsSync(from) || !existsSync(to) || resolve(from) === resolve(to) || (await areEqual(from, to))) return
  throw new RefusedError('other-tables', `${to}: there are other tables already; nothing is copied over them.`, {
    hint: 'Move that file away, or name another place for the tables of the target with WHYGRAPH_TABLES_TO.',
  })
}

async function areEqual(one: string, other: string): Promise<boolean> {
  if (statSync(one).size !== statSync(other).size) return false
  const [first, second] = await Promise.all([one, other].map(hashOf))
  return first === second
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
