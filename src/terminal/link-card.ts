import { counted } from '../model/counted.ts'
import type { Interval } from '../model/interval.ts'
import { describeObstacles } from '../model/obstacle.ts'
import type { SeenDecision } from '../model/withheld.ts'
import type { LinkAsOf } from '../review/view-as-of.ts'
import { shownProposals, type LinkView } from '../review/view-link.ts'
import type { StoredLink } from '../store/records.ts'
import { renderConflict } from './conflict-lines.ts'
import { renderArrow } from './link-line.ts'
import { printable } from './printable.ts'
import { renderProposal } from './proposal-lines.ts'
import { wrap } from './wrap.ts'

/** The quote comes before the reasoning; what is not a located quote is named as such. */
export function renderLinkCard(view: LinkView, width: number, asOf: LinkAsOf | null = null): string {
  return [
    ...headLines(view, width, asOf),
    ...(asOf === null ? [] : leftOutLines(asOf, width)),
    ...shownProposals(view).map((proposal) => {
      const since = view.takenBack.has(proposal.id) ? ', and taken back' : ''
      return renderProposal(proposal, view, width, since)
    }),
    ...view.waiting.flatMap((proposal) => [
      '',
      ` ${wrap('IN PLACE OF THESE, once a second person accepts the link:', width - 1, '   ')}`,
      renderProposal(proposal, view, width),
    ]),
    ...view.conflicts.map((conflict) => renderConflict(view.link.id, conflict, width)),
    ...view.decisions.map(renderDecision),
  ].join('\n')
}

/** The link itself and how it stands; what is long may be wider than `width`. */
export function headLines(view: LinkView, width: number, asOf: LinkAsOf | null = null): string[] {
  const { link } = view
  const subject = printable(view.subject?.name ?? link.subject)
  const object = printable(view.object?.name ?? link.object)
  return [
    `${subject} ──${link.type}──▶ ${object}`,
    ...(link.mapsFrom === null
      ? []
      : [
          ` a mapping of columns: in every row, the ${link.mapsFrom} in ${subject} ${link.type} the ${link.mapsTo} in ${object}`,
        ]),
    ` ${factsOf(view, asOf).join(' · ')}`,
    ` ${link.supports} for · ${link.denials} against · ${link.hedges} hedged · revision ${link.rev} · id ${link.id}`,
    ...(link.obstacles.length === 0 || link.status === 'gone'
      ? []
      : [` ${wrap(`never in bulk: ${describeObstacles(link.obstacles)}`, width - 1, '   ')}`]),
    ...(view.otherHalf === null ? [] : [` ${wrap(eitherOf(view.otherHalf), width - 1, '   ')}`]),
  ]
}

/** What is asked of the second person about a fix, without what the first one chose. */
function eitherOf(other: StoredLink): string {
  return `put forward as one with ${other.id.slice(0, 8)}, ${renderArrow(other)}: who accepts one of them rejects the other`
}

/** What is not shown because it was said later. */
function leftOutLines({ day, said, isSaid, leftOut }: LinkAsOf, width: number): string[] {
  const { proposals, conflicts, parts } = leftOut
  if (proposals + conflicts + parts === 0) return []
  const what = [
    proposals === 0 ? '' : `${proposals} of ${counted(said + proposals, 'proposal')}`,
    conflicts === 0 ? '' : counted(conflicts, 'contradiction'),
    parts === 0 ? '' : `quotes or steps of ${counted(parts, 'contradiction')}`,
  ]
  const nothing = isSaid ? '' : 'nothing of it had been said by then; '
  const line = `AS OF ${day}  ${nothing}left out, as said later: ${what.filter((part) => part !== '').join(' and ')}`
  return [` ${wrap(`${line}. What stands above counts them.`, width - 1, '   ')}`]
}

/** How a link stands, and what speaks against taking it as it is. */
function factsOf(view: LinkView, asOf: LinkAsOf | null): string[] {
  const { link } = view
  return [
    isTakenBack(view) ? 'gone: whoever said it took it back' : standingInWords(link),
    `confidence ${link.confidence.toFixed(2)}`,
    link.disputed ? 'disputed by the sources' : '',
    link.conflictsWith === undefined ? '' : 'cannot hold beside what else is said, see below',
    link.supersededOn === undefined ? '' : `superseded on ${link.supersededOn}, see below`,
    link.unsupported ? 'unsupported: its sources are gone' : '',
    link.flagged === undefined ? '' : 'flagged: somebody has to look at it',
    turnInWords(link) ?? '',
    link.when === null ? '' : `when: ${printable(link.when)}${days(link.valid)}`,
    asOf === null ? '' : `${asOf.holds ? 'holds' : 'is not known to hold'} on ${asOf.day}`,
  ].filter((fact) => fact !== '')
}

/** Nobody but people ever said it. */
function isTakenBack({ link, proposals, takenBack }: LinkView): boolean {
  return link.status === 'gone' && proposals.length > 0 && proposals.every(({ proposal }) => takenBack.has(proposal.id))
}

export function renderDecision(one: SeenDecision): string {
  return ` DECISION ${one.at.slice(0, 19).replace('T', ' ')} ${printable(one.reviewer)}: ${verdictInWords(one)}${[
    one.reason,
    one.called ?? null,
    one.note,
  ]
    .filter((text) => text !== null)
    .map((text) => `, ${printable(text)}`)
    .join('')}${renderRevision(one)}`
}

/** The other link of a fix. */
function renderRevision({ verdict, revision }: SeenDecision): string {
  if (revision === undefined || verdict === 'undo') return ''
  return verdict === 'reject' ? ` into ${revision}` : ` from ${revision}`
}

/** What was decided, as far as it may be told. */
export function verdictInWords({ verdict, redo, needsSecond, adjudicates }: SeenDecision): string {
  if (verdict === 'withheld') return 'a verdict, not told before you have given yours'
  if (redo === true) return 'redo'
  if (adjudicates !== undefined) return `${verdict}, between verdicts that differ`
  return needsSecond === true ? `${verdict}, one of the two that it takes` : verdict
}

/** Whose turn it is with a link, in words; null: anybody's. */
export function turnInWords({ awaits }: Pick<StoredLink, 'awaits'>): string | null {
  if (awaits === 'adjudication') return 'two people differ: a third decides, by review adjudicate'
  return awaits === 'second' ? "a second person's verdict is awaited" : null
}

/** What is there of it, and why. */
export function standingInWords(link: StoredLink): string {
  if (link.status === 'gone') return 'gone: no source says it any more'
  if (link.status === 'merged') return mergedBecause(link)
  if (link.status === 'rejected') return 'rejected: not in the graph'
  if (link.status !== 'held') return link.status
  if (link.saidAgain)
    return `held back, not in the graph: ${printable(link.reviewedBy ?? '')} rejected it, and other words say it since`
  const why =
    link.denials > 0
      ? 'the source denies it'
      : link.hedges > 0
        ? 'the source hedges it'
        : link.obstacles.includes('ruled-out')
          ? 'a person rejected such links as a rule'
          : link.obstacles.includes('addresses-model')
            ? 'only words that speak to the model say it'
            : 'it breaks the schema'
  return `held back, not in the graph: ${why}`
}

function mergedBecause({ into, bond, called }: StoredLink): string {
  if (into !== null) return `merged: ${into} stands for it`
  if (called !== undefined) return `what a person calls it: ${printable(called)}`
  if (bond?.kind === 'accepted') return 'accepted: its ends are one thing'
  if (bond?.kind === 'automatic') return 'its ends are one thing by sure rules'
  return 'not in the graph: its ends were taken for one thing'
}

/** The days that the words came to. */
function days(valid: Interval | null): string {
  if (valid === null) return ''
  if (valid.from === valid.to) return ` (${valid.from})`
  return ` (${[valid.from === null ? '' : `from ${valid.from}`, valid.to === null ? '' : `to ${valid.to}`].filter((end) => end !== '').join(' ')})`
}
