import type { Engine } from '../engines/engine.ts'
import { hashSummary, summariserFingerprint } from '../extract/ask.ts'
import { vocabularyLines } from '../extract/prompt.ts'
import { isRead } from '../model/chunk.ts'
import { contentId } from '../model/ids.ts'
import { isWhole, type Reply } from '../model/reply.ts'
import type { LabelVocabulary } from '../model/vocabulary.ts'
import type { DocumentSummary } from '../store/put-summaries.ts'
import type { StoredChunk, StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { hashParts, summariseByRule, type PartSummary } from './document-summary.ts'
import { readSummaryAnswer, renderSummaryPrompt, summaryQuestion } from './summary-prompt.ts'

/** As what is done is noted where a rule did it; else the fingerprint of the engine. */
const BY_RULE = 'rule'

/** Who sums a document up, and the labels that it may have. */
export interface Summariser {
  readonly engine: Engine
  readonly vocabulary: LabelVocabulary | undefined
}

/** Of what a summary is to be made, and as what that is noted; `mark` is by whom. */
interface Waiting {
  readonly parts: readonly PartSummary[]
  readonly mark: string
  readonly of: string
}

/**
 * What a document's summary is to be made of; null where it is made, or where not all has been read yet. What a model said
 * of just that stays where a rule would say it.
 */
export function summaryWaiting(
  { summaryOf, gone }: Pick<StoredDocument, 'summaryOf' | 'gone'>,
  chunks: readonly StoredChunk[],
  summariser: Summariser | null,
): Waiting | null {
  const parts = partsOf(chunks)
  if (parts.length === 0 || gone !== null) return null
  if (chunks.filter(isRead).some(({ replies }) => replies.length === 0)) return null
  const hash = hashParts(parts)
  const mark = summariser === null ? BY_RULE : summariserMark(summariser)
  const of = `${mark} ${hash}`
  const isMade = summariser === null ? summaryOf?.endsWith(` ${hash}`) : summaryOf === of
  return isMade ? null : { parts, mark, of }
}

/**
 * Who made a summary, and which labels it was told of; behind a colon by which its labels were read: where only that is
 * another, nobody is asked again.
 */
function summariserMark({ engine, vocabulary }: Summariser): string {
  const fingerprint = summariserFingerprint(engine)
  if (vocabulary === undefined) return fingerprint
  return readByLabels(contentId('fingerprint', fingerprint, ...vocabularyLines(vocabulary)), vocabulary)
}

/** Such a mark, or what begins with one, of a summary whose labels are read by these; absent: by none. */
export function readByLabels(mark: string, vocabulary: LabelVocabulary | undefined): string {
  const read = vocabulary === undefined ? '' : `:${contentId('labels', JSON.stringify(vocabulary))}`
  return markAsAsked(mark).replace(/^\S*/, (asked) => `${asked}${read}`)
}

/** A request for a document's summary, and by what its reply is found again. */
export function summaryRequest(
  document: StoredDocument,
  parts: readonly PartSummary[],
  { engine, vocabulary }: Summariser,
) {
  const question = summaryQuestion(document, parts, vocabulary)
  const prompt = renderSummaryPrompt(question)
  const fingerprint = summariserFingerprint(engine)
  return { question, prompt, fingerprint, requestHash: hashSummary(fingerprint, prompt) }
}

/** A reply to just this request in which there is a summary; or that which the document's summary is of, read otherwise. */
export async function findPaidSummary(
  store: Store,
  { summaryOf = '', summaryReply }: Pick<StoredDocument, 'summaryOf' | 'summaryReply'>,
  { of, requestHash }: { readonly of: string; readonly requestHash: string },
): Promise<Reply | null> {
  const isReadOtherwise = summaryReply !== undefined && markAsAsked(summaryOf) === markAsAsked(of)
  const own = isReadOtherwise ? await store.reply(summaryReply) : null
  const replies = own === null ? await store.repliesTo(requestHash, 'summary') : [own]
  return replies.find((reply) => isWhole(reply.finish) && readSummaryAnswer(reply.content) !== null) ?? null
}

/** A mark, or what begins with one, without by which labels the summary is read. */
function markAsAsked(of: string): string {
  return of.replace(/:\S*/, '')
}

function partsOf(chunks: readonly StoredChunk[]): PartSummary[] {
  return chunks.flatMap(({ about }) => (about === undefined || about.summary === '' ? [] : about))
}

/** Whether chunks say what they said. */
export function isStill(chunks: readonly StoredChunk[], parts: readonly PartSummary[]): boolean {
  return hashParts(partsOf(chunks)) === hashParts(parts)
}

/** Null: there is nothing to be said, or it is said. */
export function byRule(document: StoredDocument, chunks: readonly StoredChunk[]): DocumentSummary | null {
  const waiting = summaryWaiting(document, chunks, null)
  if (waiting === null) return null
  return { summary: summariseByRule(waiting.parts), by: BY_RULE, of: waiting.of }
}
