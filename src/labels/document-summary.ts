import { splitSentences } from '../extract/align/sentences.ts'
import { contentId } from '../model/ids.ts'

/** What a chunk says, as a model puts it, and what it is about; in the order of the document. */
export interface PartSummary {
  readonly summary: string
  readonly labels: readonly string[]
  /** The model. */
  readonly by: string
}

/** Of what is said of a document in all. */
const LONGEST = 500

/** By which it is known whether it was made of just these. Their labels are no part of it: a schema may call them otherwise. */
export function hashParts(parts: readonly PartSummary[]): string {
  return contentId('summary', JSON.stringify(parts.map(({ summary, by }) => [summary, by])))
}

/**
 * What a document says without asking anybody: the first sentence of the summary of each of its chunks, in their order, as
 * many as 500 characters hold; the first one in any case.
 */
export function summariseByRule(parts: readonly PartSummary[]): string {
  const sentences: string[] = []
  let length = 0
  for (const { summary } of parts) {
    const first = firstSentence(summary)
    if (first === '' || sentences.includes(first)) continue
    length += first.length + 1
    if (length > LONGEST && sentences.length > 0) break
    sentences.push(first)
  }
  return sentences.join(' ')
}

function firstSentence(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  const [first] = splitSentences(line)
  return first === undefined ? '' : line.slice(first.start, first.end)
}
