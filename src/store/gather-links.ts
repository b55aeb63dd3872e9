import type { Decision } from '../model/decision.ts'
import { endKind, endsOf, formerLinkIds, linkIdBetween, type LinkEnds } from '../model/link.ts'
import type { GraphNode, GraphReader } from './database.ts'
import { entityOf, isJoined, readIdentities, type Identities } from './identities.ts'
import { derivedLinks, isDerived } from './links.ts'
import { readRuling } from './ruled-out.ts'
import { drawnEnds, readDecision, readProposal, UNCOMPARED, type StoredLink, type StoredProposal } from './records.ts'

/** A link with all that it is derived from. */
export interface GatheredLink {
  readonly ends: LinkEnds
  /** The entities that stand for its ends, or its columns. */
  readonly from: string
  readonly to: string
  readonly proposals: readonly StoredProposal[]
  readonly decisions: readonly Decision[]
  /** What was last made of it. */
  readonly before: StoredLink | undefined
  /** Its last revision, also of one of which nothing else is known. */
  readonly rev: number
  /** It changed, and has not been compared with others since. */
  readonly isMarked: boolean
}

export interface GatherOptions {
  /** What a transaction knows that locked the links and decides nothing: of these no more is read than it takes. */
  readonly known?: KnownLinks
  /** Who stands for whom, as far as it is known. */
  readonly identities?: Identities
  /** Holds links that are looked at beside those that are asked about, and returns them. */
  readonly hold?: (linkIds: readonly string[]) => Promise<GraphNode[]>
  /** Holds the rules that people confirmed, where a proposal is of a pattern that one of them rejects. */
  readonly holdRules?: () => Promise<void>
}

export interface KnownLinks {
  /** All links that are known. */
  readonly ids: ReadonlySet<string>
  /** The nodes of those links that were there before, as they were given when they were locked. */
  readonly locked: readonly GraphNode[]
  /** All proposals about each, those of this transaction too. */
  readonly proposals: ReadonlyMap<string, readonly StoredProposal[]>
}

/** Links by what is known of each so far. */
type Found = Map<string, Omit<GatheredLink, 'from' | 'to' | 'decisions'>>

export interface Gathered {
  readonly links: readonly GatheredLink[]
  /** Those of which nothing is known, and nothing was decided. */
  readonly unused: readonly string[]
  /** By link all decisions about it, also about one that was forgotten. */
  readonly decisions: ReadonlyMap<string, readonly Decision[]>
}

/**
 * Reads what links are derived from, and the same of all that are drawn between the same entities as one of them, or
 * were.
 */
export async function gatherLinks(
  reader: GraphReader,
  ids: readonly string[],
  options: GatherOptions,
): Promise<Gathered> {
  const hold = options.hold ?? ((some) => reader.get('Link', some))
  const found: Found = new Map()
  const nodes = new Map<string, GraphNode>()
  const [entities, redirects] = [new Map(options.identities?.entities), new Map(options.identities?.redirects)]
  const asked = new Set(options.identities?.asked)
  const identities: Identities = { asked, entities, redirects }
  const keysDone = new Set<string>()
  for (let next = [...new Set(ids)]; next.length > 0;) {
    for (const node of await find(reader, found, next, options.known)) nodes.set(node.id, node)
    const ends = entityEnds([...found.values()]).filter((id) => !asked.has(id))
    if (ends.length > 0) {
      const more = await readIdentities(reader, ends)
      for (const id of more.asked) asked.add(id)
      for (const [id, entity] of more.entities) entities.set(id, entity)
      for (const [id, redirect] of more.redirects) redirects.set(id, redirect)
    }
    const keys = keysToShare([...found.values()], identities).filter((key) => !keysDone.has(key))
    if (keys.length === 0) break
    for (const key of keys) keysDone.add(key)
    // Whoever makes another link between the same entities waits for the same key.
    const named = (await hold(keys)).map(({ id }) => id)
    const drawn = (await reader.find('Link', 'drawnAs', keys)).map(({ id }) => id)
    next = [...new Set([...named, ...drawn])].filter((id) => !found.has(id))
    if (next.length > 0 && options.hold !== undefined) await hold(next)
  }
  const decisions = await findDecisions(reader, ids, found, nodes, options.known)
  const said = [...found.values()].flatMap(({ proposals }) => proposals)
  const asRuled = await readRuling(reader, said, options.holdRules)
  const links = [...found.values()].map((link) => ({
    ...link,
    proposals: link.proposals.map(asRuled),
    ...endsNow(link.ends, identities),
    decisions: decisions.get(link.ends.id) ?? [],
  }))
  // One that was forgotten is known by what was decided about it.
  return { links, unused: ids.filter((id) => !found.has(id) && !decisions.has(id)), decisions }
}

/** Adds to what was found; returns the nodes. */
async function find(
  reader: GraphReader,
  found: Found,
  ids: readonly string[],
  known: KnownLinks | undefined,
): Promise<GraphNode[]> {
  const others = ids.filter((id) => known?.ids.has(id) !== true)
  const [proposals, nodes] =
    others.length === 0
      ? [[], []]
      : await Promise.all([reader.find('Proposal', 'linkId', others), reader.get('Link', others)])
  const read = Map.groupBy(proposals.map(readProposal), ({ linkId }) => linkId)
  const asked = new Set(ids)
  const all = [...nodes, ...(known?.locked ?? []).filter(({ id }) => asked.has(id))]
  const before = new Map(derivedLinks(all).map((link) => [link.id, link]))
  const nodeOf = new Map(all.map((node) => [node.id, node]))
  for (const id of ids) {
    const own = known?.proposals.get(id) ?? read.get(id) ?? []
    const ends = endsFor(id, own, before.get(id))
    if (ends === undefined) continue
    const { rev, [UNCOMPARED]: mark } = nodeOf.get(id)?.properties ?? {}
    found.set(id, { ends, proposals: own, before: before.get(id), rev: Number(rev ?? 0), isMarked: mark != null })
  }
  return all
}

/** A proposal may speak for a link that had another id when it was made. */
function endsFor(id: string, own: readonly StoredProposal[], before: StoredLink | undefined): LinkEnds | undefined {
  const [first] = own
  const ends = first === undefined ? undefined : endsOf(first.proposal)
  if (ends?.id === id || before === undefined) return ends
  const { subjectId, type, objectId, mapsFrom, mapsTo, betweenLinks } = before
  return { id, subjectId, type, objectId, mapsFrom, mapsTo, ...(betweenLinks ? { betweenLinks } : {}) }
}

/** Under which keys others may stand: where an end is joined to others, or was. One whose ends are one stands for none. */
function keysToShare(links: readonly Omit<GatheredLink, 'from' | 'to' | 'decisions'>[], who: Identities): string[] {
  const keys = new Set<string>()
  for (const { ends, before } of links) {
    if (endKind(ends) !== 'Entity') continue
    const { id, subjectId, objectId } = ends
    const now = endsNow(ends, who)
    const then = before === undefined ? ends : drawnEnds(before)
    const [keyNow, keyThen] = [keyOf({ ends, ...now }), before === undefined ? id : drawnKey(before)]
    if (now.from !== now.to && (keyNow !== id || isJoined(who, subjectId) || isJoined(who, objectId))) keys.add(keyNow)
    if (then.subjectId !== then.objectId && (keyThen !== id || keyThen !== keyNow || before?.into != null))
      keys.add(keyThen)
  }
  return [...keys]
}

/** Under which id links of one type between the same entities are found. */
export function keyOf({ ends, from, to }: Pick<GatheredLink, 'ends' | 'from' | 'to'>): string {
  if (from === ends.subjectId && to === ends.objectId) return ends.id
  return linkIdBetween(from, ends.type, to)
}

/** The same of a link where it was last drawn. */
export function drawnKey(link: StoredLink): string {
  const { subjectId: from, objectId: to } = drawnEnds(link)
  return keyOf({ ends: link, from, to })
}

function entityEnds(links: readonly Pick<GatheredLink, 'ends'>[]): string[] {
  const ends = links.filter(({ ends }) => endKind(ends) === 'Entity')
  return [...new Set(ends.flatMap(({ ends: { subjectId, objectId } }) => [subjectId, objectId]))]
}

function endsNow(ends: LinkEnds, who: Identities): { from: string; to: string } {
  const { subjectId, objectId } = ends
  if (endKind(ends) !== 'Entity') return { from: subjectId, to: objectId }
  return { from: entityOf(who, subjectId), to: entityOf(who, objectId) }
}

/** By link all decisions about it, also such as were made about another that stood for it, or under its former id. */
async function findDecisions(
  reader: GraphReader,
  ids: readonly string[],
  found: Found,
  nodes: ReadonlyMap<string, GraphNode>,
  known: KnownLinks | undefined,
): Promise<ReadonlyMap<string, Decision[]>> {
  const asked = [...new Set([...ids, ...found.keys()])]
  const undecided = new Set([...nodes.values()].filter((node) => !mayBeDecided(node)).map(({ id }) => id))
  const isNew = (id: string): boolean => !nodes.has(id)
  const decidable = asked.filter((id) => known?.ids.has(id) !== true || !(undecided.has(id) || isNew(id)))
  const formerOf = new Map(
    [...found.values()].flatMap(({ ends, proposals }) => {
      const former = new Set(proposals.flatMap(({ proposal }) => formerLinkIds(proposal)))
      return former.size === 0 ? [] : [[ends.id, former] as const]
    }),
  )
  const about = [...new Set([...decidable, ...[...formerOf.values()].flatMap((former) => [...former])])]
  if (about.length === 0) return new Map()
  const decisions = new Map((await reader.find('Decision', 'linkId', about)).map((node) => [node.id, node]))
  if (decidable.length > 0) {
    const drawn = await reader.relationships('DECIDES', 'to', 'Link', 'Decision', decidable)
    const others = drawn.map(({ from }) => from.id).filter((id) => !decisions.has(id))
    for (const node of others.length === 0 ? [] : await reader.get('Decision', others)) decisions.set(node.id, node)
  }
  const byLink = new Map<string, Decision[]>()
  const readAll = [...decisions.values()].map(readDecision)
  const made = Map.groupBy(readAll, ({ linkId }) => linkId)
  const beside = Map.groupBy(
    readAll.flatMap((decision) => (decision.alsoAbout ?? []).map((id) => ({ id, decision }))),
    ({ id }) => id,
  )
  for (const id of asked) {
    const former = formerOf.get(id)
    const also = beside.get(id)?.map(({ decision }) => decision) ?? []
    const own = new Set([
      ...(made.get(id) ?? []),
      ...[...(former ?? [])].flatMap((one) => made.get(one) ?? []),
      ...also,
    ])
    if (own.size > 0) byLink.set(id, [...own])
  }
  return byLink
}

/** Whoever decides about a link derives it in the same transaction, and `rev` and `remarks` count the decisions. */
function mayBeDecided(link: GraphNode): boolean {
  return !isDerived(link) || link.properties['rev'] !== 0 || link.properties['remarks'] != null
}
