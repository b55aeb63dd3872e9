import { normaliseName } from '../../model/entity.ts'
import { endFor, SAME_AS } from '../../model/link.ts'
import {
  capConfidence,
  missingEvidence,
  type Evidence,
  type Proposal,
  type ProposedEntity,
} from '../../model/proposal.ts'
import { stepsOfLines, type TraceStep } from '../../model/trace.ts'
import type { Judgement } from './judgement.ts'

/** As `engine` and, within a document and across all, as `model` of what these rules propose; a new version judges anew. */
const RESOLUTION = 'resolution'
export const WITHIN = 'names within a document, rules 1'
export const ACROSS = 'names across documents, rules 1'

/** Where a name stands. */
export interface Sighting {
  readonly chunkId: string
  readonly documentId: string
  /** Date of the document. */
  readonly saidOn: string | null
  readonly evidence: Evidence
}

/** One of the two that may be one: an entity by the name it was born with, and where the compared name was seen; null: nowhere. */
export interface Side extends Pick<ProposedEntity, 'name' | 'type'> {
  readonly id: string
  readonly sighting: Sighting | null
}

/** A proposal as the rules make it; its id comes of what it says. */
export type IdentityProposal = Omit<Proposal, 'id'>

/** Who judged, for whom, and how entities are called in the trace. */
export interface JudgedFor extends Pick<Proposal, 'model' | 'judgedWith'> {
  readonly judgedFor: string
  readonly nameOf: (id: string) => string
}

/**
 * What is to be said of a pair that was judged, in the order of the judgement's ends: one proposal where both names were
 * seen in one chunk, else one for each. None where neither was seen: no link without a quote. A name that was not seen
 * is a missing quote, and nothing joins by that, nor by words that speak to a model.
 */
export function proposeIdentity(
  judgement: Judgement,
  sides: readonly [Side, Side],
  { model, judgedFor, judgedWith, nameOf }: JudgedFor,
): IdentityProposal[] {
  const seen = sides.flatMap(({ sighting }) => sighting ?? [])
  const [first, second] = seen
  if (first === undefined || judgement.verdict === null) return []
  const evidence = seen.map((sighting) => sighting.evidence)
  const isWhole = seen.length === sides.length
  const isSafe = judgement.verdict === 'join' && isWhole && !evidence.some(({ flagged }) => flagged)
  const steps = traceOf(judgement, sides, { isSafe, nameOf })
  const lacking = sides.flatMap(({ sighting }, at) => (sighting === null ? (judgement.forms[at] ?? '') : []))
  const confidence = capConfidence(judgement.confidence, isWhole)
  const propose = (
    { chunkId, documentId, saidOn }: Sighting,
    quotes: readonly Evidence[],
    index: number,
  ): IdentityProposal => ({
    replyId: null,
    index,
    chunkId,
    documentId,
    subject: endFor(sides[0], documentId),
    type: SAME_AS,
    object: endFor(sides[1], documentId),
    polarity: 'asserted',
    support: 'inferred',
    when: null,
    valid: null,
    saidOn,
    why: '',
    confidence,
    statedConfidence: judgement.confidence,
    evidence: quotes,
    traceKind: 'rule',
    steps,
    engine: RESOLUTION,
    model,
    held: false,
    ...(isSafe ? { joins: true as const } : {}),
    judgedFor,
    ...(judgedWith === undefined ? {} : { judgedWith }),
    compared: judgement.forms,
    doubts: evidence.some(({ flagged }) => flagged) ? ['flagged-quotes'] : [],
    notes: [],
  })
  if (second === undefined) {
    const quotes = [first.evidence, ...lacking.map((claimed) => missingEvidence({ ...first.evidence, claimed }))]
    return [propose(first, quotes, sides[0].sighting === null ? OBJECT : SUBJECT)]
  }
  if (first.chunkId !== second.chunkId)
    return [propose(first, [first.evidence], SUBJECT), propose(second, [second.evidence], OBJECT)]
  const isOneQuote = first.evidence.start === second.evidence.start && first.evidence.end === second.evidence.end
  return [propose(first, isOneQuote ? [first.evidence] : evidence, BOTH)]
}

/** Whose name is quoted, as `index`. */
export const [BOTH, SUBJECT, OBJECT] = [0, 1, 2]

/** Rule, names as compared, what speaks against it, and who else the shorter name may mean; offsets as of all, line by line. */
function traceOf(
  { rule, why, forms, guards, rivals, short, verdict }: Judgement,
  sides: readonly [Side, Side],
  { isSafe, nameOf }: { isSafe: boolean; nameOf: (id: string) => string },
): TraceStep[] {
  const [left, right] = forms.map((form, at) => {
    const { name, sighting } = sides[at as 0 | 1]
    const isOther = normaliseName(form) !== normaliseName(name)
    const whose = isOther ? `, another name of “${name}”${sighting === null ? ', which stands in no text' : ''}` : ''
    return `“${form}” (${normaliseName(form)}${whose})`
  })
  const lines: [TraceStep['stance'], string][] = [
    ['for', `Rule ${rule}: ${why}.`],
    ['for', `Compared ${left} with ${right}.`],
    ...guards.map(({ guard, why: against }): [TraceStep['stance'], string] => [
      'weighing',
      `Guard ${guard}: ${against}.`,
    ]),
    rivals.length === 0
      ? [
          'for',
          short === null ? 'Neither name is short for the other.' : 'No rivals: the name may mean nobody else here.',
        ]
      : ['weighing', `Rivals, which the name may mean as well: ${rivals.map(nameOf).toSorted().join(', ')}.`],
    isSafe
      ? ['for', 'Exact and safe: joined, unless another document has the name for something else, or a person says so.']
      : [
          'weighing',
          verdict === 'join' ? 'Not joined: a quote is missing, or speaks to a model.' : 'For a person to decide.',
        ],
  ]
  return stepsOfLines(lines)
}
