import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairOf, resolveWithin } from '../../../src/resolve/identity/identity.ts'
import { thing } from './judged.ts'

const people = (...names: string[]) => names.map((name) => thing(name, 'Person'))
const named = (things: ReturnType<typeof people>, clusters: readonly (readonly string[])[]): string[][] =>
  clusters.map((ids) => ids.map((id) => things.find((one) => one.id === id)?.names[0] ?? '').toSorted())

describe('clusters of a document', () => {
  it('follow joins from one name to the next', () => {
    const things = people('Amara Okafor', 'Okafor', 'Amara N. Okafor', 'Leila Haddadi')
    const { clusters } = resolveWithin({
      things,
      texts: ['Amara Okafor, that is Amara N. Okafor. Okafor. Leila Haddadi.'],
    })
    expect(named(things, clusters)).toEqual([['Amara N. Okafor', 'Amara Okafor', 'Okafor']])
  })

  it('leave "Jonas" alone between two of that name', () => {
    const things = people('Jonas', 'Jonas Vettergren', 'Jonas Brandão')
    const { clusters, judgements } = resolveWithin({ things, texts: ['Jonas Vettergren. Jonas Brandão. Jonas.'] })
    expect(clusters).toEqual([])
    expect(judgements.filter(({ verdict }) => verdict === 'propose')).toHaveLength(2)
  })

  it('leave an initial alone between two people', () => {
    const { clusters, judgements } = resolveWithin({
      things: people('J. Marsh', 'John Marsh', 'Jane Marsh'),
      texts: [],
    })
    expect(clusters).toEqual([])
    expect(judgements.filter(({ verdict }) => verdict === 'propose').map(({ rule }) => rule)).toEqual([
      'initials',
      'initials',
    ])
  })

  it('never hold a pair that a guard speaks against, and say so', () => {
    const things = people('Pat Marsh', 'Patrick Marsh', 'Patricia Marsh')
    const { clusters, judgements } = resolveWithin({ things, texts: [] })
    expect(clusters).toHaveLength(1)
    expect(clusters[0]).toHaveLength(2)
    expect(judgements.flatMap(({ guards }) => guards.map(({ guard }) => guard))).toContain('cluster')
  })

  it('honour what a person has rejected', () => {
    const things = people('Okafor', 'Amara Okafor')
    const cannot = new Set([pairOf(things[0]?.id ?? '', things[1]?.id ?? '')])
    expect(resolveWithin({ things, texts: [], cannot }).clusters).toEqual([])
    expect(resolveWithin({ things, texts: [] }).clusters).toHaveLength(1)
  })

  it('ask one question of two clusters', () => {
    const things = ['Dovrelund', 'Dovrelund Systems', 'Dovrelund Systems GmbH'].map((name) =>
      thing(name, 'Organization'),
    )
    const { clusters, judgements } = resolveWithin({ things, texts: [] })
    expect(clusters).toHaveLength(1)
    expect(judgements.filter(({ verdict }) => verdict === 'propose')).toHaveLength(1)
  })

  it('do not depend on the order in which names come', () => {
    const names = [
      'Amara Okafor',
      'Okafor',
      'Amara',
      'AO',
      'Jonas',
      'Jonas Vettergren',
      'Jonas Brandão',
      'J. Marsh',
      'John Marsh',
      'Jane Marsh',
      'Marsh',
      'Bob Marsh',
      'Robert Marsh',
      'Marsh, John',
    ]
    const texts = ['Amara Okafor and AO. Okafor (Amara). Jonas Vettergren, Jonas. John Marsh, J. Marsh, Bob Marsh.']
    const things = people(...names)
    const expected = resolveWithin({ things, texts })
    expect(expected.clusters.length).toBeGreaterThan(1)
    fc.assert(
      fc.property(fc.shuffledSubarray(things, { minLength: things.length }), (shuffled) => {
        expect(resolveWithin({ things: shuffled, texts })).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})
