import { monotonicFactory } from 'ulid'
import { CHAIN_START, hashDecision, laterFields, standingDecisions, type Decision } from '../model/decision.ts'
import { DISPLAYED_AS, endKind } from '../model/link.ts'
import type { GraphReader, GraphRelationship, GraphWriter } from './database.ts'
import {
  hasMoved,
  isMadeOf,
  movedOn,
  noSuchLink,
  notInBulk,
  notStanding,
  requestUsed,
  type Decided,
  type DecisionDraft,
  type Refused,
} from './decision-draft.ts'
import { firstApart, holdSubjects, markEnds, type Subject } from './decision-subjects.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { tidyEntities } from './entities.ts'
import { readGrounds } from './grounds.ts'
import { readHistories } from './history.ts'
import { readLinks } from './links.ts'
import { leaveToSteps, noteRules } from './reading-rules.ts'
import { decisionNode, isInGraph, readDecision, type StoredLink } from './records.ts'
import { linksRuledAbout, linksRuledBy } from './ruled-out.ts'
import { readRules } from './rules-in-use.ts'
import { MOST_RULED } from './settle-rulings.ts'
import { eyesOf, isBlindSecond, refuseHalf, takesEyes, type Eyes } from './second-verdict.ts'

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
    settled.push(...(await recordTogether(writer, derivation, await holdSubjects(writer, together), now)))
    rest = rest.slice(together.length)
  }
  return settled
}

/** Of drafts about different links, none of which stands for another's. */
async function recordTogether(
  writer: GraphWriter,
  derivation: Derivation,
  subjects: readonly Subject[],
  now: string,
): Promise<(Decided | Refused)[]> {
  // Held before the end of the chain, as whoever decides about one of them does.
  const undone = subjects.filter(({ draft }) => draft.undoes !== undefined).map(({ draft }) => draft.linkId)
  const ruledAbout = undone.length === 0 ? [] : await linksRuledAbout(writer, undone)
  if (ruledAbout.length > 0 && ruledAbout.length <= MOST_RULED) await writer.lock('Link', ruledAbout, [])
  const [chain] = await writer.lock(CHAIN.kind, [CHAIN.id])
  const checks = await checkAll(writer, subjects)
  const unsealed: Unsealed[] = []
  const lines: GraphRelationship[] = []
  let sequence = Number(chain?.properties['sequence'] ?? 0)
  for (const [index, { draft, link, alsoAbout, there }] of subjects.entries()) {
    const check = checks[index]
    if (link === null || check === undefined || !('eyes' in check)) continue
    sequence += 1
    const one = { ...sayOf(draft, link, alsoAbout, now), ...check.eyes, sequence }
    unsealed.push(one)
    lines.push(...there.map((id) => decides(one.id, id)))
  }
  if (unsealed.length === 0) return checks.flatMap((check) => ('eyes' in check ? [] : [check]))
  // What the links become is part of the record, so decisions are written once to derive from and once sealed.
  const open = unsealed.map((one) => decisionNode({ ...one, after: '', hash: '', previousHash: CHAIN_START }))
  // Sent in this order, without waiting for each answer.
  await Promise.all([writer.putNodes(open), writer.putRelationships(lines)])
  const between = subjects.flatMap(({ link }, index) =>
    link?.betweenLinks === true && 'eyes' in (checks[index] ?? {}) ? [link] : [],
  )
  if (between.length > 0) await markEnds(writer, derivation, between)
  // A rule that comes or goes holds what is of its pattern, or lets it wait as before.
  const ruled = await ruledNow(writer, unsealed)
  await deriveLinks(writer, derivation, [
    ...unsealed.flatMap(({ linkId, alsoAbout = [] }) => [linkId, ...alsoAbout]),
    ...ruled,
  ])
  const ids = unsealed.map(({ linkId }) => linkId)
  const after = new Map((await readLinks(writer, ids)).map((link) => [link.id, link]))
  const grounds = await readGrounds(writer, unsealed, after)
  const sealed = seal(
    unsealed.map((one) => ({ ...one, ...grounds.get(one.linkId) })),
    after,
    String(chain?.properties['hash'] ?? CHAIN_START),
  )
  const hash = sealed.at(-1)?.hash ?? CHAIN_START
  await writer.putNodes([...sealed.map(decisionNode), { ...CHAIN, properties: { id: CHAIN.id, sequence, hash } }])
  const left = subjects.flatMap(({ link }) => {
    const next = link === null ? undefined : after.get(link.id)
    const isLeft = link !== null && next !== undefined && isInGraph(link) && !isInGraph(next)
    return isLeft && endKind(next) === 'Entity' ? [next.subjectId, next.objectId] : []
  })
  const named = sealed.flatMap(({ linkId }) => after.get(linkId) ?? []).filter(({ type }) => type === DISPLAYED_AS)
  await tidyEntities(writer, derivation, [...left, ...named.map(({ subjectId }) => subjectId)])
  const made = new Map(sealed.map((decision) => [decision.linkId, decision]))
  return subjects.map(({ draft }, index) => {
    const check = checks[index]
    if (check !== undefined && !('eyes' in check)) return check
    const [decision, link] = [made.get(draft.linkId), after.get(draft.linkId)]
    if (decision === undefined || link === undefined) return { refused: noSuchLink(draft.linkId) }
    return { decision, link, repeated: false }
  })
}

/** Links, held, that rules bear on which these decisions turn; very many are left to `settleRulings`. */
async function ruledNow(writer: GraphWriter, unsealed: readonly Unsealed[]): Promise<readonly string[]> {
  const turned = await noteRules(writer, unsealed)
  const ruled = await linksRuledBy(writer, turned)
  if (ruled.length > MOST_RULED) {
    await leaveToSteps(writer, turned, unsealed.at(-1)?.id ?? '')
    return []
  }
  if (ruled.length > 0) await writer.lock('Link', ruled, [])
  return ruled
}

/** Decisions with what came of them, each with the hash of the one before. */
function seal(unsealed: readonly Unsealed[], after: ReadonlyMap<string, StoredLink>, last: string): Decision[] {
  let previousHash = last
  return unsealed.map((one) => {
    const complete = { ...one, after: after.get(one.linkId)?.status ?? '', previousHash }
    const decision = { ...complete, hash: hashDecision(complete) }
    previousHash = decision.hash
    return decision
  })
}

type Unsealed = Omit<Decision, 'after' | 'previousHash' | 'hash'>

function sayOf(
  draft: DecisionDraft,
  before: StoredLink,
  alsoAbout: readonly string[],
  now: string,
): Omit<Unsealed, 'sequence'> {
  const { adjudicates: _, ...said } = draft
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
    ...laterFields(said),
    before: before.status,
    rev: before.rev,
  }
}

function decides(decisionId: string, linkId: string): GraphRelationship {
  const [from, to] = [{ kind: 'Decision', id: decisionId } as const, { kind: 'Link', id: linkId } as const]
  return { type: 'DECIDES', id: null, from, to, properties: {} }
}

/** What was decided before by the same request, why one cannot be made, and as what those count that can. */
async function checkAll(reader: GraphReader, subjects: readonly Subject[]): Promise<(Decided | Refused | Eyes)[]> {
  const requests = subjects.map(({ draft }) => draft.requestId)
  // Another process may have brought other rules since this one began.
  const [found, { rules }] = await Promise.all([reader.find('Decision', 'requestId', requests), readRules(reader)])
  const made = new Map(found.map(readDecision).map((one) => [one.requestId, one]))
  const looked = subjects.filter(
    ({ draft, link }) =>
      link !== null &&
      (draft.undoes !== undefined ||
        link.awaits !== undefined ||
        hasMoved(draft, link) ||
        takesEyes(draft, link, rules)),
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
    if (hasMoved(draft, link) && !isBlindSecond(draft, link, decisions))
      return { refused: movedOn(link, draft, decisions) }
    if (draft.verdict === 'undo' && !standingDecisions(decisions).some(({ id }) => id === draft.undoes))
      return { refused: notStanding(draft) }
    const isBarred = draft.inBulk === true && draft.verdict === 'accept' && link.obstacles.length > 0
    if (isBarred) return { refused: notInBulk(link) }
    return refuseHalf(draft, decisions) ?? eyesOf(draft, link, rules, decisions)
  })
}

function repeat(made: Decision, draft: DecisionDraft, link: StoredLink): Decided | Refused {
  return isMadeOf(made, draft) ? { decision: made, link, repeated: true } : { refused: requestUsed(draft) }
}
