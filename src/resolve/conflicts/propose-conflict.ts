import {
  CONFLICT_ENGINE,
  CONFLICT_MODEL,
  CONTRADICTS,
  SUPERSEDES,
  type ComparedLink,
  type Comparison,
} from '../../model/conflict.ts'
import { ownProposalId } from '../../model/link.ts'
import type { LinkRules } from '../../model/link-rules.ts'
import type { Evidence, Proposal, ProposedEntity } from '../../model/proposal.ts'
import { stepsOfLines } from '../../model/trace.ts'
import { doubtsOf } from '../bulk-obstacles.ts'
import { findConflicts, type Conflict } from './find-conflicts.ts'
import type { Statement } from './statement.ts'

/** What contradicts each other among some links, as proposals about links between them; a pure function. */
export function proposeConflicts(links: readonly ComparedLink[], comparison: Comparison): Proposal[] {
  return findConflicts(links, comparison).flatMap((conflict) => {
    const isRefused = comparison.isRefused(conflict.one.link.id, conflict.other.link.id)
    return proposeConflict(conflict, comparison.rules, isRefused)
  })
}

/**
 * A conflict as proposals about a link between the two links: one for each side, as a proposal has quotes of one chunk
 * only, or one in all where both stand in the same chunk. `isRefused`: a person said that the two do not contradict each
 * other, so that nothing is ended by a rule.
 */
function proposeConflict(conflict: Conflict, rules: LinkRules, isRefused: boolean): Proposal[] {
  const { one, other, isLater } = conflict
  const inOrder = isLater || one.link.id <= other.link.id ? [one, other] : [other, one]
  const [subject, object] = inOrder as [Statement, Statement]
  const type = isLater ? SUPERSEDES : CONTRADICTS
  const staying = isLater ? whyItStays(conflict, rules, isRefused) : null
  const doubts = [one, other].map(({ best }) => doubtsOf(best))
  const isOneChunk = one.best.chunkId === other.best.chunkId
  const sides = isOneChunk ? [subject] : [subject, object]
  return sides.map(({ best }, side): Proposal => {
    const about = {
      chunkId: best.chunkId,
      documentId: best.documentId,
      subject: asEnd(subject),
      type,
      object: asEnd(object),
      engine: CONFLICT_ENGINE,
      model: CONFLICT_MODEL,
    }
    return {
      id: ownProposalId(about),
      replyId: null,
      index: side,
      ...about,
      polarity: 'asserted',
      support: 'inferred',
      when: null,
      valid: isLater ? { from: one.start, to: null } : null,
      saidOn: best.saidOn ?? null,
      why: '',
      confidence: Math.min(one.best.confidence, other.best.confidence),
      statedConfidence: Math.min(one.best.statedConfidence, other.best.statedConfidence),
      evidence: isOneChunk ? bothQuotes(subject.best.evidence, object.best.evidence) : best.evidence,
      traceKind: 'rule',
      steps: stepsOfLines([...explain(conflict), ...(isLater ? [staying ?? ENDED] : [])].map((line) => ['for', line])),
      held: false,
      ...(isLater && staying === null ? { retires: true } : {}),
      ...(doubts.includes(null) ? {} : { doubts: [...new Set(doubts.flatMap((own) => own ?? []))] }),
      notes: [],
    }
  })
}

const ENDED =
  'The schema says “supersedes: later”: the earlier one ends by itself on the day before. To undo that, reject this link.'

/** Why an earlier link is not ended without a person's word; null: it is. */
function whyItStays({ rule, one, other }: Conflict, rules: LinkRules, isRefused: boolean): string | null {
  const { type } = other.link
  if (rules[type]?.retiresEarlier !== true)
    return `The schema does not say “supersedes: later” of ${type}: a person decides.`
  if (!one.isDated || !other.isDated) return 'Some say it on no known day: a person decides.'
  if (isRefused) return 'A person said that the two do not contradict each other: a person decides.'
  if (other.link.status === 'accepted' && (rule === 'denial' || one.link.status !== 'accepted'))
    return 'A person accepted the earlier one: a person decides.'
  const isClean = one.best.evidence.length > 0 && one.best.evidence.every(({ grounding }) => grounding !== 'missing')
  if (!isClean || one.best.held || doubtsOf(one.best)?.length !== 0)
    return 'The later one does not stand by itself: a person decides.'
  if (rule !== 'denial' && one.link.disputed) return 'The later one is denied, too: a person decides.'
  return null
}

function explain({ rule, one, other, isLater }: Conflict): string[] {
  const reasons = {
    'single-valued': `Rule single-valued: the schema says that ${one.link.type} holds for one at a time.`,
    reversal: `Rule reversal: the schema says that ${one.link.type} takes ${other.link.type} back.`,
    denial: 'Rule denial: one source denies what another says.',
  }
  const order = isLater
    ? `The first begins on ${one.start}, when the other was over: it supersedes it.`
    : 'Neither is known to begin when the other was over: they contradict each other.'
  return [reasons[rule], describe(one), describe(other), order]
}

function describe(statement: Statement): string {
  const { best, start, valid, firstSaid, lastSaid, isDated } = statement
  const days = firstSaid === lastSaid ? [firstSaid] : [`${firstSaid} to ${lastSaid}`]
  const said = [...(firstSaid === null ? [] : days), ...(isDated ? [] : ['on no known day'])].join(' and ')
  const since = valid.from === null ? '' : `, holds from ${start}${best.when === null ? '' : ` (“${best.when}”)`}`
  return `${nameOf(statement)}: said ${said}${since}${valid.to === null ? '' : `, to ${valid.to}`}.`
}

function asEnd(statement: Statement): ProposedEntity {
  return { name: nameOf(statement), type: 'Link', aliases: [], link: statement.link.id }
}

function nameOf({ link, isDenial }: Statement): string {
  return `${isDenial ? 'not ' : ''}“${link.subject} ${link.type} ${link.object}”`
}

/** Each quote once. */
function bothQuotes(one: readonly Evidence[], other: readonly Evidence[]): Evidence[] {
  return [...new Map([...one, ...other].map((item) => [`${item.start} ${item.end} ${item.claimed}`, item])).values()]
}
