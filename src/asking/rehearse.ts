import type { Account } from './account.ts'
import { findPaidPair, pairRequest } from './ask-about-pairs.ts'
import { pairToAskAbout } from './judge-pairs.ts'
import type { Engine } from '../engines/engine.ts'
import { judgeFingerprint, summariserFingerprint } from '../extract/ask.ts'
import type { ChunkRequest } from './get-reply.ts'
import { createOutline, type Outline } from './outline.ts'
import { findPaidSummary, summaryRequest, summaryWaiting } from '../labels/waiting.ts'
import type { LabelVocabulary } from '../model/vocabulary.ts'
import { BOTH, Plan, type End } from '../money/plan.ts'
import type { Store } from '../store/store.ts'

/** What a dry run does in the place of asking: finds out which requests would be made, and what they are likely to take. */
export interface Rehearsal {
  readonly plan: Plan
  readonly outline: (request: ChunkRequest) => Promise<Outline>
  /** At `most` only: it is not sure that anything of it is asked. */
  readonly add: (outline: Outline, ends?: readonly End[]) => void
  /** After all chunks; `isChange`: documents came, changed or went, so that names will be judged anew. */
  readonly addPairs: (engine: Engine, isChange: boolean, signal: AbortSignal) => Promise<void>
  /** After all chunks: of these documents, whose chunks were read or are to be. */
  readonly addSummaries: (
    engine: Engine,
    documentIds: Iterable<string>,
    vocabularyOf: (documentId: string) => LabelVocabulary | undefined,
  ) => Promise<void>
}

export function createRehearsal(store: Store, account: Account, limit: number): Rehearsal {
  const plan = new Plan(limit)
  const planned: Readonly<Record<End, Set<string>>> = { least: new Set(), most: new Set() }
  /** Documents of which chunks will be read, and how many. */
  const asked = new Map<string, number>()

  /** The ends at which it is not planned yet; it is now. */
  function claim(requestHash: string, ends: readonly End[]): readonly End[] {
    const fresh = ends.filter((end) => !planned[end].has(requestHash))
    for (const end of fresh) planned[end].add(requestHash)
    return fresh
  }

  function add({ request, paid, calls }: Outline, ends: readonly End[] = BOTH): void {
    const { requestHash, route, chunk, question } = request
    const fresh = claim(requestHash, ends)
    const isSure = ends.includes('least')
    if (isSure && (paid !== null || fresh.length === 0)) plan.reuse()
    if (isSure && paid === null) asked.set(chunk.documentId, (asked.get(chunk.documentId) ?? 0) + 1)
    const [first] = paid === null ? calls : []
    for (const call of calls) {
      const own = call.requestHash === undefined ? (paid === null ? fresh : ends) : claim(call.requestHash, ends)
      const at = own.filter((end) => end === 'most' || call.isSure)
      const counted = plan.call(call.engine, call.forecast, { ...call, ends: at })
      if (call !== first || !counted.includes('least')) continue
      if (chunk.replies.length > 0 && chunk.state !== 'failed') plan.again()
      if (route.examples !== undefined) plan.examples(question.examples !== undefined)
    }
  }

  /**
   * Pairs of names that wait in the store, each as if it were still there when its turn comes. Which names chunks will
   * bring nobody knows before they are read: for those there is no more than the limit of the run.
   */
  async function addPairs(engine: Engine, isChange: boolean, signal: AbortSignal): Promise<void> {
    const room = plan.room('least')
    const areMoreToCome = isChange || plan.requests > 0 || (await store.unresolved(1)).length > 0
    let waiting = 0
    for await (const link of store.identityLinks()) {
      if (signal.aborted) return
      const pair = await pairToAskAbout(store, link, engine)
      if (pair === null || pair === 'known') continue
      const request = pairRequest(pair, judgeFingerprint(engine))
      if (claim(request.requestHash, BOTH).length === 0 || (await findPaidPair(store, request)) !== null) continue
      waiting++
      const { fingerprint, prompt } = request
      plan.call(engine, account.forecast({ engine, fingerprint, prompt }))
    }
    const most = areMoreToCome ? room : Math.min(waiting, room)
    plan.pairs({ waiting, most: most === Infinity ? null : most })
  }

  /** One request for each document; of one whose chunks are yet to be read, two sentences are assumed of each. */
  async function addSummaries(
    engine: Engine,
    documentIds: Iterable<string>,
    vocabularyOf: (documentId: string) => LabelVocabulary | undefined,
  ): Promise<void> {
    const fingerprint = summariserFingerprint(engine)
    for (const id of documentIds) {
      if (plan.room('least') <= 0) return
      const summariser = { engine, vocabulary: vocabularyOf(id) }
      const document = await store.document(id)
      const chunks = document === null ? [] : await store.chunks(id)
      const waiting = document === null ? null : summaryWaiting(document, chunks, summariser)
      const isRead = chunks.length > 0 && chunks.every(({ replies }) => replies.length > 0)
      if (waiting === null && isRead && !asked.has(id)) continue
      let request: ReturnType<typeof summaryRequest> | null = null
      if (document !== null && waiting !== null) {
        request = summaryRequest(document, waiting.parts, summariser)
        const { requestHash } = request
        if ((await findPaidSummary(store, document, { of: waiting.of, requestHash })) !== null) continue
      }
      const prompt = request?.prompt ?? likelyPrompt(asked.get(id) ?? 0)
      plan.call(engine, account.forecast({ engine, fingerprint, prompt }))
    }
  }

  return { plan, outline: createOutline(store, account), add, addPairs, addSummaries }
}

/** As long as a document's summary is likely to be asked for. */
function likelyPrompt(chunks: number): string {
  return ' '.repeat(SUMMARY_WORDS + chunks * SUMMARY_OF_CHUNK)
}

/** Characters of whygraph's own words, and of what is said of a chunk. */
const SUMMARY_WORDS = 500
const SUMMARY_OF_CHUNK = 200
