import { isDeepStrictEqual } from 'node:util'
import type { Decision } from '../model/decision.ts'
import { entityId } from '../model/entity.ts'
import { endsInOrder, endsOf, relationshipType, type Link, type LinkEnds } from '../model/link.ts'
import type { NamedThing } from '../model/name-index.ts'
import type { Proposal } from '../model/proposal.ts'
import type { GraphNode, GraphReader, GraphRelationship, GraphWriter, NodeKey } from './database.ts'
import {
  entityNode,
  isInGraph,
  linkNode,
  linkRelationship,
  readDecision,
  readEntity,
  readLink,
  readProposal,
  type EntityForms,
  type StoredLink,
  type StoredProposal,
} from './records.ts'

/** The rules by which links and names come from the record; pure, given by whoever opens the store. */
export interface Derivation {
  readonly materialise: (
    ends: LinkEnds,
    proposals: readonly { proposal: Proposal; live: boolean }[],
    decisions: readonly Decision[],
  ) => Link
  readonly nameEntity: (ownName: string, forms: readonly string[]) => { name: string; aliases: string[] }
  /** By what an entity is found in the index of names. */
  readonly nameKeys: (thing: NamedThing) => readonly string[]
}

/** What deriving changed, for counting: links by what became of them. */
export interface LinkChanges {
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/** What became of a link as a relationship of the graph. */
export type LinkOutcome = keyof LinkChanges

/**
 * Derives links anew from all their proposals and decisions, inside the transaction that changed either. The links'
 * nodes must have been locked before their proposals or decisions were read or written. Of `entities` it is known that
 * they are there. Returns what became of the links that are different now.
 */
export async function deriveLinks(
  writer: GraphWriter,
  derivation: Derivation,
  linkIds: readonly string[],
  options: PlanOptions & { readonly entities?: ReadonlySet<string> } = {},
): Promise<ReadonlyMap<string, LinkOutcome>> {
  const ids = [...new Set(linkIds)]
  if (ids.length === 0) return new Map()
  const plan = await planLinks(writer, derivation, ids, options)
  await writer.removeRelationships(plan.stale)
  await writer.removeNodes('Link', plan.unused)
  await writer.putNodes(plan.nodes)
  const ends = plan.relationships.flatMap(({ from, to }) => [from, to])
  await restoreEnds(
    writer,
    ends.filter((end) => options.entities?.has(end.id) !== true),
    plan.proposals.map((stored) => stored.proposal),
  )
  await writer.putRelationships(plan.relationships)
  return plan.outcomes
}

export const NO_CHANGES: LinkChanges = { added: 0, changed: 0, removed: 0 }

export function addChanges(a: LinkChanges, b: LinkChanges): LinkChanges {
  return { added: a.added + b.added, changed: a.changed + b.changed, removed: a.removed + b.removed }
}

export function countOutcomes(outcomes: ReadonlyMap<string, LinkOutcome>): LinkChanges {
  const changes = { ...NO_CHANGES }
  for (const outcome of outcomes.values()) changes[outcome]++
  return changes
}

export interface PlanOptions {
  /** Looks at the relationships themselves too, not only at what the record says was last made of them. */
  readonly anew?: boolean
  /** What a transaction knows that locked the links and decides nothing: of these no more is read than it takes. */
  readonly known?: KnownLinks
}

export interface KnownLinks {
  /** The nodes of those links that were there before, as they were given when they were locked. */
  readonly locked: readonly GraphNode[]
  /** All proposals about each, those of this transaction too. */
  readonly proposals: ReadonlyMap<string, readonly StoredProposal[]>
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
}

/** Reads and writes nothing. */
export async function planLinks(
  reader: GraphReader,
  derivation: Derivation,
  ids: readonly string[],
  { anew = false, known }: PlanOptions = {},
): Promise<LinkPlan> {
  const [proposals, decisionNodes, linkNodes] = await Promise.all([
    known ? ids.flatMap((id) => known.proposals.get(id) ?? []) : findProposals(reader, ids),
    reader.find('Decision', 'linkId', known ? known.locked.filter(mayBeDecided).map(({ id }) => id) : ids),
    known ? known.locked : reader.get('Link', ids),
  ])
  const decisions = decisionNodes.map(readDecision)
  const before = new Map(linkNodes.filter(isDerived).map((node) => [node.id, readLink(node)]))

  const drawn = anew ? await drawnLinks(reader, proposals, [...before.values()]) : null

  const proposalsOf = Map.groupBy(proposals, (stored) => stored.linkId)
  const decisionsOf = Map.groupBy(decisions, (decision) => decision.linkId)
  const nodes: GraphNode[] = []
  const relationships: GraphRelationship[] = []
  const stale: GraphRelationship[] = []
  const unused: string[] = []
  const outcomes = new Map<string, LinkOutcome>()
  for (const id of ids) {
    const own = proposalsOf.get(id) ?? []
    const old = before.get(id)
    const first = own[0]?.proposal
    if (first === undefined && old === undefined) {
      // One that was forgotten is known by what was decided about it.
      if (!decisionsOf.has(id)) unused.push(id)
      continue
    }
    const link = derivation.materialise(
      first === undefined ? endsAgain(old as StoredLink) : endsOf(first),
      own,
      decisionsOf.get(id) ?? [],
    )
    const least = own.toSorted((a, b) => (a.proposal.id < b.proposal.id ? -1 : 1))[0]?.proposal
    const named = least === undefined ? undefined : endsInOrder(least)
    const stored: StoredLink = {
      ...link,
      subject: named?.subject.name ?? old?.subject ?? '',
      object: named?.object.name ?? old?.object ?? '',
    }
    const line = drawn?.get(id)
    const isAsDrawn =
      drawn === null || (isInGraph(link) ? line !== undefined && sameLine(line, linkRelationship(link)) : !line)
    if (old !== undefined && sameProperties(linkNode(old), linkNode(stored)) && isAsDrawn) continue
    nodes.push(linkNode(stored))
    const was = drawn === null ? old !== undefined && isInGraph(old) : line !== undefined
    // A relationship without a node beside it, or between other ends, cannot be put in order where it is.
    if (line !== undefined && (old === undefined || !sameEnds(line, linkRelationship(link)))) stale.push(line)
    if (isInGraph(link)) {
      relationships.push(linkRelationship(link))
      outcomes.set(id, was ? 'changed' : 'added')
    } else if (was) {
      stale.push(linkRelationship(link))
      outcomes.set(id, 'removed')
    }
  }
  return { proposals, nodes, relationships, stale, unused, outcomes }
}

async function findProposals(reader: GraphReader, linkIds: readonly string[]): Promise<StoredProposal[]> {
  return (await reader.find('Proposal', 'linkId', linkIds)).map(readProposal)
}

function isDerived(node: GraphNode): boolean {
  return node.properties['items'] != null
}

/** Whoever decides about a link derives it in the same transaction, and `rev` counts the decisions. */
function mayBeDecided(link: GraphNode): boolean {
  return !isDerived(link) || link.properties['rev'] !== 0
}

/** The relationships that there are of links, whatever the record says of them. */
async function drawnLinks(
  reader: GraphReader,
  proposals: readonly StoredProposal[],
  links: readonly StoredLink[],
): Promise<Map<string, GraphRelationship>> {
  const ends = [...links, ...proposals.map(({ proposal }) => endsOf(proposal))]
  const drawn = new Map<string, GraphRelationship>()
  for (const [type, ofType] of Map.groupBy(ends, relationshipType)) {
    const kind = ofType[0]?.mapsFrom === null ? 'Entity' : 'Column'
    const ids = [...new Set(ofType.map((link) => link.id))]
    for (const line of await reader.links(type, kind, ids)) if (line.id !== null) drawn.set(line.id, line)
  }
  return drawn
}

function sameLine(a: GraphRelationship, b: GraphRelationship): boolean {
  return sameEnds(a, b) && sameProperties(a, b)
}

function sameEnds(a: GraphRelationship, b: GraphRelationship): boolean {
  return a.from.id === b.from.id && a.to.id === b.to.id
}

function endsAgain({ id, subjectId, type, objectId, mapsFrom, mapsTo }: StoredLink): LinkEnds {
  return { id, subjectId, type, objectId, mapsFrom, mapsTo }
}

/** A link that a person accepts may have outlived its entities: they come back under their old ids. */
async function restoreEnds(
  writer: GraphWriter,
  ends: readonly NodeKey[],
  proposals: readonly Proposal[],
): Promise<void> {
  const wanted = [...new Set(ends.filter((end) => end.kind === 'Entity').map((end) => end.id))]
  if (wanted.length === 0) return
  const there = new Set(
    (await writer.get('Entity', wanted)).filter((node) => node.properties['name'] != null).map((node) => node.id),
  )
  const named = proposals
    .flatMap(({ subject, object, documentId }) => [subject, object].map((end) => ({ end, documentId })))
    .filter(({ end }) => end.column === undefined)
  const missing = new Map<string, GraphNode>()
  for (const { end, documentId } of named) {
    const id = entityId(end.type, end.name, documentId)
    if (wanted.includes(id) && !there.has(id))
      missing.set(id, entityNode({ id, name: end.name, aliases: [...end.aliases], type: end.type }))
  }
  await writer.putNodes([...missing.values()])
}

/** Adds the forms of one chunk after the other to entities, creating those that are not among the locked. */
export async function nameEntities(
  writer: GraphWriter,
  derivation: Derivation,
  chunks: readonly ReadonlyMap<string, EntityForms>[],
  locked: readonly GraphNode[],
): Promise<void> {
  const stored = locked.filter((node) => node.properties['name'] != null)
  const known = new Map(stored.map((node) => [node.id, readEntity(node)]))
  const changed = new Map<string, GraphNode>()
  for (const [id, { type, ownName, forms: seen }] of chunks.flatMap((forms) => [...forms])) {
    const old = known.get(id)
    const named = derivation.nameEntity(old?.name ?? ownName, [
      ...(old ? [old.name, ...old.aliases] : []),
      ownName,
      ...seen,
    ])
    const entity = { id, type, ...named }
    if (old === undefined || !sameProperties(entityNode(old), entityNode(entity))) changed.set(id, entityNode(entity))
    known.set(id, entity)
  }
  await writer.putNodes([...changed.values()])
}

/** Databases give properties back in an order of their own, and no nulls. */
export function sameProperties(a: Pick<GraphNode, 'properties'>, b: Pick<GraphNode, 'properties'>): boolean {
  const names = [...Object.keys(a.properties), ...Object.keys(b.properties)]
  return names.every((name) => isDeepStrictEqual(a.properties[name] ?? null, b.properties[name] ?? null))
}
