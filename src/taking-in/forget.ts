import { ulid } from 'ulid'
import { recoverReplies } from '../asking/recover-replies.ts'
import type { Journal, Recovered } from '../extract/journal.ts'
import { ConflictError } from '../model/errors.ts'
import type { PriceList } from '../money/price.ts'
import { resolveNames } from '../resolving/resolve-names.ts'
import { countLeftovers } from '../store/leftovers.ts'
import type { StoredDocument, StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Tables } from '../tables/tables.ts'
import { withAttached } from './attached.ts'

/** What goes, or has gone: the JSON of `forget --json`. */
export interface ForgetSummary {
  readonly version: 1
  readonly dryRun: boolean
  readonly documents: readonly { readonly id: string; readonly source: string; readonly path: string }[]
  readonly replies: number
  readonly proposals: number
  /** Links of which nothing else in the record speaks. */
  readonly links: number
  /** Those of them that a person had decided about; the decisions stay. */
  readonly decided: readonly (Pick<StoredLink, 'id' | 'subject' | 'type' | 'object' | 'status'> & {
    readonly decisions: number
  })[]
  /** What spoke of documents that were not there any more, of forgets beside an ingest, and went too. */
  readonly leftovers: number
  /** Replies in the journal that are not legible or for another store, so that nobody can tell what they hold. */
  readonly leftAlone: number
}

const COMMAND = 'forget'

export interface ForgetParts {
  readonly store: Store
  readonly tables: Tables
  readonly journal: Journal
  readonly prices: PriceList
}

export interface ForgetOptions {
  readonly dryRun: boolean
  /** ISO time. */
  readonly now: string
}

/**
 * Removes documents, all that was inside them and all that was made of them, and leaves nothing of their text in the
 * files of the store. Replies that a run which was broken off had received are stored first, so that they go too.
 *
 * @throws ConflictError while another process is receiving replies, which may be about these documents
 */
export async function forget(
  documents: readonly StoredDocument[],
  { store, tables, journal, prices }: ForgetParts,
  { dryRun, now }: ForgetOptions,
): Promise<ForgetSummary> {
  const recovered = dryRun ? null : await recoverReplies(journal, store, prices)
  const leftAlone = leftOf(recovered)
  if (!dryRun && journal.waiting() > leftAlone)
    throw new ConflictError('replies-underway', 'another process is receiving replies, perhaps about these documents', {
      hint: 'Wait until its ingest is done, or stop it, and run the same command again.',
    })
  const all = await withInner(store, documents)
  const ids = all.map(({ id }) => id)
  const { replies, proposals, links } = await store.measureForgetting(ids)
  const leftovers = await store.leftovers()
  const decided = links
    .map(({ id, subject, type, object, status, rev, decisions }) => {
      return { id, subject, type, object, status, decisions: decisions?.length ?? rev }
    })
    .filter((link) => link.decisions > 0)
  if (!dryRun) {
    await store.putRun({ ...newRun(now), finishedAt: null, summary: null })
    const paths = all.map(({ path }) => path)
    await store.forgetInRuns(paths)
    // The inner before the outer, by which they are found again.
    for (const document of all.toReversed()) {
      const marked = new Set(await store.unresolved(Number.MAX_SAFE_INTEGER))
      await store.forget(document, now, async () => {
        if (!tables.isMissing) await tables.keepOnly(document.id, [])
        marked.delete(document.id)
        await resolveNames(store, new AbortController().signal, { leave: marked })
      })
    }
    // Once more, for runs that have ended meanwhile: before, as nobody would know the paths were this cut off.
    await store.forgetInRuns(paths)
    await store.removeLeftovers(await store.leftovers())
    await store.compareLinks({ signal: new AbortController().signal })
    await finishForgetting({ store, tables })
  }
  const shown = all.map(({ id, source, path }) => ({ id, source, path }))
  const counts = { replies, proposals, links: links.length, leftovers: countLeftovers(leftovers) }
  return { version: 1, dryRun, documents: shown, ...counts, decided, leftAlone }
}

/** Removes what speaks of documents that are not there, and leaves nothing of it in the files of the store. */
export async function forgetLeftovers(parts: Pick<ForgetParts, 'store' | 'tables'>, now: string): Promise<void> {
  const { store } = parts
  await store.putRun({ ...newRun(now), finishedAt: null, summary: null })
  await store.removeLeftovers(await store.leftovers())
  await finishForgetting(parts)
}

/** Tells the next one, if this is cut off, that the files may hold something yet. */
function newRun(startedAt: string) {
  return { id: ulid(), command: COMMAND, engine: null, model: null, startedAt }
}

/** Leaves nothing in the files of what runs of `forget` removed, those too that were cut off. Returns how many there were. */
export async function finishForgetting({ store, tables }: Pick<ForgetParts, 'store' | 'tables'>): Promise<number> {
  const runs = await store.unfinishedRuns(COMMAND)
  if (runs.length === 0) return 0
  await store.database.scrub()
  await tables.compact()
  for (const run of runs)
    await store.putRun({ ...run, engine: null, model: null, finishedAt: new Date().toISOString(), summary: null })
  return runs.length
}

function leftOf(recovered: Recovered | null): number {
  return recovered === null ? 0 : recovered.elsewhere + recovered.damaged
}

/** Each once, the outer before the inner. */
async function withInner(store: Store, documents: readonly StoredDocument[]): Promise<StoredDocument[]> {
  const all = new Map<string, StoredDocument>()
  for (const document of documents)
    for await (const one of withAttached(store, document)) {
      all.delete(one.id)
      all.set(one.id, one)
    }
  return [...all.values()]
}
