import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { datasetId, type Dataset } from '../model/dataset.ts'
import { DuckDBFile, quoteName } from './duckdb.ts'
import { Profiler, SQL_TYPES } from './profile.ts'

/** One row as it is registered. */
export interface DataRow {
  /** As the source counts it. */
  readonly row: number
  readonly cells: readonly string[]
}

/** A table that is to be registered; its rows come in batches. */
export interface NewTable {
  readonly documentId: string
  /** Path of the document; the view's name is made from it. */
  readonly path: string
  readonly contentHash: string
  readonly name: string | null
  readonly columns: readonly string[]
  readonly headerRow: number | null
  readonly firstColumn: string | null
  readonly rows: AsyncIterable<readonly DataRow[]> | Iterable<readonly DataRow[]>
}

/** The register of what is in the file. Views that people query are in `main`, the cells as they are in `raw`. */
const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS raw;
  CREATE SCHEMA IF NOT EXISTS whygraph;
  CREATE TABLE IF NOT EXISTS whygraph.datasets (
    id VARCHAR PRIMARY KEY, document_id VARCHAR, path VARCHAR, name VARCHAR, "table" VARCHAR,
    content_hash VARCHAR, rows BIGINT, data VARCHAR
  );`

/** The tables of all documents, in one DuckDB file beside the store. Cells are text there as the source has them. */
export class Tables {
  readonly #file: DuckDBFile
  /** Hash of the content that each document's tables were registered from; read once. */
  #registered: Map<string, string> | null = null
  #wasNew: boolean | null = null

  /** `path` null: in memory, for trials. */
  constructor(path: string | null) {
    this.#file = new DuckDBFile(path, 'write', async (connection) => void (await connection.run(SCHEMA)))
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  /** Whether there is no file yet. */
  get isMissing(): boolean {
    return this.#file.isMissing
  }

  /** Whether nothing had been registered when this was opened. Does not make a file that is not there. */
  async isNew(): Promise<boolean> {
    this.#wasNew ??= this.#file.isMissing || (await this.#known()).size === 0
    return this.#wasNew
  }

  /** Whether the tables of this content of the document are there. */
  async has(documentId: string, contentHash: string): Promise<boolean> {
    this.#wasNew ??= this.#file.isMissing
    return (await this.#known()).get(documentId) === contentHash
  }

  async #known(): Promise<Map<string, string>> {
    this.#registered ??= await this.#file.use(async (connection) => {
      const reader = await connection.runAndReadAll('SELECT document_id, content_hash FROM whygraph.datasets')
      return new Map(reader.getRowsJson().map(([id, hash]) => [String(id), String(hash)]))
    })
    return this.#registered
  }

  /** Puts a table in the place of what the document had under its name, and looks once at every cell. */
  async register(table: NewTable): Promise<Dataset> {
    const id = datasetId(table.documentId, table.name)
    const raw = `raw.${quoteName(id)}`
    const dataset = await this.#file.use(async (connection) => {
      await connection.run('BEGIN')
      try {
        const cells = table.columns.map((_, position) => `c${position} VARCHAR`)
        await connection.run(`CREATE OR REPLACE TABLE ${raw} (${['_row BIGINT', ...cells].join(', ')})`)
        const profiler = new Profiler(table.columns.length)
        await append(connection, id, table, profiler)
        const { rows, uncounted } = profiler
        const columns = profiler.columns(id, table.columns, await countDistinct(connection, raw, uncounted))
        const view = await nameView(connection, id, table)
        await dropFormerView(connection, id, view)
        const { documentId, name, headerRow, firstColumn, contentHash } = table
        const about: Dataset = { id, documentId, name, table: view, rows, headerRow, firstColumn, contentHash, columns }
        await connection.run(
          `CREATE OR REPLACE VIEW main.${quoteName(view)} AS SELECT ${viewColumns(about)} FROM ${raw}`,
        )
        await connection.run('INSERT OR REPLACE INTO whygraph.datasets VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
          id,
          documentId,
          table.path,
          name,
          view,
          contentHash,
          rows,
          JSON.stringify(about),
        ])
        await connection.run('COMMIT')
        return about
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => {})
        throw error
      }
    })
    this.#registered?.set(table.documentId, table.contentHash)
    return dataset
  }

  /** Takes away what a document had beside these. */
  async keepOnly(documentId: string, ids: readonly string[]): Promise<void> {
    await this.#file.use(async (connection) => {
      const reader = await connection.runAndReadAll(
        'SELECT id, "table" FROM whygraph.datasets WHERE document_id = $1',
        [documentId],
      )
      for (const [id, view] of reader.getRowsJson()) {
        if (ids.includes(String(id))) continue
        await connection.run(`DROP VIEW IF EXISTS main.${quoteName(String(view))}`)
        await connection.run(`DROP TABLE IF EXISTS raw.${quoteName(String(id))}`)
        await connection.run('DELETE FROM whygraph.datasets WHERE id = $1', [String(id)])
      }
    })
    if (ids.length === 0) this.#registered?.delete(documentId)
  }

  /** Leaves nothing in the file of what was taken away. */
  compact(): Promise<void> {
    return this.#file.compact()
  }

  /** The tables of a document as they were registered. */
  async datasetsOf(documentId: string): Promise<Dataset[]> {
    return this.#file.use(async (connection) => {
      const text = 'SELECT data FROM whygraph.datasets WHERE document_id = $1 ORDER BY id'
      const reader = await connection.runAndReadAll(text, [documentId])
      return reader.getRowsJson().map(([data]) => JSON.parse(String(data)) as Dataset)
    })
  }

  /** Rows in the order of the source, `limit` at most, from those after row number `after`. */
  async rows(dataset: Dataset, after: number, limit: number): Promise<DataRow[]> {
    return this.#file.use((connection) =>
      readRows(connection, dataset, `_row > $1 ORDER BY _row LIMIT ${Math.floor(limit)}`, [
        BigInt(Math.max(-1, after)),
      ]),
    )
  }

  async row(dataset: Dataset, row: number): Promise<DataRow | null> {
    return this.#file.use(
      async (connection) => (await readRows(connection, dataset, '_row = $1', [BigInt(row)]))[0] ?? null,
    )
  }

  /** The first rows and some from further on: `count` in all, or the whole table where it is no longer. */
  async sample(dataset: Dataset, count: number): Promise<DataRow[]> {
    const first = Math.ceil(count / 2)
    const step = Math.max(1, Math.ceil((dataset.rows - first) / Math.max(1, count - first)))
    const numbered = `SELECT _row, row_number() OVER (ORDER BY _row) - 1 AS n FROM raw.${quoteName(dataset.id)}`
    const picked = `_row IN (SELECT _row FROM (${numbered}) WHERE n < ${first} OR (n - ${first}) % ${step} = 0) ORDER BY _row LIMIT ${Math.floor(count)}`
    return this.#file.use((connection) => readRows(connection, dataset, picked, []))
  }
}

async function append(connection: DuckDBConnection, id: string, table: NewTable, profiler: Profiler): Promise<void> {
  const appender = await connection.createAppender(id, 'raw')
  try {
    for await (const batch of table.rows) {
      for (const { row, cells } of batch) {
        profiler.add(cells)
        appender.appendBigInt(BigInt(row))
        for (const index of table.columns.keys()) {
          const cell = cells[index] ?? ''
          if (cell === '') appender.appendNull()
          else appender.appendVarchar(cell)
        }
        appender.endRow()
      }
    }
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
}

/** A name that became free may have been given to it since. */
async function dropFormerView(connection: DuckDBConnection, id: string, view: string): Promise<void> {
  const reader = await connection.runAndReadAll('SELECT "table" FROM whygraph.datasets WHERE id = $1', [id])
  const former = reader.getRowsJson()[0]?.[0]
  if (former !== undefined && former !== view)
    await connection.run(`DROP VIEW IF EXISTS main.${quoteName(String(former))}`)
}

async function countDistinct(
  connection: DuckDBConnection,
  table: string,
  positions: readonly number[],
): Promise<Map<number, number>> {
  if (positions.length === 0) return new Map()
  const counts = positions.map((position) => `count(DISTINCT c${position})`)
  const reader = await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${table}`)
  const [row = []] = reader.getRowsJson()
  return new Map(positions.map((position, index) => [position, Number(row[index])]))
}

async function readRows(
  connection: DuckDBConnection,
  dataset: Dataset,
  condition: string,
  values: DuckDBValue[],
): Promise<DataRow[]> {
  const cells = dataset.columns.map(({ position }) => `c${position}`)
  const text = `SELECT ${['_row', ...cells].join(', ')} FROM raw.${quoteName(dataset.id)} WHERE ${condition}`
  const reader = await connection.runAndReadAll(text, values)
  return reader.getRowsJson().map(([row, ...values]) => ({
    row: Number(row),
    cells: values.map((value) => (value === null ? '' : String(value))),
  }))
}

/** Values of the types that the whole column has; column names as the source has them, apart in any case. */
function viewColumns(dataset: Dataset): string {
  const taken = new Set(['_row'])
  const columns = dataset.columns.map(({ name, position, type }) => {
    let unique = name
    for (let count = 2; taken.has(unique.toLowerCase()); count += 1) unique = `${name} ${count}`
    taken.add(unique.toLowerCase())
    const cell = type === 'text' ? `c${position}` : `TRY_CAST(c${position} AS ${SQL_TYPES[type]})`
    return `${cell} AS ${quoteName(unique)}`
  })
  return ['_row', ...columns].join(', ')
}

/** The file's name, with the sheet's where it has one; the folder's, or a piece of the id, where another has that. */
async function nameView(connection: DuckDBConnection, id: string, { path, name }: NewTable): Promise<string> {
  const [file = 'table', folder] = path.split('/').toReversed()
  const own = [slug(file.replace(/(?<=.)\.[^.]+$/, '')), ...(name === null ? [] : [slug(name)])].join('_')
  const candidates = [own, ...(folder === undefined ? [] : [`${slug(folder)}_${own}`]), `${own}_${id.slice(0, 6)}`]
  const reader = await connection.runAndReadAll(
    'SELECT id, "table" FROM whygraph.datasets WHERE "table" IN ($1, $2, $3)',
    [candidates[0] ?? own, candidates[1] ?? own, candidates[2] ?? own],
  )
  const owners = new Map(reader.getRowsJson().map(([owner, view]) => [String(view), String(owner)]))
  return candidates.find((candidate) => (owners.get(candidate) ?? id) === id) ?? `${own}_${id}`
}

function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  const words = plain.replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '')
  return /^\p{L}/u.test(words) ? words.slice(0, 60) : `t_${words.slice(0, 60)}`
}
