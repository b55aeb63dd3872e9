import { createHash } from 'node:crypto'
import { shownProposals, type LinkView } from '../review/view-link.ts'

/**
 * SHA-256 (hex) of what a card tells of a link, as data, so that it is the same on every width: the link as it stands, and
 * each proposal with its polarity, quotes, steps and account, words that wait for a second person, and the link that is decided with it.
 */
export function hashShown(view: LinkView): string {
  const { id, rev, status, confidence, type, subject, object, when } = view.link
  const proposals = shownProposals(view).map(({ id, polarity, evidence, steps, why }) => [
    id,
    polarity,
    evidence.map(({ quote, claimed, grounding, placeText }) => [quote, claimed, grounding, placeText]),
    steps.map(({ text, stance }) => [text, stance]),
    why,
  ])
  const ends = [view.subject?.name ?? subject, type, view.object?.name ?? object]
  const waiting = view.waiting.length === 0 ? [] : [view.waiting.map((proposal) => proposal.id)]
  const half = view.otherHalf === null ? [] : [view.otherHalf.id]
  const told = [id, rev, status, confidence, ...ends, when, proposals, ...waiting, ...half]
  return createHash('sha256').update(JSON.stringify(told)).digest('hex')
}
