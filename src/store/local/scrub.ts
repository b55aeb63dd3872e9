import { StoreError } from '../../model/errors.ts'
import { wipeProjection } from './projection.ts'
import type { Connection } from './sqlite.ts'

/** How long to wait for those who read what was there before. */
const PATIENCE_MILLISECONDS = 60_000

const MERGE = `
  DELETE FROM removed;
  UPDATE meta SET value = lower(hex(randomblob(8))) WHERE name = 'store';
  INSERT INTO chunk_words(chunk_words) VALUES ('optimize');
  INSERT INTO summary_words(summary_words) VALUES ('optimize');
  INSERT INTO label_words(label_words) VALUES ('optimize');
  INSERT INTO entity_words(entity_words) VALUES ('optimize');
`

/**
 * Leaves nothing of what was removed in the store's files. SQLite keeps it in free pages and in the write-ahead log,
 * FTS5 in segments that were not merged, and what is kept for the projection to follow has types of links, which are
 * words of a document where the schema is open. So no projection can follow any more: the store takes another name, by
 * which they know it, and the next query makes one anew.
 *
 * The log can only be emptied once nobody reads a state from before: whoever builds a projection from now on sees what
 * is left.
 */
export async function scrubLocal(connection: Connection, folder: string, path: string): Promise<void> {
  await connection.whenFree(() => {
    connection.execute('BEGIN IMMEDIATE')
    try {
      connection.execute(MERGE)
      connection.execute('COMMIT')
    } catch (error) {
      connection.rollback()
      throw error
    }
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
