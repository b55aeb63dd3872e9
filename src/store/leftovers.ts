import type { GraphReader, NodeKind } from './database.ts'
import { readProposal } from './records.ts'

/** What speaks of documents that are not in the store: nothing that starts from a document finds it. */
export interface Leftovers {
  /** Ids that the documents had. */
  readonly documents: readonly string[]
  /** Ids of replies about them, and of what people or rules said of them by themselves. */
  readonly said: readonly string[]
  /** Ids of replies that do not say which document they are about, and whose chunk is gone. */
  readonly nameless: readonly string[]
}

export function countLeftovers({ said, nameless }: Leftovers): number {
  return said.length + nameless.length
}

/** Looks at one index, and at what it leads to. */
export async function findLeftovers(reader: GraphReader): Promise<Leftovers> {
  const replies = await ofNoDocument(reader, 'Reply', 'documentId')
  const proposals = await ofNoDocument(reader, 'Proposal', 'ownDocumentId')
  return {
    documents: [...new Set([...replies.documents, ...proposals.documents])].toSorted(),
    said: [...replies.ids, ...proposals.ids],
    nameless: replies.isAnyNameless ? await namelessReplies(reader) : [],
  }
}

/** Documents that are looked for in one go. */
const AT_ONCE = 1000

async function ofNoDocument(
  reader: GraphReader,
  kind: NodeKind,
  property: string,
): Promise<{ readonly documents: string[]; readonly ids: string[]; readonly isAnyNameless: boolean }> {
  const values = (await reader.tally(kind, [property])).map(({ values: [id] }) => id)
  const named = values.filter((id) => typeof id === 'string')
  const documents = await missingDocuments(reader, named)
  const ids = documents.length === 0 ? [] : (await reader.find(kind, property, documents)).map(({ id }) => id)
  return { documents, ids, isAnyNameless: named.length < values.length }
}

/** Those of the ids that no document has. */
export async function missingDocuments(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  const missing: string[] = []
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE)
    const there = new Set((await reader.get('Document', some, ['id'])).map(({ id }) => id))
    missing.push(...some.filter((id) => !there.has(id)))
  }
  return missing
}

/** Replies of an older whygraph say by their chunk only which document they are about, or by what was made of them. */
async function namelessReplies(reader: GraphReader): Promise<string[]> {
  const lost: string[] = []
  for (let after = ''; ;) {
    const page = await reader.listAfter('Reply', after, AT_ONCE)
    const last = page.at(-1)
    if (last === undefined) return lost
    after = last.id
    const nameless = page.filter(({ properties }) => properties['documentId'] == null)
    if (nameless.length === 0) continue
    const chunkOf = new Map(nameless.map(({ id, properties }) => [id, String(properties['chunkId'])]))
    const chunks = new Set((await reader.get('Chunk', [...chunkOf.values()], ['id'])).map(({ id }) => id))
    const unknown = [...chunkOf].filter(([, chunkId]) => !chunks.has(chunkId)).map(([id]) => id)
    const made = (await reader.find('Proposal', 'replyId', unknown)).map((node) => readProposal(node).proposal)
    const named = await reader.get('Document', [...new Set(made.map(({ documentId }) => documentId))], ['id'])
    const there = new Set(named.map(({ id }) => id))
    const known = new Set(made.filter(({ documentId }) => there.has(documentId)).map(({ replyId }) => replyId))
    lost.push(...unknown.filter((id) => !known.has(id)))
  }
}
