import { counted } from '../model/counted.ts'
import { DISPLAYED_AS, endKind, SAME_AS } from '../model/link.ts'
import { readLinks } from '../store/links.ts'
import { readProposal, type StoredChunk, type StoredDocument, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { renderArrow } from '../terminal/link-line.ts'
import { printable } from '../terminal/printable.ts'
import { broken } from '../terminal/wrap.ts'

/** A document of which is asked whether it says anything that no link says. */
export interface MissingCard {
  readonly document: StoredDocument
  /** Those that hold text. */
  readonly chunks: readonly StoredChunk[]
  /** The links that quote a unit, by its chunk and number. */
  readonly quoted: ReadonlyMap<string, readonly StoredLink[]>
  /** All that rest on it. */
  readonly links: readonly StoredLink[]
}

/** Chunks whose links are read together. */
const CHUNKS = 10

/** Null where nothing is to be asked: it is gone, holds no text but tables, or somebody has looked through it as it is. */
export async function readMissing(store: Store, documentId: string): Promise<MissingCard | null> {
  const document = await store.document(documentId)
  if (document === null || document.gone !== null || document.searchedBy !== undefined) return null
  const chunks = (await store.chunks(documentId)).filter(({ holds }) => holds === undefined)
  if (chunks.length === 0) return null
  const quoted = new Map<string, StoredLink[]>()
  const all = new Map<string, StoredLink>()
  for (let first = 0; first < chunks.length; first += CHUNKS)
    for (const { link, unit } of await linksIn(store, chunks.slice(first, first + CHUNKS))) {
      all.set(link.id, link)
      const own = quoted.get(unit) ?? []
      if (!own.some(({ id }) => id === link.id)) quoted.set(unit, [...own, link])
    }
  return { document, chunks, quoted, links: [...all.values()] }
}

async function linksIn(store: Store, chunks: readonly StoredChunk[]): Promise<{ link: StoredLink; unit: string }[]> {
  return store.database.read(async (reader) => {
    const nodes = await reader.find(
      'Proposal',
      'chunkId',
      chunks.map(({ id }) => id),
    )
    const said = nodes.map(readProposal).filter(({ live }) => live)
    const links = await readLinks(reader, [...new Set(said.map(({ linkId }) => linkId))])
    const facts = new Map(links.filter(isFact).map((link) => [link.id, link]))
    return said.flatMap(({ linkId, proposal: { chunkId, evidence } }) => {
      const link = facts.get(linkId)
      return link === undefined ? [] : evidence.map(({ s }) => ({ link, unit: unitKey(chunkId, s) }))
    })
  })
}

/** Of what the text says, not of names and columns. */
function isFact(link: StoredLink): boolean {
  return endKind(link) === 'Entity' && link.type !== SAME_AS && link.type !== DISPLAYED_AS
}

function unitKey(chunkId: string, s: number): string {
  return `${chunkId} ${s}`
}

/** The text, with the links that quote it below each of its units; none is wider than `width`. */
export function missingLines({ document, chunks, quoted, links }: MissingCard, width: number): string[] {
  const lines = [
    ` ${printable(document.path)} · missing links?`,
    ` DOES IT SAY WHAT NO LINK SAYS?  ${counted(links.length, 'link')}, each below what it quotes`,
    ...chunks.flatMap(({ id, units }) =>
      units.flatMap(({ s, text, place }) => [
        `   ${place.speaker == null ? '' : `${printable(place.speaker)}: `}${printable(text)}`,
        ...(quoted.get(unitKey(id, s)) ?? []).map((link) => `     • ${renderArrow(link)}  ${link.status}`),
      ]),
    ),
  ]
  return broken(lines, width)
}
