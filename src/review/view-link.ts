import type { Chunk } from '../model/chunk.ts'
import type { Entity } from '../model/entity.ts'
import { PERSON, type Proposal } from '../model/proposal.ts'
import { asCounted, saidAbout, waitingProposals } from '../model/revision.ts'
import { asSeenBy, type SeenDecision } from '../model/withheld.ts'
import type { History } from '../store/history.ts'
import { drawnEnds, type StoredLink, type StoredProposal } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { findLink } from './find-record.ts'
import { otherHalf } from './whole-fix.ts'

/** A link between the link that is shown and another one (or its own denial), with what is said for it. */
export interface ConflictView {
  readonly link: StoredLink
  readonly proposals: readonly StoredProposal[]
}

/** Everything that is known of a link. */
export interface LinkView {
  readonly link: StoredLink
  readonly subject: Entity | null
  readonly object: Entity | null
  readonly proposals: readonly StoredProposal[]
  /** What people say in place of what counts, once a second person agrees. */
  readonly waiting: readonly Proposal[]
  /** Of a fix that waits for whoever looks: the other link, which is decided with this one. */
  readonly otherHalf: StoredLink | null
  /** Ids of what people said and took back. */
  readonly takenBack: ReadonlySet<string>
  readonly chunks: ReadonlyMap<string, Chunk>
  /** As whoever looks may see them. */
  readonly decisions: readonly SeenDecision[]
  /** What it contradicts, supersedes or is superseded by. */
  readonly conflicts: readonly ConflictView[]
}

/**
 * Reads all that is known of a link, but for verdicts that the viewer is not to know yet; null is nobody known.
 * @throws NotFoundError where there is none
 */
export async function viewLink(store: Store, id: string, viewer: string | null = null): Promise<LinkView> {
  const link = await findLink(store, id)
  const { subjectId, objectId } = drawnEnds(link)
  const [entities, history, conflicts] = await Promise.all([
    store.entities([subjectId, objectId]),
    store.history(id),
    viewConflicts(store, link),
  ])
  const isLoop = link.status === 'merged'
  const proposals = asCounted(history.proposals, history.decisions)
  const waiting = waitingProposals(history.proposals, history.decisions)
  const chunkIds = [...new Set(proposals.map((stored) => stored.proposal.chunkId))]
  const chunks = (await Promise.all(chunkIds.map((chunkId) => store.chunk(chunkId)))).filter((chunk) => chunk !== null)
  return {
    link,
    // Both ends are one thing: the link tells them apart by their own names.
    subject: isLoop ? null : (entities.find((entity) => entity.id === subjectId) ?? null),
    object: isLoop ? null : (entities.find((entity) => entity.id === objectId) ?? null),
    proposals,
    waiting,
    otherHalf: (await otherHalf(store, link, viewer, history.decisions))?.link ?? null,
    takenBack: takenBackIn(history, waiting),
    chunks: new Map(chunks.map((chunk) => [chunk.id, chunk])),
    decisions: asSeenBy(viewer, history.decisions),
    conflicts,
  }
}

function takenBackIn({ proposals, decisions }: History, waiting: readonly Proposal[]): ReadonlySet<string> {
  const said = new Set([...saidAbout(proposals, decisions).map(({ proposal }) => proposal), ...waiting])
  const words = proposals.map(({ proposal }) => proposal).filter(({ engine }) => engine === PERSON)
  return new Set(words.filter((proposal) => !said.has(proposal)).map(({ id }) => id))
}

async function viewConflicts(store: Store, { id, betweenLinks }: StoredLink): Promise<LinkView['conflicts']> {
  const conflicts = betweenLinks === true ? [] : await store.conflictsOf(id)
  const known = conflicts.filter(({ status }) => status !== 'gone').toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const histories = await store.histories(known.map((link) => link.id))
  return known.map((link) => {
    const { proposals = [], decisions = [] } = histories.get(link.id) ?? {}
    return { link, proposals: asCounted(proposals, decisions) }
  })
}
