import { describeChecks } from '../model/checks.ts'
import { counted } from '../model/counted.ts'
import type { Chunk } from '../model/chunk.ts'
import { SAME_AS } from '../model/link.ts'
import { type Evidence, PERSON, type Proposal } from '../model/proposal.ts'
import { leftOutMark, type TraceStep } from '../model/trace.ts'
import type { LinkView } from '../review/view-link.ts'
import { printable } from './printable.ts'
import { wrap } from './wrap.ts'

const TRACE_NAMES = {
  raw: 'verbatim, of',
  summary: "a provider's summary, of",
  rule: 'rules matched, of',
  none: 'none, of',
}

/** What one reply (or rule, or person) says of a link: its quotes, then its reasoning. `since`: what became of it. */
export function renderProposal(
  proposal: Proposal,
  { chunks, traces }: Pick<LinkView, 'chunks' | 'traces'>,
  width: number,
  since = '',
): string {
  const lines = [
    '',
    ` PROPOSED by ${printable(proposal.model)}${since}${proposal.saidOn == null ? '' : `, said ${proposal.saidOn}`}: ${proposal.polarity}, ${proposal.support}${proposal.held ? ', held' : ''}${revisesNote(proposal)}, confidence ${proposal.confidence.toFixed(2)}`,
  ]
  const chunk = chunks.get(proposal.chunkId)
  proposal.evidence.forEach((_, i) => lines.push(...evidenceLines(proposal, i, chunk, width)))
  lines.push(...checkLines(proposal, width), ...traceLines(proposal, traces, width), ...whyLines(proposal, width))
  for (const note of proposal.notes) lines.push(` NOTE  ${wrap(printable(note.message), width - 7, '   ')}`)
  return lines.join('\n')
}

/** What of others a person's word takes the place of. */
function revisesNote({ revises = [] }: Proposal): string {
  return revises.length === 0 ? '' : `, revises ${revises.map((id) => id.slice(0, 8)).join(', ')}`
}

/**
 * One of its quotes (counted from 0), with its place and how it was found there; it is said to be the `at`th (from 0) `of`
 * so many, which are its proposal's where nothing else is said.
 */
export function evidenceLines(
  proposal: Proposal,
  index: number,
  chunk: Chunk | undefined,
  width: number,
  { at, of } = { at: index, of: proposal.evidence.length },
): string[] {
  const evidence = proposal.evidence[index]
  const count = of > 1 ? ` ${at + 1}/${of}` : ''
  if (evidence === undefined) return [` EVIDENCE${count}  none: nothing is quoted`]
  return [
    ` EVIDENCE${count}  ${printable(evidence.placeText)}  ${evidence.grounding}${evidence.flagged ? '  FLAGGED: it speaks to the model' : ''}`,
    `   ${wrap(quoteInContext(proposal, evidence, chunk), width - 3, '   ')}`,
  ]
}

/** The steps that argue for it, at most `most` of them, each with its number in the trace where that is known, and whose words they are. */
export function traceLines(proposal: Proposal, traces: LinkView['traces'], width: number, most = Infinity): string[] {
  const { steps, alignedBy = 'offline' } = proposal
  const known = traces.get(proposal.id)?.numbers() ?? null
  const missing = steps.filter(({ leftOut }) => leftOut !== undefined).length
  const of = known === null ? counted(steps.length, 'step') : `${steps.length} of ${counted(known.of, 'step')}`
  const count = steps.length === 0 ? 'no step found' : `${of}${missing === 0 ? '' : ` (${missing} not kept)`}`
  const by = alignedBy === 'offline' ? '' : `, aligned by ${printable(alignedBy)}`
  const shown = steps.slice(0, most)
  const marks = shown.map(({ stance }, i) => {
    const isWeighing = stance === 'weighing'
    const number = known?.numbers[i]
    return number === undefined ? (isWeighing ? '? ' : '• ') : `${number}${isWeighing ? '? ' : '  '}`
  })
  const column = 3 + Math.max(0, ...marks.map(({ length }) => length))
  return [
    ` TRACE  ${count}, ${TRACE_NAMES[proposal.traceKind]} ${whoseTrace(proposal)}${by}`,
    ...shown.map((step, i) => {
      const text = wrap(printable(shownStep(step)), width - column, '')
      return `${marks[i]?.padStart(column)}${text.replaceAll('\n', `\n${' '.repeat(column)}`)}`
    }),
    ...(steps.length > most ? [`     … ${steps.length - most} more`] : []),
  ]
}

function shownStep({ start, end, text, leftOut }: TraceStep): string {
  return leftOut === undefined ? text : leftOutMark(end - start)
}

/** A person who revises a link keeps the steps of the models that proposed it. */
function whoseTrace({ engine, model, revises, traceKind }: Proposal): string {
  const isKept = engine === PERSON && revises !== undefined && traceKind !== 'none'
  return isKept ? `the model that proposed it, kept by ${printable(model)}` : printable(model)
}

/** What further steps of reading found out about it. */
export function checkLines({ checks = {} }: Proposal, width: number): string[] {
  return describeChecks(checks).map((check) => ` CHECK  ${wrap(printable(check), width - 8, '   ')}`)
}

export function whyLines({ why }: Proposal, width: number): string[] {
  return why === '' ? [] : [` ${wrap(`WHY (written after the fact)  ${printable(why)}`, width - 1, '  ')}`]
}

/** The unit with the quote between » and «; readable without colour. */
function quoteInContext({ type, replyId }: Proposal, evidence: Evidence, chunk: Chunk | undefined): string {
  if (evidence.start === null || evidence.end === null) {
    const claimed = `“${printable(evidence.claimed)}”`
    const isName = type === SAME_AS && replyId === null
    return `NOT FOUND in the source${isName ? `: the name ${claimed}` : `; the model wrote: ${claimed}`}`
  }
  const unit = chunk?.units.find((one) => one.s === evidence.s)
  if (unit === undefined) return `»${printable(evidence.quote)}«`
  const before = unit.text.slice(0, evidence.start - unit.start)
  const after = unit.text.slice(evidence.end - unit.start)
  return `${printable(clip(before, -120))}»${printable(evidence.quote)}«${printable(clip(after, 120))}`
}

/** The last (negative) or first so many characters of a text. */
function clip(text: string, length: number): string {
  if (text.length <= Math.abs(length)) return text
  return length < 0 ? `…${text.slice(length)}` : `${text.slice(0, length)}…`
}
