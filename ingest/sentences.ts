/** A stretch of a text, UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' })

/** Before a name or a word: never the end of a sentence. */
const ALWAYS_GOES_ON =
  /(?:^|[\s([{"'“‘])(?:dr|mr|mrs|ms|mx|prof|rev|hon|gen|col|lt|sgt|capt|st|mme|hr|fr|e\.g|i\.e|eg|ie|cf|vs|viz|approx|ca|incl|excl|resp|z\.b|bzw|d\.h)\.$/iu

/** Before a number only: "No. 7", "Fig. 2", "Dec. 9". */
const GOES_ON_BEFORE_DIGIT =
  /(?:^|[\s([{"'“‘])(?:nos?|nr|figs?|eqs?|secs?|sect|arts?|vols?|pp?|ch|chap|tab|abs|ver|v|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$/iu

/** "J. Smith", "U.S. Government". */
const INITIAL = /(?:^|[\s.([{"'“‘-])\p{Lu}\.$/u

/** Without one of these before its end, a text is one sentence. */
const TERMINAL = /[\p{Sentence_Terminal}\u0085\u2028\u2029]/u

/** Enough of a sentence's end to tell an abbreviation; keeps the checks linear. */
const TAIL = 24

/**
 * The sentences of one paragraph, trimmed, in order. Built on the Unicode rules (UAX 29) with repairs where these
 * break too often: after abbreviations and initials, inside addresses of the web ("?q=A"), after a bare number.
 */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = []
  // Setting up the segmenter costs more than the rest for the short lines that lists and chats are made of.
  if (!TERMINAL.test(text.slice(0, -1))) {
    pushTrimmed(spans, text, 0, text.length)
    return spans
  }
  let start = -1
  for (const { segment, index } of SEGMENTER.segment(text)) {
    if (start < 0) start = index
    const end = index + segment.length
    if (end < text.length && goesOn(text, start, end)) continue
    pushTrimmed(spans, text, start, end)
    start = -1
  }
  return spans
}

function goesOn(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1)
  // Without white space only a full-width stop ends a sentence: "a.b", "/search?Q=1", "wow!Really".
  if (!isSpace(last)) return last < 0x2e80
  const tail = text.slice(Math.max(start, end - TAIL), end).trimEnd()
  const next = text.slice(end, end + 4)
  if (/^\p{Ll}/u.test(next)) return true
  if (!tail.endsWith('.')) return false
  if (ALWAYS_GOES_ON.test(tail) || INITIAL.test(tail)) return true
  if (GOES_ON_BEFORE_DIGIT.test(tail) && /^\p{N}/u.test(next)) return true
  // A bare number or letter counts what follows: "1. Definitions", "a. Adaptation".
  return end - start <= TAIL && /^\P{L}*\p{L}?[.)]+$/u.test(tail)
}

function isSpace(code: number): boolean {
  return (
    code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x3000
  )
}

function pushTrimmed(spans: Span[], text: string, start: number, end: number): void {
  const part = text.slice(start, end)
  const trimmed = part.trim()
  if (trimmed === '') return
  const from = start + (part.length - part.trimStart().length)
  spans.push({ start: from, end: from + trimmed.length })
}
