import { CHAIN_START, hashDecision, type Decision } from '../model/decision.ts'

/**
 * Checks that no decision was altered, left out, slipped in or cut off; returns what is wrong, in words. `head` is the
 * end of the chain as the store keeps it beside the decisions.
 */
export function verifyChain(
  decisions: readonly Decision[],
  head: { readonly sequence: number; readonly hash: string },
): string[] {
  const problems: string[] = []
  let previousHash = CHAIN_START
  decisions
    .toSorted((a, b) => a.sequence - b.sequence)
    .forEach((decision, i) => {
      const { hash, ...content } = decision
      if (decision.sequence !== i + 1)
        problems.push(`decision ${decision.id} is number ${decision.sequence}, expected ${i + 1}`)
      if (decision.previousHash !== previousHash)
        problems.push(`decision ${decision.id} does not follow the one before it`)
      if (hashDecision(content) !== hash) problems.push(`decision ${decision.id} was altered`)
      previousHash = hash
    })
  if (head.sequence !== decisions.length || head.hash !== previousHash)
    problems.push(`the chain ends at decision ${head.sequence}, but ${decisions.length} decisions are there`)
  return problems
}
