import type { Chunk } from '../model/chunk.ts'
import type { Document } from '../model/document.ts'
import { speakerLabel } from '../model/place.ts'
import type { Question } from '../model/question.ts'
import type { Schema } from '../model/schema.ts'
import { asShown } from './as-shown.ts'
import { renderExamples } from './examples-block.ts'
import { cut, fenced, fenceFor, isHarmless, LEFT_OUT } from './fence.ts'

/** Puts a chunk into the form in which it is asked about. */
export function toQuestion(
  chunk: Chunk,
  source: Pick<Document, 'title' | 'kind' | 'date' | 'language'>,
  schema: Schema,
  known: readonly string[],
): Question {
  const { title, kind, date, language = null } = source
  return {
    ...(chunk.holds === 'profile' ? { asksFor: 'columns' as const } : {}),
    source: { title, kind, date, language },
    units: chunk.units.map((unit, index) => ({
      ...(hasGapBefore(chunk, index) ? { afterGap: true } : {}),
      s: unit.s,
      kind: unit.kind,
      speaker: speakerLabel(unit.place),
      start: unit.place.time ?? null,
      text: asShown(unit.text),
    })),
    schema,
    known,
  }
}

function hasGapBefore(chunk: Chunk, index: number): boolean {
  const [before, unit] = [chunk.units[index - 1], chunk.units[index]]
  if (before === undefined || unit === undefined) return false
  return chunk.text.slice(before.end - chunk.start, unit.start - chunk.start).includes('\n\n')
}

/** The words of the one user message. Small on purpose: every chunk pays for them. */
export function renderPrompt(question: Question): string {
  const { source, schema } = question
  const known = question.known.filter(isHarmless).map((name) => cut(name, 80))
  const body = [
    titleLine(source),
    ...(known.length === 0 ? [] : [`Known names, to reuse where meant: ${known.join('; ')}`]),
    ...question.units.map(renderUnit),
  ].join('\n')
  const tag = fenceFor(body)
  return [
    question.asksFor === 'columns' ? COLUMNS : 'Find entities and the links between them in this source.',
    `Entity types:\n${schema.entityTypes.map(({ name, hint }) => (hint === '' ? `- ${name}` : `- ${name}: ${hint}`)).join('\n') || '- any'}`,
    `Link types${schema.linkTypes.some(({ from, to }) => from || to) ? ' (from > to)' : ''}:\n${linkTypes(schema)}`,
    ...vocabularyLines(schema.labels),
    'While thinking, name the units you lean on (S3), both entities of each link you weigh, and what you decide against.',
    ...renderExamples(question.examples),
    ...fenced(tag, body),
    question.asksFor === 'columns' ? ANSWER_COLUMNS : ANSWER,
  ].join('\n\n')
}

/** A title as it is shown, with what is known of the source. */
export function titleLine({ title, kind, date, language }: Question['source']): string {
  const about = [kind, date, language].filter((part) => part != null && part !== '')
  return `Title: ${isHarmless(title) ? cut(title, 200) : LEFT_OUT} (${cut(about.join(', '), 80)})`
}

/** A unit on a line of its own, behind its number. */
export function renderUnit(unit: Question['units'][number]): string {
  const time = unit.start === null ? '' : ` (${cut(unit.start, 20)})`
  return unit.speaker === null
    ? `[S${unit.s}] ${unit.text}`
    : `[S${unit.s}] ${cut(unit.speaker, 80)}${time}: ${unit.text}`
}

function linkTypes(schema: Schema): string {
  const lines = schema.linkTypes.map((type) => {
    const ends =
      type.from || type.to ? ` (${(type.from ?? ['any']).join('|')} > ${(type.to ?? ['any']).join('|')})` : ''
    return `- ${type.name}${ends}: ${type.hint}`
  })
  if (schema.open) lines.push(`- ${lines.length > 0 ? 'or another' : 'any'} verb phrase such as REPORTS_TO`)
  return lines.join('\n')
}

/**
 * Characters that the labels of a schema may take of each prompt, some 75 tokens with the words before them: no more than the types of the default schema
 * take, so that a usual chunk costs no more than 1,500 tokens with them.
 */
const VOCABULARY_ROOM = 280

/**
 * The labels of the schema, by their names, with hints while there is room. Those for which there is none are not told: a model
 * that finds them by itself is right all the same.
 */
export function vocabularyLines(vocabulary: Schema['labels']): string[] {
  if (vocabulary === undefined || vocabulary.names.length === 0) return []
  const names: string[] = []
  let length = 0
  for (const { name } of vocabulary.names) {
    length += name.length + 2
    if (length > VOCABULARY_ROOM) break
    names.push(name)
  }
  const told = names.map((name, index) => {
    const hint = vocabulary.names[index]?.hint ?? ''
    if (hint === '' || length + hint.length + 3 > VOCABULARY_ROOM) return name
    length += hint.length + 3
    return `${name} (${hint})`
  })
  return [`Labels, ${vocabulary.fixed ? 'no others' : 'where they fit'}: ${told.join('; ')}`]
}

const COLUMNS =
  'This source is a table: a line about each of its columns, then its header and some of its rows. Find out what the columns mean: between which two columns a link holds that joins, in every row, the value of the one to the value of the other.'

const ANSWER = `Answer with one JSON object only, every key present:
{"summary":"at most two sentences",
"labels":[{"label":"topic","s":[1]}],
"entities":[{"id":"e1","name":"fullest form in source","type":"…","aliases":[],"mentions":[1]}],
"links":[{"subject":"e1","type":"…","object":"e2","evidence":[{"s":1,"quote":"at most 30 words, letter for letter from unit 1"}],"support":"stated or inferred","polarity":"asserted, negated or hedged (plan, rumour, question)","when":null,"why":"one sentence","confidence":0.9}],
"rejected":[{"subject":"name","type":"…","object":"name","reason":"why not"}]}
The subject does or has the link to the object. "inferred": a quote from each unit joined. No quote, no link. "when": time as the source words it. Confidence: 0.9 stated outright, 0.6 clear inference, less doubtful. At most 5 labels, 5 rejected.`

const ANSWER_COLUMNS = `Answer with one JSON object and nothing else, every key present:
{"summary": "at most two sentences: what a row of the table stands for",
 "labels": [{"label": "topic", "s": [1]}],
 "entities": [{"id": "e1", "name": "a column's name, letter for letter", "type": "entity type of the values in that column", "aliases": [], "mentions": [1]}],
 "links": [{"subject": "e1", "type": "…", "object": "e2", "evidence": [{"s": 1, "quote": "copied letter for letter from unit 1, at most 30 words"}], "support": "stated or inferred", "polarity": "asserted", "when": null, "why": "one sentence", "confidence": 0.9}],
 "rejected": [{"subject": "column", "type": "…", "object": "column", "reason": "why not"}]}
Only columns whose values are names of things are entities: no figures, dates or remarks. The subject does or has the link to the object. Quote the header or rows that show it. Confidence: from 0.9 plain from the names of the columns, 0.6 to 0.9 from their values, below 0.6 doubtful. Most tables have one to three such links; a table may have none.`
