import { expect, it } from 'vitest'
import type { Bond } from '../../src/model/link.ts'
import { unite } from '../../src/resolve/unite.ts'

const NAMES = {
  a: 'A. Okafor',
  b: 'Amara Okafor',
  c: 'Abel Okafor',
  d: 'Okafor',
  e: 'VP-12',
  f: 'VP-13',
  g: 'Vendor policy VP-12',
}
type Id = keyof typeof NAMES

const nameOf = (id: string) => ({ type: 'efg'.includes(id) ? 'Policy' : 'Person', names: [NAMES[id as Id]] })
const bond = (one: Id, other: Id, rank: number, kind: Bond['kind'] = 'automatic') => ({
  id: `${one}${other}`,
  one,
  other,
  bond: { kind, rank },
})

it.each([
  ['initials lead to one of two people, the surest', [bond('a', 'b', 0.85), bond('a', 'c', 0.8)], [['a', 'b']]],
  [
    'a lone name between two people does not bring them together',
    [bond('b', 'd', 0.9), bond('c', 'd', 0.8)],
    [['b', 'd']],
  ],
  ['numbers keep apart', [bond('e', 'g', 0.9), bond('f', 'g', 0.8)], [['e', 'g']]],
  [
    'what a person accepted is one, whatever the names',
    [bond('b', 'c', 1, 'accepted'), bond('e', 'f', 2, 'accepted')],
    [
      ['b', 'c'],
      ['e', 'f'],
    ],
  ],
])('%s', (_, bonds, expected) => {
  expect(unite(bonds, nameOf)).toEqual(expected)
  expect(unite(bonds.toReversed(), nameOf)).toEqual(expected)
})
