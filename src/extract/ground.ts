import type { ChunkUnit } from '../model/chunk.ts'
import type { Grounding } from '../model/proposal.ts'

/** Where a quote stands: offsets into the unit's text (UTF-16, end exclusive), or nowhere. */
export interface Grounded {
  readonly grounding: Grounding
  readonly unit: ChunkUnit
  readonly start: number
  readonly end: number
}

/**
 * Looks for a quote in the unit that the model named, letter for letter, then folded; then in the chunk's other
 * units, nearest first. Returns null where it is not to be found: a paraphrase is not a quote, however close.
 */
export function groundQuote(quote: string, s: number, units: readonly ChunkUnit[]): Grounded | null {
  const named = units.find((unit) => unit.s === s)
  if (named !== undefined) {
    const here = findIn(named, quote)
    if (here !== null) return here
  }
  const others = units.filter((unit) => unit.s !== s).toSorted((a, b) => Math.abs(a.s - s) - Math.abs(b.s - s))
  for (const unit of others) {
    const there = findIn(unit, quote)
    if (there !== null) return { ...there, grounding: 'moved' }
  }
  return null
}

/** What has no word in it proves nothing, wherever it stands. */
const WORD = /[\p{L}\p{N}]{2}|\p{Lo}/u

function findIn(unit: ChunkUnit, quote: string): Grounded | null {
  if (!WORD.test(quote) && quote.trim() !== unit.text.trim()) return findCell(unit, quote)
  const exact = unit.text.indexOf(quote)
  if (exact >= 0) return { grounding: 'exact', unit, start: exact, end: exact + quote.length }
  const wanted = fold(withoutFrame(quote, unit)).text.trim()
  if (wanted === '') return null
  const folded = fold(unit.text)
  const at = folded.text.indexOf(wanted)
  if (at < 0) return null
  const start = folded.offsets[at] as number
  const end = folded.offsets[at + wanted.length] as number
  const found = unit.text.slice(start, end).trimEnd()
  return found === '' ? null : { grounding: 'normalised', unit, start, end: start + found.length }
}

/** A cell of a table row may hold a single letter or figure; as a whole cell that is a quote. */
function findCell(unit: ChunkUnit, quote: string): Grounded | null {
  if (unit.kind !== 'row' || quote.trim() === '') return null
  let start = 0
  for (const cell of unit.text.split(' | ')) {
    if (cell === quote.trim()) return { grounding: 'exact', unit, start, end: start + cell.length }
    start += cell.length + 3
  }
  return null
}

/** Drops what the prompt put around a unit's words (`Ana Ruiz (00:14:22): `), and quotation marks around the whole. */
function withoutFrame(quote: string, unit: ChunkUnit): string {
  let text = quote.trim().replace(/^\[?S\d+\]?:?\s+/, '')
  const { speaker } = unit.place
  if (speaker !== undefined && text.startsWith(speaker))
    text = text.slice(speaker.length).replace(/^\s*(?:\([\d:]+\))?\s*:\s*/, '')
  return /^["“«][^"“”«»]*["”»]$/.test(text) ? text.slice(1, -1) : text
}

const SAME: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201b': "'",
  '\u02bc': "'",
  '\u00b4': "'",
  '`': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u00ab': '"',
  '\u00bb': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u2026': '...',
}

/** Case, white space and typographic signs folded; `offsets[i]` is where folded character i began in the original. */
function fold(text: string): { text: string; offsets: number[] } {
  let folded = ''
  const offsets: number[] = []
  const push = (characters: string, at: number): void => {
    for (let i = 0; i < characters.length; i++) offsets.push(at)
    folded += characters
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (/\s|\p{Default_Ignorable_Code_Point}/u.test(character)) {
      const invisible = !/\s/u.test(character) || character === '\ufeff'
      if (!invisible && !folded.endsWith(' ')) push(' ', at)
    } else push(SAME[character] ?? character.toLowerCase(), at)
  }
  offsets.push(text.length)
  return { text: folded, offsets }
}
