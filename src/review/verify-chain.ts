import { ChainCheck, type ChainHead } from '../model/chain.ts'
import { CHAIN_START, type Decision } from '../model/decision.ts'
import type { Store } from '../store/store.ts'

/** All decisions, in their order, and where their chain ended when they were read: others may decide meanwhile. */
export async function readChain(
  store: Pick<Store, 'decisions' | 'chainHead'>,
): Promise<{ readonly decisions: readonly Decision[]; readonly head: ChainHead }> {
  const head = await store.chainHead()
  const decisions = await store.decisions({ order: 'sequence' })
  const { sequence } = await store.chainHead()
  return sequence === head.sequence ? { decisions, head } : readChain(store)
}

/**
 * What is wrong with the chain of all decisions, in words; see {@link ChainCheck}. A chain that lost its end together with
 * what says where it ends is whole by itself: only a hash that somebody `noted` elsewhere, which it is to hold still, tells.
 */
export function verifyChain(decisions: readonly Decision[], head: ChainHead, noted?: string): string[] {
  const check = new ChainCheck()
  for (const decision of decisions.toSorted((a, b) => a.sequence - b.sequence)) check.add(decision)
  const isThere = noted === undefined || noted === CHAIN_START || decisions.some(({ hash }) => hash === noted)
  const missing = `no decision has the hash ${noted}: the chain was cut off before it, or is another one`
  return [...check.end(head).map(({ message }) => message), ...(isThere ? [] : [missing])]
}
