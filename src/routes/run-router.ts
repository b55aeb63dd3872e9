import type { Account } from '../asking/account.ts'
import { findPaid, type ChunkRequest } from '../asking/get-reply.ts'
import type { createRehearsal } from '../asking/rehearse.ts'
import { renderPrompt } from '../extract/prompt.ts'
import type { Store } from '../store/store.ts'
import type { IngestTally } from '../tally/ingest-tally.ts'
import type { Task } from '../taking-in/take-in.ts'
import { createRouter, type Router, type RouterParts } from './router.ts'
import type { Decision } from './routing.ts'

/** The router of a run that asks. */
export function createRunRouter(
  store: Store,
  tally: IngestTally,
  asking: Pick<RouterParts, 'plan' | 'answer' | 'take'>,
): Router {
  return createRouter({
    ...asking,
    passedOver: (how) => tally.reply(how),
    count: (fate) => tally.chunk(fate),
    done: (task) => tally.done(task),
    decided: (task, decision) => tell(tally, task, decision),
    kept: (engine) => tally.routes.kept(engine),
    // Only its name is kept: there may be many, and their texts are in the store.
    remember:
      ({ document, chunk: { id }, route }) =>
      async () => {
        const chunk = await store.chunk(id)
        return chunk === null ? null : { document, chunk, route }
      },
  })
}

function tell(
  tally: IngestTally,
  { document, chunk }: Task,
  { use: engines, rule, because, keptFrom }: Decision,
): void {
  const kept = keptFrom === undefined ? {} : { keptFrom }
  tally.routes.decided({ path: document.path, chunk: chunk.index + 1, engines, rule, because, ...kept })
}

export interface Rehearsing {
  readonly store: Store
  readonly tally: IngestTally
  readonly plan: RouterParts['plan']
  readonly rehearsal: ReturnType<typeof createRehearsal>
  readonly account: Account
}

/**
 * The router of a dry run: replies that are there are judged, and of those that are yet to come `end` says what they may send
 * on at most.
 */
export function createDryRouter({ store, tally, plan, rehearsal, account }: Rehearsing): Router & { end(): void } {
  /** Whether anything is left to do about a chunk that has been replied to. */
  const left = new Map<ChunkRequest, boolean>()
  /** By chunk, how it is read at first. */
  const open = new Map<string, { readonly task: Task; readonly first: Decision }>()
  const likely = new Map<string, { chunks: number; cost: number | null }>()

  const answer: RouterParts['answer'] = async (request) => {
    const paid = await findPaid(store, request)
    const isLeft = await rehearsal.add(request)
    if (paid !== null) {
      left.set(request, isLeft)
      return { how: 'reused', reply: paid }
    }
    const first = open.get(request.chunk.id)
    // Of two first replies one is enough to count the chunk.
    if (!open.delete(request.chunk.id) || first === undefined) return null
    tally.chunk('pending')
    for (const name of likelyNext(first)) addLikely(first.task, name)
    return null
  }

  function likelyNext({ task, first }: { readonly task: Task; readonly first: Decision }): Set<string> {
    const after = task.route.routed?.routing.after ?? []
    return new Set(after.map(({ use }) => use).filter((name) => !first.use.includes(name)))
  }

  function addLikely(task: Task, name: string): void {
    const route = task.route.routed?.routes.get(name)
    const request = route === undefined ? null : plan({ ...task, route }, true)
    if (request === null) return
    const { question, fingerprint } = request
    const asked = { engine: request.route.engine, fingerprint, prompt: renderPrompt(question) }
    const { cost } = asked.engine.offline ? { cost: 0 } : account.forecast(asked)
    const before = likely.get(name) ?? { chunks: 0, cost: 0 }
    likely.set(name, {
      chunks: before.chunks + 1,
      cost: before.cost === null || cost === null ? null : before.cost + cost,
    })
  }

  const router = createRouter({
    plan,
    answer,
    take: async (request, _, isCounted) => {
      open.delete(request.chunk.id)
      if (!isCounted) tally.chunk(left.get(request) === false ? 'unchanged' : 'pending')
      left.delete(request)
    },
    passedOver: () => {},
    count: (fate) => tally.chunk(fate),
    done: (task) => tally.done(task),
    decided: (task, decision) => {
      tell(tally, task, decision)
      open.set(task.chunk.id, { task, first: decision })
    },
    kept: (engine) => tally.routes.kept(engine),
    // Nothing of it is in the store.
    remember: (task) => async () => task,
  })

  function end(): void {
    const sentOn = [...likely].map(([engine, { chunks, cost }]) => {
      const most = Math.min(chunks, router.room(engine) ?? chunks)
      return { engine, most, cost: cost === null ? null : (cost / chunks) * most }
    })
    if (sentOn.length > 0) tally.routes.maySendOn(sentOn)
  }

  return { ...router, end }
}
