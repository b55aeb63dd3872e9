import { pairOf } from './context.ts'
import { guardsOf, isVetoed } from './guards.ts'
import type { Circumstances, Guard, Judgement, ReadThing, Scope } from './judgement.ts'
import { applyRules, type Match } from './rules.ts'

/**
 * More equals than a person would choose among: then nothing is proposed. Across documents a name has more bearers, and
 * nothing but the name to ask about, so more is asked; with fewer than five others too little is found of
 * Re-DocRED's names (59.2 % with four, 60.4 % with five, 60.8 % without a limit for those that may be one with each
 * other; `npm run measure:resolution`).
 */
const LIMITS: Readonly<Record<Scope, Limits>> = {
  document: { others: 3, confidence: 0.2 },
  corpus: { others: 5, confidence: 0.05 },
}

interface Limits {
  readonly others: number
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
  const possible = [...cases.values()].filter(({ guards }) => !isVetoed(guards))
  const view = {
    look,
    limits: LIMITS[circumstances.scope],
    bearers: groupByShort(possible),
    alike: groupAlike(possible),
  }
  return [...cases.keys()].toSorted().map((key) => judgeCase(cases.get(key) as Case, view))
}

/** What else there is beside a pair. */
interface View {
  readonly look: (one: ReadThing, other: ReadThing) => Case | null
  readonly limits: Limits
  /** For each thing, by id, those whose name it may be short for. */
  readonly bearers: ReadonlyMap<string, readonly ReadThing[]>
  /** For each thing, by id, what rules take for the same where neither name is short. */
  readonly alike: ReadonlyMap<string, readonly Case[]>
}

function matchOf(one: ReadThing, other: ReadThing, circumstances: Circumstances): Case | null {
  const [a, b] = one.id < other.id ? [one, other] : [other, one]
  const match = applyRules(a, b, circumstances)
  return match === null ? null : { ...match, a, b, guards: guardsOf(a, b, circumstances, match.compared) }
}

function judgeCase(at: Case, view: View): Judgement {
  const { a, b, finding, compared, guards } = at
  const { look, limits, bearers } = view
  const mayBeOne = (one: ReadThing, other: ReadThing): boolean => isPossible(look(one, other))
  const [short, full] = finding.short === 'b' ? [b, a] : [a, b]
  const rivals =
    finding.short === null
      ? []
      : (bearers.get(short.id) ?? [])
          .filter((other) => other !== full && !mayBeOne(other, full))
          .map(({ id }) => id)
          .toSorted()
  const confidence = finding.confidence / (1 + rivals.length)
  const isSafe = finding.joins && guards.length === 0 && rivals.length === 0
  const isTold = rivals.length <= limits.others && confidence >= limits.confidence
  const isCrowded = !isSafe && !isVetoed(guards) && (!isTold || crowdOf(at, view) > limits.others)
  return {
    a: a.id,
    b: b.id,
    verdict: isVetoed(guards) || isCrowded ? null : isSafe ? 'join' : 'propose',
    rule: finding.rule,
    short: finding.short === null ? null : short.id,
    confidence,
    forms: [compared[0].name, compared[1].name],
    guards,
    rivals,
    isCrowded,
    why: finding.why,
  }
}

/**
 * How many other pairs would be asked about for the same reason: with all that the shorter name may be short for by the
 * same rule; where neither is short, with all that the rule takes for both. Those are known to whoever judges the pair,
 * whichever of the two it is. What is joined with the longer name anyway is no question more.
 */
function crowdOf({ a, b, finding }: Case, { look, bearers, alike }: View): number {
  const isBySame = (one: ReadThing, other: ReadThing): boolean => {
    const match = look(one, other)
    return (
      isPossible(match) &&
      match?.finding.rule === finding.rule &&
      (match.finding.short === null) === (finding.short === null)
    )
  }
  if (finding.short === null) {
    const beside = (alike.get(a.id) ?? []).map((match) => (match.a === a ? match.b : match.a))
    return beside.filter((other) => other !== b && isBySame(a, other) && isBySame(other, b)).length
  }
  const [short, full] = finding.short === 'b' ? [b, a] : [a, b]
  const isJoined = (other: ReadThing): boolean => {
    const match = look(other, full)
    return match?.finding.joins === true && match.guards.length === 0
  }
  return (bearers.get(short.id) ?? []).filter((other) => other !== full && isBySame(short, other) && !isJoined(other))
    .length
}

function isPossible(match: Case | null): boolean {
  return match !== null && !isVetoed(match.guards)
}

function groupAlike(cases: readonly Case[]): ReadonlyMap<string, readonly Case[]> {
  const alike = new Map<string, Case[]>()
  for (const match of cases) {
    if (match.finding.short !== null) continue
    for (const { id } of [match.a, match.b]) {
      const known = alike.get(id)
      if (known === undefined) alike.set(id, [match])
      else known.push(match)
    }
  }
  return alike
}

function groupByShort(cases: readonly Case[]): ReadonlyMap<string, readonly ReadThing[]> {
  const bearers = new Map<string, ReadThing[]>()
  for (const { a, b, finding } of cases) {
    if (finding.short === null) continue
    const [short, full] = finding.short === 'a' ? [a, b] : [b, a]
    bearers.set(short.id, [...(bearers.get(short.id) ?? []), full])
  }
  return bearers
}
