import type { ChunkRequest } from '../asking/get-reply.ts'
import { settleAll } from '../asking/settle-all.ts'
import { splitMark, type JudgedMark } from '../model/done-mark.ts'
import type { Task } from '../taking-in/take-in.ts'
import { chunkFeatures } from './features.ts'
import { replyFeatures, type FirstReply } from './reply-features.ts'
import { hasRead, routedOf, toTask } from './routed-task.ts'
import { decideAfter, decideFirst, judgedMark, sentOn, type Decision } from './routing.ts'
import { createTakeReadings, type Got, type Read, type TakingParts } from './take-readings.ts'
import { createWaiting, type Rest, type Turn, type WaitingParts } from './waiting.ts'

/** What a run does for the router. */
export interface RouterParts extends TakingParts, Pick<WaitingParts, 'remember'> {
  /** Puts a chunk into the form in which its route's engine is asked; null where it is done, unless it is wanted `anyway`. */
  readonly plan: (task: Task, anyway?: boolean) => ChunkRequest | null
  /** Null: nothing more is to be made of the chunk now, and that is counted. */
  readonly answer: (request: ChunkRequest) => Promise<Got | null>
  readonly count: (fate: 'unchanged' | 'pending') => void
  /** Counts a chunk about which nothing is to be asked. */
  readonly done: (task: Task) => void
  /** Told of each decision about a chunk. */
  readonly decided: (task: Task, decision: Decision) => void
  /** Rules wanted an engine whose share is used up, or one that waits for its turn does not get it. */
  readonly kept: (engine: string) => void
}

/** Reads chunks by the engines that rules choose. */
export interface Router {
  /** Whether anything was made of the chunk. */
  read(task: Task): Promise<boolean>
  /**
   * Once all chunks have been read as far as they could: those that wait for a scarce engine, in the order of the chunks;
   * those that it is not for go first. Each is to be read.
   */
  rest(): readonly Rest[]
  /** How many more chunks an engine may read after those; null: as many as there are. */
  room(engine: string): number | null
}

/** A chunk that somebody is to read first. */
interface First {
  readonly task: Task
  readonly turn: Turn
  readonly first: Decision
  /** Scarce engines that the chunk may not have, or not yet. */
  readonly full: ReadonlySet<string>
  /** What rules over first replies are known by; null: there are none. */
  readonly judgedBy: string | null
}

/**
 * A chunk goes to the engines of the first rule that holds; what they say is judged, and it may be sent on, at most once to
 * each engine. Engines with a `maxShare` are asked last, when it is known how many chunks there are; so what they read
 * depends on the chunks and their order alone, and not on which reply came when.
 */
export function createRouter(parts: RouterParts): Router {
  const { plan, answer, count, remember } = parts
  const { passOver, takeLast, takeMeanwhile } = createTakeReadings(parts)
  const { begin, wait, rest, room } = createWaiting({
    remember,
    readInTurn: async (task, turn) => (task === null ? unchanged(task) : readInTurn(task, turn)),
  })
  /** Ids of replies that were asked for in this run, whose chunks wait and are counted later. */
  const uncounted = new Set<string>()

  async function readInTurn(task: Task, turn: Turn): Promise<boolean> {
    const { routing, fingerprints } = routedOf(task)
    const features = chunkFeatures(task.chunk, task.document.kind)
    const isFull = (name: string): boolean => !hasRead(task, name) && (turn.has === 'first' || !turn.has.has(name))
    const full = new Set(Object.keys(routing.maxShare).filter(isFull))
    const scarce = decideFirst(routing, features, new Set()).use.find((name) => full.has(name))
    if (scarce !== undefined && turn.has === 'first') return wait(task, turn, scarce)
    if (scarce !== undefined) parts.kept(scarce)
    const first = decideFirst(routing, features, full)
    if (turn.isTold !== true) parts.decided(task, first)
    return readFirst({ task, turn, first, full, judgedBy: judgedMark(routing, first.use, fingerprints) })
  }

  /** Where its first reply was judged before, by the same rules, it is not judged again. */
  async function readFirst(reading: First): Promise<boolean> {
    const { task, turn, first, full, judgedBy } = reading
    const { routing, fingerprints } = routedOf(task)
    const marks = task.chunk.fingerprints.flatMap((mark) => splitMark(mark).judged ?? [])
    const before = marks.filter(({ by }) => by === judgedBy)
    const sentBy = before.flatMap((one) => one.sentBy ?? []).at(0)
    const next = sentBy === undefined ? null : sentOn(routing, sentBy)
    if (next !== null) return readAgain(task, next, judgedBy)
    const own = first.use.map((name) => plan(toTask(task, first, name, judgedOf(judgedBy))))
    const keptFrom = before.flatMap((one) => one.keptFrom ?? []).find((name) => fingerprints.has(name))
    if (own.every((request) => request === null)) {
      if (keptFrom === undefined) return unchanged(task)
      if (full.has(keptFrom)) {
        if (turn.has === 'first') return wait(task, turn, keptFrom, [])
        parts.kept(keptFrom)
        return unchanged(task)
      }
    }
    return readAndJudge(reading)
  }

  /** By whom it was sent on to before. */
  async function readAgain(task: Task, decision: Decision, judgedBy: string | null): Promise<boolean> {
    parts.decided(task, decision)
    const mark = judgedOf(judgedBy, { sentBy: decision.sentBy })
    const [request] = decision.use.map((name) => plan(toTask(task, decision, name, judgedOf(judgedBy))))
    if (request == null) return unchanged(task)
    const got = await answer(request)
    if (got === null) return false
    await takeLast(task, [{ request, got }], [], mark)
    return true
  }

  async function readAndJudge({ task, turn, first, full, judgedBy }: First): Promise<boolean> {
    const used: string[] = []
    const before: (readonly Read[])[] = []
    for (let decision = first; ;) {
      const isKnown = decision === first && (turn.known ?? []).length > 0
      const read = isKnown ? turn.known : await askAll(task, decision, judgedBy)
      if (read == null) {
        passOver(before.flat())
        return false
      }
      used.push(...decision.use)
      // What may come right by itself is asked for again, not sent on.
      const away = read.filter(({ got }) => got.how === 'failed' && got.error.retryable)
      const judgement = judgedBy === null || away.length > 0 ? null : judge(task, read, used)
      const target = judgement?.next?.use[0]
      if (judgement?.next != null && target !== undefined && !full.has(target)) {
        before.push(read)
        decision = judgement.next
        parts.decided(task, decision)
        continue
      }
      if (target !== undefined && turn.has === 'first') {
        for (const { got } of [...before.flat(), ...read]) if (got.how === 'asked') uncounted.add(got.reply.id)
        return wait(task, turn, target, judgement?.isFailure === true && decision === first ? read : [])
      }
      if (target !== undefined && first.keptFrom !== target) parts.kept(target)
      const mark = judgedOf(judgedBy, target === undefined ? { sentBy: decision.sentBy } : { keptFrom: target })
      if (away.length > 0) await takeMeanwhile(task, away, [...before, read], mark)
      else await takeLast(task, read, before.flat(), mark)
      return true
    }
  }

  /** Null: nothing is made of the chunk now, and that is counted. */
  async function askAll(task: Task, decision: Decision, judgedBy: string | null): Promise<Read[] | null> {
    const requests = decision.use.flatMap((name) => plan(toTask(task, decision, name, judgedOf(judgedBy)), true) ?? [])
    const got = (await settleAll(requests.map(answer))).map(asCounted)
    const read = requests.flatMap((request, at) => {
      const one = got[at]
      return one == null ? [] : [{ request, got: one }]
    })
    if (read.length < requests.length) return null
    if (read.every((one) => one.got.how !== 'left')) return read
    count('pending')
    return null
  }

  /** What was asked for before its chunk had to wait was asked for in this run. */
  function asCounted(got: Got | null): Got | null {
    return got?.how === 'reused' && uncounted.delete(got.reply.id) ? { ...got, how: 'asked' } : got
  }

  function unchanged(task: Task | null): false {
    if (task === null) count('unchanged')
    else parts.done(task)
    return false
  }

  return { read: (task) => readInTurn(task, begin(task)), rest, room }
}

/** `used`: all that have read the chunk. */
function judge(
  task: Task,
  read: readonly Read[],
  used: readonly string[],
): { readonly next: Decision | null; readonly isFailure: boolean } {
  const replies = read.map(({ got }): FirstReply => ('reply' in got ? got.reply : null))
  const features = replyFeatures(replies, task.chunk, task.document, task.route.schema)
  const ids = replies.flatMap((reply) => reply?.id ?? [])
  return { next: decideAfter(routedOf(task).routing, features, used, ids), isFailure: features.failure }
}

/** Null: nobody judges. */
function judgedOf(
  by: string | null,
  { sentBy, keptFrom }: { readonly sentBy?: number | undefined; readonly keptFrom?: string } = {},
): JudgedMark | null {
  if (by === null) return null
  if (keptFrom !== undefined) return { by, keptFrom }
  return sentBy === undefined ? { by } : { by, sentBy }
}
