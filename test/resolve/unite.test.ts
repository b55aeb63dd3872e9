import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unite, type Bonded } from '../../src/resolve/unite.ts'

const bond = (kind: Bonded['bond']['kind'], one: string, other: string, rank: number): Bonded => ({
  id: `${one}-${other}-${rank}`,
  one,
  other,
  bond: { kind, rank },
})

describe('which things are one', () => {
  it('those that joins connect, by their least id', () => {
    expect(
      unite([bond('automatic', 'b', 'c', 0.9), bond('accepted', 'c', 'a', 1), bond('automatic', 'x', 'y', 0.5)]),
    ).toEqual([
      ['a', 'b', 'c'],
      ['x', 'y'],
    ])
  })

  it('a rejected pair takes the weakest automatic join with it, and no accepted one', () => {
    const strong = bond('automatic', 'a', 'b', 0.9)
    const weak = bond('automatic', 'b', 'c', 0.6)
    const apart = bond('rejected', 'a', 'c', 1)
    expect(unite([strong, weak, apart])).toEqual([['a', 'b']])
    expect(unite([strong, bond('accepted', 'b', 'c', 2), apart])).toEqual([['b', 'c']])
  })

  it('of what people said the last goes first', () => {
    const joins = [bond('accepted', 'a', 'b', 1), bond('accepted', 'b', 'c', 3)]
    expect(unite([...joins, bond('rejected', 'a', 'c', 4)])).toEqual([['b', 'c']])
    expect(unite([...joins, bond('rejected', 'a', 'c', 2)])).toEqual([['b', 'c']])
    expect(
      unite([...joins, bond('accepted', 'a', 'd', 5), bond('accepted', 'd', 'c', 6), bond('rejected', 'a', 'c', 4)]),
    ).toEqual([['a', 'c', 'd', 'b'].toSorted()])
  })

  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const bonds = fc
    .array(fc.tuple(ids, ids, fc.constantFrom('accepted', 'rejected', 'automatic'), fc.integer({ min: 1, max: 99 })), {
      maxLength: 14,
    })
    .map((list) =>
      list
        .filter(([one, other]) => one !== other)
        // No two decisions have the same place in the chain.
        .map(([one, other, kind, rank], index) =>
          bond(kind as Bonded['bond']['kind'], one, other, kind === 'automatic' ? rank / 100 : rank * 20 + index),
        ),
    )

  it('does not depend on the order, and no automatic join ever brings a rejected pair together', () => {
    fc.assert(
      fc.property(
        bonds.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const groups = unite(list)
          expect(unite(shuffled)).toEqual(groups)
          const together = (all: typeof groups, { one, other }: Bonded): boolean =>
            all.some((group) => group.includes(one) && group.includes(other))
          const decided = unite(list.filter(({ bond: { kind } }) => kind !== 'automatic'))
          for (const one of list.filter(({ bond: { kind } }) => kind === 'rejected'))
            if (together(groups, one)) expect(together(decided, one)).toBe(true)
          for (const group of decided)
            expect(groups.some((whole) => group.every((id) => whole.includes(id)))).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})
