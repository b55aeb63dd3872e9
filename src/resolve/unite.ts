import { isLoneName } from '../model/entity.ts'
import type { Bond } from '../model/link.ts'
import type { NamedThing } from '../model/name-index.ts'
import { NO_CONTEXT } from './identity/context.ts'
import { guardsOf } from './identity/guards.ts'
import { type Circumstances, type ReadThing, readThing } from './identity/judgement.ts'
import { applyRules } from './identity/rules.ts'

/** A `SAME_AS` link as far as it joins its ends or keeps them apart. */
export interface Bonded {
  /** The link's id. */
  readonly id: string
  readonly one: string
  readonly other: string
  readonly bond: Bond
}

/**
 * Which things are one: sorted ids of two or more, by their least id. What people said counts by its place in the chain,
 * the last first: an acceptance joins, unless it would put a pair together that was rejected later; a rejection keeps
 * apart, unless later acceptances have joined the pair. Then automatic joins, the surest first, as far as no rejected
 * pair comes together, nor two of whose own names a guard says that they are two. A name that documents have joined with
 * several things which are not one ("R. Tanaka" with two people, "CPC" with two councils) is joined with none of them by
 * itself. The same whatever the order in which they are given.
 */
export function unite(bonds: readonly Bonded[], nameOf: NameOf = () => undefined): readonly (readonly string[])[] {
  const groups = new Groups(nameOf)
  const sorted = bonds.toSorted(byWeight)
  for (const { one, other, bond } of sorted) {
    if (bond.kind === 'rejected') groups.keepApart(one, other)
    else if (bond.kind === 'accepted') groups.join(one, other, bond.kind)
  }
  const automatic = sorted.filter(({ bond }) => bond.kind === 'automatic')
  const ambiguous = findAmbiguous(automatic, groups, nameOf)
  for (const { id, one, other } of automatic) if (!ambiguous.has(id)) groups.join(one, other, 'automatic')
  return groups.list()
}

type NameOf = (id: string) => Pick<NamedThing, 'type' | 'names'> | undefined

/** Of automatic joins the ids of those whose shorter name may as well mean something that is not one with the longer. */
function findAmbiguous(automatic: readonly Bonded[], groups: Groups, nameOf: NameOf): ReadonlySet<string> {
  const lengthOf = (id: string): number => nameOf(id)?.names[0]?.length ?? 0
  const isShort = (id: string, other: string): boolean => lengthOf(id) > 0 && lengthOf(id) < lengthOf(other)
  const fullsOf = Map.groupBy(
    automatic.flatMap(({ id, one, other }) => [
      ...(isShort(one, other) ? [{ id, short: one, full: other }] : []),
      ...(isShort(other, one) ? [{ id, short: other, full: one }] : []),
    ]),
    ({ short }) => short,
  )
  const ambiguous = new Set<string>()
  for (const [short, joins] of fullsOf) {
    // What people say that it means, too.
    const decided = groups.membersWith(short).filter((id) => isShort(short, id))
    const meant = [...new Set([...joins.map(({ full }) => full), ...decided])]
    for (const { id, full } of joins)
      if (meant.length > MOST_COMPARED || meant.some((other) => isRival(other, full, groups, nameOf))) ambiguous.add(id)
  }
  return ambiguous
}

/** Whether two things that one name is short for are two, as far as their own names and people say. */
function isRival(one: string, other: string, groups: Groups, nameOf: NameOf): boolean {
  if (one === other || groups.membersWith(one).includes(other)) return false
  const [[a], [b]] = [readOwn(one, nameOf), readOwn(other, nameOf)]
  if (a === undefined || b === undefined) return false
  const match = applyRules(a, b, ANYWHERE)
  return match === null || guardsOf(a, b, ANYWHERE, match.compared).length > 0
}

/** By its own name only. A lone name of a person is spoken for by those that it leads to. */
function readOwn(id: string, nameOf: NameOf): ReadThing[] {
  const { type, names } = nameOf(id) ?? { type: '', names: [] }
  const [own = ''] = names
  return own === '' || isLoneName(type, own) ? [] : [readThing({ id, type, names: [own] })]
}

/** More are not compared with each other: then nothing is added by itself. */
const MOST_COMPARED = 60

/** Whether a guard speaks against any two own names. */
function areTwo({ named: some }: Group, { named: others }: Group): boolean {
  if (some.length === 0 || others.length === 0) return false
  if (some.length + others.length > MOST_COMPARED) return true
  return some.some((a) => others.some((b) => guardsOf(a, b, ANYWHERE).length > 0))
}

const ANYWHERE: Circumstances = { scope: 'corpus', context: NO_CONTEXT, cannot: new Set() }

function byWeight(a: Bonded, b: Bonded): number {
  const [first, second] = [isDecided(a), isDecided(b)]
  if (first !== second) return first ? -1 : 1
  return b.bond.rank - a.bond.rank || (a.id < b.id ? -1 : 1)
}

function isDecided({ bond }: Bonded): boolean {
  return bond.kind !== 'automatic'
}

interface Group {
  readonly members: Set<string>
  /** The own names of those members that have more than a lone one. */
  readonly named: ReadThing[]
  /** Ids that were rejected as one with a member. */
  readonly others: Set<string>
}

class Groups {
  readonly #groupOf = new Map<string, Group>()
  readonly #nameOf: NameOf

  constructor(nameOf: NameOf) {
    this.#nameOf = nameOf
  }

  join(one: string, other: string, how: 'accepted' | 'automatic'): void {
    const [a, b] = [this.#group(one), this.#group(other)]
    if (a === b || meets(a, b) || (how === 'automatic' && areTwo(a, b))) return
    const [large, small] = a.members.size >= b.members.size ? [a, b] : [b, a]
    for (const id of small.members) {
      large.members.add(id)
      this.#groupOf.set(id, large)
    }
    large.named.push(...small.named)
    for (const id of small.others) large.others.add(id)
  }

  keepApart(one: string, other: string): void {
    const [a, b] = [this.#group(one), this.#group(other)]
    if (a === b) return
    a.others.add(other)
    b.others.add(one)
  }

  /** The ids that are one with one, itself among them. */
  membersWith(id: string): readonly string[] {
    return [...this.#group(id).members]
  }

  list(): string[][] {
    const groups = [...new Set(this.#groupOf.values())].filter(({ members }) => members.size > 1)
    return groups.map(({ members }) => [...members].toSorted()).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
  }

  #group(id: string): Group {
    let group = this.#groupOf.get(id)
    if (group === undefined) {
      group = { members: new Set([id]), named: readOwn(id, this.#nameOf), others: new Set() }
      this.#groupOf.set(id, group)
    }
    return group
  }
}

function meets(a: Group, b: Group): boolean {
  // Each rejection stands on both sides.
  const [few, members] = a.others.size <= b.others.size ? [a.others, b.members] : [b.others, a.members]
  return [...few].some((id) => members.has(id))
}
