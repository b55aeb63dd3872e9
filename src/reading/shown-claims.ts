import { cut } from '../extract/fence.ts'
import type { Evidence, Proposal } from '../model/proposal.ts'
import { claimOf } from './claims.ts'

/** What a reading says of one link, in one polarity: all that is quoted for it. */
export interface ShownClaim {
  /** By which an answer names it: made of the link itself, so that it is known again whatever stands beside it. */
  readonly key: string
  readonly claim: string
  /** `Ana Ruiz LEADS Kestrel`, as it is asserted, denied or hedged. */
  readonly text: string
  /** Located ones, each once, in the order of the source. */
  readonly quotes: readonly Evidence[]
}

const KEY_LENGTH = 5
const PHRASES = { asserted: '', negated: 'It is denied that: ', hedged: 'It is planned, proposed or rumoured that: ' }

/** The claims that have a located quote; two that a short key does not tell apart are left out. */
export function shownClaims(proposals: readonly Proposal[]): ShownClaim[] {
  const claims = [...Map.groupBy(proposals, claimOf)].flatMap(([claim, said]) => {
    const quotes = said.flatMap(({ evidence }) => evidence.filter(({ grounding }) => grounding !== 'missing'))
    const [first] = said
    if (first === undefined || quotes.length === 0) return []
    const own = [...new Map(quotes.map((quote) => [`${quote.start} ${quote.end}`, quote])).values()]
    const [subject, object] = [first.subject, first.object].map(
      ({ name, type }) => `${cut(name, 80)} (${cut(type, 40)})`,
    )
    return {
      key: `${claim.slice(0, KEY_LENGTH)}${first.polarity.charAt(0)}`,
      claim,
      text: `${PHRASES[first.polarity]}${subject} ${first.type} ${object}`,
      quotes: own.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0)),
    }
  })
  const byKey = Map.groupBy(claims, ({ key }) => key)
  return claims.filter(({ key }) => byKey.get(key)?.length === 1)
}
