import { createNumberSteps, type StepNumbers } from '../extract/number-steps.ts'
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

/** The trace of the reply that a proposal is of. */
interface TraceView {
  readonly text: string
  /** Of the proposal's steps; null: not known. Told where they are drawn: the trace has to be split for it. */
  readonly numbers: () => StepNumbers | null
}

/** As many are read as anybody looks at: more may have been said of what every document says. */
const MOST_TRACES = 20

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
  /** By the id of one of the first {@link shownProposals}. */
  readonly traces: ReadonlyMap<string, TraceView>
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
  const [half, traces] = await Promise.all([
    otherHalf(store, link, viewer, history.decisions),
    viewTraces(store, shownProposals({ proposals }).slice(0, MOST_TRACES)),
  ])
  return {
    link,
    // Both ends are one thing: the link tells them apart by their own names.
    subject: isLoop ? null : (entities.find((entity) => entity.id === subjectId) ?? null),
    object: isLoop ? null : (entities.find((entity) => entity.id === objectId) ?? null),
    proposals,
    waiting,
    otherHalf: half?.link ?? null,
    takenBack: takenBackIn(history, waiting),
    chunks: new Map(chunks.map((chunk) => [chunk.id, chunk])),
    traces,
    decisions: asSeenBy(viewer, history.decisions),
    conflicts,
  }
}

/** What speaks for or against it now, surest first; of a link that nobody speaks of any more, what did. */
export function shownProposals(view: Pick<LinkView, 'proposals'>): Proposal[] {
  const live = view.proposals.filter((stored) => stored.live).map((stored) => stored.proposal)
  return (live.length > 0 ? live : view.proposals.map((stored) => stored.proposal)).toSorted(
    (a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1),
  )
}

async function viewTraces(store: Store, proposals: readonly Proposal[]): Promise<LinkView['traces']> {
  const read = await store.repliesById([...new Set(proposals.flatMap(({ replyId }) => replyId ?? []))])
  const replies = new Map(read.map((reply) => [reply.id, { reply, numberSteps: createNumberSteps(reply) }]))
  return new Map(
    proposals.flatMap((proposal) => {
      const found = replies.get(proposal.replyId ?? '')
      if (found === undefined) return []
      const { reply, numberSteps } = found
      return [[proposal.id, { text: reply.reasoning, numbers: () => numberSteps(proposal) }] as const]
    }),
  )
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
