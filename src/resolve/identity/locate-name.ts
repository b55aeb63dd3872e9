import { normaliseName } from '../../model/entity.ts'
import type { Chunk, ChunkUnit } from '../../model/chunk.ts'
import { formatPlace } from '../../model/place.ts'
import type { Evidence } from '../../model/proposal.ts'

/** A quote is the unit in which the name stands, or so much of a longer one around it. */
const LONGEST_QUOTE = 240
const AROUND = 90

/**
 * Where a name stands in a chunk, as a quote: letter for letter, as a whole word where words are set apart by spaces;
 * else in other capitals or across a line break; else, of a speaker's label, which is no part of the text, the first
 * words that are said under it. Null: nowhere.
 */
export function locateName(name: string, chunk: Chunk, path: string): Evidence | null {
  const units = chunk.units.filter(({ kind, text }) => kind !== 'profile' && text.trim() !== '')
  const words = name.trim().split(/\s+/)
  for (const unit of units) {
    const found = findWords(unit.text, words)
    if (found !== null) return quote(unit, ...found, chunk, path)
  }
  const pattern = inAnyCapitals(words)
  for (const unit of units) {
    const found = pattern.exec(unit.text)
    if (found !== null) return quote(unit, found.index, found.index + found[0].length, chunk, path)
  }
  const label = normaliseName(name)
  const spoken = units.find(({ place }) => place.speaker !== undefined && normaliseName(place.speaker) === label)
  return spoken === undefined ? null : quote(spoken, 0, 0, chunk, path)
}

/** Signs of scripts whose words stand beside each other without a space: there no letter beside a name makes it another. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]`
const PART_OF_A_WORD = String.raw`(?!${UNSPACED})[\p{L}\p{N}]`
const BEGINS_UNSPACED = new RegExp(`^${UNSPACED}`, 'u')
const ENDS_UNSPACED = new RegExp(`${UNSPACED}$`, 'u')
const ENDS_IN_A_WORD = new RegExp(`${PART_OF_A_WORD}$`, 'u')
const BEGINS_WITH_A_WORD = new RegExp(`^${PART_OF_A_WORD}`, 'u')
const BLANKS = /^\s+/
/** Between two words of a name. */
const MOST_BLANKS = 200

/** Letter for letter, without a pattern: to make one for each name would cost more than all the searching. */
function findWords(text: string, words: readonly string[]): [start: number, end: number] | null {
  const [first = '', ...others] = words
  if (first === '') return null
  const mayFollow = BEGINS_UNSPACED.test(first)
  const mayGoOn = ENDS_UNSPACED.test(words.at(-1) ?? '')
  for (let start = text.indexOf(first); start >= 0; start = text.indexOf(first, start + 1)) {
    if (!mayFollow && ENDS_IN_A_WORD.test(text.slice(Math.max(0, start - 2), start))) continue
    let end = start + first.length
    const isWhole = others.every((word) => {
      const blanks = BLANKS.exec(text.slice(end, end + MOST_BLANKS))?.[0].length ?? 0
      const follows = blanks > 0 && text.startsWith(word, end + blanks)
      end += blanks + word.length
      return follows
    })
    if (isWhole && (mayGoOn || !BEGINS_WITH_A_WORD.test(text.slice(end, end + 2)))) return [start, end]
  }
  return null
}

function inAnyCapitals(words: readonly string[]): RegExp {
  const literal = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join(String.raw`\s+`)
  const before = BEGINS_UNSPACED.test(words[0] ?? '') ? '' : `(?<!${PART_OF_A_WORD})`
  const behind = ENDS_UNSPACED.test(words.at(-1) ?? '') ? '' : `(?!${PART_OF_A_WORD})`
  return new RegExp(`${before}${literal}${behind}`, 'iu')
}

function quote(unit: ChunkUnit, from: number, to: number, chunk: Chunk, path: string): Evidence {
  const [start, end] = span(unit.text, from, to)
  const words = unit.text.slice(start, end)
  const isFlagged = chunk.flagged?.some((flag) => flag.split(' ')[0] === `S${unit.s}`) === true
  return {
    grounding: 'exact',
    quote: words,
    claimed: words,
    s: unit.s,
    start: unit.start + start,
    end: unit.start + end,
    offset: start,
    place: unit.place,
    placeText: formatPlace(path, unit.place),
    ...(isFlagged ? { flagged: true as const } : {}),
  }
}

/** Without blanks at its ends; of a long unit some words on both sides of the name, cut between words. */
function span(text: string, from: number, to: number): [number, number] {
  let [start, end] = [0, text.length]
  if (text.length > LONGEST_QUOTE) {
    start = from <= AROUND ? 0 : text.lastIndexOf(' ', from - AROUND) + 1
    const blank = text.indexOf(' ', to + AROUND)
    end = blank < 0 || blank - start > LONGEST_QUOTE + to - from ? Math.min(text.length, to + AROUND) : blank
    if (/[\uDC00-\uDFFF]/.test(text.charAt(end))) end += 1
    if (from - start > LONGEST_QUOTE) start = from
  }
  while (start < from && /\s/.test(text.charAt(start))) start += 1
  while (end > Math.max(to, start + 1) && /\s/.test(text.charAt(end - 1))) end -= 1
  return [start, end]
}
