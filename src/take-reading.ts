import { setImmediate as othersFirst } from 'node:timers/promises'
import { alignReading } from './asking/align-reading.ts'
import type { createAlign } from './asking/align-reply.ts'
import { canCheck, doneWith, effortOf } from './asking/done.ts'
import type { createFindContradictions } from './asking/find-contradictions.ts'
import type { ChunkRequest } from './asking/get-reply.ts'
import { type createTakeSteps, furthest } from './asking/take-steps.ts'
import { unreadableNote } from './extract/extract.ts'
import type { Effort } from './model/effort.ts'
import type { WhygraphError } from './model/errors.ts'
import { cutMessage } from './model/note.ts'
import type { Reply } from './model/reply.ts'
import { readTogether } from './reading/read-together.ts'
import type { Got } from './routes/take-readings.ts'
import type { TakeInParts } from './taking-in/take-in.ts'

/** What it takes to make the further steps of a reading. */
export interface TakeWith {
  readonly align: ReturnType<typeof createAlign>
  readonly takeSteps: ReturnType<typeof createTakeSteps>
  readonly findContradictions: ReturnType<typeof createFindContradictions>
}

/**
 * Takes what came of a request, and of the further steps that it calls for, into the graph; the chunk says what became of it.
 * `isCounted`: it is counted by another reading.
 */
export async function takeReading(
  parts: TakeInParts,
  request: ChunkRequest,
  answered: Got,
  { align, takeSteps, findContradictions }: TakeWith,
  isCounted = false,
): Promise<void | 'forgotten'> {
  const { store, tally } = parts
  const { document, chunk, route, routed } = request
  if (answered.how === 'left') return tally.chunk('pending')
  if (answered.how === 'failed') return failed(parts, request, withHint(answered.error), isCounted)
  tally.reply(answered.how)
  // Each of the two takes milliseconds in which nothing is read of the replies that are coming.
  await othersFirst()
  const taken = await takeSteps(request, answered)
  if (taken === 'forgotten') return taken
  const { first, further, effort } = taken
  tally.steps(taken)
  const aligned = await alignReading(first, further, (reply) => align(request, reply))
  if (aligned === null) return tally.chunk('pending')
  // Somebody may have confirmed a rule while the model thought.
  const rules = await store.readingRules()
  const read = readTogether(aligned.said, { chunk, document, schema: route.schema, rules })
  const extraction = { ...read, notes: [...read.notes, ...taken.notes] }
  const unreadable = unreadableNote(extraction)
  if (unreadable !== null) {
    if (taken.isLeft) return tally.chunk('pending')
    return failed(parts, request, `${unreadable}${whyUnreadable(first)} (reply ${first.id})`, isCounted)
  }
  await othersFirst()
  // One that was there may have been asked for by another rule.
  const isSaid = routed === undefined || first.route?.rule === routed.taken.rule
  const chosen = isSaid ? first : { ...first, route: routed.taken }
  const isCut = cutMessage(extraction.notes) !== null
  const markOf = (done: Effort) => doneWith(request, { effort: done, isCut, again: aligned.again })
  // Held against the graph once it is in there; it is done with that only then.
  const isHeld = [effort, effortOf(route)].every(({ level }) => level === 'thorough') && canCheck(route)
  const mark = markOf(isHeld ? furthest({ level: 'standard' }, taken.before) : effort)
  const changes = await store.takeReply(chosen, extraction, mark, further, routed?.replaces)
  const found = isHeld ? await findContradictions(request, extraction.proposals) : null
  if (found === 'forgotten') return found
  if (found !== null) {
    const since = { from: mark, to: found.isDone ? markOf(effort) : mark, notes: found.notes }
    await store.advanceMark(chosen, further, since, found.isDone ? found.replies : [])
    tally.steps(found)
  }
  const notes = [...extraction.notes, ...(found?.notes ?? [])]
  // Cut off as this answer was, another model's may be whole.
  const failure = isCut && !isCounted ? ((await store.chunk(chunk.id))?.failure ?? null) : null
  tally.taken(document.path, chunk, { ...extraction, notes }, changes, { reply: first, failure, isCounted })
}

/** What happened, and what to do: it stays with the chunk. */
function withHint({ message, hint = '' }: WhygraphError): string {
  return hint === '' ? message : `${message.replace(/[.:;]?\s*$/, '')}. ${hint}`
}

/** Asking again would not help where the budget ran out or the model refuses; so it is said. */
function whyUnreadable({ finish, content, reasoning }: Reply): string {
  if (finish === 'refused')
    return content.trim() === '' ? '; the model refused' : `; the model refused: ${content.slice(0, 200)}`
  if (finish !== 'length') return ''
  const what =
    content.trim() === '' && reasoning !== '' ? 'the reasoning took the whole token budget' : 'the token budget ran out'
  return `; ${what}: raise maxOutputTokens`
}

async function failed(
  { store, tally }: TakeInParts,
  { document, chunk }: ChunkRequest,
  reason: string,
  isCounted: boolean,
): Promise<void> {
  await store.failChunk(chunk.id, reason)
  tally.failed(document.path, chunk, reason, isCounted)
}
