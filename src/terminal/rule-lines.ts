import type { RuleChange } from '../model/rule-change.ts'
import { printable } from './printable.ts'

/** What a schema says otherwise than before of links that are there. */
export function ruleLines(changes: readonly RuleChange[], dryRun: boolean): string[] {
  if (changes.length === 0) return []
  const what = dryRun ? 'would be compared' : 'were compared'
  return [
    `rules      the schema says something else than before; links of these types ${what} anew:`,
    ...changes.map(({ type, before, now }) => `             ${printable(`${type}: now ${now} (before: ${before})`)}`),
  ]
}
