import type { Answer } from '../../model/answer.ts'
import { asciiOf } from '../ascii.ts'

/** A sentence of a trace: UTF-16 offsets, end exclusive. Paragraphs are counted from 0, at blank lines. */
export interface Sentence {
  readonly start: number
  readonly end: number
  readonly paragraph: number
}

const STOPS = '.!?…'
/** Full stops of scripts that put no space after them. */
const WIDE_STOPS = '。！？｡'
const QUOTE_MARKS = '"”»'
const CLOSERS = '"”»’\')]'
const ABBREVIATION =
  /(?:\b(?:e\.g|i\.e|etc|vs|cf|Mr|Mrs|Ms|Dr|Prof|St|approx|incl|Hon|Inc|Ltd|Jr|Sr|al|resp)|(?<![\p{L}\p{N}])\p{Lu})\.$/u
const LONGEST_ABBREVIATION = 8
/** All that the splitting of a line looks at, in ASCII and beyond. */
const ASCII_MARKS = asciiOf(/[.!?"()[\]]/)
const WIDE_MARKS = `…${WIDE_STOPS}“”`
/** After a stop, these carry the sentence on: lower case and inner punctuation. */
const CARRIES_ON = /[\p{Ll},;:)–—-]/u
/** After a closed quotation these do too: “Done.” (S4), “Done.” → it is finished. */
const FOLLOWS_QUOTATION = '(→'
const WHITE = /\s/
const WORD = /[\p{L}\p{N}]/u
/** Text without a stop is cut so that a step stays something that a person can read; at white space, if there is any. */
const LONGEST = 1000

/** The sentences of a trace that led to an answer: what it names may begin one. */
export function sentencesOf({
  reasoning,
  answer,
}: {
  reasoning: string
  answer: Pick<Answer, 'entities'>
}): Sentence[] {
  return splitSentences(
    reasoning,
    answer.entities.flatMap(({ name, aliases }) => [name, ...aliases]),
  )
}

/**
 * Splits at line ends and at `.!?…` before white space, but neither inside an open quotation or bracket, nor
 * before a lower-case word, unless one of `names` begins there (`kube-proxy owns it. kubelet does not.`). What would be
 * longer than a thousand characters is cut all the same.
 */
export function splitSentences(trace: string, names: readonly string[] = []): Sentence[] {
  const lowerCaseNames = names.filter((name) => /^\p{Ll}/u.test(name))
  const initials = names.filter((name) => /\b[A-Z]$/.test(name))
  const sentences: Sentence[] = []
  let paragraph = 0
  let lineStart = 0
  while (lineStart < trace.length) {
    const found = trace.indexOf('\n', lineStart)
    const lineEnd = found === -1 ? trace.length : found
    const line = trace.slice(lineStart, lineEnd)
    if (line.trim() === '') {
      const last = sentences.at(-1)
      if (last !== undefined && last.paragraph === paragraph) paragraph += 1
    } else
      splitLine(line, lowerCaseNames, initials, (from, to) => {
        const text = line.slice(from, to)
        const trimmed = text.trim()
        if (trimmed.length < 2 && !WORD.test(trimmed)) return
        const start = lineStart + from + text.indexOf(trimmed)
        sentences.push({ start, end: start + trimmed.length, paragraph })
      })
    lineStart = lineEnd + 1
  }
  return sentences
}

function splitLine(
  line: string,
  lowerCaseNames: readonly string[],
  initials: readonly string[],
  emit: (from: number, to: number) => void,
): void {
  const lastQuoteMark = Math.max(line.lastIndexOf('"'), line.lastIndexOf('”'))
  const lastBracket = Math.max(line.lastIndexOf(')'), line.lastIndexOf(']'))
  let from = 0
  let quoting = false
  let depth = 0
  const cut = (at: number): void => {
    while (at - from > LONGEST) {
      const end = cutBefore(line, from, from + LONGEST)
      emit(from, end)
      from = end
    }
    emit(from, at)
    from = at
    quoting = false
    depth = 0
  }
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at)
    if (code < ASCII_MARKS.length ? ASCII_MARKS[code] === 0 : !WIDE_MARKS.includes(line.charAt(at))) continue
    const character = line.charAt(at)
    if (character === '"') quoting = !quoting
    else if (character === '“') quoting = true
    else if (character === '”') quoting = false
    else if (character === '(' || character === '[') depth += 1
    else if ((character === ')' || character === ']') && depth > 0) depth -= 1
    else if (WIDE_STOPS.includes(character) && !quoting && depth === 0) cut(at + 1)
    if (!STOPS.includes(character)) continue

    let afterStops = at + 1
    while (afterStops < line.length && STOPS.includes(line.charAt(afterStops))) afterStops += 1
    let afterClosers = afterStops
    let quotationClosed = false
    while (afterClosers < line.length && CLOSERS.includes(line.charAt(afterClosers))) {
      quotationClosed ||= QUOTE_MARKS.includes(line.charAt(afterClosers))
      afterClosers += 1
    }
    if (afterClosers === line.length) break
    if (!WHITE.test(line.charAt(afterClosers))) {
      at = afterStops - 1
      continue
    }
    let next = afterClosers
    while (next < line.length && WHITE.test(line.charAt(next))) next += 1
    const startsWithName =
      afterClosers === afterStops &&
      afterStops - at < 3 &&
      lowerCaseNames.some((name) => line.startsWith(name, next) && !WORD.test(line.charAt(next + name.length)))
    const carriesOn =
      (CARRIES_ON.test(line.charAt(next)) && !startsWithName) ||
      (quotationClosed && FOLLOWS_QUOTATION.includes(line.charAt(next)))
    if (next < line.length && carriesOn) {
      if (quotationClosed) quoting = false
      at = afterClosers - 1
      continue
    }
    const insideQuotation = quoting && !quotationClosed && lastQuoteMark >= afterClosers
    const insideBrackets = depth > 0 && afterClosers === afterStops && lastBracket >= afterClosers
    if (insideQuotation || insideBrackets || (character === '.' && endsAbbreviated(line, from, afterStops, initials))) {
      at = afterStops - 1
      continue
    }
    cut(afterClosers)
    at = afterClosers - 1
  }
  if (from < line.length) cut(line.length)
}

/** The last white space before `end`; where there is none `end`, or one less inside a character of two UTF-16 units. */
function cutBefore(line: string, from: number, end: number): number {
  for (let at = end; at > from; at -= 1) if (WHITE.test(line.charAt(at))) return at
  return (line.codePointAt(end - 1) ?? 0) > 0xffff ? end - 1 : end
}

function endsAbbreviated(line: string, from: number, end: number, initials: readonly string[]): boolean {
  const tail = line.slice(Math.max(from, end - LONGEST_ABBREVIATION), end)
  return ABBREVIATION.test(tail) && !initials.some((name) => line.startsWith(name, end - 1 - name.length))
}
