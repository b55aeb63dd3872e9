import type { Connection } from './sqlite.ts'

/** Begins a transaction that sees one state of the store to its end: that is fixed by the first look, not by BEGIN. */
export function beginReading(connection: Connection): void {
  connection.execute('BEGIN')
  try {
    connection.get('SELECT value FROM meta LIMIT 1')
  } catch (error) {
    connection.rollback()
    throw error
  }
}
