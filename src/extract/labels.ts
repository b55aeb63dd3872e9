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
export const MOST_QUOTES = 5
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
export function proposeLabels({ reply, chunk, document, labels, vocabulary, flags, kept }: Labelling): Proposed {
  const notes: Note[] = []
  const units = new Map(chunk.units.filter(({ kind }) => kind !== 'profile').map((unit) => [unit.s, unit]))
  const stepsFor = labelStepper(reply.reasoning)
  const proposals = gatherLabels(labels, vocabulary, notes).map((given): Proposal => {
    const { name, spelt, items } = given
    const named = [...new Set(items.flatMap(({ s }) => s))].toSorted((a, b) => a - b)
    const quotes = named.flatMap((s) => quoteUnit(units.get(s), chunk, document.path) ?? [])
    const evidence = quotes.slice(0, MOST_QUOTES).map((quote) => flagged(quote, flags))
    const names = [...new Set([spelt, name])]
    const index = -1 - given.index
    const steps = kept === null ? stepsFor(names, named) : (kept.get(index) ?? [])
    const ownSupport = judge(names, evidence, flags)
    const said = proposeLabel({ reply, chunk, document, given, index, evidence, steps, ownSupport, vocabulary })
    notes.push(...said.remarks)
    return said.proposal
  })
  return { proposals, notes }
}

export interface Proposed {
  readonly proposals: Proposal[]
  readonly notes: Note[]
}

/** One label, with the words of one chunk for it. */
export interface SaidLabel extends Pick<Labelling, 'reply' | 'document' | 'vocabulary'> {
  readonly chunk: Pick<Chunk, 'id' | 'documentId' | 'units'>
  readonly given: Pick<GivenLabel<AnswerLabel>, 'name' | 'spelt' | 'index'>
  /** As `Proposal.index`. */
  readonly index: number
  /** Empty where it has no words in the source. */
  readonly evidence: readonly Evidence[]
  readonly steps: readonly TraceStep[]
  readonly ownSupport: OwnSupport
  readonly purpose?: 'summary'
}

/** That the document is about it; and what a person who looks at it is to know. */
export function proposeLabel({ reply, chunk, document, given, ...said }: SaidLabel): {
  readonly proposal: Proposal
  readonly remarks: readonly Note[]
} {
  const { name, spelt } = given
  const { index, evidence, steps, ownSupport, vocabulary, purpose } = said
  const where = `labels[${given.index}]`
  const isQuoted = evidence.length > 0
  const isOutside = vocabulary?.fixed === true && findLabel(vocabulary, name).how === 'outside'
  const share = howMuchIsSaid([...new Set([spelt, name])], evidence)
  const missing = isQuoted ? null : purpose === 'summary' ? OF_NO_PART : OF_NO_UNIT
  const remarks = [...remarksOn({ name, spelt, missing, isOutside }, where), ...supportNotes(ownSupport, where)]
  const rule = `confidence by rule: ${share} of the label's words are in what is quoted`
  const proposal: Proposal = {
    id: contentId('proposal', reply.id, String(index)),
    replyId: reply.id,
    index,
    chunkId: chunk.id,
    documentId: chunk.documentId,
    subject: { name: document.title, type: 'Document', aliases: [], document: chunk.documentId },
    type: LABELLED,
    object: { name, type: 'Label', aliases: [], label: labelId(name) },
    polarity: 'asserted',
    support: share === 'all' ? 'stated' : 'inferred',
    when: null,
    valid: null,
    saidOn: document.date,
    why: '',
    confidence: capConfidence(CONFIDENCE[share], isQuoted),
    statedConfidence: CONFIDENCE[share],
    evidence: isQuoted ? evidence : [missingUnit(name, chunk, document.path)],
    traceKind: reply.traceKind,
    steps,
    alignedBy: 'offline',
    engine: reply.engine,
    model: reply.model,
    ...(purpose === undefined ? {} : { purpose }),
    held: ownSupport.held || isOutside,
    doubts: ownSupport.doubts,
    notes: isQuoted ? [{ code: 'by-rule', message: rule, where }, ...remarks] : remarks,
  }
  return { proposal, remarks }
}

function remarksOn(
  label: Pick<GivenLabel<AnswerLabel>, 'name' | 'spelt'> & {
    readonly missing: string | null
    readonly isOutside: boolean
  },
  where: string,
): Note[] {
  const { name, spelt, missing, isOutside } = label
  const remarks: Note[] = []
  if (missing !== null) remarks.push({ code: 'quote-missing', message: missing, where })
  if (spelt !== name) remarks.push({ code: 'label-mapped', message: `“${spelt}” was taken as “${name}”`, where })
  if (isOutside) remarks.push({ code: 'label-outside-schema', message: `“${name}” is no label of the schema`, where })
  return remarks
}

const OF_NO_UNIT = 'it is given for no unit of the source'
const OF_NO_PART = 'it stands for no label of a part that has words of the source'

/** A label of a reply, as it goes by a vocabulary. */
export interface GivenLabel<T> {
  readonly name: string
  /** Position of the first of `items` in the reply's list, from 0. */
  readonly index: number
  /** As the reply has it, normalised: an alias, perhaps. */
  readonly spelt: string
  /** What the reply says of it, under whatever spelling. */
  readonly items: readonly T[]
}

/** Each label once. What is none, or one too many, is told. */
export function gatherLabels<T extends Pick<AnswerLabel, 'label' | 'index'>>(
  labels: readonly T[],
  vocabulary: LabelVocabulary | undefined,
  notes: Note[],
): GivenLabel<T>[] {
  const byName = new Map<string, GivenLabel<T>>()
  for (const item of labels) {
    const { index, label } = item
    const where = `labels[${index}]`
    const spelt = label.length > LONGEST_LABEL * 4 ? label : normaliseLabel(label)
    const { name } = findLabel(vocabulary, spelt)
    if (!isLabel(name)) {
      const message = `a label has a letter or a digit, and at most ${LONGEST_LABEL} characters`
      notes.push({ code: 'label-refused', message, where })
    } else if (byName.size >= MOST_LABELS && !byName.has(name))
      notes.push({ code: 'label-refused', message: `there are more than ${MOST_LABELS} labels: “${name}”`, where })
    else {
      const known = byName.get(name) ?? { name, index, spelt, items: [] }
      byName.set(name, { ...known, items: [...known.items, item] })
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

function missingUnit(name: string, chunk: Pick<Chunk, 'units'>, path: string): Evidence {
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
