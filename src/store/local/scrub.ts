import { StoreError } from '../../model/errors.ts'
import { wipeProjection } from './projection.ts'
import type { Connection } from './sqlite.ts'

/** How long to wait for those who read what was there before. */
const PATIENCE_MILLISECONDS = 60_000

/**
 * Leaves nothing of what was removed in the store's files. SQLite keeps it in free pages, in the write-ahead log, and
 * FTS5 in segments that were not merged; the projection is made anew by the next query.
 *
 * The log can only be emptied once nobody reads a state from before: whoever builds a projection from now on sees what
 * is left.
 */
export async function scrubLocal(connection: Connection, folder: string, path: string): Promise<void> {
  await connection.whenFree(() => {
    connection.execute('PRAGMA secure_delete = ON')
    for (const table of ['chunk_words', 'entity_words'])
      connection.execute(`INSERT INTO ${table}(${table}) VALUES ('optimize')`)
  })
  await connection.whenFree(() => connection.execute('VACUUM'), PATIENCE_MILLISECONDS)
  await connection.whenFree(() => {
    if (Number(connection.get('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy']) === 0) return
    throw new StoreError('busy', `${path}: another process still reads what was there before.`, {
      retryable: true,
      hint: 'Run the same command again when it is done: until then its text is in the log of the store.',
    })
  }, PATIENCE_MILLISECONDS)
  await wipeProjection(folder)
}
