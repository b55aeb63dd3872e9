import type { Entity } from '../model/entity.ts'
import { endsOf } from '../model/link.ts'
import type { GraphReader } from '../store/database.ts'
import { readChunk, readDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { quoteAny, type Mentioning } from './same-proposals.ts'

/** A thing that a person names by an id: one that stands in the graph, or that another stands for. */
export interface Named extends Entity {
  /** The entity that stands for it. */
  readonly standing: Entity
}

/** Texts that are read in one go. */
const AT_ONCE = 40
/** Texts that are looked through for the names of each thing; and of such as are only quoted for it. */
const MOST_TEXTS = 1000
const MOST_QUOTED = 20
/** Links whose quotes are read in one go. */
const LINKS_AT_ONCE = 50

/** Of which thing the names are: the one or the other of a pair. */
type SideOfPair = 0 | 1

/** A text that is to be read, and the names that it may have of a thing. */
interface Wanted {
  readonly chunkId: string
  readonly own: readonly string[]
}

/** Texts that were looked through for a name. */
export interface Searched {
  readonly texts: readonly Mentioning[]
  /** Whether there are no more that may have it. */
  readonly isAll: boolean
}

/** The first texts that mention a thing, with the names that they have of it. */
export async function textsOf(store: Store, thing: Named, side: SideOfPair): Promise<Mentioning[]> {
  return readTexts(store, (await mentionsOf(store, thing)).slice(0, AT_ONCE), side)
}

/** The same; or, where none does, such as are quoted for a link of it: people add things, too. */
export async function textsNaming(store: Store, thing: Named, side: SideOfPair): Promise<readonly Mentioning[]> {
  const mentioning = await textsOf(store, thing, side)
  return mentioning.length > 0 ? mentioning : (await searchQuoted(store, thing, side)).texts
}

/** The same, and more of them until one of its names stands in one. */
export async function searchNamed(store: Store, thing: Named, side: SideOfPair): Promise<Searched> {
  const mentions = await mentionsOf(store, thing)
  const texts: Mentioning[] = []
  for (let at = 0; at < Math.min(mentions.length, MOST_TEXTS); at += AT_ONCE) {
    const page = await readTexts(store, mentions.slice(at, at + AT_ONCE), side)
    texts.push(...page)
    if (page.some((text) => quoteAny(text, text.names[side]) !== null)) break
  }
  return texts.length > 0 ? { texts, isAll: mentions.length <= MOST_TEXTS } : searchQuoted(store, thing, side)
}

async function mentionsOf(store: Store, { id, standing }: Named): Promise<Wanted[]> {
  const mentions = (await store.mentionsOf(standing.id)).flatMap(({ chunkId, forms }) => {
    const own = forms.filter((form) => form.id === id).map(({ name }) => name)
    return own.length === 0 ? [] : [{ chunkId, own }]
  })
  return mentions.toSorted((a, b) => (a.chunkId < b.chunkId ? -1 : 1))
}

/** Looks at the links of a thing itself, not at those of all that are one with it, and at no more than it takes. */
async function searchQuoted(store: Store, { id, name, standing }: Named, side: SideOfPair): Promise<Searched> {
  const links = (await store.linksOf(standing.id)).filter((link) => link.subjectId === id || link.objectId === id)
  const linkIds = links.map((link) => link.id).toSorted()
  const [texts, seen]: [Mentioning[], Set<string>] = [[], new Set()]
  for (let at = 0; at < linkIds.length; at += LINKS_AT_ONCE) {
    const histories = await store.histories(linkIds.slice(at, at + LINKS_AT_ONCE))
    const said = [...histories.values()].flatMap(({ proposals }) => proposals.map(({ proposal }) => proposal))
    const about = said.filter((proposal) => {
      const { subjectId, objectId } = endsOf(proposal)
      return subjectId === id || objectId === id
    })
    const chunkIds = [...new Set(about.map(({ chunkId }) => chunkId))].filter((one) => !seen.has(one)).toSorted()
    for (const chunkId of chunkIds) seen.add(chunkId)
    const wanted = chunkIds.map((chunkId) => ({ chunkId, own: [name] }))
    texts.push(...(await readTexts(store, wanted, side)))
    if (texts.length > MOST_QUOTED) return { texts: texts.slice(0, MOST_QUOTED), isAll: false }
  }
  return { texts, isAll: true }
}

/** Those of the texts that are there. */
function readTexts(store: Store, wanted: readonly Wanted[], side: SideOfPair): Promise<Mentioning[]> {
  return store.database.read(async (reader: GraphReader) => {
    const nodes = await reader.get(
      'Chunk',
      wanted.map(({ chunkId }) => chunkId),
    )
    const chunks = new Map(nodes.map((node) => [node.id, readChunk(node)]))
    const documentIds = [...new Set([...chunks.values()].map(({ documentId }) => documentId))]
    const found = await reader.get('Document', documentIds)
    const documents = new Map(found.map((node) => [node.id, readDocument(node)]))
    return wanted.flatMap(({ chunkId, own }): Mentioning[] => {
      const chunk = chunks.get(chunkId)
      const document = documents.get(chunk?.documentId ?? '')
      const names = side === 0 ? ([own, []] as const) : ([[], own] as const)
      return chunk === undefined || document === undefined ? [] : [{ chunk, document, names }]
    })
  })
}
