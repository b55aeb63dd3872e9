import type { Decision } from '../model/decision.ts'
import type { Store } from '../store/store.ts'

/**
 * What stands again once an undo is taken back; null where it was no undo, or one of an undo, so that what had been done
 * again is taken back with it.
 */
export async function standsAgain(store: Store, takenBack: Decision | undefined): Promise<Decision | null> {
  let undos = 0
  let at: Decision | null = takenBack ?? null
  while (at !== null && at.undoes !== null) {
    undos += 1
    at = await store.decision(at.undoes)
  }
  return undos % 2 === 1 ? at : null
}
