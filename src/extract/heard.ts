import { type EngineEvent, NO_USAGE } from '../engines/engine.ts'
import { replyId, type Reply } from '../model/reply.ts'
import type { ReplyHead } from './journal.ts'

/** What has been heard of a reply so far. `finish` is `failed` until its end has come. */
export interface Heard extends Pick<Reply, 'reasoning' | 'content' | 'finish' | 'usage' | 'model' | 'traceKind'> {
  /** Whether the engine itself has said what the reasoning is. */
  readonly isTold: boolean
}

export function nothingHeard(model: string): Heard {
  return { reasoning: '', content: '', finish: 'failed', usage: NO_USAGE, model, traceKind: 'none', isTold: false }
}

export function hear(heard: Heard, event: EngineEvent): Heard {
  if (event.type === 'reasoning-delta') return { ...heard, reasoning: heard.reasoning + event.text }
  if (event.type === 'answer-delta') return { ...heard, content: heard.content + event.text }
  const { usage, model, traceKind } = event
  const finish = event.type === 'finish' ? event.reason : heard.finish
  return { ...heard, finish, usage, model, traceKind, isTold: true }
}

/** What came until it broke off. */
export function brokenOff(heard: Heard, finish: 'aborted' | 'failed'): Heard {
  return { ...heard, finish, traceKind: heard.isTold || heard.reasoning === '' ? heard.traceKind : 'raw' }
}

export function toReply(
  head: ReplyHead,
  heard: Heard,
  { at, milliseconds }: { readonly at: Date; readonly milliseconds: number },
): Reply {
  const { isTold: _, ...said } = heard
  const { beside: __, ...own } = head
  const id = replyId(head.requestHash, head.chunkId, said)
  return { ...own, ...said, id, cost: null, at: at.toISOString(), milliseconds }
}
