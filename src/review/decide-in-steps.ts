import type { WhygraphError } from '../model/errors.ts'
import type { Decided, DecisionDraft } from '../store/decision-draft.ts'
import type { Store } from '../store/store.ts'

/** Decisions of one transaction: few enough that a reviewer beside it does not wait long. */
const AT_ONCE = 250

export interface StepOptions {
  readonly now: () => Date
  /** Ends it between two transactions. */
  readonly signal: AbortSignal
  /** Called after each transaction with how many drafts have been settled. */
  readonly progress?: (settled: number) => void
}

/** What became of many drafts. */
export interface Settled {
  /** Those made now. */
  readonly decided: readonly Decided[]
  /** Those that the same request had made before. */
  readonly repeated: readonly Decided[]
  readonly refused: readonly { readonly draft: DecisionDraft; readonly error: WhygraphError }[]
  /** How many were not come to, as it was ended. */
  readonly left: number
}

/**
 * Makes many decisions in their order, some hundreds in one transaction. Broken off, it goes on with the same drafts: what
 * their requests have made is not made again.
 */
export async function decideInSteps(
  store: Store,
  drafts: readonly DecisionDraft[],
  { now, signal, progress }: StepOptions,
): Promise<Settled> {
  const made: Decided[] = []
  const refused: { draft: DecisionDraft; error: WhygraphError }[] = []
  let at = 0
  for (; at < drafts.length && !signal.aborted; at += AT_ONCE) {
    const some = drafts.slice(at, at + AT_ONCE)
    const settled = await store.decideAll(some, now().toISOString())
    for (const [index, one] of settled.entries()) {
      const draft = some[index]
      if (!('refused' in one)) made.push(one)
      else if (draft !== undefined) refused.push({ draft, error: one.refused })
    }
    progress?.(Math.min(at + AT_ONCE, drafts.length))
  }
  return {
    decided: made.filter(({ repeated }) => !repeated),
    repeated: made.filter(({ repeated }) => repeated),
    refused,
    left: Math.max(0, drafts.length - at),
  }
}

/** The batch of which earlier tries of the same requests have made decisions; null where they made none. */
export async function batchBegun(store: Store, requestIds: readonly string[]): Promise<string | null> {
  for (let at = 0; at < requestIds.length; at += AT_ONCE) {
    const some = requestIds.slice(at, at + AT_ONCE)
    const batch = (await store.decisionsByRequests(some)).find((one) => one.batch !== undefined)?.batch
    if (batch !== undefined) return batch
  }
  return null
}
