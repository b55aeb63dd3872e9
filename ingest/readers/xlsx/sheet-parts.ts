import type { Table } from '../../reading.ts'
import type { CellCutter } from '../tables/table-text.ts'
import { buildTable, MAX_CELLS } from '../tables/build-table.ts'
import { kindOf } from '../tables/cell-kind.ts'
import { findTable } from '../tables/find-table.ts'
import type { GridRow } from '../tables/header.ts'
import { columnLetter, findRegions, type Region, type SheetRow } from './grid.ts'

/** What a sheet consists of, from top to bottom. Rows of text keep their first column, to name their cells. */
export type SheetPart =
  | { readonly kind: 'text'; readonly rows: readonly GridRow[]; readonly left: number; readonly above: boolean }
  | { readonly kind: 'table'; readonly table: Table; readonly header: readonly string[] | undefined }

interface SheetOptions {
  readonly path: string
  readonly sheet: string
  /** Names of tables that are taken, in this workbook. */
  readonly taken: Set<string>
  readonly cutter: CellCutter
}

/** Tables and text of a sheet. The first table goes by the name of the sheet, the next by `Sheet (2)`. */
export function findSheetParts(rows: readonly SheetRow[], options: SheetOptions): SheetPart[] {
  const parts: SheetPart[] = []
  const regions = joinContinued(findRegions(rows))
  for (const [index, region] of regions.entries()) {
    const { left } = region
    const grid = toGrid(region)
    if (grid.length === 0) continue
    const found = isSpread(region) ? null : findTable(grid)
    if (found === null) {
      // A single line right above a table is its title.
      const next = regions[index + 1]
      const above = grid.length === 1 && next !== undefined && next.rows.length > 1
      parts.push({ kind: 'text', rows: grid, left, above })
      continue
    }
    const made = (column: number): string => `column ${columnLetter(left + column)}`
    const name = nameFor(options)
    const { path, cutter } = options
    const table = buildTable(found, { path, name, firstColumn: columnLetter(left), made, cutter })
    if (found.before.length > 0) parts.push({ kind: 'text', rows: found.before, left, above: true })
    parts.push({ kind: 'table', table, header: found.header?.cells })
    if (found.after.length > 0) parts.push({ kind: 'text', rows: found.after, left, above: false })
  }
  return parts
}

function nameFor({ sheet, taken }: SheetOptions): string {
  let name = sheet
  for (let count = 2; taken.has(name); count += 1) name = `${sheet} (${count})`
  taken.add(name)
  return name
}

/** One empty row may part a table; what follows goes on if its cells are of the same kinds in the same columns. */
function joinContinued(regions: readonly Region[]): Region[] {
  const joined: Region[] = []
  for (const region of regions) {
    const index = joined.findLastIndex((one) => one.left <= region.left && one.right >= region.right)
    const before = joined[index]
    if (before !== undefined && continues(before, region)) {
      joined[index] = { ...before, rows: [...before.rows, ...region.rows] }
    } else joined.push(region)
  }
  return joined
}

function continues(before: Region, region: Region): boolean {
  const last = before.rows.at(-1)
  const first = region.rows[0]
  if (last === undefined || first === undefined || first.row - last.row !== 2) return false
  if (before.rows.length < 3 || before.left !== region.left || first.columns.length < 2) return false
  const kinds = new Map(last.columns.map((column, index) => [column, kindOf(last.texts[index] ?? '')]))
  const same = first.columns.filter((column, index) => kinds.get(column) === kindOf(first.texts[index] ?? ''))
  return same.length >= first.columns.length * 0.8 && same.some((column) => kinds.get(column) !== 'text')
}

/** Rows from the region's first column on. Where that would be mostly gaps, the cells without them. */
function toGrid(region: Region): GridRow[] {
  const spread = isSpread(region)
  return region.rows.filter(holdsText).map(({ row, columns, texts }) => {
    if (spread || columns.length === (columns.at(-1) ?? 0) - region.left + 1) return { row, cells: texts }
    const cells = Array.from({ length: (columns.at(-1) ?? 0) - region.left + 1 }, () => '')
    for (const [index, column] of columns.entries()) cells[column - region.left] = texts[index] ?? ''
    return { row, cells }
  })
}

function holdsText({ texts }: SheetRow): boolean {
  return texts.some((text) => text !== '')
}

/** Cells far apart that no empty row or column parts: no table, and nothing to lay out as one. */
function isSpread({ rows, left }: Region): boolean {
  return rows.reduce((sum, { columns }) => sum + (columns.at(-1) ?? 0) - left + 1, 0) > MAX_CELLS
}
