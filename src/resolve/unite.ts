import type { Bond } from '../model/link.ts'

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
 * pair comes together. The same whatever the order in which they are given.
 */
export function unite(bonds: readonly Bonded[]): readonly (readonly string[])[] {
  const groups = new Groups()
  for (const { one, other, bond } of bonds.toSorted(byWeight)) {
    if (bond.kind === 'rejected') groups.keepApart(one, other)
    else groups.join(one, other)
  }
  return groups.list()
}

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
  /** Ids that were rejected as one with a member. */
  readonly others: Set<string>
}

class Groups {
  readonly #groupOf = new Map<string, Group>()

  join(one: string, other: string): void {
    const [a, b] = [this.#group(one), this.#group(other)]
    if (a === b || meets(a, b)) return
    const [large, small] = a.members.size >= b.members.size ? [a, b] : [b, a]
    for (const id of small.members) {
      large.members.add(id)
      this.#groupOf.set(id, large)
    }
    for (const id of small.others) large.others.add(id)
  }

  keepApart(one: string, other: string): void {
    const [a, b] = [this.#group(one), this.#group(other)]
    if (a === b) return
    a.others.add(other)
    b.others.add(one)
  }

  list(): string[][] {
    const groups = [...new Set(this.#groupOf.values())].filter(({ members }) => members.size > 1)
    return groups.map(({ members }) => [...members].toSorted()).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
  }

  #group(id: string): Group {
    let group = this.#groupOf.get(id)
    if (group === undefined) {
      group = { members: new Set([id]), others: new Set() }
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
