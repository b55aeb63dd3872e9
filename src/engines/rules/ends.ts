import type { ReadChunk, ReadUnit } from './chunk.ts'
import type { LinkRule, Mention } from './rule.ts'
import type { Sentence } from './sentences.ts'

/** A noun behind a comma is about the name before it, wherever that stands: "they fought for Oslo, the capital of". */
export const NOUN_BEHIND =
  /^ ?, (?:who |(?:the |an? )?(?:current |former )?(?:(?:co-?)?founder|c[etfo]o|chair\p{Ll}*|president|director|head|leader|capital)\b|located |based )/iu
const PREPOSITION_BEFORE =
  /\b(?:against|during|after|before|under|over|between|among|through|near|since|towards?|of|to|for|with|by|in|on|about|at|into|than|like|via|per|and|or|vs|without|using|on behalf of|from)\s(?:the |a |our )?$/iu
/** Between the start of its clause and the name: then "…, released by" may be about what stands there. */
const INSIDE_PHRASE = /\b(?:by|of|for|with|from|in|on|at|to|about)\b[^,;:]*$/iu
/** What may come after a dictionary word that is taken for a name: "bought Target in May", not "bought Christmas presents". */
const ENDS_THERE =
  /^(?:$|[.,;:!?)]| (?:in|for|from|on|at|to|and|or|as|since|by|with|last|this|next|after|before|during|until|who|which|when|where|but|because|while|though)(?![\p{L}-]))/u

/** Whether the words around a comma and a participle, or after a dictionary word, leave open what they are about. */
export function isUnclear(
  read: ReadUnit,
  sentence: Sentence,
  rule: LinkRule,
  before: Mention,
  after: Mention,
  gap: string,
): boolean {
  const lead = read.text.slice(Math.max(sentence.start, before.start - 120), before.start)
  if (rule.direction === 'backward' && /^ ?,/.test(gap) && INSIDE_PHRASE.test(lead)) return true
  return after.weak && !ENDS_THERE.test(read.text.slice(after.end, sentence.end))
}

/**
 * Whether the names are the ends of the clause, and not part of something longer: "members of SIG Auth own …",
 * "Besu uses Geth's database", "Besu needs the Kubernetes release notes".
 */
export function standsAlone(
  chunk: ReadChunk,
  read: ReadUnit,
  sentence: Sentence,
  before: Mention,
  after: Mention,
  described: boolean,
): boolean {
  const lead = read.text.slice(Math.max(sentence.start, before.start - 24), before.start)
  if ((!described && PREPOSITION_BEFORE.test(lead)) || /[\p{L}\p{N}¤/-]$/u.test(lead)) return false
  if (after.possessive || /^[-/¤\p{L}\p{N}]/u.test(read.text.slice(after.end, after.end + 1))) return false
  if (after.kind !== 'Person' && /^ (?:of|de|für) (?:the )?\p{Lu}/u.test(read.text.slice(after.end, after.end + 12)))
    return false
  if (after.name.includes(' of ') && /^ and (?:the )?\p{Lu}/u.test(read.text.slice(after.end, after.end + 10)))
    return false
  const next = /^ ([\p{L}][\p{L}-]+)/u.exec(read.text.slice(after.end, after.end + 40))?.[1]
  if (next === undefined || after.kind === 'Person') return true
  if (/^\p{Lu}/u.test(next)) return !/^\p{Lu}\p{Ll}/u.test(next)
  return !isNounAfter(chunk, read, sentence, after.end, next)
}

function isNounAfter(chunk: ReadChunk, read: ReadUnit, sentence: Sentence, offset: number, next: string): boolean {
  const from = Math.max(sentence.start, offset - 80)
  const text = read.text.slice(from, Math.min(sentence.end, offset + 60))
  let position = 0
  for (const { word, tag } of chunk.clues.linguist.tag(text)) {
    const at = text.indexOf(word, position)
    if (at < 0) continue
    position = at + word.length
    if (at >= offset - from && next.startsWith(word)) return tag === 'NOUN'
  }
  return false
}
