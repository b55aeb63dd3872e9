import { normaliseName } from '../../model/entity.ts'

/** How a text sets two names side by side. */
export interface Nearness {
  /** `contrast`: in a list or against each other; `brackets`: one in brackets behind the other; `alias`: "also known as". */
  readonly sort: 'contrast' | 'brackets' | 'alias'
  /** The text's own words, from the one name through the other. */
  readonly words: string
}

/** What the texts of a document say of the names in them. */
export interface Context {
  /** How pairs of names stand beside each other, by `pairOf`. */
  readonly nearness: ReadonlyMap<string, readonly Nearness[]>
  /** Where each name is first met, counted in names from the beginning; the longest name at a place is meant. */
  readonly firstAt: ReadonlyMap<string, number>
  /** The names met, folded as ids fold them. */
  readonly met: ReadonlySet<string>
}

export const NO_CONTEXT: Context = { nearness: new Map(), firstAt: new Map(), met: new Set() }

interface Hit {
  readonly name: string
  readonly start: number
  readonly end: number
}

const WIDEST_GAP = 40
const MOST_A_PAIR = 3
const WORD = /[\p{L}\p{N}]+/gu
const LETTER = /[\p{L}\p{N}]/u
const CONTRAST =
  /^\s*,?\s*(?:and|nor|not|but not|und|nicht|sowie|y|e|et|&|vs\.?|versus|against|rather than|instead of|unlike|with|without|to)\s+(?:(?:the|both|not|also|his|her|their|brother|sister)\s+)*["“']?$/iu
const COMMA = /^\s*,\s*(?:the\s+)?["“']?$/iu
/** In brackets, maybe after the language or the time: `(Danish: …`, `(French; in English: …`, `(now …`. */
const OPENS =
  /^["”']?\s*[([]\s*[^()[\]]{0,12}?(?:(?:in\s+)?\p{Lu}\p{L}+\s*:|now|then|later|formerly|previously|originally|today|also|born|née|or|lit\.|literally|short)?\s*["“'‘]?$/u
const CLOSES = /^["”'’]?\s*[)\],;:]/u
/** Not "Maria called Jonas", who telephoned. */
const ALIAS =
  /^(?!\s*(?:called|named)\b)["”']?\s*[,([]?\s*(?:(?:which|who|that|is|was|are|also|and|commonly|popularly|otherwise|best|better|now|formerly|then|previously|originally|later|often|simply)\s+){0,4}(?:known\s+as|a\.?k\.?a\.?|called|nicknamed|named|as|abbreviated(?:\s+(?:as|to))?|short\s+for|formerly|renamed(?:\s+(?:to|as))?|referred\s+to\s+as|stage\s+name|genannt|kurz)\s+(?:simply\s+)?(?:the\s+|as\s+)?["“'‘]?$|^["”']?\s*,?\s+or\s+(?:the\s+)?["“]$/iu

export function pairOf(a: string, b: string): string {
  return a < b ? `${a}\u0000${b}` : `${b}\u0000${a}`
}

/** Finds names that stand beside each other. Linear in the texts' length; the longest name at a place is meant. */
export function readContext(texts: readonly string[], names: readonly string[]): Context {
  const byFirstWord = groupByFirstWord(names)
  const nearness = new Map<string, Nearness[]>()
  const firstAt = new Map<string, number>()
  let met = 0
  for (const text of texts) {
    const hits = findNames(text, byFirstWord)
    for (const { name } of hits) if (!firstAt.has(name)) firstAt.set(name, (met += 1))
    const gaps = hits.map((hit, at) =>
      text.slice(hit.end, Math.min(hits[at + 1]?.start ?? hit.end, hit.end + WIDEST_GAP)),
    )
    for (let at = 0; at + 1 < hits.length; at += 1) {
      const [left, right] = [hits[at] as Hit, hits[at + 1] as Hit]
      if (right.start - left.end >= WIDEST_GAP) continue
      const gap = gaps[at] ?? ''
      if (CONTRAST.test(gap)) noteList(nearness, text, hits, gaps, at)
      else if (ALIAS.test(gap)) note(nearness, text, left, right, 'alias')
      else if (OPENS.test(gap) && CLOSES.test(text.slice(right.end, right.end + 4)))
        note(nearness, text, left, right, 'brackets')
    }
  }
  return { nearness, firstAt, met: new Set([...firstAt.keys()].map(normaliseName)) }
}

/** The two names around the word, and those that commas join to the left one: in "A, B and C" all three are three. */
function noteList(
  nearness: Map<string, Nearness[]>,
  text: string,
  hits: readonly Hit[],
  gaps: readonly string[],
  at: number,
): void {
  let first = at
  while (first > 0 && at - first < 8 && COMMA.test(gaps[first - 1] ?? '')) first -= 1
  const list = hits.slice(first, at + 2)
  for (const [index, left] of list.entries())
    for (const right of list.slice(index + 1)) note(nearness, text, left, right, 'contrast')
}

function note(nearness: Map<string, Nearness[]>, text: string, left: Hit, right: Hit, sort: Nearness['sort']): void {
  if (left.name === right.name) return
  const pair = pairOf(left.name, right.name)
  const known = nearness.get(pair) ?? []
  if (known.length < MOST_A_PAIR) nearness.set(pair, [...known, { sort, words: text.slice(left.start, right.end) }])
}

function groupByFirstWord(names: readonly string[]): ReadonlyMap<string, readonly { name: string; lead: number }[]> {
  const groups = new Map<string, { name: string; lead: number }[]>()
  for (const name of new Set(names)) {
    const first = name.length > 200 ? null : /[\p{L}\p{N}]+/u.exec(name)
    if (first === null) continue
    groups.set(first[0], [...(groups.get(first[0]) ?? []), { name, lead: first.index }])
  }
  for (const group of groups.values()) group.sort((a, b) => b.name.length - a.name.length)
  return groups
}

function findNames(text: string, byFirstWord: ReadonlyMap<string, readonly { name: string; lead: number }[]>): Hit[] {
  const hits: Hit[] = []
  let from = 0
  for (const word of text.matchAll(WORD)) {
    if (word.index < from) continue
    const found = byFirstWord.get(word[0])?.find(({ name, lead }) => {
      const start = word.index - lead
      return start >= from && text.startsWith(name, start) && !LETTER.test(text.charAt(start + name.length))
    })
    if (found === undefined) continue
    from = word.index - found.lead + found.name.length
    hits.push({ name: found.name, start: word.index - found.lead, end: from })
  }
  return hits
}
