import { CHAIN_START, hashDecision, type Decision } from '../model/decision.ts'

/** Checks that no decision was altered, left out or slipped in; returns what is wrong, in words. */
export function verifyChain(decisions: readonly Decision[]): string[] {
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
  return problems
}
