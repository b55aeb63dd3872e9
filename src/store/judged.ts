import { endsOf, ownProposalId } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import { groundedAgain } from './births.ts'
import type { GraphNode, GraphReader, GraphWriter } from './database.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { tidyEntities } from './entities.ts'
import { derivedLinks, dropLinks, unspokenLinks } from './links.ts'
import { proposalNode, readProposal, type StoredLink, type StoredProposal } from './records.ts'
import { proposes, retireProposals } from './replies.ts'
import { sameProperties } from './same-properties.ts'

/**
 * Puts what the rules say of names now in the place of all that they said for the same documents or entities before.
 * What does not come out again goes, with the link where nothing else speaks of it. What a person decided about keeps the
 * ground that it was decided on, which joins nothing any more, and counts for as long as both its ends are named and its
 * chunk is there: `unnamed` are ids of such as are not any more.
 */
export async function replaceJudged(
  writer: GraphWriter,
  derivation: Derivation,
  judgedFor: readonly string[],
  said: readonly Omit<Proposal, 'id'>[],
  unnamed: ReadonlySet<string> = new Set(),
): Promise<NameChanges> {
  const earlier = (await writer.find('Proposal', 'judgedFor', judgedFor)).map(readProposal)
  const known = new Map(earlier.map((stored) => [stored.proposal.id, stored]))
  const wanted = new Map(said.map(toStored).map((stored) => [stored.proposal.id, stored]))
  const fresh = [...wanted.values()].filter((stored) => {
    const old = known.get(stored.proposal.id)
    return old === undefined || !sameProperties(proposalNode(old), proposalNode(stored))
  })
  const gone = earlier.filter(({ proposal }) => !wanted.has(proposal.id))
  const linkIds = [...new Set([...fresh, ...gone].map((stored) => stored.linkId))].toSorted()
  if (linkIds.length === 0) return NO_NAME_CHANGES
  const locked = await writer.lock('Link', linkIds)
  const spoken = new Set([...wanted.values()].map((stored) => stored.linkId))
  const decided = await decidedAbout(writer, locked)
  const isKept = ({ linkId }: StoredProposal): boolean => decided.has(linkId) && !spoken.has(linkId)
  const [kept, removed] = [gone.filter(isKept), gone.filter((stored) => !isKept(stored))]
  const quiet = kept.filter(({ proposal }) => proposal.joins)
  const retired = kept.filter(({ proposal, live }) => {
    const { subjectId, objectId } = endsOf(proposal)
    return live && (unnamed.has(subjectId) || unnamed.has(objectId))
  })
  const revived = await groundedAgain(writer, kept)
  // What is kept as it was is no change.
  const different = [...fresh, ...removed, ...quiet, ...retired, ...revived]
  const changed = [...new Set(different.map((stored) => stored.linkId))].toSorted()
  if (changed.length === 0) return NO_NAME_CHANGES
  await writer.removeNodes(
    'Proposal',
    removed.map(({ proposal }) => proposal.id),
  )
  await writer.patchNodes(
    'Proposal',
    quiet.map(({ proposal }) => ({ id: proposal.id, properties: { joins: null } })),
  )
  await retireProposals(writer, retired)
  await writer.patchNodes(
    'Proposal',
    revived.map(({ proposal }) => ({ id: proposal.id, properties: { live: true } })),
  )
  await writer.putNodes(fresh.map(proposalNode))
  await deriveLinks(writer, derivation, changed)
  await writer.putRelationships(fresh.map(proposes))
  const before = locked.filter(({ id }) => changed.includes(id))
  const changes = countNames(before, await writer.get('Link', changed))
  await removeUnspoken(
    writer,
    derivation,
    removed.map((stored) => stored.linkId),
  )
  return changes
}

/** What became of pairs of names, taken together: fewer than before counts against it. */
export interface NameChanges {
  /** Pairs that our rules join. */
  readonly joined: number
  /** Pairs that wait for a person. */
  readonly asked: number
  /** Links that were put, changed or removed. */
  readonly links: number
  /** Ids of names that may mean so many others that nobody is asked. */
  readonly crowded: ReadonlySet<string>
}

export const NO_NAME_CHANGES: NameChanges = { joined: 0, asked: 0, links: 0, crowded: new Set() }

export function addNameChanges(a: NameChanges, b: NameChanges): NameChanges {
  return {
    joined: a.joined + b.joined,
    asked: a.asked + b.asked,
    links: a.links + b.links,
    crowded: b.crowded.size === 0 ? a.crowded : new Set([...a.crowded, ...b.crowded]),
  }
}

function countNames(before: readonly GraphNode[], after: readonly GraphNode[]): NameChanges {
  const count = (nodes: readonly GraphNode[], isCounted: (link: StoredLink) => boolean): number =>
    derivedLinks(nodes).filter(isCounted).length
  const isJoined = ({ bond, status }: StoredLink): boolean => bond?.kind === 'automatic' && status === 'merged'
  const isAsked = ({ status }: StoredLink): boolean => status === 'proposed'
  return {
    joined: count(after, isJoined) - count(before, isJoined),
    asked: count(after, isAsked) - count(before, isAsked),
    links: after.length,
    crowded: NO_NAME_CHANGES.crowded,
  }
}

/** Those of some links that somebody decided about, not only about others with which they have fallen together. */
async function decidedAbout(reader: GraphReader, links: readonly GraphNode[]): Promise<ReadonlySet<string>> {
  const ids = links.filter(({ properties }) => Number(properties['rev'] ?? 0) > 0).map(({ id }) => id)
  const drawn = ids.length === 0 ? [] : await reader.relationships('DECIDES', 'to', 'Link', 'Decision', ids)
  return new Set(drawn.map(({ to }) => to.id))
}

function toStored(said: Omit<Proposal, 'id'>): StoredProposal {
  const proposal = { ...said, id: ownProposalId(said) }
  return { proposal, linkId: endsOf(proposal).id, live: true }
}

/** Links of which nothing in the record speaks any more, and entities that stood for them only. */
async function removeUnspoken(writer: GraphWriter, derivation: Derivation, linkIds: readonly string[]): Promise<void> {
  const ids = [...new Set(linkIds)]
  if (ids.length === 0) return
  const links = await unspokenLinks(writer, ids)
  await dropLinks(writer, links)
  const ends = [...new Set(links.flatMap((link) => [link.subjectId, link.objectId]))].toSorted()
  await writer.lock('Entity', ends, [])
  await tidyEntities(writer, derivation, ends)
}
