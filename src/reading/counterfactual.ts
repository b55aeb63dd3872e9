import { z } from 'zod'
import { asShown } from '../extract/as-shown.ts'
import { cut, fenced, fenceFor } from '../extract/fence.ts'
import type { Chunk, ChunkUnit } from '../model/chunk.ts'
import { counted } from '../model/counted.ts'
import { speakerLabel } from '../model/place.ts'
import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import { judgement, judgements, type Judgements } from './judgements.ts'
import { shownClaims, type ShownClaim } from './shown-claims.ts'
import type { WantedStep } from './wanted-step.ts'

/** Requests about a chunk; links that do not go into so many are not asked about, and it is said. */
export const MOST_BLANKED = 3

/**
 * Shows the chunk with the quotes of some links blanked, and asks whether what is left still says them. Links go into one
 * request whose quotes stand in units of their own: what is blanked for one takes nothing from another.
 */
export function counterfactualSteps(chunk: Chunk, proposals: readonly Proposal[]): WantedStep[] {
  return apart(shownClaims(proposals)).map((claims) => {
    const whole = render(chunk, claims)
    const because = `${counted(claims.length, 'link')}: said still, with the quotes blanked?`
    return { name: 'counterfactual', because, prompt: { whole }, part: whole }
  })
}

/** Each claim into the first group in which no other has a quote in one of its units. */
function apart(claims: readonly ShownClaim[]): ShownClaim[][] {
  const groups: { units: Set<number>; claims: ShownClaim[] }[] = []
  for (const claim of claims) {
    const own = claim.quotes.map(({ s }) => s)
    const free = groups.find(({ units }) => !own.some((s) => units.has(s)))
    const group = free ?? { units: new Set<number>(), claims: [] }
    if (free === undefined) groups.push(group)
    for (const s of own) group.units.add(s)
    group.claims.push(claim)
  }
  return groups.map(({ claims: some }) => some)
}

const BLANK = '[…]'

function render(chunk: Chunk, claims: readonly ShownClaim[]): string {
  const source = chunk.units.map((unit) => renderBlanked(unit, claims)).join('\n')
  const asked = claims.map(({ key, text }) => `[${key}] ${text}`).join('\n')
  return [
    `Parts of this source are blanked: ${BLANK} stands in their place. Judge of each link below the source whether what is left, without the blanked parts and without what you know from elsewhere, states it or clearly implies it.`,
    ...fenced(fenceFor(source), source),
    ...fenced(fenceFor(asked, 'links'), asked),
    'Answer with one JSON object and nothing else, each link by its key: {"links": [{"link": "key", "said": true or false, "reason": "one sentence: which unit says it, or what is missing"}]}',
  ].join('\n\n')
}

function renderBlanked(unit: ChunkUnit, claims: readonly ShownClaim[]): string {
  const quotes = claims.flatMap((claim) => claim.quotes.filter(({ s }) => s === unit.s))
  // Character by character: quotes may overlap.
  const blanked = new Set<number>()
  for (const { offset, quote } of quotes) {
    const from = offset ?? unit.text.length
    for (let at = 0; at < quote.length; at++) blanked.add(from + at)
  }
  let text = ''
  for (let at = 0; at < unit.text.length; at++)
    if (!blanked.has(at)) text += unit.text[at]
    else if (!blanked.has(at - 1)) text += BLANK
  const who = speakerLabel(unit.place)
  return `[S${unit.s}] ${who === null ? '' : `${cut(who, 80)}: `}${asShown(text)}`
}

const shape = judgement.extend({ said: z.union([z.boolean(), z.stringbool()]) })

/** What a reply says of which claims; null where it has no list of links. */
export function readCounterfactual(reply: Reply, proposals: readonly Proposal[]): Judgements | null {
  return judgements(reply, shownClaims(proposals), shape, ({ said: survives }, judged) => {
    return { counterfactual: { survives, ...judged } }
  })
}
