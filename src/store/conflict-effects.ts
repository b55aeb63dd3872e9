import { NO_CONFLICT, type ConflictEffect, type Conflicting } from '../model/conflict.ts'
import type { LinkEnds } from '../model/link.ts'
import type { GraphReader } from './database.ts'
import { drawnKey } from './gather-links.ts'
import { derivedLinks, findLinksAt, readLinks } from './links.ts'
import { isInGraph, type StoredLink } from './records.ts'

/** What other links had come to for a link when it was last looked up. */
export function effectOn(link?: StoredLink): ConflictEffect {
  if (link === undefined) return NO_CONFLICT
  const { conflictsWith = [], supersededBy: by, supersededOn: on } = link
  return { conflictsWith, superseded: by === undefined || on === undefined ? null : { by, on } }
}

/** What the links between links come to for some links, as the record has it now. */
export async function findEffects(
  reader: GraphReader,
  rule: (id: string, conflicts: readonly Conflicting[]) => ConflictEffect,
  links: readonly StoredLink[],
): Promise<ReadonlyMap<string, ConflictEffect>> {
  const asked = links.filter(({ betweenLinks }) => betweenLinks !== true)
  const conflicts = (await findConflictsNow(reader, asked)).map(({ now }) => now)
  if (conflicts.length === 0) return new Map()
  const ends = [...new Set(conflicts.flatMap(({ subjectId, objectId }) => [subjectId, objectId]))]
  const standing = new Map((await readLinks(reader, ends)).map((link) => [link.id, isInGraph(link)]))
  return new Map(
    asked.map(({ id }) => {
      const own = conflicts.filter(({ subjectId, objectId }) => subjectId === id || objectId === id)
      const about = own.map((link) => {
        const other = link.subjectId === id ? link.objectId : link.subjectId
        // That it stands itself is for whoever derives it to see.
        return { link, otherStands: other === id || standing.get(other) === true }
      })
      return [id, rule(id, about)] as const
    }),
  )
}

/** A link between links, and the same with the links as its ends that stand for those of which it was said. */
export interface ConflictNow {
  readonly said: StoredLink
  readonly now: StoredLink
}

/**
 * The links between links that are about some links or about others that these stand for. What was said of two that have
 * become one is left out.
 */
export async function findConflictsNow(reader: GraphReader, links: readonly StoredLink[]): Promise<ConflictNow[]> {
  const merged = await mergedInto(reader, links)
  const conflicts = await findConflictLinks(reader, [...links.map(({ id }) => id), ...merged])
  const stands = await standingFor(reader, conflicts)
  const nowOf = (id: string): string => stands.get(id) ?? id
  return conflicts.flatMap((said): ConflictNow[] => {
    const [subjectId, objectId] = [nowOf(said.subjectId), nowOf(said.objectId)]
    return subjectId === objectId && said.subjectId !== said.objectId
      ? []
      : [{ said, now: { ...said, subjectId, objectId } }]
  })
}

/** For each end of some links between links the link that stands for it: itself, where no other does. */
export async function standingFor(
  reader: GraphReader,
  conflicts: readonly LinkEnds[],
): Promise<ReadonlyMap<string, string>> {
  const ends = conflicts.flatMap(({ subjectId, objectId }) => [subjectId, objectId])
  return new Map((await readLinks(reader, [...new Set(ends)])).map(({ id, into }) => [id, into ?? id]))
}

/** Ids of the links for which some others stand. */
async function mergedInto(reader: GraphReader, links: readonly StoredLink[]): Promise<string[]> {
  const joined = links.filter(({ drawnFrom, drawnTo }) => drawnFrom !== null || drawnTo !== null)
  const ids = new Set(links.map(({ id }) => id))
  const keys = joined.map(drawnKey)
  const found = [...(await reader.find('Link', 'drawnAs', [...ids, ...keys])), ...(await reader.get('Link', keys))]
  return found.filter(({ properties }) => ids.has(String(properties['into'] ?? ''))).map(({ id }) => id)
}

/** The links between links, in the graph or not, that start from or end at one of some links. */
export async function findConflictLinks(reader: GraphReader, ids: readonly string[]): Promise<StoredLink[]> {
  const links = derivedLinks(await findLinksAt(reader, ids))
  return [...new Map(links.filter(({ betweenLinks }) => betweenLinks).map((link) => [link.id, link])).values()]
}

/** Whether a link that changed may contradict others now, or did before. */
export function isToCompare(link: StoredLink, old: StoredLink | undefined): boolean {
  return (
    isStoodForOtherwise(link, old) ||
    [link, old].some((one) => one !== undefined && (hasRivals(one) || isDenied(one) || isContested(one)))
  )
}

/** What is said of it and others was said of another link, which has nothing to do with them any more. */
function isStoodForOtherwise(link: StoredLink, old: StoredLink | undefined): boolean {
  return old !== undefined && (link.into ?? null) !== (old.into ?? null)
}

function hasRivals({ rivalsFrom, rivalsTo }: StoredLink): boolean {
  return rivalsFrom != null || rivalsTo != null
}

/** Sources deny what others say. */
function isDenied(link: StoredLink): boolean {
  return link.denials > 0 && isInGraph(link)
}

function isContested({ conflictsWith, supersededBy }: StoredLink): boolean {
  return conflictsWith !== undefined || supersededBy !== undefined
}
