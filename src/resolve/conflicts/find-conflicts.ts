import type { ComparedLink, Comparison } from '../../model/conflict.ts'
import { slotsOf, type LinkRule, type LinkRules } from '../../model/link-rules.ts'
import { assertionOf, denialsOf, inTime, isLater, mayMeet, type Statement } from './statement.ts'

/** Why two statements are held against each other. */
export type ConflictRule = 'single-valued' | 'reversal' | 'denial'

/** Two statements that cannot both hold. `later`: the one supersedes the other; else they contradict each other. */
export interface Conflict {
  readonly rule: ConflictRule
  readonly one: Statement
  readonly other: Statement
  readonly isLater: boolean
}

/**
 * What links contradict each other, each told once, whatever their order. Of several values of one thing each is held
 * against the last one before it that it may meet, so that there are no more conflicts than links.
 */
export function findConflicts(
  links: readonly ComparedLink[],
  { rules, isWhole, isAsked }: Omit<Comparison, 'isRefused'>,
): Conflict[] {
  const stated = links.flatMap((compared) => assertionOf(compared) ?? []).toSorted(inTime)
  const groups = new Map<string, Statement[]>()
  for (const statement of stated) {
    const slots = slotsOf(statement.link, rules)
    const isEither = rules[statement.link.type]?.single === 'either'
    for (const side of ['rivalsFrom', 'rivalsTo'] as const)
      for (const slot of slots[side]) {
        if (!isWhole(side, slot)) continue
        // An end of a link without direction is the same at either side.
        const key = `${isEither ? 'either' : side} ${slot}`
        groups.set(key, [...(groups.get(key) ?? []), statement])
      }
  }
  const found = [...groups].flatMap(([key, statements]) => [
    ...singles(statements, rules, key),
    ...(key.startsWith('rivalsTo') ? reversals(statements, rules) : []),
  ])
  // A link without direction is in the groups of both its ends, and twice in one of them.
  const seen = new Map(found.map((conflict) => [`${conflict.one.link.id} ${conflict.other.link.id}`, conflict]))
  return [...seen.values(), ...links.filter(({ link }) => isAsked(link.id)).flatMap(deniedOf)]
}

const SIDES: Readonly<Record<string, readonly LinkRule['single'][]>> = {
  rivalsFrom: ['to', 'both'],
  rivalsTo: ['from', 'both'],
  either: ['either'],
}

function singles(inOrder: readonly Statement[], rules: LinkRules, key: string): Conflict[] {
  const sides = SIDES[key.slice(0, key.indexOf(' '))] ?? []
  const byType = Map.groupBy(
    inOrder.filter(({ link }) => sides.includes(rules[link.type]?.single ?? null)),
    ({ link }) => link.type,
  )
  return [...byType.values()].flatMap((values) =>
    values.flatMap((one, index): Conflict[] => {
      const other = values.slice(0, index).findLast((before) => before.link.id !== one.link.id && mayMeet(one, before))
      return other === undefined ? [] : [{ rule: 'single-valued', one, other, isLater: isLater(one, other) }]
    }),
  )
}

function reversals(inOrder: readonly Statement[], rules: LinkRules): Conflict[] {
  return inOrder.flatMap((other): Conflict[] => {
    // A decision is of one day, so its days need not meet those of what takes it back.
    const reversing = inOrder.filter((one) => isReversedBy(other, one, rules))
    const later = reversing.find((one) => isLater(one, other))
    // What was taken back and then said again is not taken back any more.
    const open = later ?? reversing.find((one) => !isLater(other, one))
    return open === undefined ? [] : [{ rule: 'reversal', one: open, other, isLater: later !== undefined }]
  })
}

function isReversedBy({ link }: Statement, { link: by }: Statement, rules: LinkRules): boolean {
  const reversals = rules[link.type]?.reversedBy ?? []
  if (link.objectId !== by.objectId) return false
  return reversals.some(
    ({ type, sameSubject }) => type === by.type && (!sameSubject || link.subjectId === by.subjectId),
  )
}

/** The last word counts: a denial after all that asserts the link ends it. */
function deniedOf(compared: ComparedLink): Conflict[] {
  const other = assertionOf(compared)
  if (other === null) return []
  const denials = denialsOf(compared).filter((denial) => mayMeet(denial, other))
  const later = denials.find((denial) => isLater(denial, other))
  const one = later ?? denials[0]
  return one === undefined ? [] : [{ rule: 'denial', one, other, isLater: later !== undefined }]
}
