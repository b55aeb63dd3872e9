import { counted } from '../model/counted.ts'
import { mapRows } from '../taking-in/map-rows.ts'
import { StoreError } from '../model/errors.ts'
import { resolveDocuments } from '../resolving/resolve-names.ts'
import type { Settings } from '../settings.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { printable } from '../terminal/printable.ts'
import type { Context } from './context.ts'

/** More than this takes long enough to wonder. */
const SLOW_ROWS = 2000

/** The same after decisions about many links: the rows of each table are read once. */
export async function followMappings(
  store: Store,
  links: readonly StoredLink[],
  settings: Settings,
  context: Context,
): Promise<void> {
  const followed = new Set<string>()
  for (const link of links.filter(({ mapsFrom }) => mapsFrom !== null)) {
    const document = await store.documentOfColumn(link.subjectId)
    if (document === null || followed.has(document.id)) continue
    followed.add(document.id)
    await followMapping(store, link, settings, context)
  }
}

/**
 * After a decision about a mapping: makes, or takes away, the links of all rows, and resolves the names in them. The
 * decision stands whatever happens here; what is left undone the next ingest does.
 */
export async function followMapping(
  store: Store,
  link: StoredLink,
  settings: Settings,
  context: Context,
): Promise<void> {
  if (link.mapsFrom === null) return
  const document = await store.documentOfColumn(link.subjectId)
  if (document === null) return
  const tables = context.openTables(settings, 'create')
  try {
    if (!(await tables.has(document.id, document.contentHash)))
      return context.say(
        `The table of ${printable(document.path)} is not in ${printable(context.tablesPath(settings))}: the next ingest there reads its rows.`,
      )
    const rows = (await store.datasetsOf(document.id)).reduce((sum, dataset) => sum + dataset.rows, 0)
    if (rows > SLOW_ROWS) context.say(`reading ${counted(rows, 'row')} of ${printable(document.path)} …`)
    const now = context.now().toISOString()
    const changes = await mapRows(store, tables, document, { now, runId: 'review' })
    if (changes === null) return
    // Where vectors of names are to be asked for first, the next ingest does both: the document stays marked for it.
    if (settings.values.embed === undefined) await resolveDocuments(store, [document.id], { signal: context.signal })
    await store.compareLinks({ signal: context.signal })
    const isRead = (await store.datasetsOf(document.id)).some((dataset) => dataset.mappedBy !== null)
    context.say(
      `rows of ${printable(document.path)}: ${isRead ? `${counted(changes.added, 'link')} new, ${changes.changed} changed` : 'not read any more'}`,
    )
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    context.say(`The rows were not read (${printable(error.message)}): the next ingest does it.`)
  } finally {
    await tables.close()
  }
}
