import { describeWho, type Decision } from '../../model/decision.ts'
import { withhold, type SeenDecision } from '../../model/withheld.ts'
import type { Outcome } from '../../review/decide.ts'
import type { StoredLink } from '../../store/records.ts'
import { turnInWords } from '../../terminal/link-card.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { PAST } from '../../terminal/past.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import type { Context } from '../context.ts'
import type { DecidingFlags } from './reviewer.ts'
import { verdictOf } from './verdict-of.ts'

/** Things were taken for one since the id was printed, or read. */
export function sayIfMerged(id: string, { link }: Outcome, context: Context): void {
  if (link.id !== id) context.say(`link ${id.slice(0, 8)} has fallen into one with ${link.id.slice(0, 8)}`)
}

export function report(
  { link, decision, unchanged, otherHalf, undone, stillHolds }: Outcome,
  flags: DecidingFlags,
  context: Context,
  again: Decision | null = null,
): void {
  // Whoever takes back another person's verdict that waits for a second is not told it by that.
  const asTold = (one: Decision): SeenDecision =>
    one.needsSecond === true && one.reviewer !== decision?.reviewer ? withhold(one) : one
  const taken = undone === undefined ? undefined : asTold(undone)
  if (flags.json)
    return context.print(
      printableJson({ version: 1, unchanged, decision, otherHalf, undone: taken, stillHolds, link }, 2),
    )
  const about = `${link.id.slice(0, 8)}  ${renderArrow(link)}`
  const turn = turnInWords(link)
  const standing = [verdictOf(link), ...(turn === null ? [] : [turn])].join('; ')
  if (unchanged)
    return context.print(
      `${about}: ${standing}${turn === null ? ` already, by ${printable(link.reviewedBy ?? '')}` : '; you have said so'}`,
    )
  if (again !== null) context.print(`${pastOf(asTold(again))} again: ${whichDecision(asTold(again))}, stands about`)
  else if (taken !== undefined) context.print(`took back ${whichDecision(taken)}, about`)
  const remark = decision?.verdict === 'skip' || decision?.verdict === 'flag' ? `${PAST[decision.verdict]}; ` : ''
  context.print(`${about}: ${remark}${standing}, revision ${link.rev}  saved ✓`)
  if (otherHalf !== undefined) context.print(withIt(otherHalf.link))
  if (stillHolds !== undefined)
    context.print(
      `it stands as it stood: the ${stillHolds.verdict} of ${printable(describeWho(stillHolds))}, decision ${stillHolds.id}, holds`,
    )
}

/** The other link of a fix. */
function withIt(link: StoredLink): string {
  const standing = [verdictOf(link), turnInWords(link) ?? ''].filter((text) => text !== '').join('; ')
  return `${link.id.slice(0, 8)}  ${renderArrow(link)}: ${standing}, with it`
}

function whichDecision(one: SeenDecision): string {
  // Where an undo gives nothing again that it takes back, what it takes back had done something again.
  const verdict = one.verdict === 'withheld' ? 'verdict' : one.verdict === 'undo' ? 'redo' : one.verdict
  return `the ${verdict} of ${printable(describeWho(one))}, decision ${one.id}`
}

function pastOf({ verdict }: SeenDecision): string {
  return verdict === 'withheld' || verdict === 'undo' ? 'decided' : PAST[verdict]
}
