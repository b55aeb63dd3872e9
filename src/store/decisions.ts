import { monotonicFactory } from 'ulid'
import {
  CHAIN_START,
  hashDecision,
  laterFields,
  standingDecisions,
  type Decision,
  type Verdict,
} from '../model/decision.ts'
import { ConflictError, NotFoundError } from '../model/errors.ts'
import { endKind, SAME_AS } from '../model/link.ts'
import { standingFor } from './conflict-effects.ts'
import type { GraphNode, GraphReader, GraphWriter } from './database.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { tidyEntities } from './entities.ts'
import { drawnKey, gatherLinks, keyOf } from './gather-links.ts'
import { holdIdentities } from './identities.ts'
import { findDrawnAs } from './links.ts'
import {
  decisionNode,
  isInGraph,
  readDecision,
  readLink,
  UNCOMPARED,
  type StoredLink,
  type StoredProposal,
} from './records.ts'

export interface DecisionDraft extends Pick<Decision, 'batch' | 'order' | 'shown'> {
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
  const seen = await readLinkById(writer, draft.linkId)
  if (seen === null) throw noSuchLink(draft.linkId)
  if (seen.type === SAME_AS) await holdIdentities(writer, [seen.subjectId, seen.objectId])
  const alsoAbout = draft.undoes === undefined ? await standsFor(writer, seen) : await decidedWith(writer, draft.undoes)
  const locked = await writer.lock('Link', [draft.linkId, ...alsoAbout])
  const before = asLink(locked.find(({ id }) => id === draft.linkId))
  if (before === null) throw noSuchLink(draft.linkId)
  if (before.betweenLinks) await holdEnds(writer, before)
  const [chain] = await writer.lock(CHAIN.kind, [CHAIN.id])
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
    ...(alsoAbout.length === 0 ? {} : { alsoAbout }),
    verdict: draft.verdict,
    undoes: draft.undoes ?? null,
    reviewer: draft.reviewer,
    at: now,
    reason: draft.reason ?? null,
    note: draft.note ?? null,
    ...laterFields(draft),
    rev: before.rev,
    sequence,
    previousHash: String(chain?.properties['hash'] ?? CHAIN_START),
  }
  // What the link becomes is part of the record, so the decision is written once to derive from and once sealed.
  const put = (decision: Decision): Promise<void> => writer.putNodes([decisionNode(decision)])
  await put({ ...unsealed, before: before.status, after: '', hash: '' })
  const from = { kind: 'Decision', id: unsealed.id } as const
  await writer.putRelationships(
    locked.map(({ id }) => ({ type: 'DECIDES', id: null, from, to: { kind: 'Link', id }, properties: {} })),
  )
  if (before.betweenLinks) await markEnds(writer, before)
  await deriveLinks(writer, derivation, [draft.linkId, ...alsoAbout])
  const link = (await readLinkById(writer, draft.linkId)) as StoredLink
  const complete = { ...unsealed, before: before.status, after: link.status }
  const decision: Decision = { ...complete, hash: hashDecision(complete) }
  await put(decision)
  await writer.putNodes([{ ...CHAIN, properties: { id: CHAIN.id, sequence, hash: decision.hash } }])
  if (isInGraph(before) && !isInGraph(link) && endKind(link) === 'Entity')
    await tidyEntities(writer, derivation, [link.subjectId, link.objectId])
  return { decision, link, repeated: false }
}

/** Ids of the links that one stands for, and what is said of it is said of; two other names are another pair. */
async function standsFor(reader: GraphReader, link: StoredLink): Promise<string[]> {
  if (link.type === SAME_AS) return []
  const others = await findDrawnAs(reader, [drawnKey(link)])
  const merged = others.filter(({ properties }) => properties['into'] === link.id)
  return [...new Set(merged.map((node) => node.id))].toSorted()
}

/** What becomes of a link between links is told by those at its ends, or by what stands for them. */
async function holdEnds(writer: GraphWriter, link: StoredLink): Promise<void> {
  await writer.lock('Link', [link.subjectId, link.objectId], [])
  await writer.lock('Link', [...new Set((await standingFor(writer, [link])).values())].toSorted(), [])
}

/** What is decided about the two settles what is said of them, also once others stand for them. */
async function markEnds(writer: GraphWriter, link: StoredLink): Promise<void> {
  const ends = [...new Set((await standingFor(writer, [link])).values())]
  await writer.patchNodes(
    'Link',
    ends.map((id) => ({ id, properties: { [UNCOMPARED]: 'yes' } })),
  )
}

/** Ids of the links that a decision was about beside its own. */
async function decidedWith(reader: GraphReader, decisionId: string): Promise<readonly string[]> {
  const [node] = await reader.get('Decision', [decisionId])
  return node === undefined ? [] : (readDecision(node).alsoAbout ?? [])
}

/** All that was said and decided about a link and about those that it stands for, or that stand for it. */
export interface LinkHistory {
  readonly proposals: readonly StoredProposal[]
  /** Oldest first. */
  readonly decisions: readonly Decision[]
}

export async function readHistory(reader: GraphReader, linkId: string): Promise<LinkHistory> {
  return (await readHistories(reader, [linkId])).get(linkId) as LinkHistory
}

/** The same of several, by their ids; nothing of one that nobody knows. */
export async function readHistories(
  reader: GraphReader,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, LinkHistory>> {
  const { links, decisions } = await gatherLinks(reader, linkIds, {})
  const byId = new Map(links.map((link) => [link.ends.id, link]))
  const byKey = Map.groupBy(
    links.filter(({ from, to }) => from !== to),
    keyOf,
  )
  const historyOf = (linkId: string): LinkHistory => {
    const own = byId.get(linkId)
    const group = own === undefined ? [] : own.from === own.to ? [own] : (byKey.get(keyOf(own)) ?? [])
    const about = [linkId, ...group.map(({ ends }) => ends.id)].flatMap((id) => decisions.get(id) ?? [])
    return {
      proposals: group.flatMap(({ proposals }) => proposals),
      decisions: [...new Set(about)].toSorted((a, b) => a.sequence - b.sequence),
    }
  }
  return new Map(linkIds.map((linkId) => [linkId, historyOf(linkId)]))
}

/** A link by its id; a node that is only held by a lock is none. */
export async function readLinkById(reader: GraphReader, id: string): Promise<StoredLink | null> {
  return asLink((await reader.get('Link', [id]))[0])
}

function asLink(node: GraphNode | undefined): StoredLink | null {
  return node === undefined || node.properties['items'] == null ? null : readLink(node)
}

async function requireStanding(reader: GraphReader, { linkId, undoes }: DecisionDraft): Promise<void> {
  const { decisions } = await readHistory(reader, linkId)
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
  const last = (await readHistory(reader, link.id)).decisions.at(-1)
  const theirs = last === undefined ? '' : `: ${last.reviewer} chose ${last.verdict} at ${last.at}`
  return new ConflictError(
    'revision-moved',
    `link ${link.id} is at revision ${link.rev}, you decided on revision ${draft.expectedRev}${theirs}`,
    { hint: `Look at it again with 'whygraph review show ${link.id}' and decide on revision ${link.rev}.` },
  )
}
