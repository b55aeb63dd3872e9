import type { Decision } from '../model/decision.ts'
import { endsInOrder, endsOf, relationshipType, type Bond, type LinkEnds } from '../model/link.ts'
import type { GraphNode, GraphReader, GraphRelationship } from './database.ts'
import type { Derivation, LinkOutcome } from './derivation.ts'
import { gatherLinks, keyOf, type GatheredLink, type GatherOptions } from './gather-links.ts'
import { isInGraph, linkNode, linkRelationship, type StoredLink, type StoredProposal } from './records.ts'
import { sameProperties } from './same-properties.ts'

export interface PlanOptions extends GatherOptions {
  /** Looks at the relationships themselves too, not only at what the record says was last made of them. */
  readonly anew?: boolean
}

/** What there is to write so that the graph says of some links what their proposals and decisions come to. */
export interface LinkPlan {
  readonly proposals: readonly StoredProposal[]
  readonly nodes: readonly GraphNode[]
  readonly relationships: readonly GraphRelationship[]
  readonly stale: readonly GraphRelationship[]
  /** Nodes that were made to be locked, and of which nothing is known. */
  readonly unused: readonly string[]
  readonly outcomes: ReadonlyMap<string, LinkOutcome>
  /** `SAME_AS` links that do something else to their ends than before. */
  readonly bonds: readonly PlannedBond[]
}

/** What a link will do to its ends. */
export interface PlannedBond {
  readonly id: string
  readonly one: string
  readonly other: string
  readonly bond: Bond | null
}

/**
 * Reads and writes nothing. Links between the same entities are looked at together, also where only one of them was
 * asked about: one stands for all.
 */
export async function planLinks(
  reader: GraphReader,
  derivation: Derivation,
  ids: readonly string[],
  options: PlanOptions = {},
): Promise<LinkPlan> {
  const { links, unused } = await gatherLinks(reader, ids, options)
  const proposals = links.flatMap((link) => link.proposals)
  const drawn = options.anew === true ? await drawnLinks(reader, links) : null

  const nodes: GraphNode[] = []
  const relationships: GraphRelationship[] = []
  const stale: GraphRelationship[] = []
  const outcomes = new Map<string, LinkOutcome>()
  const bonds: PlannedBond[] = []
  for (const [{ before }, link] of standTogether(derivation, links)) {
    const { id, subjectId: one, objectId: other, bond } = link
    const isBefore = before?.bond?.kind === bond?.kind && before?.bond?.rank === bond?.rank
    if (!isBefore) bonds.push({ id, one, other, bond })
    const line = drawn?.get(id)
    const isAsDrawn =
      drawn === null || (isInGraph(link) ? line !== undefined && sameLine(line, linkRelationship(link)) : !line)
    if (before !== undefined && sameProperties(linkNode(before), linkNode(link)) && isAsDrawn) continue
    nodes.push(linkNode(link))
    const there = drawn === null ? lineOf(before) : line
    const wanted = lineOf(link)
    // A relationship without a node beside it, or between other ends, cannot be put in order where it is.
    const isMisplaced =
      there !== undefined && (before === undefined || wanted === undefined || !sameEnds(there, wanted))
    if (isMisplaced) stale.push(there)
    if (wanted !== undefined) {
      relationships.push(wanted)
      outcomes.set(id, there === undefined ? 'added' : 'changed')
    } else if (there !== undefined) outcomes.set(id, 'removed')
  }
  return { proposals, nodes, relationships, stale, unused, outcomes, bonds }
}

/** What each link is, and whether it stands for itself, for others or not at all. */
function standTogether(derivation: Derivation, links: readonly GatheredLink[]): [GatheredLink, StoredLink][] {
  return [...Map.groupBy(links, keyOf).values()].flatMap((group): [GatheredLink, StoredLink][] => {
    const first = chooseFirst(group)
    return group.map((one) => {
      const isLoop = one.from === one.to
      if (one === first && !isLoop) return [one, standFor(derivation, one, group)]
      const own = standFor(derivation, one, [one])
      return [one, { ...own, status: 'merged', into: isLoop ? null : first.ends.id }]
    })
  })
}

/** The least id; of what counts, as long as anything does. */
function chooseFirst(group: readonly GatheredLink[]): GatheredLink {
  const counts = ({ proposals, decisions }: GatheredLink): boolean =>
    decisions.length > 0 || proposals.some(({ live }) => live)
  const inOrder = group.toSorted((a, b) => (a.ends.id < b.ends.id ? -1 : 1))
  return inOrder.find(counts) ?? (inOrder[0] as GatheredLink)
}

/** What a link is by all that was said and decided about it and those that it stands for. */
function standFor(derivation: Derivation, one: GatheredLink, group: readonly GatheredLink[]): StoredLink {
  const { ends, before, from, to } = one
  const decisions = new Map(group.flatMap((link) => link.decisions.map((decision) => [decision.id, decision])))
  const proposals = group.flatMap((link) => link.proposals)
  const link = derivation.materialise(ends, proposals, [...decisions.values()])
  const bond = group.length === 1 ? link.bond : bondOf(derivation, ends, one.proposals, one.decisions)
  const least = one.proposals.toSorted((a, b) => (a.proposal.id < b.proposal.id ? -1 : 1))[0]?.proposal
  const named = least === undefined ? undefined : endsInOrder(least)
  return {
    ...link,
    bond,
    subject: named?.subject.name ?? before?.subject ?? '',
    object: named?.object.name ?? before?.object ?? '',
    drawnFrom: from === ends.subjectId ? null : from,
    drawnTo: to === ends.objectId ? null : to,
    into: null,
  }
}

/** A link joins or keeps apart its own ends only, whatever others it stands for. */
function bondOf(
  { materialise }: Derivation,
  ends: LinkEnds,
  proposals: readonly StoredProposal[],
  decisions: readonly Decision[],
): Bond | null {
  return materialise(ends, proposals, decisions).bond
}

/** The relationships that there are of links, whatever the record says of them. */
async function drawnLinks(
  reader: GraphReader,
  links: readonly GatheredLink[],
): Promise<Map<string, GraphRelationship>> {
  const ends = links.flatMap(({ ends, before, proposals }) => [
    ends,
    ...(before === undefined ? [] : [before]),
    ...proposals.map(({ proposal }) => endsOf(proposal)),
  ])
  const drawn = new Map<string, GraphRelationship>()
  for (const [type, ofType] of Map.groupBy(ends, relationshipType)) {
    const kind = ofType[0]?.mapsFrom === null ? 'Entity' : 'Column'
    const ids = [...new Set(ofType.map((link) => link.id))]
    for (const line of await reader.links(type, kind, ids)) if (line.id !== null) drawn.set(line.id, line)
  }
  return drawn
}

function lineOf(link: StoredLink | undefined): GraphRelationship | undefined {
  return link !== undefined && isInGraph(link) ? linkRelationship(link) : undefined
}

function sameLine(a: GraphRelationship, b: GraphRelationship): boolean {
  return sameEnds(a, b) && sameProperties(a, b)
}

function sameEnds(a: GraphRelationship, b: GraphRelationship): boolean {
  return a.from.id === b.from.id && a.to.id === b.to.id
}
