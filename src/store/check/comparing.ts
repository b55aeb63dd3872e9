import { planComparing } from '../compare-links.ts'
import { findConflictLinks, isToCompare } from '../conflict-effects.ts'
import type { GraphNode, GraphReader } from '../database.ts'
import type { Derivation } from '../derivation.ts'
import { derivedLinks } from '../links.ts'
import { UNCOMPARED } from '../records.ts'
import { readRules } from '../rules-in-use.ts'

/** Whether links changed, or the rules, and nobody has compared them since. */
export async function isWaitingToBeCompared(reader: GraphReader): Promise<boolean> {
  const marked = await reader.find('Link', UNCOMPARED, ['yes'], { limit: 1 })
  return marked.length > 0 || (await readRules(reader)).recheck.length > 0
}

/** Of a page of links, those that may contradict others, and those at the ends of links between links. */
export async function linksToCompare(reader: GraphReader, nodes: readonly GraphNode[]): Promise<string[]> {
  const links = derivedLinks(nodes)
  const [between, plain] = [
    links.filter(({ betweenLinks }) => betweenLinks === true),
    links.filter(({ betweenLinks }) => betweenLinks !== true),
  ]
  const ends = between.flatMap(({ subjectId, objectId }) => [subjectId, objectId])
  return [...new Set([...plain.filter((link) => isToCompare(link, undefined)).map(({ id }) => id), ...ends])]
}

/**
 * Of some links, those of which the record says something else about what they contradict than would be found now. What
 * that comes to for them is derived, and looked at, with all else that they are.
 */
export async function comparedWrongly(
  reader: GraphReader,
  derivation: Derivation,
  ids: readonly string[],
): Promise<string[]> {
  const { put, removed, retired, conflicts } = await planComparing(reader, derivation, ids)
  if (put.length + removed.length + retired.length + conflicts.length === 0) return []
  const known = await findConflictLinks(reader, ids)
  const ends = [
    ...put.flatMap(({ proposal }) => [proposal.subject.link, proposal.object.link]),
    ...known.filter(({ id }) => conflicts.includes(id)).flatMap(({ subjectId, objectId }) => [subjectId, objectId]),
  ]
  return ids.filter((id) => ends.includes(id))
}
