import { monotonicFactory } from 'ulid'
import { CHAIN_START, hashDecision, laterFields, standingDecisions, type Decision } from '../model/decision.ts'
import { ConflictError } from '../model/errors.ts'
import { endKind } from '../model/link.ts'
import { standingFor } from './conflict-effects.ts'
import type { GraphReader, GraphRelationship, GraphWriter } from './database.ts'
import {
  hasMoved,
  movedOn,
  noSuchLink,
  notInBulk,
  notStanding,
  type Decided,
  type DecisionDraft,
  type Refused,
} from './decision-draft.ts'
import { firstApart, holdSubjects, type Subject } from './decision-subjects.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { tidyEntities } from './entities.ts'
import { readHistories } from './history.ts'
import { readLinks } from './links.ts'
import { decisionNode, isInGraph, readDecision, UNCOMPARED, type StoredLink } from './records.ts'

const CHAIN = { kind: 'Chain', id: 'decisions' } as const
const ulid = monotonicFactory()

/** Appends a decision to the chain and derives its link anew, inside one transaction. */
export async function recordDecision(
  writer: GraphWriter,
  derivation: Derivation,
  draft: DecisionDraft,
  now: string,
): Promise<Decided> {
  const [settled] = await recordDecisions(writer, derivation, [draft], now)
  if (settled === undefined) throw noSuchLink(draft.linkId)
  if ('refused' in settled) throw settled.refused
  return settled
}

/**
 * Appends several decisions to the chain, in their order, and says what became of each. Links that have nothing to do
 * with each other are derived together.
 */
export async function recordDecisions(
  writer: GraphWriter,
  derivation: Derivation,
  drafts: readonly DecisionDraft[],
  now: string,
): Promise<(Decided | Refused)[]> {
  const settled: (Decided | Refused)[] = []
  for (let rest = drafts; rest.length > 0;) {
    const together = await firstApart(writer, rest)
    settled.push(...(await recordTogether(writer, derivation, together, now)))
    rest = rest.slice(together.length)
  }
  return settled
}

/** Of drafts about different links, none of which stands for another's. */
async function recordTogether(
  writer: GraphWriter,
  derivation: Derivation,
  drafts: readonly DecisionDraft[],
  now: string,
): Promise<(Decided | Refused)[]> {
  const subjects = await holdSubjects(writer, drafts)
  const [chain] = await writer.lock(CHAIN.kind, [CHAIN.id])
  const checks = await checkAll(writer, subjects)
  const unsealed: Unsealed[] = []
  const lines: GraphRelationship[] = []
  let sequence = Number(chain?.properties['sequence'] ?? 0)
  for (const [index, { draft, link, alsoAbout, there }] of subjects.entries()) {
    if (link === null || checks[index] !== null) continue
    sequence += 1
    const one = { ...sayOf(draft, link, alsoAbout, now), sequence }
    unsealed.push(one)
    lines.push(...there.map((id) => decides(one.id, id)))
  }
  if (unsealed.length === 0) return checks.filter((check) => check !== null)
  // What the links become is part of the record, so decisions are written once to derive from and once sealed.
  await writer.putNodes(unsealed.map((one) => decisionNode({ ...one, after: '', hash: '', previousHash: CHAIN_START })))
  await writer.putRelationships(lines)
  const decided = unsealed.map(({ linkId }) => linkId)
  const between = subjects.flatMap(({ link }, index) =>
    link?.betweenLinks === true && checks[index] === null ? [link] : [],
  )
  await markEnds(writer, between)
  await deriveLinks(
    writer,
    derivation,
    unsealed.flatMap(({ linkId, alsoAbout = [] }) => [linkId, ...alsoAbout]),
  )
  const after = new Map((await readLinks(writer, decided)).map((link) => [link.id, link]))
  let previousHash = String(chain?.properties['hash'] ?? CHAIN_START)
  const sealed = new Map<string, Decision>()
  for (const one of unsealed) {
    const complete = { ...one, after: after.get(one.linkId)?.status ?? '', previousHash }
    const decision: Decision = { ...complete, hash: hashDecision(complete) }
    sealed.set(one.linkId, decision)
    previousHash = decision.hash
  }
  await writer.putNodes([...sealed.values()].map(decisionNode))
  await writer.putNodes([{ ...CHAIN, properties: { id: CHAIN.id, sequence, hash: previousHash } }])
  const left = subjects.flatMap(({ link }) => {
    const now = link === null ? undefined : after.get(link.id)
    return link !== null && now !== undefined && isInGraph(link) && !isInGraph(now) ? [now] : []
  })
  await tidyEntities(
    writer,
    derivation,
    left.filter((link) => endKind(link) === 'Entity').flatMap(({ subjectId, objectId }) => [subjectId, objectId]),
  )
  return subjects.map(({ draft }, index) => {
    const [decision, link] = [sealed.get(draft.linkId), after.get(draft.linkId)]
    const check = checks[index] ?? null
    if (check !== null) return check
    if (decision === undefined || link === undefined) return { refused: noSuchLink(draft.linkId) }
    return { decision, link, repeated: false }
  })
}

/** What is decided about two links settles what is said of them, also once others stand for them. */
async function markEnds(writer: GraphWriter, between: readonly StoredLink[]): Promise<void> {
  if (between.length === 0) return
  const ends = [...new Set((await standingFor(writer, between)).values())]
  await writer.patchNodes(
    'Link',
    ends.map((id) => ({ id, properties: { [UNCOMPARED]: 'yes' } })),
  )
}

type Unsealed = Omit<Decision, 'after' | 'previousHash' | 'hash'>

function sayOf(
  draft: DecisionDraft,
  before: StoredLink,
  alsoAbout: readonly string[],
  now: string,
): Omit<Unsealed, 'sequence'> {
  return {
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
    before: before.status,
    rev: before.rev,
  }
}

function decides(decisionId: string, linkId: string): GraphRelationship {
  const [from, to] = [{ kind: 'Decision', id: decisionId } as const, { kind: 'Link', id: linkId } as const]
  return { type: 'DECIDES', id: null, from, to, properties: {} }
}

/** What was decided before by the same request, why one cannot be made, and null for those that can. */
async function checkAll(reader: GraphReader, subjects: readonly Subject[]): Promise<(Decided | Refused | null)[]> {
  const requests = subjects.map(({ draft }) => draft.requestId)
  const made = new Map(
    (await reader.find('Decision', 'requestId', requests)).map(readDecision).map((one) => [one.requestId, one]),
  )
  const looked = subjects.filter(
    ({ draft, link }) => link !== null && (draft.undoes !== undefined || hasMoved(draft, link)),
  )
  const histories = await readHistories(
    reader,
    looked.map(({ draft }) => draft.linkId),
  )
  return subjects.map(({ draft, link }) => {
    if (link === null) return { refused: noSuchLink(draft.linkId) }
    const before = made.get(draft.requestId)
    if (before !== undefined) return repeat(before, draft, link)
    const decisions = histories.get(link.id)?.decisions ?? []
    if (hasMoved(draft, link)) return { refused: movedOn(link, draft, decisions) }
    if (draft.verdict === 'undo' && !standingDecisions(decisions).some(({ id }) => id === draft.undoes))
      return { refused: notStanding(draft) }
    const isBarred = draft.inBulk === true && draft.verdict === 'accept' && link.obstacles.length > 0
    return isBarred ? { refused: notInBulk(link) } : null
  })
}

function repeat(made: Decision, draft: DecisionDraft, link: StoredLink): Decided | Refused {
  if (made.linkId === draft.linkId && made.verdict === draft.verdict && made.reviewer === draft.reviewer)
    return { decision: made, link, repeated: true }
  const message = `request ${draft.requestId} was already used for another decision`
  return {
    refused: new ConflictError('request-id-used', message, { hint: 'Give every decision a request id of its own.' }),
  }
}
