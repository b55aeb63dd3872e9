import { z } from 'zod'
import type { Answer, AnswerEntity, AnswerLabel, AnswerLink, AnswerRejection } from '../model/answer.ts'
import type { Note } from '../model/note.ts'
import { cutJson } from './cut-json.ts'

/** What could be taken of an answer; nothing at all, with a note, where there was no JSON object to be found. */
export interface ParsedAnswer {
  readonly answer: Answer
  readonly repaired: boolean
  /** It ends before its JSON object does. */
  readonly isCut: boolean
  readonly notes: readonly Note[]
}

const EMPTY: Answer = { summary: '', labels: [], entities: [], links: [], rejected: [] }

// Models write unit numbers as 3, "3" or "S3", and confidence as 0.9, "0.9" or 90: all are taken for what they mean.
const unitNumber = numberAfter('s', 1)
const unitNumbers = z.preprocess(
  (value) => (Array.isArray(value) ? value : value === undefined ? [] : [value]),
  z.array(unitNumber),
)
const text = z.string().trim().min(1)
/** A model that repeats itself writes names without end, and no index of a database takes those. */
const name = text.max(300)
const names = z.preprocess(
  (value) =>
    Array.isArray(value)
      ? value.filter((item) => typeof item === 'string' && item.trim() !== '' && item.length <= 300)
      : [],
  z.array(text),
)
const entityReference = z.preprocess((value) => (typeof value === 'number' ? `e${value}` : value), text)
const confidence = z.preprocess((value) => {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value
  return typeof number === 'number' && number > 1 && number <= 100 ? number / 100 : number
}, z.number().min(0).max(1))

const labelShape = z.object({ label: text, s: unitNumbers })
const entityShape = z.object({ id: entityReference, name, type: name, aliases: names, mentions: unitNumbers })
const linkShape = z.object({
  subject: entityReference,
  type: name,
  object: entityReference,
  evidence: z.array(z.object({ s: unitNumber, quote: text })).min(1, 'no quote'),
  support: z.enum(['stated', 'inferred']).catch('inferred'),
  polarity: z.enum(['asserted', 'negated', 'hedged']),
  when: z.string().nullable().catch(null),
  why: z.string().catch(''),
  confidence,
})
const rejectionShape = z.object({ subject: text, type: text, object: text, reason: z.string().catch('') })

/** A whole number from `least` on, be it written 3, "3", "S3" or "[S3]" with the letter of its kind. */
export function numberAfter(letter: string, least: number) {
  const before = new RegExp(`^\\[?${letter}?`, 'i')
  return z.preprocess(
    (value) => (typeof value === 'string' ? Number(value.trim().replace(before, '').replace(/\]$/, '') || NaN) : value),
    z.number().int().min(least),
  )
}

/**
 * Takes an answer as the contract says (/CONTRIBUTING.md): the object is cut out, repaired only if it does not
 * parse, and every item is checked by itself, so that a bad link costs that link and a note, never its neighbours.
 * `unitCount` is the number of units that were shown; `given` are entities that were named in the question, so that the
 * answer need not list them.
 */
export function parseAnswer(content: string, unitCount: number, given: readonly AnswerEntity[] = []): ParsedAnswer {
  const notes: Note[] = []
  const cut = cutJson(content)
  if (cut === null) {
    const message = content.trim() === '' ? 'the answer is empty' : 'the answer holds no JSON object'
    return { answer: EMPTY, repaired: false, isCut: false, notes: [{ code: 'answer-unreadable', message }] }
  }
  if (cut.repaired && !cut.isCut)
    notes.push({ code: 'answer-repaired', message: 'the JSON was malformed, and was repaired' })

  const inRange = (units: readonly number[], where: string): number[] =>
    units.filter((unit) => {
      if (unit <= unitCount) return true
      notes.push({ code: 'unknown-unit', message: `unit ${unit} does not exist; there are ${unitCount}`, where })
      return false
    })
  const items = <T>(key: string, shape: z.ZodType<T>): { item: T; index: number }[] => {
    const list = cut.value[key]
    if (list === undefined || list === null) return []
    if (!Array.isArray(list)) {
      notes.push({ code: 'invalid-item', message: 'is no list', where: key })
      return []
    }
    return list.flatMap((raw, index) => {
      const parsed = shape.safeParse(raw)
      if (parsed.success) return [{ item: parsed.data, index }]
      const problem = parsed.error.issues[0]
      const message = `${problem?.path.join('.') ?? ''}: ${problem?.message ?? 'invalid'}`.replace(/^: /, '')
      notes.push({ code: 'invalid-item', message, where: `${key}[${index}]` })
      return []
    })
  }

  const labels: AnswerLabel[] = items('labels', labelShape).map(({ item, index }) => ({
    index,
    label: item.label,
    s: inRange(item.s, `labels[${index}]`),
  }))
  const entities: AnswerEntity[] = []
  for (const { item, index } of items('entities', entityShape)) {
    if (entities.some((entity) => entity.id === item.id))
      notes.push({ code: 'duplicate-id', message: `${item.id} is taken already`, where: `entities[${index}]` })
    else entities.push({ ...item, mentions: inRange(item.mentions, `entities[${index}]`) })
  }
  for (const entity of given) if (!entities.some(({ id }) => id === entity.id)) entities.push(entity)
  const resolve = entityFinder(entities)
  const links: AnswerLink[] = []
  for (const { item, index } of items('links', linkShape)) {
    const where = `links[${index}]`
    const subject = resolve(item.subject)
    const object = resolve(item.object)
    const known = item.evidence.filter((quote) => inRange([quote.s], where).length > 0)
    if (subject === null || object === null)
      notes.push({
        code: 'unknown-entity',
        message: `no entity ${subject === null ? item.subject : item.object}`,
        where,
      })
    else if (subject === object)
      notes.push({ code: 'self-link', message: 'subject and object are the same entity', where })
    else if (known.length === 0)
      notes.push({ code: 'no-evidence', message: 'none of its quotes names a unit that exists', where })
    else links.push({ ...item, index, subject, object, evidence: known })
  }
  const rejected: AnswerRejection[] = items('rejected', rejectionShape).map(({ item }) => item)
  const summary = typeof cut.value['summary'] === 'string' ? cut.value['summary'] : ''
  const { repaired, isCut } = cut
  return { answer: { summary, labels, entities, links, rejected }, repaired, isCut, notes }
}

/** Links name entities by id; where a model wrote the name instead, a name that only one entity has will do. */
function entityFinder(entities: readonly AnswerEntity[]): (reference: string) => string | null {
  return (reference) => {
    if (entities.some((entity) => entity.id === reference)) return reference
    const named = entities.filter((entity) => entity.name === reference || entity.aliases.includes(reference))
    return named.length === 1 ? (named[0]?.id ?? null) : null
  }
}
