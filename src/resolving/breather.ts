import { setImmediate as othersFirst } from 'node:timers/promises'

/** Milliseconds of work in one go. A local store works without a pause: nothing else of this process would have its turn. */
const LONGEST = 20

/**
 * A function to be called again and again within long work: it lets others have their turn now and then, among them whoever
 * interrupts.
 * @throws what `signal` was given with, so that a transaction in which this happens is given back
 */
export function createBreather(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last > LONGEST) {
      await othersFirst()
      last = performance.now()
    }
    signal?.throwIfAborted()
  }
}

export type Breathe = ReturnType<typeof createBreather>
