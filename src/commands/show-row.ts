import { NotFoundError } from '../model/errors.ts'
import type { Settings } from '../settings.ts'
import type { StoredDataset, StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { DataRow } from '../tables/tables.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import type { Context } from './context.ts'

/** How a place in a table is written: see `formatPlace`. */
const ROW_PLACE = /^(.+) row (\d+)(?: .*)?$/

export function isRowPlace(text: string): boolean {
  return ROW_PLACE.test(text)
}

/** Opens the row that a place of a link's evidence names: `owners.xlsx Teams row 12 C12`. */
export async function showRow(
  store: Store,
  place: string,
  settings: Settings,
  context: Context,
  json: boolean,
): Promise<void> {
  const [, where = '', number = ''] = ROW_PLACE.exec(place) ?? []
  const found = await findTable(store, where)
  const tables = context.openTables(settings, 'create')
  try {
    const isThere =
      found !== null && !(await tables.isNew()) && (await tables.has(found.document.id, found.document.contentHash))
    const row = isThere ? await tables.row(found.dataset, Number(number)) : null
    if (found === null || row === null)
      throw new NotFoundError('no-row', `there is no row ${number} in ${where}`, {
        hint: 'Give the place as a link shows it; \'whygraph sql "SHOW TABLES"\' lists the tables.',
      })
    context.print(render(found, row, json))
  } finally {
    await tables.close()
  }
}

interface FoundTable {
  readonly document: StoredDocument
  readonly dataset: StoredDataset
}

/** A path, then the table's name where the file has several; both may hold blanks. */
async function findTable(store: Store, where: string): Promise<FoundTable | null> {
  const cuts = [where.length, ...[...where.matchAll(/ /g)].map((blank) => blank.index).toReversed()]
  for (const cut of cuts) {
    const name = cut === where.length ? null : where.slice(cut + 1)
    for (const document of await store.documentsAt(where.slice(0, cut))) {
      const datasets = await store.datasetsOf(document.id)
      const dataset = datasets.find((one) => one.name === name)
      if (dataset !== undefined) return { document, dataset }
    }
  }
  return null
}

function render({ document, dataset }: FoundTable, { row, cells }: DataRow, json: boolean): string {
  const values = dataset.columns.map((column) => [column.name, cells[column.position] ?? ''] as const)
  if (json)
    return printableJson(
      {
        version: 1,
        path: document.path,
        sheet: dataset.name,
        table: dataset.table,
        row,
        cells: Object.fromEntries(values),
      },
      2,
    )
  const width = Math.max(...values.map(([name]) => printable(name).length))
  const about = [document.path, dataset.name, `row ${row}`].filter((part) => part !== null).join(' ')
  return [
    `${printable(about)}  (table ${dataset.table})`,
    ...values.map(([name, value]) => ` ${printable(name).padEnd(width)}  ${printable(value)}`),
  ].join('\n')
}
