import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { askTables } from '../../src/tables/ask-tables.ts'
import { Tables, type NewTable } from '../../src/tables/tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-tables-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const table = (changes: Partial<NewTable> = {}): NewTable => ({
  documentId: 'doc',
  path: 'data/Owners 2025.csv',
  contentHash: 'one',
  name: null,
  columns: ['code', 'Owner', 'owner', 'since', 'cost', 'note'],
  headerRow: 1,
  firstColumn: null,
  rows: [
    [
      { row: 2, cells: ['007', 'Ana Ruiz', 'a', '2025-01-31', '4.70', 'x'] },
      { row: 3, cells: ['008', 'Bo van der Berg', 'b', '2025-02-28', '12', ''] },
    ],
    [{ row: 5, cells: ['009', 'Ana Ruiz', 'c', '', '-3'] }],
  ],
  ...changes,
})

describe('a table that is registered', () => {
  test('has a profile of every column, judged by the text of its cells', async () => {
    const tables = new Tables(null)
    const { columns, ...dataset } = await tables.register(table())
    expect(dataset).toMatchObject({ rows: 3, table: 'owners_2025', headerRow: 1 })
    const facts = columns.map(({ name, type, empty, distinct, least, greatest, isKey, looksLikeNames }) => {
      return [name, type, empty, distinct, least, greatest, isKey, looksLikeNames]
    })
    expect(facts).toEqual([
      // Leading zeros are no number: as one they would be lost.
      ['code', 'text', 0, 3, '007', '009', true, false],
      ['Owner', 'text', 0, 2, 'Ana Ruiz', 'Bo van der Berg', false, true],
      ['owner', 'text', 0, 3, 'a', 'c', true, false],
      ['since', 'date', 1, 2, '2025-01-31', '2025-02-28', false, false],
      ['cost', 'number', 0, 3, '-3', '12', true, false],
      ['note', 'text', 2, 1, 'x', 'x', false, false],
    ])
    expect(columns[1]?.examples).toEqual(['Ana Ruiz', 'Bo van der Berg'])
  })

  test('keeps its cells as they are, by the row numbers of the source', async () => {
    const tables = new Tables(null)
    const dataset = await tables.register(table())
    expect(await tables.row(dataset, 2)).toEqual({ row: 2, cells: ['007', 'Ana Ruiz', 'a', '2025-01-31', '4.70', 'x'] })
    expect(await tables.row(dataset, 4)).toBeNull()
    expect((await tables.rows(dataset, 2, 10)).map(({ row }) => row)).toEqual([3, 5])
  })

  test('a large one is sampled from its beginning and from further on, and counted beyond what is held', async () => {
    const rows = Array.from({ length: 12_000 }, (_, index) => ({
      row: index + 2,
      cells: [`n${index}`, String(index % 7)],
    }))
    const tables = new Tables(null)
    const dataset = await tables.register(table({ columns: ['a', 'b'], rows: [rows] }))
    expect(dataset.columns.map(({ distinct, isKey }) => [distinct, isKey])).toEqual([
      [12_000, true],
      [7, false],
    ])
    const sample = (await tables.sample(dataset, 12)).map(({ row }) => row)
    expect(sample).toHaveLength(12)
    expect(sample.slice(0, 6)).toEqual([2, 3, 4, 5, 6, 7])
    expect(sample.at(-1)).toBeGreaterThan(9000)
  })

  test('tables of one name get names of their own, which they keep', async () => {
    const tables = new Tables(null)
    const names = []
    for (const path of ['a/owners.csv', 'b/owners.csv', 'c/b/owners.csv'])
      names.push((await tables.register(table({ documentId: path, path }))).table)
    expect(names.slice(0, 2)).toEqual(['owners', 'b_owners'])
    expect(names[2]).toMatch(/^owners_\w{6}$/)
    expect((await tables.register(table({ documentId: 'b/owners.csv', path: 'b/owners.csv' }))).table).toBe('b_owners')
    const odd = await tables.register(table({ documentId: 'x', path: 'x/2025 "; DROP.csv', name: 'Übersicht' }))
    expect(odd.table).toBe('t_2025_drop_ubersicht')
  })

  test('what a document has no more is taken away', async () => {
    const tables = new Tables(null)
    const one = await tables.register(table({ name: 'One' }))
    await tables.register(table({ name: 'Two' }))
    await tables.keepOnly('doc', [one.id])
    expect((await tables.datasetsOf('doc')).map(({ name }) => name)).toEqual(['One'])
    expect(await tables.has('doc', 'one')).toBe(true)
    await tables.keepOnly('doc', [])
    expect(await tables.has('doc', 'one')).toBe(false)
  })

  test('one that breaks off leaves what was there', async () => {
    const tables = new Tables(null)
    await tables.register(table())
    async function* broken() {
      yield [{ row: 2, cells: ['x'] }]
      throw new Error('cut')
    }
    await expect(tables.register(table({ contentHash: 'two', rows: broken() }))).rejects.toThrow('cut')
    const [dataset] = await tables.datasetsOf('doc')
    expect(dataset).toMatchObject({ contentHash: 'one', rows: 3 })
    expect(dataset && (await tables.row(dataset, 2))?.cells[1]).toBe('Ana Ruiz')
  })
})

describe('questions in SQL', () => {
  const path = join(folder, 'tables.duckdb')

  test('see typed columns, and columns that differ in case only', async () => {
    const tables = new Tables(path)
    await tables.register(table())
    const result = await askTables(
      path,
      'SELECT "Owner", sum(cost), max(since) FROM owners_2025 GROUP BY 1 ORDER BY 1',
      {
        seconds: 10,
      },
    )
    expect(result.rows).toEqual([
      ['Ana Ruiz', 1.7000000000000002, '2025-01-31'],
      ['Bo van der Berg', 12, '2025-02-28'],
    ])
    const described = await askTables(path, 'DESCRIBE owners_2025', { seconds: 10 })
    expect(described.rows.map(([name, type]) => `${String(name)} ${String(type)}`)).toEqual([
      '_row BIGINT',
      'code VARCHAR',
      'Owner VARCHAR',
      'owner 2 VARCHAR',
      'since DATE',
      'cost DOUBLE',
      'note VARCHAR',
    ])
    await tables.close()
  })

  test('neither write, nor read another file, nor run on', async () => {
    const refused = async (text: string, seconds = 10) => {
      const error = await askTables(path, text, { seconds }).then(
        () => null,
        (cause: Error & { code?: string }) => cause,
      )
      return `${error?.name} ${error?.code}`
    }
    for (const text of [
      'DROP VIEW owners_2025',
      "COPY owners_2025 TO 'x.csv'",
      "ATTACH 'x.db'",
      'SET threads=1',
      'PRAGMA database_list',
      'INSTALL httpfs',
      'CREATE TABLE x (a int)',
      '-- x\nINSERT INTO x VALUES (1)',
    ])
      expect(await refused(text), text).toBe('RefusedError not-a-query')
    for (const text of [
      "SELECT * FROM read_text('/etc/hostname')",
      "SELECT * FROM glob('/*')",
      'WITH x AS (SELECT 1) DELETE FROM whygraph.datasets',
    ])
      expect(await refused(text), text).toBe('RefusedError read-only')
    expect(await refused('SELECT 1; SELECT 2')).toBe('UsageError one-statement')
    expect(await refused('SELECT nothing')).toBe('UsageError bad-sql')
    // Not looked for among files.
    expect(await refused("FROM '/etc/hostname'")).toBe('NotFoundError no-table')
    expect(await refused('SELECT * FROM nowhere')).toBe('NotFoundError no-table')
    expect(await refused('SELECT count(*) FROM range(100000000000) a', 0.2)).toBe('StoreError query-too-long')
    expect(
      await askTables(join(folder, 'none.duckdb'), 'SELECT 1', { seconds: 1 }).catch((error: Error) => error.name),
    ).toBe('UsageError')
  })

  test('wait for the ingest that is writing, which lets go now and then', async () => {
    const tables = new Tables(path)
    const ended = new AbortController()
    const writing = (async () => {
      for (let index = 0; !ended.signal.aborted && index < 1000; index += 1)
        await tables.register(table({ documentId: `d${index}`, path: `t${index}.csv` }))
    })()
    const [ours, others] = await Promise.all([
      askTables(path, 'SELECT count(*) FROM owners_2025', { seconds: 10 }),
      new Tables(path).register(table({ documentId: 'other', path: 'other.csv' })),
    ])
    ended.abort()
    await writing
    await tables.close()
    expect(ours.rows).toEqual([['3']])
    expect(others.table).toBe('other')
  })
})

test.skipIf(process.platform === 'win32')('nobody else may read the tables, nor what was written anew', async () => {
  const own = mkdtempSync(join(folder, 'private-'))
  const modes = () => readdirSync(own).map((name) => `${name} ${(statSync(join(own, name)).mode & 0o777).toString(8)}`)
  const tables = new Tables(join(own, 'tables.duckdb'))
  await tables.register(table())
  expect(modes()).toEqual(['tables.duckdb 600', 'tables.duckdb.wal 600'])
  await tables.compact()
  expect(modes()).toEqual(['tables.duckdb 600'])
  await tables.close()
})
