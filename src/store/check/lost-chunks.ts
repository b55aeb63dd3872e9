import { isRead, type Chunk } from '../../model/chunk.ts'
import { counted } from '../../model/counted.ts'
import type { GraphNode, GraphReader } from '../database.ts'
import type { StoredDocument, StoredProposal } from '../records.ts'
import { readProposal } from '../records.ts'

/** A record that says there was another one, which is not there. */
export interface Lacking {
  readonly id: string
  readonly message: string
}

type Numbered = Pick<Chunk, 'holds' | 'index'>

/**
 * How many chunks of a document are not there. One that an older whygraph put does not say how many there are: then only
 * those are missed that others follow.
 */
export function countLost({ chunkCount }: Pick<StoredDocument, 'chunkCount'>, chunks: readonly Numbered[]): number {
  const read = chunks.filter(isRead)
  const count = chunkCount ?? read.reduce((most, { index }) => Math.max(most, index + 1), 0)
  return Math.max(0, count - read.length)
}

/** Of some documents, those of which chunks are not there. */
export async function documentsLacking(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Lacking[]> {
  const ids = nodes.map(({ id }) => id)
  const found = await reader.find('Chunk', 'documentId', ids, { only: ['id', 'documentId', 'holds', 'index'] })
  const chunks = Map.groupBy(found, ({ properties }) => String(properties['documentId']))
  return nodes.flatMap(({ id, properties }) => {
    const own = (chunks.get(id) ?? []).map((node) => node.properties as unknown as Numbered)
    const lost = countLost(properties as unknown as StoredDocument, own)
    return lost === 0 ? [] : [{ id, message: `${counted(lost, 'chunk')} of it ${lost === 1 ? 'is' : 'are'} not there` }]
  })
}

/** Whether a proposal counts for a chunk that is not there: what goes with a text is retired with it. */
export function speaksOfLost(
  { proposal, live }: StoredProposal,
  isThere: { readonly chunk: boolean; readonly document: boolean },
): boolean {
  return live && proposal.replyId !== null && isThere.document && !isThere.chunk
}

/** Of some proposals, those that count for a chunk that is not there. */
export async function proposalsLacking(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Lacking[]> {
  const idsThere = async (kind: 'Chunk' | 'Document', property: string): Promise<ReadonlySet<string>> => {
    const ids = nodes.map(({ properties }) => String(properties[property]))
    return new Set((await reader.get(kind, [...new Set(ids)], ['id'])).map(({ id }) => id))
  }
  const chunks = await idsThere('Chunk', 'chunkId')
  const lacking = nodes.filter(({ properties }) => !chunks.has(String(properties['chunkId']))).map(readProposal)
  if (lacking.length === 0) return []
  const documents = new Set(
    (
      await reader.get(
        'Document',
        lacking.map(({ proposal }) => proposal.documentId),
        ['id'],
      )
    ).map(({ id }) => id),
  )
  return lacking
    .filter((one) => speaksOfLost(one, { chunk: false, document: documents.has(one.proposal.documentId) }))
    .map(({ proposal: { id, chunkId } }) => ({ id, message: lostChunk(chunkId) }))
}

export function lostChunk(chunkId: string): string {
  return `counts for chunk ${chunkId}, which is not there`
}
