import { z } from 'zod'
import type { EngineEvent } from '../engines/engine.ts'
import { brokenOff, hear, nothingHeard, toReply } from '../extract/heard.ts'
import type { ReplyHead } from '../extract/journal.ts'
import { STEP_NAMES, type FinishReason, type Reply, type ReplyPlace } from '../model/reply.ts'

/** One line of a reply's file, as JSON: its head, words of its reasoning or its answer, its end, or that it broke off. */
const text = z.string()
const FINISH = z.enum(['stop', 'length', 'refused', 'aborted', 'failed'])
const count = z.number().nullable()

const headLine = z.object({
  version: z.literal(1),
  /** Which store it is for. */
  store: text,
  startedAt: z.iso.datetime(),
  reply: z.object({
    requestHash: text,
    chunkId: text,
    documentId: text.exactOptional(),
    beside: z.object({ chunkId: text, documentId: text }).exactOptional(),
    purpose: z.enum(['alignment', 'identity', 'contradiction', 'step', 'summary']).exactOptional(),
    step: z.object({ name: z.enum(STEP_NAMES), because: text }).exactOptional(),
    fingerprint: text,
    promptHash: text.exactOptional(),
    wording: text.exactOptional(),
    known: z.array(text).readonly().exactOptional(),
    examples: z.array(text).readonly().exactOptional(),
    route: z
      .object({
        engine: text,
        rule: text,
        because: z.array(text).readonly(),
        after: z.array(text).readonly().exactOptional(),
        keptFrom: text.exactOptional(),
      })
      .exactOptional(),
    engine: text,
    model: text,
    runId: text,
  }),
})

const anyVersion = z.object({ version: z.number().refine((version) => version !== 1) })

const about = {
  usage: z.object({
    input: count,
    cachedInput: count,
    output: count,
    reasoning: count,
    cost: count.optional().transform((cost) => cost ?? null),
  }),
  model: text,
  traceKind: z.enum(['raw', 'summary', 'rule', 'none']),
}

const nextLine = z.union([
  z.object({ reasoning: text }),
  z.object({ answer: text }),
  z.object({ finish: z.object({ reason: FINISH, ...about }), at: z.iso.datetime() }),
  z.object({ brokenOff: z.object(about) }),
  z.object({ broke: FINISH, at: z.iso.datetime() }),
])

/** What a file holds. */
export interface Journaled {
  readonly store: string
  readonly reply: Reply
  /** As it was asked for; the reply has the server's name for it. */
  readonly askedModel: string
  /** Another chunk that it is about as well. */
  readonly beside?: ReplyPlace
}

export function headOf(head: ReplyHead, store: string, startedAt: Date): string {
  return line({ version: 1, store, startedAt: startedAt.toISOString(), reply: head } satisfies z.input<typeof headLine>)
}

export function eventLine(event: EngineEvent, at: Date): string {
  if (event.type === 'reasoning-delta') return line({ reasoning: event.text })
  if (event.type === 'answer-delta') return line({ answer: event.text })
  const { type, ...said } = event
  return line(type === 'finish' ? { finish: said, at: at.toISOString() } : { brokenOff: said })
}

export function brokeLine(finish: FinishReason, at: Date): string {
  return line({ broke: finish, at: at.toISOString() })
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

/**
 * Makes a reply of what a file holds; one that has no end is a partial one, of which `seenAt` is the time of the last
 * word. The last line may be cut where the process was killed; where another one is damaged, the reply is a partial one
 * of what is legible. `empty`: not even its head was written, so nothing had come; `unknown`: written by another version;
 * `damaged`: its head is not legible.
 */
export function readJournaled(content: string, seenAt: Date): Journaled | 'empty' | 'unknown' | 'damaged' {
  const lines = content.split('\n').slice(0, -1)
  const [first, ...rest] = lines
  if (first === undefined) return 'empty'
  const head = headLine.safeParse(parse(first))
  if (!head.success) return anyVersion.safeParse(parse(first)).success ? 'unknown' : 'damaged'
  const { store, startedAt, reply: replyHead } = head.data
  let heard = nothingHeard(replyHead.model)
  let ended: Date | null = null
  let isDamaged = false
  for (const each of rest) {
    const next = nextLine.safeParse(parse(each))
    if (!next.success) {
      isDamaged = true
      continue
    }
    const { data } = next
    if ('reasoning' in data) heard = hear(heard, { type: 'reasoning-delta', text: data.reasoning })
    else if ('answer' in data) heard = hear(heard, { type: 'answer-delta', text: data.answer })
    else if ('finish' in data) heard = hear(heard, { type: 'finish', ...data.finish })
    else if ('brokenOff' in data) heard = hear(heard, { type: 'broken-off', ...data.brokenOff })
    else heard = brokenOff(heard, data.broke === 'aborted' ? 'aborted' : 'failed')
    if ('at' in data) ended = new Date(data.at)
  }
  if (ended === null || isDamaged) heard = brokenOff(heard, 'aborted')
  const at = ended ?? seenAt
  const milliseconds = Math.max(0, at.getTime() - new Date(startedAt).getTime())
  const { beside, ...asked } = replyHead
  const reply = toReply(asked, heard, { at, milliseconds })
  return { store, reply, askedModel: replyHead.model, ...(beside === undefined ? {} : { beside }) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
