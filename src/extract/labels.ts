import type { AnswerLabel } from '../model/answer.ts'
import type { Chunk, ChunkUnit } from '../model/chunk.ts'
import type { Document } from '../model/document.ts'
import { contentId } from '../model/ids.ts'
import { LABELLED, labelId, LONGEST_LABEL, normaliseLabel } from '../model/label.ts'
import type { Note } from '../model/note.ts'
import { formatPlace } from '../model/place.ts'
import { capConfidence, missingEvidence, type Doubt, type Evidence, type Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { TraceStep } from '../model/trace.ts'
import { findLabel, isLabel, type LabelVocabulary } from '../model/vocabulary.ts'
import { flagged } from './evidence.ts'
import { formsOf, type Flags } from './injection/flag-units.ts'
import { contains, supportNotes, tokens, type OwnSupport } from './injection/own-support.ts'
import { labelStepper } from './label-steps.ts'

/** The prompt asks for five. */
const MOST_LABELS = 20
/** Of one label in one chunk; a unit is quoted up to so many characters. */
const MOST_QUOTES = 5
const LONGEST_QUOTE = 300

/** By how much of a label is said in the units that it is given for: all of its words, some, none. */
const CONFIDENCE = { all: 0.9, some: 0.7, none: 0.5 } as const

export interface Labelling {
  readonly reply: Reply
  readonly chunk: Chunk
  readonly document: Pick<Document, 'path' | 'title' | 'date'>
  readonly labels: readonly AnswerLabel[]
  /** Those that the schema names. */
  readonly vocabulary: LabelVocabulary | undefined
  readonly flags: Flags
  /** Steps that were found while the trace was whole, by `Proposal.index`; null where it is. */
  readonly kept: ReadonlyMap<number, readonly TraceStep[]> | null
}

/**
 * The labels of a reply as proposals that its document is about them. The model gives units, and no quotes, so what is quoted
 * is these units' own words; it gives no confidence, so that goes by a rule, which a note states.
 */
export function proposeLabels({ reply, chunk, document, labels, vocabulary, flags, kept }: Labelling): {
  readonly proposals: Proposal[]
  readonly notes: Note[]
} {
  const notes: Note[] = []
  const units = new Map(chunk.units.filter(({ kind }) => kind !== 'profile').map((unit) => [unit.s, unit]))
  const stepsFor = labelStepper(reply.reasoning)
  const proposals: Proposal[] = []
  for (const { name, index, given, spelt } of gather(labels, vocabulary, notes)) {
    const where = `labels[${index}]`
    const quotes = given.flatMap((s) => quoteUnit(units.get(s), chunk, document.path) ?? [])
    const evidence = quotes.slice(0, MOST_QUOTES).map((quote) => flagged(quote, flags))
    const isQuoted = evidence.length > 0
    const names = [...new Set([spelt, name])]
    const said = howMuchIsSaid(names, evidence)
    const { doubts, held } = judge(names, evidence, flags)
    const isOutside = vocabulary?.fixed === true && findLabel(vocabulary, name).how === 'outside'
    const remarks = [
      ...remarksOn({ name, spelt, isQuoted, isOutside }, where),
      ...supportNotes({ doubts, held }, where),
    ]
    const rule = `confidence by rule: ${said} of the label's words are in what is quoted`
    notes.push(...remarks)
    proposals.push({
      id: contentId('proposal', reply.id, String(indexOf(index))),
      replyId: reply.id,
      index: indexOf(index),
      chunkId: chunk.id,
      documentId: chunk.documentId,
      subject: { name: document.title, type: 'Document', aliases: [], document: chunk.documentId },
      type: LABELLED,
      object: { name, type: 'Label', aliases: [], label: labelId(name) },
      polarity: 'asserted',
      support: said === 'all' ? 'stated' : 'inferred',
      when: null,
      valid: null,
      saidOn: document.date,
      why: '',
      confidence: capConfidence(CONFIDENCE[said], isQuoted),
      statedConfidence: CONFIDENCE[said],
      evidence: isQuoted ? evidence : [missingUnit(name, chunk, document.path)],
      traceKind: reply.traceKind,
      steps: kept === null ? stepsFor(names, given) : (kept.get(indexOf(index)) ?? []),
      alignedBy: 'offline',
      engine: reply.engine,
      model: reply.model,
      held: held || isOutside,
      doubts,
      notes: isQuoted ? [{ code: 'by-rule', message: rule, where }, ...remarks] : remarks,
    })
  }
  return { proposals, notes }
}

/** What a person who looks at a label is to know. */
function remarksOn(
  label: Pick<Given, 'name' | 'spelt'> & { readonly isQuoted: boolean; readonly isOutside: boolean },
  where: string,
): Note[] {
  const { name, spelt, isQuoted, isOutside } = label
  const remarks: Note[] = []
  if (!isQuoted) remarks.push({ code: 'quote-missing', message: 'it is given for no unit of the source', where })
  if (spelt !== name) remarks.push({ code: 'label-mapped', message: `“${spelt}” was taken as “${name}”`, where })
  if (isOutside) remarks.push({ code: 'label-outside-schema', message: `“${name}” is no label of the schema`, where })
  return remarks
}

/** As `Proposal.index`. */
function indexOf(position: number): number {
  return -1 - position
}

interface Given {
  readonly name: string
  /** Position in the reply's list, from 0. */
  readonly index: number
  readonly given: readonly number[]
  /** As the reply has it, normalised: an alias, perhaps. */
  readonly spelt: string
}

/** Each label once, with all its units. */
function gather(labels: readonly AnswerLabel[], vocabulary: LabelVocabulary | undefined, notes: Note[]): Given[] {
  const byName = new Map<string, Given>()
  for (const [index, { label, s }] of labels.entries()) {
    const where = `labels[${index}]`
    const spelt = label.length > LONGEST_LABEL * 4 ? label : normaliseLabel(label)
    const { name } = findLabel(vocabulary, spelt)
    if (!isLabel(name)) {
      const message = `a label has a letter or a digit, and at most ${LONGEST_LABEL} characters`
      notes.push({ code: 'label-refused', message, where })
    } else if (byName.size >= MOST_LABELS && !byName.has(name))
      notes.push({ code: 'label-refused', message: `there are more than ${MOST_LABELS} labels: “${name}”`, where })
    else {
      const known = byName.get(name)
      byName.set(name, {
        name,
        index: known?.index ?? index,
        spelt: known?.spelt ?? spelt,
        given: [...new Set([...(known?.given ?? []), ...s])].toSorted((a, b) => a - b),
      })
    }
  }
  return [...byName.values()]
}

/** A unit's own words, from the first on, as many as a person reads at a glance. */
function quoteUnit(unit: ChunkUnit | undefined, chunk: Chunk, path: string): Evidence | null {
  if (unit === undefined || unit.text.trim() === '') return null
  const offset = unit.text.length - unit.text.trimStart().length
  const whole = unit.text.trim()
  const quote = whole.length <= LONGEST_QUOTE ? whole : cut(whole)
  const start = unit.start + offset
  return {
    grounding: 'exact',
    quote: chunk.text.slice(start - chunk.start, start - chunk.start + quote.length),
    claimed: quote,
    s: unit.s,
    start,
    end: start + quote.length,
    offset,
    place: unit.place,
    placeText: formatPlace(path, unit.place),
  }
}

/** Before the last white space that is left, else inside a word, but not inside a character. */
function cut(text: string): string {
  const short = text.slice(0, LONGEST_QUOTE)
  const space = short.search(/\s\S*$/u)
  if (space > LONGEST_QUOTE / 2) return short.slice(0, space).trimEnd()
  return short.replace(/[\ud800-\udbff]$/u, '')
}

function missingUnit(name: string, chunk: Chunk, path: string): Evidence {
  const [first] = chunk.units
  const place = first?.place ?? {}
  return missingEvidence({ claimed: name, s: first?.s ?? 1, place, placeText: formatPlace(path, place) })
}

/** Of the name of which the most is said. */
function howMuchIsSaid(names: readonly string[], evidence: readonly Evidence[]): keyof typeof CONFIDENCE {
  const text = tokens(evidence.map(({ quote }) => quote).join(' '))
  const shares = names.map((name) => {
    const words = tokens(name).trim().split(' ')
    return words.filter((word) => contains(text, word)).length / words.length
  })
  const share = Math.max(...shares)
  return share === 1 ? 'all' : share > 0 ? 'some' : 'none'
}

/** Where something speaks to the model, a label stands by itself only if other quotes have its words, and nobody asked for it. */
function judge(names: readonly string[], evidence: readonly Evidence[], flags: Flags): OwnSupport {
  const isFlagged = flags.units.size > 0 || flags.title.length > 0
  const clean = evidence.filter((item) => item.flagged === undefined)
  const speaks = names.some((name) => formsOf(name).length > 0)
  const doubts: Doubt[] = []
  if (evidence.length > 0 && clean.length === 0) doubts.push('flagged-quotes')
  if (isFlagged && names.some((name) => contains(tokens(flags.text), name))) doubts.push('asked-for')
  const isSaid = clean.length > 0 && howMuchIsSaid(names, clean) !== 'none'
  if (speaks || (isFlagged && !isSaid)) doubts.push('answer-steered')
  return { doubts, held: speaks || (isFlagged && !isSaid) }
}
