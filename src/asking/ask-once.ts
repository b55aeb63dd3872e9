import type { Journal } from '../extract/journal.ts'

export interface AskOnceOptions {
  readonly journal: Journal
  /** Stores what processes that have ended left in the journal. */
  readonly recover: () => Promise<void>
  readonly signal: AbortSignal
}

/** What can be had for a request without making it (null: nothing), and how it is made otherwise. */
export interface Request<T> {
  readonly hash: string
  readonly find: () => Promise<T | null>
  readonly make: () => Promise<T>
  /** It costs nothing, and is no matter for others. */
  readonly isFree: boolean
}

/**
 * Makes no request that is being made, by this process or another one on this machine that writes to the same store:
 * waits for it, and then finds what it has stored. Who makes one and is killed leaves what had arrived in the journal, and
 * it is stored before the request is made again. Null: the run ends while others are waited for.
 */
export function createAskOnce({
  journal,
  recover,
  signal,
}: AskOnceOptions): <T>(request: Request<T>) => Promise<T | null> {
  const inTurn = createTurns()
  let recovering: Promise<void> | null = null

  /** Many may find at once that a process has ended. */
  function recoverOnce(): Promise<void> {
    recovering ??= recover().finally(() => (recovering = null))
    return recovering
  }

  async function findOrMake<T>({ hash, find, make, isFree }: Request<T>): Promise<T | null> {
    for (;;) {
      const hadCompany = !isFree && journal.hasCompany()
      const found = await find()
      if (found !== null) return found
      if (isFree) return make()
      const claim = journal.claim(hash)
      if (claim.how === 'taken') {
        const end = await claim.wait(signal)
        if (end === 'aborted') return null
        if (end === 'left') await recoverOnce()
        continue
      }
      // Somebody else may have made it between the look at the store and now.
      const late = hadCompany || journal.hasCompany() ? await find() : null
      // Where the store does not take the reply, it stays claimed: it is in the journal.
      const made = late ?? (await make())
      claim.release()
      return made
    }
  }

  return (request) => inTurn(request.hash, () => findOrMake(request))
}

/** Runs what has the same key one after the other, so that the later finds what the earlier has stored. */
function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const inFlight = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    for (let same = inFlight.get(key); same !== undefined; same = inFlight.get(key)) await same
    const result = work()
    const settled = result.catch(() => undefined)
    inFlight.set(key, settled)
    try {
      return await result
    } finally {
      if (inFlight.get(key) === settled) inFlight.delete(key)
    }
  }
}
