import type { AnswerLink } from '../model/answer.ts'
import type { Chunk, ChunkUnit } from '../model/chunk.ts'
import { formatPlace } from '../model/place.ts'
import type { Note } from '../model/note.ts'
import { missingEvidence, type Evidence } from '../model/proposal.ts'
import { asShown } from './as-shown.ts'
import { groundQuote } from './ground.ts'
import type { Flags } from './injection/flag-units.ts'

/** Where a quote stands in a chunk whose units were shown as `shown`: the source's own words, or that it is missing. */
export function locate(
  quote: AnswerLink['evidence'][number],
  shown: readonly ChunkUnit[],
  chunk: Chunk,
  path: string,
): Evidence {
  const found = groundQuote(quote.quote, quote.s, shown)
  if (found === null) {
    const named = chunk.units.find((unit) => unit.s === quote.s)
    const place = named?.place ?? {}
    return missingEvidence({ claimed: quote.quote, s: quote.s, place, placeText: formatPlace(path, place) })
  }
  const start = found.unit.start + found.start
  const end = found.unit.start + found.end
  const words = chunk.text.slice(start - chunk.start, end - chunk.start)
  return {
    // What the model was not shown as it stands it cannot have copied letter for letter.
    grounding: found.grounding === 'exact' && words !== asShown(words) ? 'normalised' : found.grounding,
    quote: words,
    claimed: quote.quote,
    s: found.unit.s,
    start,
    end,
    offset: found.start,
    place: found.unit.place,
    placeText: formatPlace(path, found.unit.place),
  }
}

/** Says so where the quoted unit speaks to the model, or may. */
export function flagged(evidence: Evidence, flags: Flags): Evidence {
  return flags.units.has(evidence.s) || flags.doubtful.has(evidence.s) ? { ...evidence, flagged: true } : evidence
}

/** One for each quote of a link that is not in the source. */
export function missingNotes(quotes: readonly Evidence[], { index }: Pick<AnswerLink, 'index'>): Note[] {
  const missing = quotes.filter(({ grounding }) => grounding === 'missing')
  return missing.map(({ claimed }) => {
    return { code: 'quote-missing', message: `the quote is not in the source: “${claimed}”`, where: `links[${index}]` }
  })
}
