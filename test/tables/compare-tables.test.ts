import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { compareTables } from '../../src/tables/compare-tables.ts'
import { assertNoOtherTables, copyTables } from '../../src/tables/copy-tables.ts'
import { Tables, type NewTable } from '../../src/tables/tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-compare-tables-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0

const owners: NewTable = {
  documentId: 'owners',
  path: 'owners.csv',
  contentHash: 'one',
  name: null,
  columns: ['service', 'owner'],
  headerRow: 1,
  firstColumn: null,
  rows: [
    [
      { row: 2, cells: ['BRASS', 'Ana'] },
      { row: 3, cells: ['TIN', ''] },
    ],
  ],
}
const rows = (...cells: string[][]): NewTable['rows'] => [cells.map((own, index) => ({ row: index + 2, cells: own }))]

/** The path of a file with these tables. */
async function fileWith(...registered: NewTable[]): Promise<string> {
  const path = join(folder, `${count++}.duckdb`)
  const tables = new Tables(path)
  for (const table of registered) await tables.register(table)
  await tables.close()
  return path
}

it('files are equal that were written apart, and in another order', async () => {
  const costs = { ...owners, documentId: 'costs', path: 'costs.csv' }
  const [one, other] = [await fileWith(owners, costs), await fileWith(costs, owners)]
  const amount = { tables: 2, rows: 4 }
  expect(await compareTables(one, other)).toEqual({ equal: true, one: amount, other: amount, differences: [] })
  await assertNoOtherTables(one, other)
})

it.each([
  ['a cell', { ...owners, rows: rows(['BRASS', 'Ben'], ['TIN', '']) }, ['description', 'cells']],
  [
    'a cell, though all of its profile is the same',
    { ...owners, rows: rows(['BRASS', ''], ['TIN', 'Ana']) },
    ['cells'],
  ],
  ['the order of rows', { ...owners, rows: rows(['TIN', ''], ['BRASS', 'Ana']) }, ['cells']],
  ['a row', { ...owners, rows: rows(['BRASS', 'Ana']) }, ['description', 'rows', 'cells']],
  ['the name of a column', { ...owners, columns: ['service', 'lead'] }, ['description', 'view']],
  ['a path', { ...owners, path: 'more/owners.csv' }, ['path']],
] as const)('%s that differs is told', async (_, table, expected) => {
  const [one, other] = [await fileWith(owners), await fileWith(table)]
  const { equal, differences } = await compareTables(one, other)
  expect(equal).toBe(false)
  expect(differences).toMatchObject([{ table: 'owners', in: 'both' }])
  expect(differences[0]?.what).toEqual(expect.arrayContaining([...expected]))
  await expect(assertNoOtherTables(one, other)).rejects.toThrow('other tables')
  await expect(copyTables(one, other)).rejects.toThrow('other tables')
})

it('a file that is not there holds none, and a copy is equal', async () => {
  const [one, other] = [await fileWith(owners), join(folder, 'not/there.duckdb')]
  expect((await compareTables(one, other)).differences).toEqual([{ table: 'owners', in: 'one', what: [] }])
  expect((await compareTables(other, one)).differences).toEqual([{ table: 'owners', in: 'other', what: [] }])
  expect(await copyTables(one, other)).toBe('copied')
  expect((await compareTables(one, other)).equal).toBe(true)
  expect(await copyTables(one, other)).toBe('same')
})
