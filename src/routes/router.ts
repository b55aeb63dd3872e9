import type { Answered, ChunkRequest } from '../asking/get-reply.ts'
import { settleAll } from '../asking/settle-all.ts'
import { judgedWith, splitJudged } from '../extract/judged.ts'
import type { Reply } from '../model/reply.ts'
import type { Route } from '../sources.ts'
import type { Task } from '../taking-in/take-in.ts'
import { chunkFeatures } from './features.ts'
import { replyFeatures, type FirstReply } from './reply-features.ts'
import { decideAfter, decideFirst, judgedMark, sentOn, type Decision, type Routing } from './routing.ts'
import { Shares } from './shares.ts'

/** What a run does for the router. */
export interface RouterParts {
  /** Puts a chunk into the form in which its route's engine is asked; null where it is done, unless it is wanted `anyway`. */
  readonly plan: (task: Task, anyway?: boolean) => ChunkRequest | null
  /** Null: nothing more is to be made of the chunk now, and that is counted. */
  readonly answer: (request: ChunkRequest) => Promise<Got | null>
  /** Takes what came of a request. `isCounted`: another reading of the chunk is counted already. */
  readonly take: (request: ChunkRequest, got: Got, isCounted: boolean) => Promise<void>
  /** Counts a reply that is not taken, as its chunk was sent on. */
  readonly passedOver: (how: 'asked' | 'reused') => void
  readonly count: (fate: 'unchanged' | 'pending') => void
  /** Counts a chunk about which nothing is to be asked. */
  readonly done: (task: Task) => void
  /** Told of each decision about a chunk. */
  readonly decided: (task: Task, decision: Decision) => void
  /** Rules wanted an engine whose share is used up, or one that waits for its turn does not get it. */
  readonly kept: (engine: string) => void
  /** How to have the chunk again later on; null then: it is not there any more. */
  readonly remember: (task: Task) => () => Promise<Task | null>
}

export type Got = Exclude<Answered, { readonly how: 'forgotten' }>

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

/** A chunk that is to be read; `read`: whether anything was made of it. */
export interface Rest {
  readonly documentId: string
  readonly read: () => Promise<boolean>
}

/** A chunk that waits for an engine of which there is not enough for all. */
interface Waiting {
  readonly engine: string
  /** Its place among the chunks of the run. */
  readonly place: number
  readonly documentId: string
  readonly again: () => Promise<Task | null>
  readonly known: readonly Read[]
  readonly isTold: boolean
}

/** A chunk on its way: with the place that it has, and the scarce engines that it may have; at `first` it waits for them. */
interface Turn {
  readonly place: number
  readonly has: 'first' | ReadonlySet<string>
  /** First replies that the store would not give again, as nothing can be made of them. */
  readonly known?: readonly Read[]
  /** Who reads it first has been told. */
  readonly isTold?: boolean
}

/** A reply to a request, or why there is none. */
interface Read {
  readonly request: ChunkRequest
  readonly got: Got
}

/**
 * A chunk goes to the engines of the first rule that holds; what they say is judged, and it may be sent on, at most once to
 * each engine. Engines with a `maxShare` are asked last, when it is known how many chunks there are; so what they read
 * depends on the chunks and their order alone, and not on which reply came when.
 */
export function createRouter(parts: RouterParts): Router {
  const { plan, answer, take, count } = parts
  let shares: Shares | null = null
  const waiting: Waiting[] = []
  /** Ids of replies that were asked for in this run, whose chunks wait and are counted later. */
  const uncounted = new Set<string>()

  async function read(task: Task): Promise<boolean> {
    const { routing, fingerprints } = routedOf(task)
    shares ??= new Shares(routing.maxShare)
    const place = shares.looked
    shares.look([...fingerprints.keys()].filter((name) => hasRead(task, name)))
    return readInTurn(task, { place, has: 'first' })
  }

  async function readInTurn(task: Task, turn: Turn): Promise<boolean> {
    const { routing } = routedOf(task)
    const features = chunkFeatures(task.chunk, task.document.kind)
    const isFull = (name: string): boolean => !hasRead(task, name) && (turn.has === 'first' || !turn.has.has(name))
    const full = new Set(Object.keys(routing.maxShare).filter(isFull))
    const scarce = decideFirst(routing, features, new Set()).use.find((name) => full.has(name))
    if (scarce !== undefined && turn.has === 'first') return wait(task, turn, scarce)
    if (scarce !== undefined) parts.kept(scarce)
    const first = decideFirst(routing, features, full)
    if (turn.isTold !== true) parts.decided(task, first)
    return readBy(task, turn, first, full)
  }

  async function readBy(task: Task, turn: Turn, first: Decision, full: ReadonlySet<string>): Promise<boolean> {
    const { routing, fingerprints } = routedOf(task)
    const judged = judgedMark(routing, first.use, fingerprints)
    const before =
      judged === null ? [] : task.chunk.fingerprints.map(splitJudged).filter((one) => one.judged === judged)
    const sentBy = before.flatMap((one) => one.sentBy ?? []).at(0)
    const next = sentBy === undefined ? null : sentOn(routing, sentBy)
    if (next !== null) {
      // Where it went is known, and the rules that sent it there are the same.
      parts.decided(task, next)
      const [request] = next.use.map((name) => plan(toTask(task, next, name, judged)))
      return request == null ? unchanged(task) : readAlone({ request, decision: next, judged })
    }
    const own = first.use.map((name) => plan(toTask(task, first, name, judged)))
    const keptFrom = before.flatMap((one) => one.keptFrom ?? []).find((name) => fingerprints.has(name))
    if (own.every((request) => request === null)) {
      if (keptFrom === undefined) return unchanged(task)
      if (full.has(keptFrom)) {
        if (turn.has === 'first') return wait(task, turn, keptFrom, [])
        parts.kept(keptFrom)
        return unchanged(task)
      }
    }
    return readAndJudge(task, turn, first, judged, full)
  }

  async function readAlone({ request, ...known }: Asked): Promise<boolean> {
    const got = await answer(request)
    return got === null ? false : takeAll([{ request, got }], [], markOf(known))
  }

  async function readAndJudge(
    task: Task,
    turn: Turn,
    first: Decision,
    judged: string | null,
    full: ReadonlySet<string>,
  ): Promise<boolean> {
    const { routing } = routedOf(task)
    const used: string[] = []
    const before: (readonly Read[])[] = []
    for (let decision = first; ;) {
      const isKnown = decision === first && (turn.known ?? []).length > 0
      const read = isKnown ? turn.known : await askAll(task, decision, judged)
      if (read == null) return passOver(before.flat())
      used.push(...decision.use)
      // What may come right by itself is asked for again, not sent on.
      const away = read.filter(({ got }) => got.how === 'failed' && got.error.retryable)
      const mark = markOf({ decision, judged })
      if (away.length > 0) return takeMeanwhile(task, away, [...before, read], mark)
      if (judged === null) return takeLast(routing, read, before.flat(), mark)
      const replies = read.map(({ got }): FirstReply => ('reply' in got ? got.reply : null))
      const features = replyFeatures(replies, task.chunk, task.document, task.route.schema)
      const ids = replies.flatMap((reply) => reply?.id ?? [])
      const next = decideAfter(routing, features, used, ids)
      const target = next?.use[0]
      if (next === null || target === undefined) return takeLast(routing, read, before.flat(), mark)
      if (full.has(target)) {
        if (turn.has === 'first') {
          for (const { got } of [...before.flat(), ...read]) if (got.how === 'asked') uncounted.add(got.reply.id)
          return wait(task, turn, target, features.failure && decision === first ? read : [])
        }
        if (first.keptFrom !== target) parts.kept(target)
        return takeLast(routing, read, before.flat(), judgedWith(judged, { keptFrom: target }))
      }
      before.push(read)
      parts.decided(task, next)
      decision = next
    }
  }

  /** Null: nothing is made of the chunk now, and that is counted. */
  async function askAll(task: Task, decision: Decision, judged: string | null): Promise<Read[] | null> {
    const requests = decision.use.flatMap((name) => plan(toTask(task, decision, name, judged), true) ?? [])
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

  /** `before`: of the engines whose replies sent the chunk on. */
  async function takeLast(routing: Routing, read: readonly Read[], before: readonly Read[], mark: string | null) {
    if (routing.keep === 'both') return takeAll(read, before, mark)
    passOver(before)
    return takeAll(read, [], mark)
  }

  /** Those that were passed over and count too go first, without the mark by which the chunk is done. */
  async function takeAll(read: readonly Read[], passed: readonly Read[], mark: string | null): Promise<true> {
    const before = passed.filter(({ got }) => 'reply' in got).map((one) => marked(one, null))
    const all = [...before, ...read.map((one) => marked(one, mark))]
    for (const [at, { request, got }] of all.entries()) await take(request, got, at > 0)
    return true
  }

  /**
   * Where an engine is away for now: what others have said of the chunk stands until it is there, without the mark by which
   * the chunk is done; it counts as failed.
   */
  async function takeMeanwhile(
    task: Task,
    away: readonly Read[],
    inTurn: readonly (readonly Read[])[],
    mark: string | null,
  ): Promise<true> {
    const good = inTurn.map((read) => read.filter(({ got }) => 'reply' in got && !isFailure(got.reply, task)))
    const last = good.findLast((read) => read.length > 0) ?? []
    const standing = routedOf(task).routing.keep === 'both' ? good.flat() : last
    passOver(inTurn.flat().filter((one) => !standing.includes(one)))
    for (const { request, got } of standing.map((one) => marked(one, null))) await take(request, got, true)
    return takeAll(away, [], mark)
  }

  function passOver(read: readonly Read[]): false {
    for (const { got } of read) if ('reply' in got) parts.passedOver(got.how)
    return false
  }

  function unchanged(task: Task | null): false {
    if (task === null) count('unchanged')
    else parts.done(task)
    return false
  }

  /** `known` absent: for who reads it first. */
  function wait(task: Task, { place }: Turn, engine: string, known?: readonly Read[]): false {
    const { documentId } = task.chunk
    const isTold = known !== undefined
    waiting.push({ engine, place, documentId, again: parts.remember(task), known: known ?? [], isTold })
    return false
  }

  function rest(): readonly Rest[] {
    const turns = waiting
      .splice(0)
      .toSorted((a, b) => a.place - b.place)
      .map(({ engine, place, documentId, again, known, isTold }) => {
        const isServed = shares?.take(engine) ?? false
        const read = async (): Promise<boolean> => {
          const task = await again()
          const has = new Set(isServed ? [engine] : [])
          return task === null ? unchanged(task) : readInTurn(task, { place, has, known, isTold })
        }
        return { isServed, documentId, read }
      })
    return [...turns.filter((turn) => !turn.isServed), ...turns.filter((turn) => turn.isServed)]
  }

  function room(engine: string): number | null {
    return shares?.isScarce(engine) === true ? shares.room(engine) : null
  }

  return { read, rest, room }
}

/** Whether an engine has read a chunk as it stands, whatever the rules were. */
function hasRead(task: Task, name: string): boolean {
  const fingerprint = routedOf(task).fingerprints.get(name)
  return fingerprint !== undefined && task.chunk.fingerprints.some((mark) => mark.startsWith(fingerprint))
}

/** Whether nothing can be made of a reply about a chunk, or not all of it came. */
function isFailure(reply: Reply, { chunk, document, route }: Task): boolean {
  return replyFeatures([reply], chunk, document, route.schema).failure
}

/** What is asked of whom by which decision, and by what rules replies are judged. */
interface Asked {
  readonly request: ChunkRequest
  readonly decision: Decision
  readonly judged: string | null
}

function markOf({ decision: { sentBy }, judged }: Omit<Asked, 'request'>): string | null {
  return judged === null || sentBy === undefined ? judged : judgedWith(judged, { sentBy })
}

function marked({ request, got }: Read, judged: string | null): Read {
  const { routed } = request
  return routed === undefined ? { request, got } : { request: { ...request, routed: { ...routed, judged } }, got }
}

/** A chunk as one of the engines is asked about it. */
function toTask(task: Task, decision: Decision, name: string, judged: string | null): Task {
  const { use, sentBy: _, ...why } = decision
  const { routing, routes, fingerprints } = routedOf(task)
  const others = [...fingerprints].flatMap(([other, fingerprint]) => (use.includes(other) ? [] : [fingerprint]))
  const replaces = routing.keep === 'last' ? others : []
  const route = routes.get(name)
  if (route === undefined) throw new TypeError(`there is no engine ${name}`)
  return { ...task, route, routed: { taken: { engine: name, ...why }, judged, replaces } }
}

function routedOf({ route }: Task): NonNullable<Route['routed']> {
  if (route.routed === undefined) throw new TypeError('the route of the chunk has no rules')
  return route.routed
}
