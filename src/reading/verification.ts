import { z } from 'zod'
import { cut, fenced, fenceFor } from '../extract/fence.ts'
import { counted } from '../model/counted.ts'
import { VERDICTS } from '../model/checks.ts'
import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import { shownClaims, type ShownClaim } from './shown-claims.ts'
import { judgement, judgements, type Judgements } from './judgements.ts'
import type { WantedStep } from './wanted-step.ts'

/** Links that are asked about in one request, and requests about a chunk: what is beyond is not verified, and it is said. */
const MOST_LINKS = 30
export const MOST_VERIFICATIONS = 2

/** Asks of each link whether its quotes, and nothing else, support it. */
export function verificationSteps(proposals: readonly Proposal[]): WantedStep[] {
  const claims = shownClaims(proposals)
  const parts = Array.from({ length: Math.ceil(claims.length / MOST_LINKS) }, (_, at) =>
    claims.slice(at * MOST_LINKS, (at + 1) * MOST_LINKS),
  )
  return parts.map((part) => {
    const whole = render(part)
    const because = `${counted(part.length, 'link')}: do their quotes support them?`
    return { name: 'verification', because, prompt: { whole }, part: whole }
  })
}

function render(claims: readonly ShownClaim[]): string {
  const body = claims
    .map(({ key, text, quotes }) =>
      [`[${key}] ${text}`, ...quotes.map(({ quote }) => `  quote: ${cut(quote, 400)}`)].join('\n'),
    )
    .join('\n')
  return [
    'Somebody read a source and drew links between entities from quotes of it. You see the links and the quotes only. Judge of each link whether its quotes by themselves support it: that they say it or clearly imply it, of these entities, in this direction. A name or pronoun that the quotes leave open is no reason against a link, as the source settled it; a quote that is about something else is.',
    ...fenced(fenceFor(body, 'links'), body),
    'Answer with one JSON object and nothing else, each link by its key: {"links": [{"link": "key", "verdict": "supported, not supported or unsure", "reason": "one sentence"}]}',
  ].join('\n\n')
}

const shape = judgement.extend({
  verdict: z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .trim()
            .toLowerCase()
            .replaceAll(/[\s_-]+/g, ' ')
        : value,
    z.enum([...VERDICTS, 'not']).transform((said) => (said === 'not' ? ('not supported' as const) : said)),
  ),
})

/** What a reply says of which claims; null where it has no list of links. */
export function readVerification(reply: Reply, proposals: readonly Proposal[]): Judgements | null {
  return judgements(reply, shownClaims(proposals), shape, ({ verdict }, judged) => {
    return { verification: { verdict, ...judged } }
  })
}
