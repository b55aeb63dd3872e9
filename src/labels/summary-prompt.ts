import { z } from 'zod'
import { cutJson } from '../extract/cut-json.ts'
import { cut, fenced, fenceFor, isHarmless, LEFT_OUT } from '../extract/fence.ts'
import { renderUnit, titleLine } from '../extract/prompt.ts'
import type { Document } from '../model/document.ts'
import type { Question } from '../model/question.ts'
import type { PartSummary } from './document-summary.ts'

/** Characters of the summaries that are shown, some 6,000 tokens; of more parts, some from everywhere in the document. */
const ROOM = 24_000
const SHORTEST = 100
const LONGEST_ANSWER = 2_000

/** A document in the form in which it is asked what it says: its units are the summaries of its chunks. */
export function summaryQuestion(
  { title, kind, date, language = null }: Pick<Document, 'title' | 'kind' | 'date' | 'language'>,
  parts: readonly PartSummary[],
): Question {
  const most = Math.floor(ROOM / SHORTEST)
  const step = Math.max(1, parts.length / most)
  const shown = Array.from({ length: Math.min(parts.length, most) }, (_, index) => Math.floor(index * step))
  const room = Math.max(SHORTEST, Math.floor(ROOM / Math.max(1, shown.length)))
  return {
    asksFor: 'summary',
    source: { title, kind, date, language },
    units: shown.map((index) => {
      const { summary } = parts[index] as PartSummary
      const text = isHarmless(summary) ? cut(summary, room) : LEFT_OUT
      return { s: index + 1, kind: 'sentence', speaker: null, start: null, text }
    }),
    schema: { open: true, entityTypes: [], linkTypes: [] },
    known: [],
  }
}

/** The words of the one user message. What models said of the parts is the sources' in the end: data, no orders. */
export function renderSummaryPrompt({ source, units }: Question): string {
  const body = [titleLine(source), ...units.map(renderUnit)].join('\n')
  return [ASK, ...fenced(fenceFor(body), body), ANSWER].join('\n\n')
}

const ASK = 'What follows says of each part of one document, in order, what it says. Sum up the document as a whole.'

const ANSWER = `Answer with one JSON object only:
{"summary":"at most three sentences: what the document says as a whole, nothing that the parts do not say"}`

const answer = z.object({ summary: z.string().trim().min(1) })

/** Null where there is none to be found in an answer. */
export function readSummaryAnswer(content: string): string | null {
  const parsed = answer.safeParse(cutJson(content)?.value)
  if (!parsed.success) return null
  const { summary } = parsed.data
  return summary.length <= LONGEST_ANSWER ? summary : `${summary.slice(0, LONGEST_ANSWER)}…`
}
