import { gatherLabels, MOST_QUOTES, proposeLabel, type Proposed } from '../extract/labels.ts'
import { labelStepper } from '../extract/label-steps.ts'
import { formsOf } from '../extract/injection/flag-units.ts'
import type { OwnSupport } from '../extract/injection/own-support.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Document } from '../model/document.ts'
import { normaliseLabel } from '../model/label.ts'
import type { Note } from '../model/note.ts'
import type { Evidence, Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { TraceStep } from '../model/trace.ts'
import { findLabel, type LabelVocabulary } from '../model/vocabulary.ts'
import type { StoredChunk } from '../store/records.ts'
import { keptAlignment } from '../traces/kept-alignment.ts'
import type { SummaryAnswer, SummaryLabel } from './summary-prompt.ts'

/** A part of a document, and what was said of its labels; `number` is that by which the request shows it. */
interface LabelledPart {
  readonly number: number
  readonly chunk: Pick<Chunk, 'id' | 'documentId' | 'units'>
  readonly said: readonly Proposal[]
}

interface DocumentLabelling {
  readonly reply: Reply
  readonly document: Pick<Document, 'path' | 'title' | 'date'>
  readonly labels: readonly SummaryLabel[]
  readonly parts: readonly LabelledPart[]
  readonly vocabulary: LabelVocabulary | undefined
  /** As in `Labelling`. */
  readonly kept: ReadonlyMap<number, readonly TraceStep[]> | null
}

/**
 * The labels that a reply gives a whole document, as proposals: each says which labels of the parts it stands for, and has
 * the quotes of these, a proposal for each chunk that they are from. One that stands for none of them has no quote.
 */
function labelDocument({ reply, document, labels, parts, vocabulary, kept }: DocumentLabelling): Proposed {
  const notes: Note[] = []
  const stepsFor = labelStepper(reply.reasoning)
  const proposals = gatherLabels(labels, vocabulary, notes).flatMap((given): Proposal[] => {
    const { name, spelt, items } = given
    const nameOf = (label: string): string => findLabel(vocabulary, normaliseLabel(label)).name
    const from = quotedFor(new Set(items.flatMap((item) => item.from.map(nameOf))), parts)
    const sources = from.length > 0 ? from : quotedFor(new Set([name, spelt]), parts)
    const own = new Set([name, spelt, ...items.flatMap((item) => item.from.map(normaliseLabel))])
    const numbers = sources.map(({ number }) => number)
    const places = sources.length > 0 ? sources.slice(0, MOST_QUOTES) : withoutQuotes(parts)
    return places.map(({ chunk, evidence, said }, at) => {
      const index = -1 - (given.index * MOST_QUOTES + at)
      const steps = kept === null ? stepsFor([...own], numbers) : (kept.get(index) ?? [])
      const quotes = evidence.slice(0, Math.floor(MOST_QUOTES / places.length))
      const ownSupport = judge(name, said)
      const about = { reply, chunk, document, given, index, steps, ownSupport, vocabulary, purpose: 'summary' } as const
      const { proposal, remarks } = proposeLabel({ ...about, evidence: quotes })
      if (at === 0) notes.push(...remarks)
      return proposal
    })
  })
  return { proposals, notes }
}

interface Answered extends Pick<DocumentLabelling, 'reply' | 'vocabulary' | 'document'> {
  readonly answer: SummaryAnswer
}

/** The labels of an answer, with the quotes of what `said` is of those of the document's chunks. */
export function labelsOf(
  { answer, ...about }: Answered,
  chunks: readonly StoredChunk[],
  said: readonly Proposal[],
): Proposed {
  const parts = chunks
    .filter(({ about: own }) => own !== undefined && own.summary !== '')
    .map((chunk, at) => ({ number: at + 1, chunk, said: said.filter(({ chunkId }) => chunkId === chunk.id) }))
  const alignment = keptAlignment(about.reply)
  const kept = alignment === null ? null : new Map(alignment.links.map(({ index, steps }) => [index, steps]))
  return labelDocument({ ...about, labels: answer.labels, parts, kept })
}

interface Quoted extends LabelledPart {
  readonly evidence: readonly Evidence[]
}

/** The parts in which some labels have quotes, with these, each once. */
function quotedFor(names: ReadonlySet<string>, parts: readonly LabelledPart[]): Quoted[] {
  return parts.flatMap((part) => {
    const said = part.said.filter(({ object }) => names.has(object.name))
    const found = said.flatMap(({ evidence }) => evidence.filter(({ grounding }) => grounding !== 'missing'))
    const evidence = [...new Map(found.map((item) => [`${item.start} ${item.end}`, item])).values()]
    return evidence.length === 0 ? [] : [{ ...part, said, evidence }]
  })
}

function withoutQuotes(parts: readonly LabelledPart[]): Quoted[] {
  return parts.slice(0, 1).map((part) => ({ ...part, said: [], evidence: [] }))
}

/** What speaks to the model in a chunk steers what is made of its labels as well. */
function judge(name: string, said: readonly Proposal[]): OwnSupport {
  const doubts = new Set(said.flatMap((proposal) => proposal.doubts ?? []))
  if (formsOf(name).length > 0) doubts.add('answer-steered')
  return { doubts: [...doubts], held: doubts.has('answer-steered') }
}
