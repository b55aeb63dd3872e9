import type { Decision } from './decision.ts'
import { contentId } from './ids.ts'
import { endsOf } from './link.ts'
import { PERSON, type Evidence, type Proposal } from './proposal.ts'

/** Of a hash that tells quotes of one link apart, so many characters are enough: 60 bits. */
const CHARACTERS = 12

/**
 * Fingerprints of what some proposals rest on: of each located quote the unit that it stands in, and its words, by which it
 * is known again where the text around it has changed.
 */
export function groundsOf(proposals: readonly Proposal[]): string[] {
  const all = proposals.flatMap((proposal) => proposal.evidence.flatMap((one) => marksOf(proposal, one)))
  return [...new Set(all)].toSorted()
}

/**
 * Whether a link that a person rejected is said again since, in words that were not there when they did: by a source, of the
 * link that they looked at. Of a rejection that kept no fingerprint, nobody knows.
 */
export function isSaidAgain(rejection: Decision, live: readonly Proposal[]): boolean {
  const { grounds, linkId, alsoAbout = [] } = rejection
  if (grounds === undefined) return false
  const known = new Set(grounds)
  const about = new Set([linkId, ...alsoAbout])
  return live.some((proposal) => {
    const { engine, polarity, held, doubts, evidence } = proposal
    if (engine === PERSON || polarity !== 'asserted' || held || doubts?.length !== 0) return false
    if (!about.has(endsOf(proposal).id)) return false
    const located = evidence.filter(({ grounding }) => grounding !== 'missing')
    return located.some((one) => !marksOf(proposal, one).some((mark) => known.has(mark)))
  })
}

function marksOf({ chunkId }: Proposal, { grounding, s, quote }: Evidence): string[] {
  if (grounding === 'missing') return []
  const words = quote
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  return [contentId('unit', chunkId, String(s)), contentId('quote', words)].map((id) => id.slice(0, CHARACTERS))
}
