import type { QuestionUnit } from '../../model/question.ts'

/** A sentence inside a unit; offsets are UTF-16 code units into the unit's text, end exclusive. */
export interface Sentence {
  readonly start: number
  readonly end: number
}

const ABBREVIATION =
  /(?:\b(?:dr|mr|mrs|ms|prof|st|no|vs|eg|e\.g|i\.e|ie|etc|inc|ltd|co|corp|approx|dept|jr|sr|cf|al)|\b\p{L})\.$/iu
const BOUNDARY = /[.!?…]+["”’)\]]?(?=\s)|\n+|\s[•|;]\s/gu

/** Chat clients put what is answered or applauded before or instead of the message: not the speaker's words. */
const REACTION = /^(?:reacted to|removed an? |se ha reaccionado|已使用)/iu
const REPLY = /^(?:replying to|répondre à)\s["“](?:[^\n]*["”]\s*\n+|[^"”\n]*(?:["”]|$))/iu

/** Addresses, paths and code say nothing about people; they are blanked, offsets stay. */
const OPAQUE =
  /(?:https?:\/\/|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,40}|`[^`\n]{0,80}`|(?![\n\t])\p{Cc}|\ufffd/gu

/** A sentence that tells its reader, or a model, what to write. Nothing is taken from a unit that has one. */
const INSTRUCTION =
  /\b(?:ignore|disregard|forget|override)\s(?:\w+\s){0,3}(?:instructions?|prompts?|rules|context)\b|\brecord (?:that|the following)\b|\bto whoever (?:summari[sz]es|reads|processes)|\b(?:system|developer) prompt\b|\byou are (?:now )?(?:an? )?(?:ai|assistant|language model|llm|chatbot)\b|\bas an ai\b|\b(?:ai|llm|language model|summari[sz]er|assistant|bot)s?,? (?:please|must|should|reading this)\b|\b(?:output|respond|reply|answer) (?:only|with (?:the following|json))\b|\badd (?:a|the) (?:link|fact|relation(?:ship)?|edge) (?:that|between|saying)\b/iu

const LETTER = /\p{L}/gu
const ASCII_LETTER = /[a-z]/giu
const ENGLISH = /\b(?:the|of|and|to|in|is|for|that|on|with|we|it|by|are|be|this|will|from|as|was|has|at|an?)\b/giu

/** The unit's text with everything opaque blanked out, letter for letter as long as the original. */
export function readable(text: string): string {
  const masked = text.replace(OPAQUE, (match) => '¤'.repeat(match.length))
  const reply = REPLY.exec(masked)
  return reply === null ? masked : '¤'.repeat(reply[0].length) + masked.slice(reply[0].length)
}

export function isReaction(unit: QuestionUnit): boolean {
  return REACTION.test(unit.text)
}

/** The words that give an instruction away, or null. */
export function findInstruction(text: string): string | null {
  return INSTRUCTION.exec(text)?.[0] ?? null
}

/** Long text without the small words of English is some other language, or no language: the rules keep away. */
export function looksForeign(text: string): boolean {
  const letters = text.match(LETTER)?.length ?? 0
  if (letters < 20) return false
  const ascii = text.match(ASCII_LETTER)?.length ?? 0
  if (ascii < letters * 0.7) return true
  const words = text.split(/\s+/).length
  return words > 12 && (text.match(ENGLISH)?.length ?? 0) < words * 0.05
}

export function splitSentences(text: string): Sentence[] {
  const sentences: Sentence[] = []
  let start = 0
  const push = (end: number): void => {
    const piece = text.slice(start, end)
    const lead = piece.length - piece.trimStart().length
    const trimmed = piece.trim()
    if (trimmed !== '') sentences.push({ start: start + lead, end: start + lead + trimmed.length })
    start = end
  }
  for (const match of text.matchAll(BOUNDARY)) {
    const end = match.index + match[0].length
    if (match[0] === '.' && ABBREVIATION.test(text.slice(Math.max(0, end - 12), end))) continue
    push(end)
  }
  push(text.length)
  return sentences
}

export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length
}

const QUOTE_WORDS = 30

/**
 * A quote of at most thirty words that holds [start, end): the whole sentence if it is short, else the span with as
 * much of what follows as fits. Null where even the span is too long.
 */
export function quoteAround(text: string, sentence: Sentence, start: number, end: number): string | null {
  const whole = text.slice(sentence.start, sentence.end)
  if (countWords(whole) <= QUOTE_WORDS) return whole
  let quoteEnd = end
  const rest = /\S*\s*/gu
  if (countWords(text.slice(start, end)) > QUOTE_WORDS) return null
  rest.lastIndex = end
  while (quoteEnd < sentence.end) {
    const piece = rest.exec(text)?.[0] ?? ''
    if (piece === '' || countWords(text.slice(start, quoteEnd + piece.length)) > QUOTE_WORDS) break
    quoteEnd = Math.min(quoteEnd + piece.length, sentence.end)
  }
  return text.slice(start, quoteEnd).trim()
}
