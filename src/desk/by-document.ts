import { LABELLED } from '../model/label.ts'
import type { StoredDocument, StoredLink } from '../store/records.ts'
import { readLinks } from '../store/links.ts'
import { readProposal } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { isPending } from './links-about.ts'
import { BLOCK, type Plan } from './rank.ts'

/** Chunks whose proposals are read together. */
const CHUNKS = 10

/** Links of a document that wait, as they stand in it; after the last of them `ended` names it. */
export interface DocumentPlan extends Plan {
  readonly title: string
  readonly documentId: string
  readonly ended: boolean
}

/** What waits document by document: by their paths, or in the order in which they came. */
export async function* plansByDocument(store: Store, order: 'doc' | 'oldest'): AsyncGenerator<DocumentPlan> {
  const documents: StoredDocument[] = []
  for await (const document of store.allDocuments()) if (document.gone === null) documents.push(document)
  const key = ({ path, createdAt, id }: StoredDocument): string => `${order === 'doc' ? path : createdAt} ${path} ${id}`
  for (const { id, path } of documents.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))) {
    let held: readonly string[] | null = null
    for await (const ids of blocksOf(store, id)) {
      if (held !== null) yield { title: path, documentId: id, ids: held, ended: false }
      held = ids
    }
    if (held !== null) yield { title: path, documentId: id, ids: held, ended: true }
  }
}

/** Ids of the links that wait, in the order of the text. */
async function* blocksOf(store: Store, documentId: string): AsyncGenerator<readonly string[]> {
  const chunks = (await store.chunks(documentId)).map(({ id }) => id)
  for (let first = 0; first < chunks.length; first += CHUNKS) {
    const links = await linksOf(store, chunks.slice(first, first + CHUNKS))
    for (let at = 0; at < links.length; at += BLOCK) yield links.slice(at, at + BLOCK).map(({ id }) => id)
  }
}

async function linksOf(store: Store, chunkIds: readonly string[]): Promise<StoredLink[]> {
  return store.database.read(async (reader) => {
    const proposals = (await reader.find('Proposal', 'chunkId', chunkIds))
      .map(readProposal)
      .filter(({ live }) => live)
      .map(({ linkId, proposal: { chunkId, evidence } }) => ({
        linkId,
        chunk: chunkIds.indexOf(chunkId),
        start: evidence[0]?.start ?? Infinity,
      }))
      .toSorted((a, b) => a.chunk - b.chunk || a.start - b.start || (a.linkId < b.linkId ? -1 : 1))
    const ids = [...new Set(proposals.map(({ linkId }) => linkId))]
    const links = new Map((await readLinks(reader, ids)).map((link) => [link.id, link]))
    const waiting = ids.flatMap((id) => links.get(id) ?? []).filter(isPending)
    // What the document is about is easier to say when its links have been seen.
    return waiting.toSorted((a, b) => Number(a.type === LABELLED) - Number(b.type === LABELLED))
  })
}
