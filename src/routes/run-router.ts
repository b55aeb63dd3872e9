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
    decided: (task, decision) => tellDecision(tally, task, decision),
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

/** Keeps a decision for the summary. */
export function tellDecision(
  tally: IngestTally,
  { document, chunk }: Task,
  { use: engines, rule, because, keptFrom }: Decision,
): void {
  const kept = keptFrom === undefined ? {} : { keptFrom }
  tally.routes.decided({ path: document.path, chunk: chunk.index + 1, engines, rule, because, ...kept })
}
