import { NotFoundError, RefusedError, StoreError, UsageError } from '../model/errors.ts'
import { DuckDBFile, requireFile } from './duckdb.ts'

/** What a query gave. */
export interface SqlResult {
  readonly columns: readonly string[]
  /** Values as JSON; whole numbers beyond 2^53 as text. */
  readonly rows: readonly (readonly unknown[])[]
}

const READS = /^(?:select|with|from|describe|show|summarize|explain|values|table|pivot|unpivot|\()/i
const MOST_ROWS = 1_000_000

/**
 * Runs one read-only statement on the tables. The file is opened for reading only and the database may reach nothing
 * else, so this does not depend on understanding the text.
 *
 * @throws RefusedError for a statement that would change something, UsageError where it cannot be understood
 */
export async function askTables(path: string, text: string, limits: { seconds: number }): Promise<SqlResult> {
  requireFile(path)
  if (text.trim() === '') throw new UsageError('no-query', 'the query is empty')
  if (!READS.test(withoutLeadingComments(text)))
    throw new RefusedError(
      'not-a-query',
      'only queries are run here (SELECT, FROM, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN)',
      {
        hint: 'The tables are written by ingest alone. To compute with them, copy the file and open it in DuckDB.',
      },
    )
  const file = new DuckDBFile(path, 'read', async () => {})
  try {
    return await file.use(async (connection) => {
      const statements = await connection.extractStatements(text)
      if (statements.count !== 1) throw new UsageError('one-statement', 'give exactly one statement')
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        connection.interrupt()
      }, limits.seconds * 1000)
      try {
        const reader = await connection.streamAndReadUntil(text, MOST_ROWS)
        return { columns: reader.columnNames(), rows: reader.getRowsJson().slice(0, MOST_ROWS) }
      } catch (cause) {
        if (isLate)
          throw new StoreError('query-too-long', `the query took more than ${limits.seconds} s`, {
            hint: 'Ask for less, or give it more time: --timeout SECONDS.',
            cause,
          })
        throw cause
      } finally {
        clearTimeout(timer)
      }
    })
  } catch (cause) {
    throw explain(cause)
  } finally {
    await file.close()
  }
}

function withoutLeadingComments(text: string): string {
  let rest = text.trimStart()
  for (;;) {
    const end = rest.startsWith('--') ? rest.indexOf('\n') : rest.startsWith('/*') ? rest.indexOf('*/') + 1 : -1
    if (end < 1) return rest
    rest = rest.slice(end + 1).trimStart()
  }
}

function explain(cause: unknown): Error {
  if (!(cause instanceof Error) || 'code' in cause) return cause as Error
  const message = cause.message.split('\n\n')[0] ?? ''
  if (/Catalog Error: Table with name/.test(message))
    return new NotFoundError('no-table', message.replace(/^Catalog Error: /, ''), {
      hint: '\'whygraph sql "SHOW TABLES"\' lists them.',
      cause,
    })
  if (
    /read-only|disabled by configuration|configuration has been locked|Cannot execute statement of type/i.test(message)
  )
    return new RefusedError('read-only', message, {
      hint: 'Queries read the registered tables, and nothing else.',
      cause,
    })
  return new UsageError('bad-sql', message, { hint: '\'whygraph sql "SHOW TABLES"\' lists the tables.', cause })
}
