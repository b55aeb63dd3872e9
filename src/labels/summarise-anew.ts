import type { Schema } from '../model/schema.ts'
import { eachPage } from '../store/pages.ts'
import type { RebuildOptions } from '../store/rebuild.ts'
import type { StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { labelsOf } from './document-labels.ts'
import { readSummaryAnswer, summaryQuestion } from './summary-prompt.ts'
import { byRule, readByLabels, summaryWaiting } from './waiting.ts'

export interface SummariseAnewOptions extends RebuildOptions {
  /** Whether replies about documents are read again. */
  readonly fromReplies: boolean
  /** By which they are read; absent: by that which they were taken by. */
  readonly readBy?: Schema | undefined
}

/**
 * Makes summaries of documents by rule where there is none of what their chunks say by now; those that a model made of just
 * that stay, and its replies may be read again. How many documents say something else now, or would in a dry run.
 */
export async function summariseAnew(store: Store, options: SummariseAnewOptions): Promise<number> {
  const { dryRun, begin, signal } = options
  let made = 0
  await eachPage(store.database, 'Document', options, async (nodes) => {
    for (const { id } of nodes) {
      if (signal.aborted) return
      const document = await store.document(id)
      if (document === null) continue
      const waiting = summaryWaiting(document, await store.chunks(id), null)
      if (waiting === null) {
        if (options.fromReplies && (await readSummaryAgain(store, document, options))) made++
        continue
      }
      made++
      if (dryRun) continue
      await begin()
      await store.putSummary(id, byRule)
    }
  })
  return made
}

/** Whether something else comes of the reply that a document's summary is of. One that is not understood any more loses nothing. */
async function readSummaryAgain(
  store: Store,
  document: StoredDocument,
  { readBy, dryRun, begin }: SummariseAnewOptions,
): Promise<boolean> {
  const reply = document.summaryReply === undefined ? null : await store.reply(document.summaryReply)
  const answer = reply === null ? null : readSummaryAnswer(reply.content)
  if (reply === null || answer === null) return false
  const before = reply.takenFor ?? reply.fingerprint
  const vocabulary = (readBy ?? (await store.schemaOf(before)))?.labels
  const markOf = (mark: string): string => (readBy === undefined ? mark : readByLabels(mark, vocabulary))
  const takenFor = markOf(before)
  const of = markOf(document.summaryOf ?? '')
  const keep = async (): Promise<void> => {
    await begin()
    if (vocabulary !== undefined) await store.keepSchema(takenFor, summaryQuestion(document, [], vocabulary).schema)
  }
  return store.retakeSummary(
    document.id,
    reply,
    (now, said) => {
      const { proposals: labels } = labelsOf({ document, reply, answer, vocabulary }, now, said)
      return { summary: answer.summary, of, takenFor, labels }
    },
    { dryRun, begin: keep },
  )
}
