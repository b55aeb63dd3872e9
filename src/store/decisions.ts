import { monotonicFactory } from 'ulid'
import { CHAIN_START, hashDecision, standingDecisions, type Decision, type Verdict } from '../model/decision.ts'
import { ConflictError, NotFoundError } from '../model/errors.ts'
import type { GraphNode, GraphReader, GraphWriter } from './database.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { tidyEntities } from './entities.ts'
import { decisionNode, isInGraph, readDecision, readLink, type StoredLink } from './records.ts'

export interface DecisionDraft {
  readonly requestId: string
  readonly linkId: string
  readonly verdict: Verdict
  /** For `undo`: the decision that is taken back. */
  readonly undoes?: string
  readonly reviewer: string
  readonly reason?: string
  readonly note?: string
  /** The revision that the reviewer saw; the decision is refused when it has moved. */
  readonly expectedRev?: number
}

export interface Decided {
  readonly decision: Decision
  readonly link: StoredLink
  /** The same request had been carried out before; nothing was changed. */
  readonly repeated: boolean
}

const CHAIN = { kind: 'Chain', id: 'decisions' } as const
const ulid = monotonicFactory()

/** Appends a decision to the chain and derives its link anew, inside one transaction. */
export async function recordDecision(
  writer: GraphWriter,
  derivation: Derivation,
  draft: DecisionDraft,
  now: string,
): Promise<Decided> {
  const [locked] = await writer.lock('Link', [draft.linkId])
  const [chain] = await writer.lock(CHAIN.kind, [CHAIN.id])
  const before = asLink(locked)
  if (before === null) throw noSuchLink(draft.linkId)
  const made = (await writer.find('Decision', 'requestId', [draft.requestId])).map(readDecision)[0]
  if (made !== undefined) {
    if (made.linkId === draft.linkId && made.verdict === draft.verdict && made.reviewer === draft.reviewer)
      return { decision: made, link: before, repeated: true }
    throw new ConflictError('request-id-used', `request ${draft.requestId} was already used for another decision`, {
      hint: 'Give every decision a request id of its own.',
    })
  }
  if (draft.expectedRev !== undefined && draft.expectedRev !== before.rev) throw await movedOn(writer, before, draft)

  if (draft.verdict === 'undo') await requireStanding(writer, draft)

  const sequence = Number(chain?.properties['sequence'] ?? 0) + 1
  const unsealed = {
    id: ulid(Date.parse(now)),
    requestId: draft.requestId,
    linkId: draft.linkId,
    verdict: draft.verdict,
    undoes: draft.undoes ?? null,
    reviewer: draft.reviewer,
    at: now,
    reason: draft.reason ?? null,
    note: draft.note ?? null,
    rev: before.rev,
    sequence,
    previousHash: String(chain?.properties['hash'] ?? CHAIN_START),
  }
  // What the link becomes is part of the record, so the decision is written once to derive from and once sealed.
  const put = (decision: Decision): Promise<void> => writer.putNodes([decisionNode(decision)])
  await put({ ...unsealed, before: before.status, after: '', hash: '' })
  await deriveLinks(writer, derivation, [draft.linkId])
  const link = (await readLinkById(writer, draft.linkId)) as StoredLink
  const complete = { ...unsealed, before: before.status, after: link.status }
  const decision: Decision = { ...complete, hash: hashDecision(complete) }
  await put(decision)
  await writer.putNodes([{ ...CHAIN, properties: { id: CHAIN.id, sequence, hash: decision.hash } }])
  if (isInGraph(before) && !isInGraph(link)) await tidyEntities(writer, derivation, [link.subjectId, link.objectId])
  const from = { kind: 'Decision', id: decision.id } as const
  const to = { kind: 'Link', id: draft.linkId } as const
  await writer.putRelationships([{ type: 'DECIDES', id: null, from, to, properties: {} }])
  return { decision, link, repeated: false }
}

/** A link by its id; a node that is only held by a lock is none. */
export async function readLinkById(reader: GraphReader, id: string): Promise<StoredLink | null> {
  return asLink((await reader.get('Link', [id]))[0])
}

function asLink(node: GraphNode | undefined): StoredLink | null {
  return node === undefined || node.properties['items'] == null ? null : readLink(node)
}

async function requireStanding(reader: GraphReader, { linkId, undoes }: DecisionDraft): Promise<void> {
  const decisions = (await reader.find('Decision', 'linkId', [linkId])).map(readDecision)
  if (standingDecisions(decisions).some((decision) => decision.id === undoes)) return
  throw new ConflictError('nothing-to-undo', `decision ${undoes} about link ${linkId} is not standing`, {
    hint: "'whygraph review log' lists the decisions; one that was undone cannot be undone again.",
  })
}

export function noSuchLink(id: string): NotFoundError {
  return new NotFoundError('unknown-link', `there is no link ${id}`, {
    hint: "See 'whygraph review list' for the links that there are.",
  })
}

async function movedOn(reader: GraphReader, link: StoredLink, draft: DecisionDraft): Promise<ConflictError> {
  const decisions = (await reader.find('Decision', 'linkId', [link.id])).map(readDecision)
  const last = decisions.toSorted((a, b) => b.sequence - a.sequence)[0]
  const theirs = last === undefined ? '' : `: ${last.reviewer} chose ${last.verdict} at ${last.at}`
  return new ConflictError(
    'revision-moved',
    `link ${link.id} is at revision ${link.rev}, you decided on revision ${draft.expectedRev}${theirs}`,
    { hint: `Look at it again with 'whygraph review show ${link.id}' and decide on revision ${link.rev}.` },
  )
}
