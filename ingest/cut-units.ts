import type { Document, UnitKind } from '../src/model/document.ts'
import type { Place } from '../src/model/place.ts'
import { estimateTokens } from '../src/model/tokens.ts'

/** A unit, or a piece of one that is longer than a whole chunk. */
export interface Piece {
  readonly kind: UnitKind
  readonly start: number
  readonly end: number
  readonly place: Place
  readonly text: string
  readonly tokens: number
}

/** The document's units with their texts; those over `limit` tokens are cut between words into even pieces. */
export function cutUnits(document: Document, limit: number): Piece[] {
  const pieces: Piece[] = []
  for (const unit of document.units) {
    const text = document.text.slice(unit.start, unit.end)
    const tokens = estimateTokens(text)
    if (tokens <= limit) pieces.push({ ...unit, text, tokens })
    else {
      for (const [from, to] of cutWords(text, tokens / Math.ceil((tokens * 1.05) / limit))) {
        const part = text.slice(from, to)
        pieces.push({
          ...unit,
          start: unit.start + from,
          end: unit.start + to,
          text: part,
          tokens: estimateTokens(part),
        })
      }
    }
  }
  return pieces
}

/** Cuts a text into runs of words of at most about `size` tokens; a word longer than that is cut too. */
function cutWords(text: string, size: number): [start: number, end: number][] {
  const cuts: [number, number][] = []
  let start = -1
  let end = -1
  let tokens = 0
  for (const [from, to] of wordsOf(text, size)) {
    // As in estimateTokens, but without rounding up every word.
    const cost = (estimateTokens(text.slice(from, to)) * 4 + 1) / 4
    if (start >= 0 && tokens + cost > size) {
      cuts.push([start, end])
      start = -1
      tokens = 0
    }
    if (start < 0) start = from
    end = to
    tokens += cost
  }
  if (start >= 0) cuts.push([start, end])
  return cuts
}

function* wordsOf(text: string, size: number): Iterable<[start: number, end: number]> {
  const longest = Math.max(1, Math.floor(size))
  for (const match of text.matchAll(/\S+/g)) {
    let from = match.index
    const end = from + match[0].length
    while (end - from > longest) {
      // Not through a character of two UTF-16 units.
      const code = text.charCodeAt(from + longest)
      const to = from + longest + (code >= 0xdc00 && code <= 0xdfff ? 1 : 0)
      yield [from, to]
      from = to
    }
    if (from < end) yield [from, end]
  }
}
