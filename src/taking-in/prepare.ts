import { planDocument, type Change } from '../../ingest/plan.ts'
import type { ReadingRoom, RoomEvent } from '../../ingest/reading-room.ts'
import type { PartMessage, TableHead } from '../../ingest/reading-room-messages.ts'
import { readOcrText } from '../../ingest/readers/pdf/ocr-text.ts'
import { withAttached } from './attached.ts'
import { identify, identifyInside, type Identity } from './identity.ts'
import type { Dataset } from '../model/dataset.ts'
import type { ParsedDocument } from '../model/document.ts'
import { InputError, StoreError, WhygraphError } from '../model/errors.ts'
import { bytesId, contentId } from '../model/ids.ts'
import type { Note } from '../model/note.ts'
import { rulesKey, type Incoming } from '../sources.ts'
import type { StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { DataRow, Tables } from '../tables/tables.ts'

export interface FileContent {
  readonly bytes: Uint8Array
  /** Milliseconds since 1970, or null where nobody knows. */
  readonly modifiedAt: number | null
}

export interface PrepareParts {
  readonly store: Store
  readonly tables: Tables
  readonly room: ReadingRoom
  /** @throws InputError where the file cannot be read */
  readonly readFile: (path: string) => Promise<FileContent>
  /** Prints the text of a scanned PDF, pages ended by form feeds; absent where nobody named a command. */
  readonly ocr?: ((path: string) => Promise<string>) | undefined
}

/** A document or a failure that came of a file or of one inside it; its tables have been registered. */
export interface PreparedPart extends Identity {
  readonly path: string
  readonly container: string | null
  readonly contentHash: string
  readonly document: ParsedDocument | null
  readonly datasets: readonly Dataset[]
  readonly error: InputError | null
}

/** What is known of one file when it has been looked at, and before anything is written to the store. */
export interface Prepared extends Identity {
  readonly file: Incoming
  readonly change: Change
  readonly modifiedAt: number | null
  readonly parts: readonly PreparedPart[]
}

/** Reads a file if its content is not what the store has, or anyway. What goes wrong with it comes as a part with an error. */
export async function prepare(
  file: Incoming,
  parts: PrepareParts,
  dryRun: boolean,
  { anyway = false }: { readonly anyway?: boolean } = {},
): Promise<Prepared> {
  const identity = await identityOf(file, parts)
  const { known } = identity
  const isCurrent = !anyway && (dryRun || known === null || (await areTablesThere(known, parts)))
  const isRuled = known !== null && known.rules !== rulesKey(file.rules)
  // Who looked at the whole source has read it already.
  if (file.planned?.change === 'unchanged' && known?.contentHash === file.planned.contentHash && isCurrent && !isRuled)
    return { ...identity, file, change: 'unchanged', modifiedAt: null, parts: [] }
  const failed = (error: InputError): Prepared => {
    const about = { path: file.path, container: null, contentHash: '', document: null, datasets: [], error }
    const change = known === null ? ('new' as const) : ('changed' as const)
    return { ...identity, file, change, modifiedAt: null, parts: [{ ...identity, ...about }] }
  }
  let content: FileContent
  try {
    content = await contentOf(file, parts)
  } catch (error) {
    if (error instanceof InputError) return failed(error)
    throw error
  }
  const { bytes, modifiedAt } = content
  const contentHash = hashOf(file, bytes)
  const change = isRuled ? 'changed' : changeOf(file, known, contentHash)
  if (change === 'unchanged' && isCurrent) return { ...identity, file, change, modifiedAt, parts: [] }
  const base = { ...identity, file, change: change === 'unchanged' ? ('changed' as const) : change, modifiedAt }
  if (file.loaded !== undefined) {
    const about = { path: file.path, container: null, contentHash, datasets: [], error: null }
    return { ...base, parts: [{ ...identity, ...about, document: file.loaded.parsed }] }
  }
  return { ...base, parts: await readAll(file, bytes, identity, parts) }
}

async function identityOf({ planned, path, rules }: Incoming, { store }: PrepareParts): Promise<Identity> {
  if (planned === undefined) return identify(store, rules.name, path)
  return { id: planned.id, known: await store.document(planned.id) }
}

function changeOf({ path }: Incoming, known: StoredDocument | null, contentHash: string): Change {
  if (known !== null && known.path !== path) return 'moved'
  if (known !== null && known.gone !== null) return 'returned'
  return planDocument({ contentHash }, known ?? undefined)
}

/** Of what a loader brought, the title, the date and the rest that it said beside the text count too. */
function hashOf({ loaded }: Incoming, bytes: Uint8Array): string {
  if (loaded === undefined) return bytesId(bytes)
  const { title, date, metadata } = loaded.parsed
  return contentId(bytesId(bytes), title, JSON.stringify([date, metadata]))
}

/** Whether the tables of a document, and of all that was found inside it, are still in their file. */
async function areTablesThere(known: StoredDocument, { store, tables }: PrepareParts): Promise<boolean> {
  for await (const document of withAttached(store, known)) {
    if (document.tables > 0 && !(await tables.has(document.id, document.contentHash))) return false
    // Only a file of tables that is new can lack those of an attachment.
    if (!(await tables.isNew())) return true
  }
  return true
}

async function contentOf(file: Incoming, { readFile }: PrepareParts): Promise<FileContent> {
  if (file.loaded !== undefined) return { bytes: file.loaded.bytes, modifiedAt: null }
  return readFile(file.absolute ?? file.path)
}

/** All parts of a file, their tables registered while their rows arrive. */
async function readAll(
  file: Incoming,
  bytes: Uint8Array,
  identity: Identity,
  parts: PrepareParts,
): Promise<PreparedPart[]> {
  const prepared: PreparedPart[] = []
  const events = parts.room.read({ path: file.path, bytes })
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      if (next.value.kind !== 'part') continue
      prepared.push(await preparePart(next.value.part, events, file, identity, parts))
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    // The reader was stopped; what it had given until then is whole.
    const about = { path: file.path, container: null, contentHash: bytesId(bytes), document: null, datasets: [] }
    prepared.push({ ...identity, ...about, error })
  } finally {
    await events.return(undefined)
  }
  return prepared
}

async function preparePart(
  part: PartMessage,
  events: AsyncIterator<RoomEvent>,
  file: Incoming,
  outer: Identity,
  { store, tables, ocr }: PrepareParts,
): Promise<PreparedPart> {
  const { path, container, contentHash, result } = part
  const around = { source: file.rules.name, path: file.path, known: outer.known }
  const identity = container === null ? outer : await identifyInside(store, around, part)
  const about = { ...identity, path, container, contentHash, datasets: [] as Dataset[], document: null, error: null }
  if ('error' in result) {
    const { code, message, hint } = result.error
    const error = new InputError(code, message, { place: path, ...(hint === undefined ? {} : { hint }) })
    if (code !== 'no-text' || container !== null || ocr === undefined || file.absolute === null)
      return { ...about, error }
    return { ...about, ...(await readByOcr(path, file.absolute, ocr)) }
  }
  const { id } = identity
  const datasets: Dataset[] = []
  const notes: Note[] = []
  for (const { rowCount, ...head } of result.tables) {
    const rows = rowsOf(rowCount, events)
    if (head.columns.length > MOST_COLUMNS) notes.push(tooWide(head))
    const columns = head.columns.slice(0, MOST_COLUMNS)
    try {
      datasets.push(await tables.register({ ...head, columns, documentId: id, path, contentHash, rows }))
    } catch (error) {
      // A table that the database cannot take costs itself: its text is read all the same.
      if (error instanceof StoreError && error.retryable)
        return {
          ...about,
          error: new InputError(error.code, `${path}: ${error.message}`, { place: path, cause: error }),
        }
      if (error instanceof WhygraphError || !(error instanceof Error)) throw error
      notes.push({
        code: 'table-left-out',
        message: `The table cannot be registered: ${error.message.split('\n')[0]}`,
        ...whereOf(head),
      })
      for await (const _ of rows);
    }
  }
  const { document } = result
  return { ...about, document: { ...document, notes: [...document.notes, ...notes] }, datasets }
}

/** The database keeps a quarter of a megabyte of each column in memory while rows come in. */
const MOST_COLUMNS = 300

function tooWide(head: Pick<TableHead, 'name' | 'columns'>): Note {
  const message = `The table has ${head.columns.length} columns; the first ${MOST_COLUMNS} are registered, the others are not.`
  return { code: 'wide-table', message, ...whereOf(head) }
}

function whereOf({ name }: Pick<TableHead, 'name'>): { where?: string } {
  return name === null ? {} : { where: name }
}

/** The batches of one table, which follow its part in the stream of events. */
async function* rowsOf(count: number, events: AsyncIterator<RoomEvent>): AsyncGenerator<readonly DataRow[]> {
  for (let left = count; left > 0;) {
    const next = await events.next()
    if (next.done || next.value.kind !== 'rows') return
    left -= next.value.rows.length
    yield next.value.rows
  }
}

async function readByOcr(
  path: string,
  absolute: string,
  ocr: (path: string) => Promise<string>,
): Promise<{ document: ParsedDocument | null; error: InputError | null }> {
  try {
    const document = readOcrText(path, await ocr(absolute))
    if (document.units.length > 0) return { document, error: null }
    const message = `${path}: no text layer, and the OCR command found no text either`
    return { document: null, error: new InputError('no-text', message, { place: path }) }
  } catch (error) {
    if (error instanceof InputError) return { document: null, error }
    throw error
  }
}
