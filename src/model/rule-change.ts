import type { LinkRule, LinkRules } from './link-rules.ts'

/** A link type of which a schema says something else than the one before did, in the words of schema files. */
export interface RuleChange {
  readonly type: string
  readonly before: string
  readonly now: string
}

export function ruleChanges(before: LinkRules, now: LinkRules): RuleChange[] {
  const types = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted()
  return types
    .map((type) => ({ type, before: inWords(before[type]), now: inWords(now[type]) }))
    .filter((change) => change.before !== change.now)
}

function inWords(rule: LinkRule | undefined): string {
  if (rule === undefined) return 'no rule'
  const { single, reversedBy, retiresEarlier } = rule
  const reversals = reversedBy.map(({ type, sameSubject }) => `${type}${sameSubject ? ' of the same subject' : ''}`)
  return [
    ...(single === null ? [] : [`singleValued: ${single}`]),
    ...(reversals.length === 0 ? [] : [`reversedBy: ${reversals.join(', ')}`]),
    `supersedes: ${retiresEarlier ? 'later' : 'never'}`,
  ].join(' · ')
}
