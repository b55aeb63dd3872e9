import { NO_CONFLICT } from '../model/conflict.ts'
import { courseOf, type Decision } from '../model/decision.ts'
import { endKind, endsInOrder, endsOf, relationshipType, type Bond, type LinkEnds } from '../model/link.ts'
import { PERSON, type Proposal } from '../model/proposal.ts'
import { countingProposals, saidAbout } from '../model/revision.ts'
import { rivalsOf, type LinkRules, type Rivals } from '../model/link-rules.ts'
import type { GraphNode, GraphReader, GraphRelationship } from './database.ts'
import { effectOn, findEffects, isToCompare } from './conflict-effects.ts'
import { NO_RULES, type Derivation, type LinkOutcome } from './derivation.ts'
import { gatherLinks, keyOf, type GatheredLink, type GatherOptions } from './gather-links.ts'
import {
  drawnEnds,
  isInGraph,
  linkNode,
  linkRelationship,
  UNCOMPARED,
  type StoredLink,
  type StoredProposal,
} from './records.ts'
import { revise } from './revise.ts'
import { sameProperties } from './same-properties.ts'

export interface PlanOptions extends GatherOptions {
  /** Looks at the relationships themselves too, not only at what the record says was last made of them. */
  readonly anew?: boolean
  /** Looks up what other links come to for these; else that is taken over from what was stored. */
  readonly effects?: 'anew'
  /** Links that changed are marked, to be compared with their rivals; default true. */
  readonly marks?: boolean
}

/** What there is to write so that the graph says of some links what their proposals and decisions come to. */
export interface LinkPlan {
  readonly proposals: readonly StoredProposal[]
  readonly nodes: readonly GraphNode[]
  readonly relationships: readonly GraphRelationship[]
  readonly stale: readonly GraphRelationship[]
  /** Ids of the nodes that are marked, to be compared with their rivals. */
  readonly marked: readonly string[]
  /** Nodes that were made to be locked, and of which nothing is known. */
  readonly unused: readonly string[]
  /** Links at the ends of such links between links as are different now. */
  readonly contested: readonly string[]
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
  const gathered = await gatherLinks(reader, ids, options)
  const { links, forgotten } = withoutForgotten(gathered.links)
  const { anew = false, effects = anew ? 'anew' : undefined, marks = true } = options
  const proposals = links.flatMap((link) => link.proposals)
  const drawn = anew ? await drawnLinks(reader, links) : null
  const standing = standTogether(derivation, links)
  const looked =
    effects === 'anew'
      ? await findEffects(
          reader,
          derivation.conflictEffect,
          standing.map(({ link }) => link),
        )
      : null

  const lost = await lostEnds(reader, standing)

  const nodes: GraphNode[] = []
  const relationships: GraphRelationship[] = []
  const stale: GraphRelationship[] = []
  const outcomes = new Map<string, LinkOutcome>()
  const bonds: PlannedBond[] = []
  const contested = new Set<string>()
  const marked: string[] = []
  for (const link of forgotten) {
    contested.add(link.subjectId).add(link.objectId)
    const line = lineOf(link)
    if (line === undefined) continue
    stale.push(line)
    outcomes.set(link.id, 'removed')
  }
  for (const { gathered: one, link: own } of standing) {
    const { before, isMarked } = one
    const link = {
      ...derivation.withConflicts(own, looked === null ? effectOn(before) : (looked.get(own.id) ?? NO_CONFLICT)),
      ...rivalsIn(own, derivation.rules ?? NO_RULES),
    }
    const { id, bond } = link
    const isBefore = before?.bond?.kind === bond?.kind && before?.bond?.rank === bond?.rank
    if (!isBefore) bonds.push({ id, one: link.subjectId, other: link.objectId, bond })
    const line = drawn?.get(id)
    const wanted = lacksEnd(link, lost) ? undefined : lineOf(link)
    const isAsDrawn = drawn === null || (wanted === undefined ? !line : line !== undefined && sameLine(line, wanted))
    if (before !== undefined && sameProperties(linkNode(before), linkNode(link)) && isAsDrawn) continue
    const isToMark = isMarked || (marks && isToCompare(link, before))
    if (isToMark) marked.push(id)
    nodes.push(isToMark ? withMark(linkNode(link)) : linkNode(link))
    if (link.betweenLinks === true) contested.add(link.subjectId).add(link.objectId)
    const there = drawn === null ? lineOf(before) : line
    // A relationship without a node beside it, or between other ends, cannot be put in order where it is.
    const isMisplaced =
      there !== undefined && (before === undefined || wanted === undefined || !sameEnds(there, wanted))
    if (isMisplaced) stale.push(there)
    if (wanted !== undefined) {
      relationships.push(wanted)
      outcomes.set(id, there === undefined ? 'added' : 'changed')
    } else if (there !== undefined) outcomes.set(id, 'removed')
  }
  const unused = [...gathered.unused, ...forgotten.map(({ id }) => id)]
  return { proposals, nodes, marked, relationships, stale, unused, contested: [...contested], outcomes, bonds }
}

/** A link before others come in, and what speaks for or against it: nothing that came with a decision that was undone. */
export interface StandingLink {
  readonly gathered: GatheredLink
  readonly link: StoredLink
  readonly counting: readonly Proposal[]
}

/** What each link is, and whether it stands for itself, for others or not at all. */
export function standTogether(derivation: Derivation, links: readonly GatheredLink[]): StandingLink[] {
  return [...Map.groupBy(links, keyOf).values()].flatMap((group): StandingLink[] => {
    const first = chooseFirst(group)
    const together = revise(group, decisionsOf(group))
    return group.map((gathered) => {
      // A link may contradict itself: sources deny what others say.
      const isLoop = gathered.from === gathered.to && gathered.ends.betweenLinks !== true
      if (gathered === first && !isLoop)
        return {
          gathered,
          link: { ...standFor(derivation, gathered, group), ...together },
          counting: countingIn(group),
        }
      const own = standFor(derivation, gathered, [gathered])
      const into = isLoop ? null : first.ends.id
      const revision = isLoop ? revise([gathered], gathered.decisions) : together
      return { gathered, link: { ...own, ...revision, status: 'merged', into }, counting: countingIn([gathered]) }
    })
  })
}

function countingIn(group: readonly GatheredLink[]): Proposal[] {
  const proposals = group.flatMap((one) => one.proposals)
  return countingProposals(saidAbout(proposals, decisionsOf(group)))
}

/** What our rules said of two links leaves nothing behind when they do not say it any more and nobody decided. */
function withoutForgotten(links: readonly GatheredLink[]) {
  const forgotten = links.filter(({ ends, proposals, decisions }) => {
    return ends.betweenLinks === true && proposals.length === 0 && decisions.length === 0
  })
  return {
    links: links.filter((link) => !forgotten.includes(link)),
    forgotten: forgotten.flatMap(({ before }) => before ?? []),
  }
}

/** By what its rivals are found; one for which another stands has none. */
function rivalsIn(link: StoredLink, rules: LinkRules): Rivals {
  if (endKind(link) !== 'Entity' || link.status === 'merged') return { rivalsFrom: null, rivalsTo: null }
  return rivalsOf(drawnEnds(link), rules)
}

function withMark(node: GraphNode): GraphNode {
  return { ...node, properties: { ...node.properties, [UNCOMPARED]: 'yes' } }
}

/** The least id; of what counts, as long as anything does. What was undone, and was said for it, leaves no trace. */
function chooseFirst(group: readonly GatheredLink[]): GatheredLink {
  const counts = ({ proposals, decisions }: GatheredLink): boolean => {
    const { inForce, open } = courseOf(decisions)
    const isSaid = proposals.some(({ live, proposal }) => live && proposal.engine !== PERSON)
    return isSaid || inForce !== null || open.length > 0
  }
  const inOrder = group.toSorted((a, b) => (a.ends.id < b.ends.id ? -1 : 1))
  return inOrder.find(counts) ?? (inOrder[0] as GatheredLink)
}

/** What a link is by all that was said and decided about it and those that it stands for. */
function standFor(derivation: Derivation, one: GatheredLink, group: readonly GatheredLink[]): StoredLink {
  const { ends, before, from, to } = one
  const proposals = group.flatMap((link) => link.proposals)
  const link = derivation.materialise(ends, proposals, decisionsOf(group))
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

/** Each once. */
function decisionsOf(group: readonly GatheredLink[]): Decision[] {
  return [...new Map(group.flatMap((link) => link.decisions.map((one) => [one.id, one]))).values()]
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
    for (const [kind, ofKind] of Map.groupBy(ofType, endKind)) {
      const ids = [...new Set(ofKind.map((link) => link.id))]
      const from = kind === 'Label' ? 'Document' : kind
      for (const line of await reader.links(type, from, ids, kind)) if (line.id !== null) drawn.set(line.id, line)
    }
  }
  return drawn
}

/** The ends of links between links that are not there, and are none of those that are looked at together. */
async function lostEnds(reader: GraphReader, standing: readonly StandingLink[]): Promise<ReadonlySet<string>> {
  const links = standing.map(({ link }) => link)
  const own = new Set(links.map(({ id }) => id))
  const between = links.filter(({ betweenLinks }) => betweenLinks === true)
  const ends = new Set(between.flatMap(({ subjectId, objectId }) => [subjectId, objectId]).filter((id) => !own.has(id)))
  for (const { id } of ends.size === 0 ? [] : await reader.get('Link', [...ends], ['id'])) ends.delete(id)
  return ends
}

/** Comparing takes back what is said of a link that is not there. */
function lacksEnd({ betweenLinks, subjectId, objectId }: StoredLink, lost: ReadonlySet<string>): boolean {
  return betweenLinks === true && (lost.has(subjectId) || lost.has(objectId))
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
