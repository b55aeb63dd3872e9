import { isLoneName } from '../model/entity.ts'
import { RefusedError, UsageError } from '../model/errors.ts'
import type { Proposal } from '../model/proposal.ts'
import type { ReadingRule } from '../model/reading-rule.ts'
import { proposedEnd, type End } from './fix-ends.ts'

/** Which ends were asked to be others; whatever they were. */
interface Asked {
  readonly flip?: boolean
  readonly subject?: unknown
  readonly object?: unknown
}

/** A link as a person says that it is. */
export interface FixedEnds {
  readonly subject: End
  readonly type: string
  readonly object: End
  /** It was told from its other end by this name of the type; absent: it was not. */
  readonly turnedFrom?: string
}

/**
 * The rules that a fix comes to once it is confirmed that the same is wrong wherever it is said: of the type, and of the
 * names of the ends. `said` is what was fixed, as it was said.
 * @throws RefusedError where it is no matter of a type or a name
 */
export function rulesOfFix(said: Proposal, fixed: FixedEnds, asked: Asked): ReadingRule[] {
  if (asked.flip === true)
    throw new UsageError('no-rule', 'which way a link goes is no rule: it would turn those that are right', {
      hint: 'Fix it without --rule.',
    })
  const rules: ReadingRule[] = []
  const { type, subject, object, turnedFrom } = fixed
  // By the name from the other end, whatever is read by it is turned round too.
  if (type !== said.type) rules.push({ kind: 'type', from: said.type, to: turnedFrom ?? type })
  const ends = turnedFrom === undefined ? { subject, object } : { subject: object, object: subject }
  for (const side of ['subject', 'object'] as const)
    if (asked[side] !== undefined) rules.push(nameRule(said, said[side], ends[side]))
  if (rules.length > 0) return rules
  throw new RefusedError('no-rule', 'neither the type nor the name of an end is otherwise', {
    hint: 'Only a fix of --type, --subject or --object can be a rule.',
  })
}

function nameRule({ documentId }: Proposal, { name, type }: Proposal['subject'], to: End): ReadingRule {
  const end = proposedEnd(to, documentId)
  if (end.entity !== undefined)
    throw new RefusedError('no-rule', `“${to.name}” means somebody of another document only`, {
      hint: 'Name somebody whose full name is known. Or fix it without --rule.',
    })
  const isLone = isLoneName(type, name) || isLoneName(to.type, to.name)
  const named = { from: { name, type }, to: { name: to.name, type: to.type } }
  return { kind: 'name', ...named, ...(isLone ? { documentId } : {}) }
}
