import { z } from 'zod'
import { cutJson, wholeItems } from '../extract/cut-json.ts'
import { cut, fenced, fenceFor, isHarmless, LEFT_OUT } from '../extract/fence.ts'
import { renderUnit, titleLine, vocabularyLines } from '../extract/prompt.ts'
import type { Document } from '../model/document.ts'
import { noteCut, type Note } from '../model/note.ts'
import type { Question } from '../model/question.ts'
import type { LabelVocabulary } from '../model/vocabulary.ts'
import type { PartSummary } from './document-summary.ts'

/** Characters of what is said of the parts, some 6,000 tokens; of more parts, some from everywhere in the document. */
const ROOM = 24_000
const SHORTEST = 100
const LONGEST_ANSWER = 2_000

/** A document in the form in which it is asked what it says: its units are the summaries and labels of its chunks. */
export function summaryQuestion(
  { title, kind, date, language = null }: Pick<Document, 'title' | 'kind' | 'date' | 'language'>,
  parts: readonly PartSummary[],
  labels?: LabelVocabulary,
): Question {
  const most = Math.floor(ROOM / SHORTEST)
  const step = Math.max(1, parts.length / most)
  const shown = Array.from({ length: Math.min(parts.length, most) }, (_, index) => Math.floor(index * step))
  const room = Math.max(SHORTEST, Math.floor(ROOM / Math.max(1, shown.length)))
  return {
    asksFor: 'summary',
    source: { title, kind, date, language },
    units: shown.map((index) => {
      const text = renderPart(parts[index] as PartSummary, room)
      return { s: index + 1, kind: 'sentence', speaker: null, start: null, text }
    }),
    schema: { open: true, entityTypes: [], linkTypes: [], ...(labels === undefined ? {} : { labels }) },
    known: [],
  }
}

/** `They met. (labels: billing; staff)`; the labels take at most a third of the room. */
function renderPart({ summary, labels }: PartSummary, room: number): string {
  const told = cut(labels.filter(isHarmless).join('; '), Math.floor(room / 3))
  const text = isHarmless(summary) ? cut(summary, room - told.length) : LEFT_OUT
  return told === '' ? text : `${text} (labels: ${told})`.trimStart()
}

/** The words of the one user message. What models said of the parts is the sources' in the end: data, no orders. */
export function renderSummaryPrompt({ source, units, schema }: Question): string {
  const body = [titleLine(source), ...units.map(renderUnit)].join('\n')
  return [ASK, ...vocabularyLines(schema.labels), ...fenced(fenceFor(body), body), ANSWER].join('\n\n')
}

const ASK =
  'What follows says of each part of one document, in order, what it says, and which labels it was given. Sum up the document as a whole, and say what it is about.'

const ANSWER = `Answer with one JSON object only:
{"summary":"at most three sentences: what the document says as a whole, nothing that the parts do not say",
"labels":[{"label":"topic of the document as a whole","from":["labels of the parts that it stands for, letter for letter"]}]}
At most 5 labels.`

/** A label of a whole document, and the labels of its parts that it stands for. */
export interface SummaryLabel {
  readonly label: string
  /** Position in the reply's own list, from 0; gaps where an item was refused. */
  readonly index: number
  readonly from: readonly string[]
}

export interface SummaryAnswer {
  readonly summary: string
  readonly labels: readonly SummaryLabel[]
  readonly notes: readonly Note[]
}

const answer = z.object({ summary: z.string().trim().min(1), labels: z.unknown().optional() })
const text = z.string().trim().min(1)
const label = z.object({ label: text, from: z.union([z.array(text), text.transform((one) => [one])]).catch([]) })

/**
 * Null where there is no summary to be found in an answer; a label that is none costs that label, and a note. So does the
 * label at which an answer breaks off: nobody knows how it was to go on.
 */
export function readSummaryAnswer(content: string): SummaryAnswer | null {
  const found = cutJson(content)
  const parsed = answer.safeParse(found?.value)
  if (found === null || !parsed.success) return null
  const { summary, labels = [] } = parsed.data
  const notes: Note[] = found.isCut ? [noteCut('the answer breaks off before its end')] : []
  const invalid = (where: string, message: string): void => void notes.push({ code: 'invalid-item', message, where })
  if (!Array.isArray(labels)) invalid('labels', 'is no list')
  const whole = wholeItems(Array.isArray(labels) ? labels : [], content, found)
  const given = whole.flatMap((item, index): SummaryLabel[] => {
    const own = label.safeParse(typeof item === 'string' ? { label: item } : item)
    if (own.success) return [{ ...own.data, index }]
    invalid(`labels[${index}]`, 'is no label')
    return []
  })
  return {
    summary: summary.length <= LONGEST_ANSWER ? summary : `${summary.slice(0, LONGEST_ANSWER)}…`,
    labels: given,
    notes,
  }
}
