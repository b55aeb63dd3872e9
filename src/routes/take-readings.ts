import type { Answered, ChunkRequest } from '../asking/get-reply.ts'
import type { JudgedMark } from '../model/done-mark.ts'
import type { Reply } from '../model/reply.ts'
import type { Task } from '../taking-in/take-in.ts'
import { replyFeatures } from './reply-features.ts'
import { routedOf } from './routed-task.ts'

export type Got = Exclude<Answered, { readonly how: 'forgotten' }>

/** A reply to a request, or why there is none. */
export interface Read {
  readonly request: ChunkRequest
  readonly got: Got
}

export interface TakingParts {
  /** Takes what came of a request. `isCounted`: the chunk is counted by another reading of it. */
  readonly take: (request: ChunkRequest, got: Got, isCounted: boolean) => Promise<void>
  /** Counts a reply that is not taken, as its chunk was sent on. */
  readonly passedOver: (how: 'asked' | 'reused') => void
}

/** What becomes of the replies about a chunk, once nobody else is asked about it. `mark`: that it was judged, and how. */
export function createTakeReadings({ take, passedOver }: TakingParts) {
  function passOver(read: readonly Read[]): void {
    for (const { got } of read) if ('reply' in got) passedOver(got.how)
  }

  /** `before`: of the engines whose replies sent the chunk on. They count too, without the mark, or are passed over. */
  async function takeLast(
    task: Task,
    read: readonly Read[],
    before: readonly Read[],
    mark: JudgedMark | null,
  ): Promise<void> {
    const isBoth = routedOf(task).routing.keep === 'both'
    if (!isBoth) passOver(before)
    const earlier = isBoth ? before.filter(({ got }) => 'reply' in got) : []
    const all = [...earlier.map((one) => marked(one, null)), ...read.map((one) => marked(one, mark))]
    // What the chunk becomes shows with the last of them.
    for (const [at, { request, got }] of all.entries()) await take(request, got, at < all.length - 1)
  }

  /**
   * Where an engine is away for now: what others have said of the chunk stands until it is there, without the mark by which
   * the chunk is done; it counts as failed.
   */
  async function takeMeanwhile(
    task: Task,
    away: readonly Read[],
    inTurn: readonly (readonly Read[])[],
    mark: JudgedMark | null,
  ): Promise<void> {
    const good = inTurn.map((read) => read.filter(({ got }) => 'reply' in got && !isFailure(got.reply, task)))
    const last = good.findLast((read) => read.length > 0) ?? []
    const standing = routedOf(task).routing.keep === 'both' ? good.flat() : last
    passOver(inTurn.flat().filter((one) => !standing.includes(one)))
    for (const { request, got } of standing.map((one) => marked(one, null))) await take(request, got, true)
    await takeLast(task, away, [], mark)
  }

  return { passOver, takeLast, takeMeanwhile }
}

/** Whether nothing can be made of a reply about a chunk, or not all of it came. */
function isFailure(reply: Reply, { chunk, document, route }: Task): boolean {
  return replyFeatures([reply], chunk, document, route.schema).failure
}

function marked({ request, got }: Read, judged: JudgedMark | null): Read {
  const { routed } = request
  return routed === undefined ? { request, got } : { request: { ...request, routed: { ...routed, judged } }, got }
}
