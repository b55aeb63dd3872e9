import { isDeepStrictEqual } from 'node:util'
import type { GraphNode, GraphReader, GraphWriter, Properties } from '../database.ts'
import { chunkNode, proposalNode, readChunk, readProposal } from '../records.ts'

/**
 * A node of the record as it would be written now: what stands in it a second time, for queries, made of what is read. Not
 * a reply: its texts may be packed or plain, and a trace may have been cut since its tokens were estimated.
 */
const WRITTEN_ANEW = {
  Chunk: (node: GraphNode) => chunkNode(readChunk(node)),
  Proposal: (node: GraphNode) => proposalNode(readProposal(node)),
}

export type CopyingKind = keyof typeof WRITTEN_ANEW

/** Kinds of node that say some things twice: for us in JSON, for queries in properties of their own. */
export const COPYING_KINDS = Object.keys(WRITTEN_ANEW) as readonly CopyingKind[]

/** Of some nodes, those of which queries see something else than we read. */
export async function findWrongCopies(
  reader: GraphReader,
  kind: CopyingKind,
  ids: readonly string[],
): Promise<readonly GraphNode[]> {
  return (await reader.get(kind, ids)).filter((node) => Object.keys(differing(kind, node)).length > 0)
}

/** Writes that as it is read; what we do not know stays as it is. */
export async function copyAnew(writer: GraphWriter, kind: CopyingKind, ids: readonly string[]): Promise<void> {
  const nodes = await writer.lock(kind, ids)
  const patches = nodes.map((node) => ({ id: node.id, properties: differing(kind, node) }))
  await writer.patchNodes(
    kind,
    patches.filter(({ properties }) => Object.keys(properties).length > 0),
  )
}

function differing(kind: CopyingKind, node: GraphNode): Properties {
  const anew = WRITTEN_ANEW[kind](node).properties
  const isSame = ([name, value]: [string, unknown]): boolean =>
    isDeepStrictEqual(value ?? null, node.properties[name] ?? null)
  return Object.fromEntries(Object.entries(anew).filter((one) => !isSame(one)))
}
