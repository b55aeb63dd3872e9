import type { DuckDBConnection } from '@duckdb/node-api'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { DuckDBFile, quoteName } from './duckdb.ts'

/** A table that two files do not hold alike. */
export interface TableDifference {
  /** The name by which it is queried; where the files differ in that, the first's. */
  readonly table: string
  readonly in: 'one' | 'other' | 'both'
  /** Where it is in both: what differs. */
  readonly what: readonly Part[]
}

export interface ComparedTables {
  readonly equal: boolean
  /** How many tables there are in each file, and rows in all of them. */
  readonly one: Amount
  readonly other: Amount
  readonly differences: readonly TableDifference[]
}

interface Amount {
  readonly tables: number
  readonly rows: number
}

/**
 * `path` of its document; `description`: columns, their profiles and where they stood; `view`: what `whygraph sql`
 * shows of it; `cells`: all of them with their rows.
 */
const PARTS = ['path', 'description', 'view', 'rows', 'cells'] as const
type Part = (typeof PARTS)[number]
type Described = Readonly<Record<Part, string>> & { readonly table: string }

/** Compares all that two files of tables hold; one that is not there holds none. Nobody writes either meanwhile. */
export async function compareTables(one: string, other: string): Promise<ComparedTables> {
  const first = await describeAll(one)
  const second = resolve(one) === resolve(other) ? first : await describeAll(other)
  const differences = [...new Set([...first.keys(), ...second.keys()])].toSorted().flatMap((id): TableDifference[] => {
    const [mine, theirs] = [first.get(id), second.get(id)]
    if (mine === undefined || theirs === undefined)
      return [{ table: (mine ?? theirs)?.table ?? id, in: mine === undefined ? 'other' : 'one', what: [] }]
    const what = PARTS.filter((part) => mine[part] !== theirs[part])
    return what.length === 0 ? [] : [{ table: mine.table, in: 'both', what }]
  })
  return { equal: differences.length === 0, one: amountOf(first), other: amountOf(second), differences }
}

async function describeAll(path: string): Promise<ReadonlyMap<string, Described>> {
  if (!existsSync(path)) return new Map()
  const file = new DuckDBFile(path, 'read', async () => {})
  try {
    return await file.use(async (connection) => {
      const described = new Map<string, Described>()
      const registered = await connection.runAndReadAll(`
        SELECT id, path, data, "table", (SELECT sql FROM duckdb_views() WHERE schema_name = 'main' AND view_name = "table")
        FROM whygraph.datasets`)
      for (const row of registered.getRowsJson()) {
        const [id, path, description, table, view] = row.map(String) as [string, string, string, string, string]
        described.set(id, { table, path, description, view, ...(await digest(connection, id)) })
      }
      return described
    })
  } finally {
    await file.close()
  }
}

/**
 * Rows, and the sum of their hashes, which comes to the same whatever their order; each has its number in it. One pass,
 * and of 64 bits a row: it tells what went wrong from what went right, and is no proof against a forger.
 */
async function digest(connection: DuckDBConnection, id: string): Promise<{ rows: string; cells: string }> {
  const text = `SELECT count(*)::VARCHAR, coalesce(sum(hash(cells)), 0)::VARCHAR FROM raw.${quoteName(id)} AS cells`
  const [row] = (await connection.runAndReadAll(text)).getRowsJson()
  return { rows: String(row?.[0]), cells: String(row?.[1]) }
}

function amountOf(described: ReadonlyMap<string, Described>): Amount {
  return { tables: described.size, rows: [...described.values()].reduce((sum, { rows }) => sum + Number(rows), 0) }
}
