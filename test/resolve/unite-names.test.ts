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
  h: 'CPC',
  i: 'Cross Project Council',
  j: 'Chorley Parish Council',
  k: 'ACME',
  l: 'Acme Inc.',
  m: 'Acme Ltd.',
}
type Id = keyof typeof NAMES

const typeOf = (id: string): string => ('efg'.includes(id) ? 'Policy' : 'abcd'.includes(id) ? 'Person' : 'Organization')
const nameOf = (id: string) => ({ type: typeOf(id), names: [NAMES[id as Id]] })
const bond = (one: Id, other: Id, rank: number, kind: Bond['kind'] = 'automatic') => ({
  id: `${one}${other}`,
  one,
  other,
  bond: { kind, rank },
})

it.each([
  ['initials that lead to two people lead to none, however sure', [bond('a', 'b', 0.85), bond('a', 'c', 0.8)], []],
  ['a lone name between two people is joined with none', [bond('b', 'd', 0.9), bond('c', 'd', 0.8)], []],
  ['but with the one that a person says', [bond('b', 'd', 1, 'accepted'), bond('c', 'd', 0.8)], [['b', 'd']]],
  ['and with the one that is left', [bond('b', 'd', 1, 'rejected'), bond('c', 'd', 0.8)], [['c', 'd']]],
  ['an acronym of two councils is joined with none', [bond('h', 'i', 0.97), bond('h', 'j', 0.97)], []],
  [
    'of two that a person takes for one it is the name',
    [bond('h', 'i', 0.97), bond('h', 'j', 0.97), bond('i', 'j', 1, 'accepted')],
    [['h', 'i', 'j']],
  ],
  ['a company name that two legal forms have is joined with none', [bond('k', 'l', 0.95), bond('k', 'm', 0.95)], []],
  ['short names of one thing are its names', [bond('b', 'd', 0.9), bond('a', 'b', 0.85)], [['a', 'b', 'd']]],
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
