import type { ReadingRule } from '../model/reading-rule.ts'
import { describeRejection } from '../model/rejection-rule.ts'
import { printable } from './printable.ts'

/** What a rule says, in words. */
export function renderRule(rule: ReadingRule): string {
  if (rule.kind === 'type') return `links of type ${rule.from} are ${rule.to}`
  if (rule.kind === 'rejection') return printable(describeRejection(rule))
  const { from, to, documentId } = rule
  const where = documentId === undefined ? '' : `, in document ${documentId.slice(0, 8)}`
  return `“${printable(from.name)}” (${from.type}) is ${printable(to.name)} (${to.type})${where}`
}
