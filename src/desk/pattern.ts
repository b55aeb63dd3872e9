import { ALIKE, describeRejection, type Alike, type RejectionRule } from '../model/rejection-rule.ts'
import { RefusedError } from '../model/errors.ts'
import { ruleOfRejection } from '../review/rule-of-rejection.ts'
import type { Store } from '../store/store.ts'
import { printable } from '../terminal/printable.ts'
import { broken } from '../terminal/wrap.ts'
import type { Key } from './keys.ts'

/** A link that is rejected as one of many: all that it could have in common with these, and what a person says that it has. */
export interface Pattern {
  readonly whole: RejectionRule
  readonly alike: readonly Alike[]
}

const AT_FIRST: readonly Alike[] = ['ends', 'folder']

/** @throws RefusedError where no such links are held */
export async function readPattern(store: Store, linkId: string): Promise<Pattern> {
  return { whole: await wholeOf(store, linkId, ALIKE), alike: AT_FIRST }
}

/** Where no quote is found, there is no place of which links could be. */
async function wholeOf(store: Store, linkId: string, alike: readonly Alike[]): Promise<RejectionRule> {
  try {
    return await ruleOfRejection(store, linkId, alike)
  } catch (error) {
    if (!(error instanceof RefusedError) || !alike.includes('place')) throw error
    const others = alike.filter((one) => one !== 'place')
    return wholeOf(store, linkId, others)
  }
}

/** What a digit says or takes back; null: it is none of these. */
export function pressPattern({ whole, alike }: Pattern, key: Key): Pattern | null {
  const one = possible(whole)[Number(key) - 1]
  if (one === undefined) return null
  return { whole, alike: alike.includes(one) ? alike.filter((other) => other !== one) : [...alike, one] }
}

/** The rule that is confirmed by the rejection. */
export function ruleOf({ whole, alike }: Pattern): RejectionRule {
  const fields = possible(whole).filter((one) => alike.includes(one))
  const { kind, type } = whole
  return { kind, type, ...Object.fromEntries(fields.map((one) => [one, whole[one]])) }
}

function possible(whole: RejectionRule): Alike[] {
  return ALIKE.filter((one) => whole[one] !== undefined)
}

export function patternLines(pattern: Pattern, width: number): string[] {
  const { whole, alike } = pattern
  return broken(
    [
      ' REJECT IT AS ONE OF MANY  such links of replies that come have in common with it:',
      ...possible(whole).map((one, i) => {
        const alone = describeRejection({ kind: whole.kind, type: whole.type, [one]: whole[one] })
        const [, what = ''] = /^links of type \S+ (.*) are held/.exec(alone) ?? []
        return `   ${i + 1} ${alike.includes(one) ? '[x]' : '[ ]'} ${one}: ${printable(what)}`
      }),
      '',
      ` RULE  ${printable(describeRejection(ruleOf(pattern)))}`,
    ],
    width,
  )
}

export const PATTERN_KEYS = ' 1 to 7 say what  Enter rejects it and saves the rule  Esc leaves it'
