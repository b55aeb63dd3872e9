import { DISPLAYED_AS, SAME_AS } from '../model/link.ts'
import { standingFor } from './conflict-effects.ts'
import type { GraphReader, GraphWriter } from './database.ts'
import type { DecisionDraft } from './decision-draft.ts'
import type { Derivation } from './derivation.ts'
import { drawnKey } from './gather-links.ts'
import { holdIdentities } from './identities.ts'
import { derivedLinks, findDrawnAs, readLinks } from './links.ts'
import { readDecision, UNCOMPARED, type StoredLink } from './records.ts'

/** A draft with its link and the ids of others that it is about. */
export interface Subject {
  readonly draft: DecisionDraft
  readonly link: StoredLink | null
  readonly alsoAbout: readonly string[]
  /** Of all these, those of which there is a node, once they are held. */
  readonly there: readonly string[]
}

/**
 * The drafts up to the first whose link another of them is about too. What joins or parts things, or tells what becomes of
 * two links, goes by itself.
 */
export async function firstApart(reader: GraphReader, drafts: readonly DecisionDraft[]): Promise<Subject[]> {
  const subjects = await readSubjects(reader, drafts)
  if (drafts.length === 1) return subjects
  const others = await readLinks(reader, [...new Set(subjects.flatMap(({ alsoAbout }) => alsoAbout))])
  const keys = new Map(others.map((link) => [link.id, drawnKey(link)]))
  const taken = new Set<string>()
  for (const [index, { draft, link, alsoAbout }] of subjects.entries()) {
    const actsOnOthers = link !== null && (link.type === SAME_AS || link.betweenLinks === true)
    if (actsOnOthers) return subjects.slice(0, Math.max(1, index))
    const about = [draft.linkId, ...(link === null ? [] : [drawnKey(link)]), ...alsoAbout]
    const all = [...about, ...alsoAbout.flatMap((id) => keys.get(id) ?? [])]
    if (all.some((id) => taken.has(id))) return subjects.slice(0, index)
    for (const id of all) taken.add(id)
  }
  return subjects
}

async function readSubjects(reader: GraphReader, drafts: readonly DecisionDraft[]): Promise<Subject[]> {
  const ids = [...new Set(drafts.map(({ linkId }) => linkId))]
  const seen = new Map((await readLinks(reader, ids)).map((link) => [link.id, link]))
  // What is said of one is said of those that it stands for; two other names are another pair.
  const keys = [...seen.values()].filter(({ type }) => type !== SAME_AS).map(drawnKey)
  const into = Map.groupBy(
    (await findDrawnAs(reader, keys)).filter(({ properties }) => properties['into'] != null),
    ({ properties }) => String(properties['into']),
  )
  const undone = drafts.flatMap(({ undoes }) => undoes ?? [])
  const taken = undone.length === 0 ? [] : (await reader.get('Decision', undone)).map(readDecision)
  const undoneAbout = new Map(taken.map(({ id, alsoAbout = [] }) => [id, alsoAbout]))
  return drafts.map((draft) => {
    const link = seen.get(draft.linkId) ?? null
    const standsFor = [...new Set(into.get(draft.linkId)?.map(({ id }) => id))].toSorted()
    const alsoAbout = draft.undoes === undefined ? standsFor : (undoneAbout.get(draft.undoes) ?? [])
    return { draft, link, alsoAbout, there: [] }
  })
}

/** The same as they are once all that they are about is held, which it is until the transaction ends. */
export async function holdSubjects(writer: GraphWriter, seen: readonly Subject[]): Promise<Subject[]> {
  const named = namedBy(seen.flatMap(({ link }) => link ?? []))
  if (named.length > 0) await holdIdentities(writer, named)
  const drafts = seen.map(({ draft }) => draft)
  const subjects = named.length > 0 ? await readSubjects(writer, drafts) : seen
  // Of a link that is not there nothing is held: that would make it.
  const there = subjects.filter(({ link }) => link !== null)
  const nodes = await writer.lock(
    'Link',
    there.flatMap(({ draft, alsoAbout }) => [draft.linkId, ...alsoAbout]),
  )
  const locked = new Map(derivedLinks(nodes).map((link) => [link.id, link]))
  const known = new Set(nodes.map(({ id }) => id))
  const held = subjects.map((subject) => {
    const { draft, alsoAbout } = subject
    const there = [draft.linkId, ...alsoAbout].filter((id) => known.has(id))
    return { ...subject, link: locked.get(draft.linkId) ?? null, there }
  })
  const between = held.flatMap(({ link }) => (link?.betweenLinks === true ? [link] : []))
  if (between.length > 0) await holdEnds(writer, between)
  return held
}

/** Ids of the things whose names some of the links are about; they are held before any link is. */
export function namedBy(links: readonly StoredLink[]): string[] {
  const naming = links.filter(({ type }) => type === SAME_AS || type === DISPLAYED_AS)
  return naming.flatMap(({ subjectId, objectId }) => [subjectId, objectId])
}

/** What becomes of a link between links is told by those at its ends, or by what stands for them. */
async function holdEnds(writer: GraphWriter, links: readonly StoredLink[]): Promise<void> {
  const ends = links.flatMap(({ subjectId, objectId }) => [subjectId, objectId])
  await writer.lock('Link', ends, [])
  await writer.lock('Link', [...new Set((await standingFor(writer, links)).values())].toSorted(), [])
}

/** What is decided about two links settles what is said of them, also once others stand for them. */
export async function markEnds(
  writer: GraphWriter,
  { marked }: Derivation,
  links: readonly StoredLink[],
): Promise<void> {
  const ends = [...new Set((await standingFor(writer, links)).values())]
  await writer.patchNodes(
    'Link',
    ends.map((id) => ({ id, properties: { [UNCOMPARED]: 'yes' } })),
  )
  marked?.(ends)
}
