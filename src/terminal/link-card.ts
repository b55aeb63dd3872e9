import type { Chunk } from '../model/chunk.ts'
import type { Decision } from '../model/decision.ts'
import type { Entity } from '../model/entity.ts'
import type { Interval } from '../model/interval.ts'
import { describeObstacles } from '../model/obstacle.ts'
import type { Evidence, Proposal } from '../model/proposal.ts'
import type { StoredLink, StoredProposal } from '../store/records.ts'
import { renderConflict, type ConflictView } from './conflict-lines.ts'
import { printable } from './printable.ts'
import { wrap } from './wrap.ts'

/** Everything that is known of a link, as `show` prints it. */
export interface LinkView {
  readonly link: StoredLink
  readonly subject: Entity | null
  readonly object: Entity | null
  readonly proposals: readonly StoredProposal[]
  readonly chunks: ReadonlyMap<string, Chunk>
  readonly decisions: readonly Decision[]
  /** What it contradicts, supersedes or is superseded by. */
  readonly conflicts: readonly ConflictView[]
}

const TRACE_NAMES = {
  raw: 'verbatim, of',
  summary: "a provider's summary, of",
  rule: 'rules matched, of',
  none: 'none, of',
}

/** The quote comes before the reasoning; what is not a located quote is named as such. */
export function renderLinkCard(
  view: LinkView,
  width: number,
  asOf: { readonly day: string; readonly holds: boolean } | null = null,
): string {
  const { link } = view
  const subject = printable(view.subject?.name ?? link.subject)
  const object = printable(view.object?.name ?? link.object)
  const facts = [
    standing(link),
    `confidence ${link.confidence.toFixed(2)}`,
    link.disputed ? 'disputed by the sources' : '',
    link.conflictsWith === undefined ? '' : 'cannot hold beside what else is said, see below',
    link.supersededOn === undefined ? '' : `superseded on ${link.supersededOn}, see below`,
    link.unsupported ? 'unsupported: its sources are gone' : '',
    link.when === null ? '' : `when: ${printable(link.when)}${days(link.valid)}`,
    asOf === null ? '' : `${asOf.holds ? 'holds' : 'is not known to hold'} on ${asOf.day}`,
  ].filter((fact) => fact !== '')
  const live = view.proposals.filter((stored) => stored.live).map((stored) => stored.proposal)
  const shown = (live.length > 0 ? live : view.proposals.map((stored) => stored.proposal)).toSorted(
    (a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1),
  )
  return [
    `${subject} ──${link.type}──▶ ${object}`,
    ...(link.mapsFrom === null
      ? []
      : [
          ` a mapping of columns: in every row, the ${link.mapsFrom} in ${subject} ${link.type} the ${link.mapsTo} in ${object}`,
        ]),
    ` ${facts.join(' · ')}`,
    ` ${link.supports} for · ${link.denials} against · ${link.hedges} hedged · revision ${link.rev} · id ${link.id}`,
    ...(link.obstacles.length === 0 || link.status === 'gone'
      ? []
      : [` never in bulk: ${wrap(describeObstacles(link.obstacles), width - 16, '   ')}`]),
    ...shown.map((proposal) => renderProposal(proposal, view.chunks.get(proposal.chunkId), width)),
    ...view.conflicts.map((conflict) => renderConflict(link.id, conflict, width)),
    ...view.decisions.map(
      (one) =>
        ` DECISION ${one.at.slice(0, 19).replace('T', ' ')} ${printable(one.reviewer)}: ${one.verdict}${[
          one.reason,
          one.note,
        ]
          .filter((text) => text !== null)
          .map((text) => `, ${printable(text)}`)
          .join('')}`,
    ),
  ].join('\n')
}

function standing(link: StoredLink): string {
  if (link.status === 'gone') return 'gone: no source says it any more'
  if (link.status === 'merged') return mergedBecause(link)
  if (link.status === 'rejected') return 'rejected: not in the graph'
  if (link.status !== 'held') return link.status
  const why =
    link.denials > 0
      ? 'the source denies it'
      : link.hedges > 0
        ? 'the source hedges it'
        : link.obstacles.includes('addresses-model')
          ? 'only words that speak to the model say it'
          : 'it breaks the schema'
  return `held back, not in the graph: ${why}`
}

function mergedBecause({ into, bond }: StoredLink): string {
  if (into !== null) return `merged: ${into} stands for it`
  if (bond?.kind === 'accepted') return 'accepted: its ends are one thing'
  if (bond?.kind === 'automatic') return 'its ends are one thing by sure rules'
  return 'not in the graph: its ends were taken for one thing'
}

function renderProposal(proposal: Proposal, chunk: Chunk | undefined, width: number): string {
  const lines = [
    '',
    ` PROPOSED by ${printable(proposal.model)}${proposal.saidOn == null ? '' : `, said ${proposal.saidOn}`}: ${proposal.polarity}, ${proposal.support}${proposal.held ? ', held' : ''}, confidence ${proposal.confidence.toFixed(2)}`,
  ]
  proposal.evidence.forEach((evidence, i) => {
    const count = proposal.evidence.length > 1 ? ` ${i + 1}/${proposal.evidence.length}` : ''
    lines.push(
      ` EVIDENCE${count}  ${printable(evidence.placeText)}  ${evidence.grounding}${evidence.flagged ? '  FLAGGED: it speaks to the model' : ''}`,
    )
    lines.push(`   ${wrap(quoteInContext(evidence, chunk), width - 3, '   ')}`)
  })
  const steps = proposal.steps.length
  const count = steps === 0 ? 'no step found' : `${steps} step${steps === 1 ? '' : 's'}`
  const { alignedBy = 'offline' } = proposal
  const by = alignedBy === 'offline' ? '' : `, aligned by ${printable(alignedBy)}`
  lines.push(` TRACE  ${count}, ${TRACE_NAMES[proposal.traceKind]} ${printable(proposal.model)}${by}`)
  for (const step of proposal.steps)
    lines.push(`   ${step.stance === 'weighing' ? '? ' : '• '}${wrap(printable(step.text), width - 5, '     ')}`)
  if (proposal.why !== '')
    lines.push(` WHY (written after the fact)  ${wrap(printable(proposal.why), width - 3, '   ')}`)
  for (const note of proposal.notes) lines.push(` NOTE  ${wrap(printable(note.message), width - 7, '   ')}`)
  return lines.join('\n')
}

/** The unit with the quote between » and «; readable without colour. */
function quoteInContext(evidence: Evidence, chunk: Chunk | undefined): string {
  if (evidence.start === null || evidence.end === null)
    return `NOT FOUND in the source; the model wrote: “${printable(evidence.claimed)}”`
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

/** The days that the words came to. */
function days(valid: Interval | null): string {
  if (valid === null) return ''
  if (valid.from === valid.to) return ` (${valid.from})`
  return ` (${[valid.from === null ? '' : `from ${valid.from}`, valid.to === null ? '' : `to ${valid.to}`].filter((end) => end !== '').join(' ')})`
}
