import { isUnspaced } from './run-text.ts'

/** How often words stand in a document, whole and with hyphens: it knows best how its own words are written. */
export type Vocabulary = ReadonlyMap<string, number>

/** Of a word that a line's end cuts, no more is looked at: keeps the search linear. */
const LONGEST_CUT = 64
const WORD = /[\p{L}\p{M}\p{N}]+(?:[-\u2010][\p{L}\p{M}\p{N}]+)*/gu
/** First parts of English words that keep their hyphen when nothing else is known. */
const KEEPS_HYPHEN = new Set(
  'all anti co cross ex fast first five four full half hand hard high ill in large last left less long longer lower low mid multi never new non off old on one open out over post pre real right second self semi short single six slow small so state ten third three time top two up upper user well wide world year zero'.split(
    ' ',
  ),
)
/** These keep it before any word; the others above only before one that the document has by itself. */
const ALWAYS = new Set(
  'all cross ex half high ill long low mid non real second self semi short single so third three two user well'.split(
    ' ',
  ),
)

/** The last words of lines are left out where a hyphen cuts them. */
export function vocabularyOf(lines: Iterable<string>): Vocabulary {
  const words = new Map<string, number>()
  for (const line of lines) {
    const end = line.slice(-LONGEST_CUT).replace(/[\p{L}\p{M}\p{N}]+[-\u00ad\u2010]$/u, '')
    const text = (line.slice(0, -LONGEST_CUT) + end).toLowerCase()
    for (const [word] of text.matchAll(WORD)) {
      words.set(word, (words.get(word) ?? 0) + 1)
      if (word.includes('-')) for (const part of word.split('-')) words.set(part, (words.get(part) ?? 0) + 1)
    }
  }
  return words
}

/** What to put between a line and the next: `text` is the line as it then ends. */
export function joinLineEnd(line: string, next: string, vocabulary: Vocabulary): { text: string; gap: '' | ' ' } {
  if (line.endsWith('\u00ad')) return { text: line.slice(0, -1), gap: '' }
  const cut = /([\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’-]{0,60})[-\u2010]$/u.exec(line.slice(-LONGEST_CUT))
  if (cut !== null) {
    const rest = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}-]{0,60}/u.exec(next)?.[0] ?? ''
    if (rest === '') return { text: line, gap: /^[\s([{"'“‘]/u.test(next) ? ' ' : '' }
    // "long- and short-term"
    if (/^(?:and|or|to|und|oder|bis|et|ou|y|o|e)$/u.test(rest)) return { text: line, gap: ' ' }
    return keepsHyphen(cut[1] ?? '', rest, vocabulary) ? { text: line, gap: '' } : { text: line.slice(0, -1), gap: '' }
  }
  if (isUnspaced(line.at(-1) ?? '') && isUnspaced(next[0] ?? '')) return { text: line, gap: '' }
  if (line.endsWith('—') || next.startsWith('—')) return { text: line, gap: '' }
  // Addresses are broken after a stroke or a sign like it.
  if (/(?:https?:\/|www\.)\S*[/=&?_%#]$/u.test(line.slice(-300)) && /^[\w%~-]/.test(next))
    return { text: line, gap: '' }
  return { text: line, gap: ' ' }
}

function keepsHyphen(before: string, rest: string, vocabulary: Vocabulary): boolean {
  // A name (Smith-Jones), a number (COVID-19), or a chain of hyphens (state-of-the-art).
  if (
    !/^\p{Ll}/u.test(rest) ||
    !/\p{L}$/u.test(before) ||
    before.includes('-') ||
    before.length === 1 ||
    /\p{N}/u.test(before)
  )
    return true
  const left = before.toLowerCase()
  const right = (/^[\p{L}\p{M}]+/u.exec(rest)?.[0] ?? rest).toLowerCase()
  const joined = vocabulary.get(left + right) ?? 0
  const hyphened = vocabulary.get(`${left}-${right}`) ?? 0
  if (joined !== hyphened) return hyphened > joined
  // An abbreviation: DNA-based.
  if (/^[\p{Lu}\p{N}]{2,}$/u.test(before)) return true
  if (ALWAYS.has(left)) return true
  const known = vocabulary.has(left) && vocabulary.has(right)
  return known && (KEEPS_HYPHEN.has(left) || (left.length >= 4 && right.length >= 4))
}
