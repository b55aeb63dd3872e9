import type { Decision } from '../model/decision.ts'
import { entityId } from '../model/entity.ts'
import { endsOf, type Link, type LinkEnds } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import type { GraphNode, GraphRelationship, GraphWriter } from './database.ts'
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
} from './records.ts'

/** The rules by which links and names come from the record; pure, given by whoever opens the store. */
export interface Derivation {
  readonly materialise: (
    ends: LinkEnds,
    proposals: readonly { proposal: Proposal; live: boolean }[],
    decisions: readonly Decision[],
  ) => Link
  readonly nameEntity: (ownName: string, forms: readonly string[]) => { name: string; aliases: string[] }
}

/** What deriving changed, for counting: links by what became of them. */
export interface LinkChanges {
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/**
 * Derives links anew from all their proposals and decisions, inside the transaction that changed either. The links'
 * nodes must have been locked before their proposals or decisions were read or written.
 */
export async function deriveLinks(
  writer: GraphWriter,
  derivation: Derivation,
  linkIds: readonly string[],
): Promise<LinkChanges> {
  const ids = [...new Set(linkIds)]
  if (ids.length === 0) return { added: 0, changed: 0, removed: 0 }
  const proposals = (await writer.find('Proposal', 'linkId', ids)).map(readProposal)
  const decisions = (await writer.find('Decision', 'linkId', ids)).map(readDecision)
  const before = new Map(
    (await writer.get('Link', ids))
      .filter((node) => node.properties['items'] != null)
      .map((node) => [node.id, readLink(node)]),
  )

  const proposalsOf = Map.groupBy(proposals, (stored) => stored.linkId)
  const decisionsOf = Map.groupBy(decisions, (decision) => decision.linkId)
  const nodes: GraphNode[] = []
  const relationships: GraphRelationship[] = []
  const stale: GraphRelationship[] = []
  const unused: string[] = []
  const changes = { added: 0, changed: 0, removed: 0 }
  for (const id of ids) {
    const own = proposalsOf.get(id) ?? []
    const old = before.get(id)
    const first = own[0]?.proposal
    if (first === undefined && old === undefined) {
      unused.push(id)
      continue
    }
    const link = derivation.materialise(
      first === undefined ? endsAgain(old as StoredLink) : endsOf(first),
      own,
      decisionsOf.get(id) ?? [],
    )
    const named = own.toSorted((a, b) => (a.proposal.id < b.proposal.id ? -1 : 1))[0]?.proposal
    const stored: StoredLink = {
      ...link,
      subject: named?.subject.name ?? old?.subject ?? '',
      object: named?.object.name ?? old?.object ?? '',
    }
    if (old !== undefined && sameProperties(linkNode(old), linkNode(stored))) continue
    nodes.push(linkNode(stored))
    const was = old !== undefined && isInGraph(old)
    if (isInGraph(link)) {
      relationships.push(linkRelationship(link))
      if (was) changes.changed++
      else changes.added++
    } else if (was) {
      stale.push(linkRelationship(link))
      changes.removed++
    }
  }
  await writer.removeRelationships(stale)
  await writer.removeNodes('Link', unused)
  await writer.putNodes(nodes)
  await restoreEnds(
    writer,
    relationships,
    proposals.map((stored) => stored.proposal),
  )
  await writer.putRelationships(relationships)
  return changes
}

function endsAgain({ id, subjectId, type, objectId, mapsFrom, mapsTo }: StoredLink): LinkEnds {
  return { id, subjectId, type, objectId, mapsFrom, mapsTo }
}

/** A link that a person accepts may have outlived its entities: they come back under their old ids. */
async function restoreEnds(
  writer: GraphWriter,
  relationships: readonly GraphRelationship[],
  proposals: readonly Proposal[],
): Promise<void> {
  const wanted = [...new Set(relationships.flatMap(({ from, to }) => [from, to]))]
    .filter((end) => end.kind === 'Entity')
    .map((end) => end.id)
  const there = new Set(
    (await writer.get('Entity', wanted)).filter((node) => node.properties['name'] != null).map((node) => node.id),
  )
  const ends = proposals
    .flatMap((proposal) => [proposal.subject, proposal.object])
    .filter((end) => end.column === undefined)
  const missing = new Map<string, GraphNode>()
  for (const end of ends) {
    const id = entityId(end.type, end.name)
    if (wanted.includes(id) && !there.has(id))
      missing.set(id, entityNode({ id, name: end.name, aliases: [...end.aliases], type: end.type }))
  }
  await writer.putNodes([...missing.values()])
}

/** Adds forms to entities, creating those that are new. The entities' nodes must have been locked. */
export async function nameEntities(
  writer: GraphWriter,
  derivation: Derivation,
  forms: ReadonlyMap<string, EntityForms>,
): Promise<void> {
  const stored = (await writer.get('Entity', [...forms.keys()])).filter((node) => node.properties['name'] != null)
  const known = new Map(stored.map((node) => [node.id, readEntity(node)]))
  const nodes: GraphNode[] = []
  for (const [id, { type, ownName, forms: seen }] of forms) {
    const old = known.get(id)
    const named = derivation.nameEntity(old?.name ?? ownName, [
      ...(old ? [old.name, ...old.aliases] : []),
      ownName,
      ...seen,
    ])
    const node = entityNode({ id, type, ...named })
    if (old === undefined || !sameProperties(entityNode(old), node)) nodes.push(node)
  }
  await writer.putNodes(nodes)
}

/** Databases give properties back in an order of their own, and no nulls. */
function sameProperties(a: GraphNode, b: GraphNode): boolean {
  return canonical(a) === canonical(b)
}

function canonical(node: GraphNode): string {
  const present = Object.entries(node.properties).filter(([, value]) => value !== null)
  return JSON.stringify(present.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
