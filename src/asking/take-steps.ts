import { failedNote, stepRequest, type createAskStep } from './ask-step.ts'
import { canCheck, effortOf } from './done.ts'
import type { Answered, ChunkRequest } from './get-reply.ts'
import { settleAll } from './settle-all.ts'
import { splitMark } from '../model/done-mark.ts'
import { alignmentInput, unreadableNote, type Alignment, type Extraction } from '../extract/extract.ts'
import { nameWords } from '../extract/name-words.ts'
import { covers, QUICK, type Effort } from '../model/effort.ts'
import type { Note } from '../model/note.ts'
import type { Reply, StepName } from '../model/reply.ts'
import { nextStage } from '../reading/next-steps.ts'
import { isBetter, reAskStep } from '../reading/re-ask.ts'
import { read, readTogether, type Said } from '../reading/read-together.ts'
import type { WantedStep } from '../reading/wanted-step.ts'
import type { Store } from '../store/store.ts'

/** The replies that make one reading of a chunk. */
export interface StepsTaken {
  /** The first reply, or the one that was asked for in its place. */
  readonly first: Reply
  readonly further: readonly Reply[]
  /** How far the reading has come: the next run goes on from there. */
  readonly effort: Effort
  /** How far it had come when it was last taken. */
  readonly before: Effort
  readonly notes: readonly Note[]
  /** Steps that were asked for now. */
  readonly asked: readonly StepName[]
  /** The run had no room for a step: its limit, its budget or the run itself ends here. */
  readonly isLeft: boolean
}

type Got = Extract<Answered, { readonly reply: Reply }>

/** Names of the graph that are looked for in a chunk. */
const MOST_NAMES = 50

/** Which steps are to be taken does not hang on the trace; it is aligned once all is there. */
const UNALIGNED: Alignment = { links: [], by: 'offline', notes: [] }

/**
 * Takes the further steps of reading a chunk that its route's effort says, each decided by what came of those before it.
 * A step that cannot be had now costs itself only: what is there is taken, and the next run goes on.
 */
export function createTakeSteps(
  store: Store,
  askStep: ReturnType<typeof createAskStep>,
): (request: ChunkRequest, answered: Got) => Promise<StepsTaken | 'forgotten'> {
  return async (request, { reply, how, stored: found }) => {
    const { chunk, document, route } = request
    const effort = effortOf(route)
    const came = { notes: [] as Note[], asked: [] as StepName[], isLeft: false }
    if (effort.level === 'quick' && how === 'asked')
      return { first: reply, further: [], effort, before: QUICK, ...came }
    const rules = effort.level === 'quick' ? [] : await store.readingRules()
    const about = { chunk, document, schema: route.schema, rules }
    const unaligned = (one: Reply): Said => ({ reply: one, alignment: UNALIGNED })
    const reading = (one: Reply): Extraction => read(unaligned(one), about)

    const get = async (step: WantedStep): Promise<Reply | 'forgotten' | null> => {
      const answer = await askStep(request, step)
      if (answer.how === 'forgotten') return answer.how
      if (answer.how === 'left') came.isLeft = true
      if (answer.how === 'failed') came.notes.push(failedNote(step.name, answer.error))
      if (answer.how === 'asked') came.asked.push(step.name)
      return 'reply' in answer ? answer.reply : null
    }

    const canRead = route.engine.offline !== true
    let first = reply
    const again = effort.level === 'quick' || !canRead ? null : reAskStep(reply, reading(reply))
    const second = again === null ? null : await get(again)
    if (second === 'forgotten') return second
    if (second !== null && isBetter(reading(second), reading(reply))) first = second

    const stored = first.id === found?.id ? found : await store.reply(first.id)
    const before = stored?.takenFor == null ? QUICK : splitMark(stored.takenFor).effort
    const further: Reply[] = await store.repliesById(stored?.further ?? [])
    const taken = (reached: Effort): StepsTaken => ({
      first,
      further,
      ...came,
      before,
      effort: furthest(reached, before),
    })
    if (effort.level === 'quick' || unreadableNote(reading(first)) !== null) return taken(QUICK)
    // The first step, too, is to be had before its level is done.
    if (again !== null && second === null) return taken(QUICK)

    const inGraph = canRead ? await store.namesLike(nameWords(chunk.text), MOST_NAMES) : []
    const has = (step: WantedStep): boolean => {
      const { requestHash } = stepRequest(request, step)
      return further.some((one) => one.requestHash === requestHash)
    }
    const { answer } = alignmentInput(first, chunk)
    const own = { chunk, answer, first: reading(first), inGraph, canRead, canCheck: canCheck(route), has }
    for (;;) {
      const together = readTogether([unaligned(first), ...further.map(unaligned)], about)
      const stage = nextStage({ ...own, together, further }, effort)
      if (stage === null) return taken(effort)
      const got = await settleAll(stage.steps.map(get))
      for (const one of got) {
        if (one === 'forgotten') return one
        if (one !== null) further.push(one)
      }
      if (got.includes(null)) return taken({ ...effort, level: stage.level })
    }
  }
}

/** What was done before stays done. */
export function furthest(now: Effort, before: Effort): Effort {
  return covers(before, now) && !covers(now, before) ? before : now
}
