import type { ReadChunk, ReadUnit } from './chunk.ts'
import type { Found } from './links.ts'
import { findMentions } from './mentions.ts'
import { KNOWN_PLACES } from './names.ts'
import { quoteAround } from './sentences.ts'

const PAIR = /\p{L}, \p{Lu}/u
const PREPOSITION = /\b(?:in|at|near|from|of|to|outside|around)\s$/iu
/** "in Chad, Sudan and Niger" counts places up instead of saying where the first one is. */
const GOES_ON = /^(?:,? (?:and|or)\b|, (?:the )?\p{Lu}[^,.;]{1,30}(?:,| and | or ))/u

/** "in Tempe, Arizona": the first place is in the second, which everybody knows. */
export function matchPlaces(chunk: ReadChunk, read: ReadUnit): Found {
  const found: Found = { matches: [], declined: [] }
  if (read.unit.kind === 'heading' || read.unit.kind === 'row' || read.instruction !== null) return found
  for (const sentence of read.sentences) {
    const text = read.text.slice(sentence.start, sentence.end)
    if (!PAIR.test(text) || text.length > 600) continue
    const mentions = findMentions(read.text, sentence, chunk.clues)
    for (const [index, inner] of mentions.entries()) {
      const outer = mentions[index + 1]
      if (outer === undefined || outer.kind !== 'Place' || read.text.slice(inner.end, outer.start) !== ', ') continue
      if (!KNOWN_PLACES.has(outer.name) || outer.possessive || KNOWN_PLACES.has(inner.name)) continue
      if ((inner.kind !== null && inner.kind !== 'Place') || !/^\p{Lu}\p{Ll}/u.test(inner.name)) continue
      if (inner.weak && !inner.capitalInside) continue
      if (!PREPOSITION.test(read.text.slice(sentence.start, inner.start))) continue
      if (GOES_ON.test(read.text.slice(outer.end, sentence.end))) continue
      const quote = quoteAround(read.unit.text, sentence, inner.start, outer.end)
      if (quote === null) continue
      found.matches.push({
        rule: 'place-comma-place',
        s: read.unit.s,
        type: 'LOCATED_IN',
        subject: { name: inner.name, kind: 'Place', aliases: [] },
        object: { name: outer.name, kind: 'Place', aliases: [] },
        matched: read.text.slice(inner.start, outer.end),
        evidence: [{ s: read.unit.s, quote }],
        support: 'inferred',
        polarity: 'asserted',
        sign: '',
        when: null,
        confidence: 0.7,
        because: 'as the second of two places with a comma between them tells where the first one is',
      })
    }
  }
  return found
}
