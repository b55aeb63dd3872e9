import type { GraphNode, GraphReader, GraphWriter } from './database.ts'
import { isInGraph, linkRelationship, readLink, type StoredLink } from './records.ts'

/** Whether a link's node says what was made of it; one that is only held by a lock, or of a forgotten link, does not. */
export function isDerived(node: GraphNode): boolean {
  return node.properties['items'] != null
}

/** The links of some nodes, those that have been derived. */
export function derivedLinks(nodes: readonly GraphNode[]): StoredLink[] {
  return nodes.filter(isDerived).map(readLink)
}

/** Those of the ids that have been derived. */
export async function readLinks(reader: GraphReader, ids: readonly string[]): Promise<StoredLink[]> {
  return derivedLinks(await reader.get('Link', ids))
}

/** A link by its id; a node that is only held by a lock is none. */
export async function readLinkById(reader: GraphReader, id: string): Promise<StoredLink | null> {
  return (await readLinks(reader, [id]))[0] ?? null
}

/** The nodes of links that start from or end at some ids at birth, whatever stands for these; such as do both come twice. */
export async function findLinksAt(reader: GraphReader, ids: readonly string[]): Promise<GraphNode[]> {
  return [...(await reader.find('Link', 'subjectId', ids)), ...(await reader.find('Link', 'objectId', ids))]
}

/** The nodes of links that are drawn between the same entities as others, by the keys that these have in common. */
export async function findDrawnAs(reader: GraphReader, keys: readonly string[]): Promise<GraphNode[]> {
  const unique = [...new Set(keys)]
  return [...(await reader.find('Link', 'drawnAs', unique)), ...(await reader.get('Link', unique))]
}

/** Those of the ids of which no proposal speaks any more. */
export async function unspokenLinks(reader: GraphReader, ids: readonly string[]): Promise<StoredLink[]> {
  const spoken = new Set((await reader.find('Proposal', 'linkId', ids)).map(({ properties }) => properties['linkId']))
  return readLinks(
    reader,
    ids.filter((id) => !spoken.has(id)),
  )
}

/**
 * Removes links of which nothing speaks any more. What was decided about one is found by its node, which stays empty:
 * a link that came back without it would be taken for a new one, and start at a revision that it has had.
 */
export async function dropLinks(writer: GraphWriter, links: readonly StoredLink[]): Promise<void> {
  await writer.removeRelationships(links.filter(isInGraph).map(linkRelationship))
  const [decided, others] = [links.filter(isDecided), links.filter((link) => !isDecided(link))]
  await writer.putNodes(decided.map(({ id, rev }) => ({ kind: 'Link', id, properties: { id, rev } })))
  await writer.removeNodes(
    'Link',
    others.map(({ id }) => id),
  )
}

/** Whether anybody ever decided about it, or remarked upon it. */
function isDecided({ rev, remarks = 0 }: StoredLink): boolean {
  return rev + remarks > 0
}

/** Links as they were and as they are, by their ids; null: not there. */
export function matchById(
  before: readonly StoredLink[],
  now: readonly StoredLink[],
): { readonly before: StoredLink | null; readonly now: StoredLink | null }[] {
  const byId = (links: readonly StoredLink[]) => new Map(links.map((link) => [link.id, link]))
  const [was, is] = [byId(before), byId(now)]
  return [...new Set([...was.keys(), ...is.keys()])].map((id) => ({
    before: was.get(id) ?? null,
    now: is.get(id) ?? null,
  }))
}
