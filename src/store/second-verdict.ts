import { courseOf, isVerdict, remarksIn, type Decision } from '../model/decision.ts'
import { RefusedError } from '../model/errors.ts'
import type { LinkRules } from '../model/link-rules.ts'
import { withheldFrom } from '../model/withheld.ts'
import type { DecisionDraft, Refused } from './decision-draft.ts'
import type { StoredLink } from './records.ts'

/** What a decision keeps of who has to decide. */
export interface Eyes {
  readonly eyes: Pick<Decision, 'needsSecond' | 'adjudicates'>
}

/** Whether it takes all that was decided about a link to say what a draft would count as. */
export function takesEyes(draft: DecisionDraft, { type }: StoredLink, rules: LinkRules): boolean {
  const isRuled = draft.fourEyes === true || rules[type]?.fourEyes === true
  return draft.adjudicates === true || (isVerdict(draft) && isRuled)
}

/**
 * What a verdict that is about to be recorded counts as, by the rule of its link's type as it is now. The decision keeps
 * it, so that it means the same whatever rules come later. Refused where others have to decide, or there is nothing to
 * decide between.
 */
export function eyesOf(
  draft: DecisionDraft,
  link: StoredLink,
  rules: LinkRules,
  decisions: readonly Decision[],
): Eyes | Refused {
  if (!takesEyes(draft, link, rules)) return { eyes: {} }
  const { open } = courseOf(decisions)
  const isOwn = open.some(({ reviewer }) => reviewer === draft.reviewer)
  if (draft.adjudicates !== true)
    return open.length < 2 || isOwn ? { eyes: { needsSecond: true } } : { refused: verdictsDiffer(draft, open) }
  // Of the links of a fix, who decides between the verdicts about one decides about the other, whoever spoke of that.
  const isHalf = draft.revision !== undefined && open.length === 1
  if (open.length < 2 && !isHalf) return { refused: nothingDiffers(draft) }
  return isOwn ? { refused: ownVerdict(draft) } : { eyes: { adjudicates: open.map(({ id }) => id) } }
}

/** A fix that waits for a second person is decided about as a whole: what is about one of its links alone is refused. */
export function refuseHalf(draft: DecisionDraft, decisions: readonly Decision[]): Refused | null {
  if (!isVerdict(draft) || draft.revision !== undefined) return null
  const half = courseOf(decisions).open.find(
    ({ revision, reviewer }) => revision !== undefined && reviewer !== draft.reviewer,
  )
  if (half === undefined) return null
  const message = `link ${draft.linkId} was put forward as one with link ${half.revision}, and is decided with it`
  return {
    refused: new RefusedError('half-of-a-fix', message, {
      hint: `Look at both, and decide about it by itself. 'whygraph review accept ${draft.linkId}' (or reject) does.`,
    }),
  }
}

/**
 * Whether all that moved a link past the revision that somebody saw is what they are not to know: a verdict of somebody
 * else that waits for a second. Theirs is the second then, and overwrites nothing.
 */
export function isBlindSecond(draft: DecisionDraft, link: StoredLink, decisions: readonly Decision[]): boolean {
  const { expectedRev = link.rev, expectedStatus = link.status } = draft
  const [remarks, withheld] = [remarksIn(decisions), withheldFrom(draft.reviewer, decisions)]
  const since = decisions.filter(({ id, rev }) => !remarks.has(id) && rev >= expectedRev)
  const isHidden = ({ id, undoes }: Decision): boolean => withheld.has(id) || (undoes !== null && withheld.has(undoes))
  return (
    expectedStatus === link.status &&
    since.length > 0 &&
    since.length === link.rev - expectedRev &&
    since.every(isHidden)
  )
}

function verdictsDiffer({ linkId, verdict }: DecisionDraft, open: readonly Decision[]): RefusedError {
  const names = open.map(({ reviewer }) => reviewer).join(' and ')
  return new RefusedError('verdicts-differ', `${names} differ about link ${linkId}`, {
    hint: `Decide between them: 'whygraph review adjudicate ${linkId} ${verdict}'.`,
  })
}

function nothingDiffers({ linkId }: DecisionDraft): RefusedError {
  return new RefusedError('nothing-to-adjudicate', `there are no verdicts that differ about link ${linkId}`, {
    hint: "'whygraph review list --status disagreed' lists the links that wait for it.",
  })
}

function ownVerdict({ linkId, reviewer }: DecisionDraft): RefusedError {
  return new RefusedError('own-verdict', `${reviewer} gave one of the verdicts that differ about link ${linkId}`, {
    hint: 'Somebody else has to decide between them. You may change your own verdict by accepting or rejecting.',
  })
}
