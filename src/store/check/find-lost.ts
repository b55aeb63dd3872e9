import { typesOtherwise, type LinkRules } from '../../model/link-rules.ts'
import { SAME_AS } from '../../model/link.ts'
import type { Database, GraphNode, GraphReader, NodeKind } from '../database.ts'
import { derivedLinks } from '../links.ts'
import { eachPage, type Walk } from '../pages.ts'
import { documentsRedated, proposalsOfEitherDay } from './dates.ts'
import { readChunk } from '../records.ts'
import { areRulesKept } from '../rules-in-use.ts'
import { documentsLacking, proposalsLacking, type Lacking } from './lost-chunks.ts'
import { chunksWithoutSchema, linksWithoutRules } from './lost-schemas.ts'

type Look = (reader: GraphReader, nodes: readonly GraphNode[]) => Promise<readonly Lacking[]>

/** What tells of chunks that are not there. To derive links without them would make the loss final. */
export async function findLostChunks(database: Database, walk: Walk): Promise<readonly Lacking[]> {
  return [
    ...(await eachLacking(database, walk, 'Document', documentsLacking)),
    ...(await eachLacking(database, walk, 'Proposal', proposalsLacking)),
  ]
}

/** What tells that the date of a document was altered, or may have been. To date by it what is said would hide that. */
export async function findRedated(database: Database, walk: Walk): Promise<readonly Lacking[]> {
  return [
    ...(await eachLacking(database, walk, 'Document', documentsRedated)),
    ...(await eachLacking(database, walk, 'Proposal', proposalsOfEitherDay)),
  ]
}

/** Chunks that were read by schemas which are not there. To read their replies by another would take links back. */
export async function findLostSchemas(database: Database, walk: Walk): Promise<readonly Lacking[]> {
  return eachLacking(database, walk, 'Chunk', (reader, nodes) => chunksWithoutSchema(reader, nodes.map(readChunk)))
}

/**
 * Links that were held against their rivals by rules which are not there, nor `given` instead. To compare them by none would
 * take contradictions back.
 */
export function findLostRules(given: LinkRules): (database: Database, walk: Walk) => Promise<readonly Lacking[]> {
  const ruled = new Set(typesOtherwise({}, given))
  const isUnruled = ({ properties }: GraphNode): boolean => !ruled.has(String(properties['type']))
  return async (database, walk) => {
    if (await database.read(areRulesKept)) return []
    return eachLacking(database, walk, 'Link', (reader, nodes) => linksWithoutRules(reader, nodes.filter(isUnruled)))
  }
}

/** Links that quote proposals which are not there, and which only their replies bring back: those of rules are found anew. */
export async function findLostProposals(database: Database, walk: Walk): Promise<readonly Lacking[]> {
  const isOfReplies = ({ properties }: GraphNode): boolean =>
    properties['type'] !== SAME_AS && properties['betweenLinks'] !== true
  return eachLacking(database, walk, 'Link', (reader, nodes) => linksLacking(reader, nodes.filter(isOfReplies)))
}

/** Of some links, those that quote proposals which are not there. */
export async function linksLacking(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Lacking[]> {
  const links = derivedLinks(nodes)
  const ids = links.flatMap(({ items }) => items.map(({ proposalId }) => proposalId))
  const there = new Set((await reader.get('Proposal', [...new Set(ids)], ['id'])).map(({ id }) => id))
  return links.flatMap(({ id, items }) =>
    items
      .filter(({ proposalId }) => !there.has(proposalId))
      .map(({ proposalId }) => ({ id, message: `link that quotes proposal ${proposalId}, which is not there` })),
  )
}

/** What is found is looked at twice, so that others may write meanwhile. */
async function eachLacking(database: Database, walk: Walk, kind: NodeKind, look: Look): Promise<Lacking[]> {
  const lacking: Lacking[] = []
  await eachPage(database, kind, walk, async (nodes) => {
    const suspects = await database.read((reader) => look(reader, nodes))
    if (suspects.length === 0) return
    const ids = [...new Set(suspects.map(({ id }) => id))]
    lacking.push(...(await database.read(async (reader) => look(reader, await reader.get(kind, ids)))))
  })
  return lacking
}
