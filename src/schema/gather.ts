import { asShown } from '../extract/as-shown.ts'
import { splitMark } from '../model/done-mark.ts'
import { locate } from '../extract/evidence.ts'
import { isRead } from '../model/chunk.ts'
import { formatPlace } from '../model/place.ts'
import { isWhole } from '../model/reply.ts'
import type { StoredChunk, StoredDocument } from '../store/records.ts'
import type { StoredReply } from '../store/reply-records.ts'
import type { Store } from '../store/store.ts'
import { saidIn, tellsLinks, type SaidEntity, type SaidLink } from './said.ts'

/** The source's own words for what a reply says, and where they stand; null where they are not in the source. */
export interface Example {
  readonly quote: string
  readonly place: string
}

/** What one reply says about one chunk. */
export interface Heard {
  readonly document: string
  readonly chunk: string
  readonly reply: string
  readonly model: string
  readonly entities: readonly (SaidEntity & { readonly place: string })[]
  readonly links: readonly (SaidLink & { readonly example: Example | null })[]
}

/** What was heard of documents, in the order of their paths, and by whom. */
export interface Gathered {
  readonly heard: readonly Heard[]
  readonly documents: number
  readonly chunks: number
  /** Replies by model. */
  readonly models: ReadonlyMap<string, number>
  /** Replies that were asked for with a schema that allows no other link types. */
  readonly closed: number
}

/** What the store's replies say about some documents: those that count, of chunks of which none does all whole ones. */
export async function gatherSaid(store: Store, documents: readonly StoredDocument[]): Promise<Gathered> {
  const heard: Heard[] = []
  const models = new Map<string, number>()
  let [chunks, closed] = [0, 0]
  for (const document of documents.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    for (const chunk of await store.chunks(document.id)) {
      const replies = isRead(chunk) ? await repliesOf(store, chunk) : []
      if (replies.length > 0) chunks++
      for (const reply of replies) {
        heard.push(hear(reply, chunk, document))
        models.set(reply.model, (models.get(reply.model) ?? 0) + 1)
        const { fingerprint } = splitMark(reply.fingerprint)
        if ((await store.schemaOf(fingerprint))?.open === false) closed++
      }
    }
  return { heard, documents: documents.length, chunks, models, closed }
}

/** Whether the store has been told anything about a document. */
export async function isKnown(store: Store, documentId: string): Promise<boolean> {
  for (const chunk of await store.chunks(documentId)) if ((await repliesOf(store, chunk)).length > 0) return true
  return false
}

/** With those of further steps that make one reading with them. */
async function repliesOf(store: Store, chunk: StoredChunk): Promise<StoredReply[]> {
  const about = (await store.repliesAbout(chunk.id)).filter((reply) => tellsLinks(reply) && isWhole(reply.finish))
  const counting = about.filter(({ id }) => chunk.replies.includes(id))
  const first = counting.length > 0 ? counting : about
  const further = await store.repliesById(first.flatMap((reply) => reply.further))
  return [...first, ...further.filter(tellsLinks)].toSorted((a, b) =>
    a.model === b.model ? (a.id < b.id ? -1 : 1) : a.model < b.model ? -1 : 1,
  )
}

function hear({ id, model, content }: StoredReply, chunk: StoredChunk, { id: document, path }: StoredDocument): Heard {
  const { entities, links } = saidIn(content, chunk.units.length)
  const shown = chunk.units.map((unit) => ({ ...unit, text: asShown(unit.text) }))
  const placeOf = (s: number | null): string => formatPlace(path, chunk.units.find((unit) => unit.s === s)?.place ?? {})
  return {
    document,
    chunk: chunk.id,
    reply: id,
    model,
    entities: entities.map((entity) => ({ ...entity, place: placeOf(entity.s) })),
    links: links.map((link) => {
      const { grounding, quote, placeText } = locate({ s: link.s, quote: link.quote }, shown, chunk, path)
      return { ...link, example: grounding === 'missing' ? null : { quote, place: placeText } }
    }),
  }
}
