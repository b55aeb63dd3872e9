import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { InputError } from '../../src/model/errors.ts'
import { findDateInPath } from '../dates.ts'
import type { FileReader, Reading, SourceFile, Table, TableRow } from '../reading.ts'
import { addTableText, CellCutter, columnNames } from './tables/table-text.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { MAX_CELLS, tooManyCells } from './tables/build-table.ts'

/** A little more than a cell may hold, so that a cut is noticed. */
const MAX_FETCHED = 33 * 1024

/** Parquet through DuckDB, which reads files only: the bytes go into a folder of their own that is removed again. */
export const parquetReader: FileReader = {
  name: 'parquet',
  extensions: ['parquet'],
  read: readParquet,
}

async function readParquet({ path, bytes }: SourceFile): Promise<Reading> {
  const folder = await mkdtemp(join(tmpdir(), 'whygraph-parquet-'))
  try {
    const file = join(folder, 'table.parquet')
    await writeFile(file, bytes)
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      await shutIn(connection, file)
      const cutter = new CellCutter()
      const table = await fetchTable(connection, path, file, cutter).catch((cause: unknown) => {
        throw asInputError(path, cause)
      })
      return readingOf(path, table, cutter)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** From here on the database sees this one file, and neither other files nor the network. */
async function shutIn(connection: DuckDBConnection, file: string): Promise<void> {
  const settings = [
    'threads = 1',
    "memory_limit = '300MB'",
    "temp_directory = ''",
    'autoinstall_known_extensions = false',
    'autoload_known_extensions = false',
    `allowed_paths = ['${file.replaceAll("'", "''")}']`,
    'enable_external_access = false',
    "TimeZone = 'UTC'",
    'lock_configuration = true',
  ]
  for (const setting of settings) await connection.run(`SET ${setting}`)
}

function readingOf(path: string, table: Table, cutter: CellCutter): Reading {
  const builder = new TextBuilder()
  addTableText(builder, table, { header: table.columns, headerPlace: { row: 1 }, place: (row) => ({ row }) })
  const { text, units } = builder
  return {
    document: {
      title: titleFromPath(path),
      kind: 'table',
      mediaType: 'application/vnd.apache.parquet',
      date: findDateInPath(path),
      text,
      units,
      notes: cutter.notes,
    },
    tables: [table],
  }
}

async function fetchTable(
  connection: DuckDBConnection,
  path: string,
  file: string,
  cutter: CellCutter,
): Promise<Table> {
  const size = await connection.runAndReadAll('SELECT sum(num_rows)::INTEGER FROM parquet_file_metadata($1)', [file])
  const described = await connection.runAndReadAll('DESCRIBE SELECT * FROM read_parquet($1)', [file])
  const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  if (Number(size.getRows()[0]?.[0] ?? 0) * columns.length > MAX_CELLS) throw tooManyCells(path, MAX_CELLS)
  const names = columnNames(
    columns.map(({ name }) => name),
    columns.length,
    (index) => `column ${index + 1}`,
  )
  const cells = columns.map(({ name, type }) => `left(${asText(quoted(name), type)}, ${MAX_FETCHED})`)
  const result = await connection.stream(
    `SELECT file_row_number + 1, ${cells.join(', ')} FROM read_parquet($1, file_row_number = true)`,
    [file],
  )
  const rows: TableRow[] = []
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [number, ...values] of chunk.getRows()) {
      const row = Number(number)
      const texts = values.map((value, index) =>
        cutter.cut(value === null ? '' : String(value).trim(), () => `row ${row}, ${names[index]}`),
      )
      rows.push({ row, cells: texts })
    }
  }
  return { name: null, columns: names, headerRow: null, firstColumn: null, rows }
}

/** Structures, lists and maps as JSON; everything else as DuckDB writes it, dates as ISO. */
function asText(column: string, type: string): string {
  const isNested = /^(?:STRUCT|MAP|UNION)\b|\[\d*\]$/.test(type)
  return isNested ? `to_json(${column})::VARCHAR` : `${column}::VARCHAR`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function asInputError(path: string, cause: unknown): InputError {
  if (cause instanceof InputError) return cause
  const message = cause instanceof Error ? cause.message : ''
  if (/encrypt/i.test(message))
    return new InputError('encrypted', `${path}: is encrypted`, { place: path, hint: 'Save a copy without it.', cause })
  if (/out of memory/i.test(message))
    return new InputError('limit', `${path}: takes more memory than a reader has`, {
      place: path,
      hint: 'Split it, or leave out the columns that are of no interest.',
      cause,
    })
  return new InputError('corrupt', `${path}: the Parquet file is damaged`, {
    place: path,
    hint: 'Write it again with the program that made it.',
    cause,
  })
}
