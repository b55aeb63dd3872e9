import type { Extraction } from '../extract/extract.ts'
import type { Checks } from '../model/checks.ts'
import { counted } from '../model/counted.ts'
import type { Note } from '../model/note.ts'
import type { Proposal } from '../model/proposal.ts'
import type { Reply, StepName } from '../model/reply.ts'
import { claimOf } from './claims.ts'
import { readCounterfactual } from './counterfactual.ts'
import type { Judgements } from './judgements.ts'
import { shownClaims } from './shown-claims.ts'
import { readVerification } from './verification.ts'

type Read = (reply: Reply, proposals: readonly Proposal[]) => Judgements | null

/** How replies of each checking step are read, and what says that a link was checked so. */
const CHECKS: readonly { readonly name: StepName; readonly read: Read; readonly of: keyof Checks }[] = [
  { name: 'verification', read: readVerification, of: 'verification' },
  { name: 'counterfactual', read: readCounterfactual, of: 'counterfactual' },
]

/** Notes with each proposal what was found out about its link; the later of two findings counts. Nothing is taken away. */
export function withChecks(reading: Extraction, replies: readonly Reply[]): Extraction {
  const notes: Note[] = []
  const found = new Map<string, Checks>()
  for (const { name, read, of } of CHECKS) {
    const own = replies.filter(({ step }) => step?.name === name)
    for (const reply of own) {
      const judged = read(reply, reading.proposals)
      if (judged === null)
        notes.push({ code: 'check-unreadable', message: `nothing could be made of the ${name} (reply ${reply.id})` })
      for (const [claim, checks] of judged ?? []) found.set(claim, { ...found.get(claim), ...checks })
    }
    const asked = own.length === 0 ? [] : shownClaims(reading.proposals)
    const left = asked.filter(({ claim }) => found.get(claim)?.[of] === undefined).length
    if (left > 0) notes.push({ code: 'not-checked', message: `the ${name} says nothing of ${counted(left, 'link')}` })
  }
  if (found.size + notes.length === 0) return reading
  const proposals = reading.proposals.map((proposal) => {
    const own = found.get(claimOf(proposal))
    return own === undefined ? proposal : { ...proposal, checks: { ...proposal.checks, ...own } }
  })
  return { ...reading, proposals, notes: [...reading.notes, ...notes] }
}
