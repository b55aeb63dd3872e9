import { pairOf } from './context.ts'
import { guardsOf, isVetoed } from './guards.ts'
import type { Circumstances, Guard, Judgement, ReadThing, Scope } from './judgement.ts'
import { applyRules, type Match } from './rules.ts'

/**
 * More equals than a person would choose among: then nothing is proposed. Across documents a name has more bearers, and
 * nothing but the name to ask about, so more is asked.
 */
const LIMITS: Readonly<Record<Scope, Limits>> = {
  document: { rivals: 3, confidence: 0.2 },
  corpus: { rivals: 5, confidence: 0.05 },
}

interface Limits {
  readonly rivals: number
  readonly confidence: number
}

interface Case extends Match {
  readonly a: ReadThing
  readonly b: ReadThing
  readonly guards: readonly Guard[]
}

/** What was made of pairs of things by `pairOf`, null: no rule takes them for one. Of the same circumstances. */
export type Matches = Map<string, Case | null>

/**
 * Judges pairs of things that share a key. What `matches` holds is not looked at again, and what is looked at is added. A short name that several things may bear joins none of them: the others are
 * its rivals, unless they are in turn forms of the same thing. The result is sorted and does not depend on any order.
 */
export function judgePairs(
  pairs: Iterable<readonly [ReadThing, ReadThing]>,
  circumstances: Circumstances,
  matches: Matches = new Map(),
): Judgement[] {
  const look = (one: ReadThing, other: ReadThing): Case | null => {
    const key = pairOf(one.id, other.id)
    let found = matches.get(key)
    if (found === undefined) matches.set(key, (found = matchOf(one, other, circumstances)))
    return found
  }
  const cases = new Map<string, Case>()
  for (const [one, other] of pairs) {
    const match = one.id === other.id ? null : look(one, other)
    if (match !== null) cases.set(pairOf(one.id, other.id), match)
  }
  const mayBeOne = (one: ReadThing, other: ReadThing): boolean => {
    const match = look(one, other)
    return match !== null && !isVetoed(match.guards)
  }
  const bearers = groupByShort(cases.values())
  const limits = LIMITS[circumstances.scope]
  return [...cases.keys()].toSorted().map((key) => judgeCase(cases.get(key) as Case, bearers, { limits, mayBeOne }))
}

function matchOf(one: ReadThing, other: ReadThing, circumstances: Circumstances): Case | null {
  const [a, b] = one.id < other.id ? [one, other] : [other, one]
  const match = applyRules(a, b, circumstances)
  return match === null ? null : { ...match, a, b, guards: guardsOf(a, b, circumstances, match.compared) }
}

function judgeCase(
  { a, b, finding, compared, guards }: Case,
  bearers: ReadonlyMap<string, readonly ReadThing[]>,
  { limits, mayBeOne }: { limits: Limits; mayBeOne: (one: ReadThing, other: ReadThing) => boolean },
): Judgement {
  const [short, full] = finding.short === 'b' ? [b, a] : [a, b]
  const rivals =
    finding.short === null
      ? []
      : (bearers.get(short.id) ?? [])
          .filter((other) => other !== full && !mayBeOne(other, full))
          .map(({ id }) => id)
          .toSorted()
  const confidence = finding.confidence / (1 + rivals.length)
  const isPossible = !isVetoed(guards) && rivals.length <= limits.rivals && confidence >= limits.confidence
  const isSafe = finding.joins && guards.length === 0 && rivals.length === 0
  return {
    a: a.id,
    b: b.id,
    verdict: isPossible ? (isSafe ? 'join' : 'propose') : null,
    rule: finding.rule,
    short: finding.short === null ? null : short.id,
    confidence,
    forms: [compared[0].name, compared[1].name],
    guards,
    rivals,
    why: finding.why,
  }
}

/** For each thing, by id, those whose name it may be short for. */
function groupByShort(cases: Iterable<Case>): ReadonlyMap<string, readonly ReadThing[]> {
  const bearers = new Map<string, ReadThing[]>()
  for (const { a, b, finding, guards } of cases) {
    if (finding.short === null || isVetoed(guards)) continue
    const [short, full] = finding.short === 'a' ? [a, b] : [b, a]
    bearers.set(short.id, [...(bearers.get(short.id) ?? []), full])
  }
  return bearers
}
