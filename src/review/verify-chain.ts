import { ChainCheck, type ChainHead } from '../model/chain.ts'
import type { Decision } from '../model/decision.ts'

/** What is wrong with the chain of all decisions, in words; see {@link ChainCheck}. */
export function verifyChain(decisions: readonly Decision[], head: ChainHead): string[] {
  const check = new ChainCheck()
  for (const decision of decisions.toSorted((a, b) => a.sequence - b.sequence)) check.add(decision)
  return check.end(head).map(({ message }) => message)
}
