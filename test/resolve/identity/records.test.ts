import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRecords, linkRecords } from '../../../src/resolve/identity/identity.ts'

const person = (id: string, given: string, surname: string, born: string, street: string) => ({
  id,
  attributes: { given, surname, born, street },
})
const CROWD = Array.from({ length: 60 }, (_, at) =>
  person(`z${at}`, `given${at % 20}`, `surname${at}`, `19${10 + at}0101`, `${at} high street`),
)

describe('records', () => {
  it('of a numbered row of things, alike but for a digit, are many', () => {
    const racks = Array.from({ length: 40 }, (_, at) => ({
      id: `${100 + at}`,
      attributes: { rack: `rack number ${at % 4}`, slot: `slot number ${at}`, address: `10.0.0.${100 + at}` },
    }))
    expect(linkRecords(racks).filter(({ verdict }) => verdict === 'join')).toEqual([])
  })

  const original = person('a', 'isabella', 'lodder', '19650714', '156 messenger street')

  it('that agree in what is rare are one, slips or not', () => {
    const copy = person('b', 'isabela', 'lodder', '19650714', '156 messenger street')
    const links = linkRecords([original, copy, ...CROWD]).filter(({ verdict }) => verdict === 'join')
    expect(links).toMatchObject([
      { a: 'a', b: 'b', rule: 'attributes', alike: ['given'], agreeing: ['born', 'street', 'surname'] },
    ])
  })

  it('that agree in one thing and differ in the rest are not', () => {
    const namesake = person('b', 'jacob', 'lodder', '19910424', '25 haddon street')
    const links = linkRecords([original, namesake, ...CROWD])
    expect(links.filter(({ a, verdict }) => a === 'a' && verdict !== null)).toEqual([])
  })

  it('are not one for being silent', () => {
    const silent = { id: 'b', attributes: { given: '', surname: 'lodder', born: '  ', street: '' } }
    expect(linkRecords([original, silent, ...CROWD]).filter(({ verdict }) => verdict === 'join')).toEqual([])
  })

  it('weigh the same from both sides', () => {
    const copy = person('b', 'isabela', 'loder', '19650714', '')
    const counts = { total: 100, count: (_: string, value: string) => value.length }
    expect(compareRecords(original, copy, counts).bits).toBe(compareRecords(copy, original, counts).bits)
  })

  it('come out the same in whatever order they come', () => {
    const all = [original, person('b', 'isabela', 'lodder', '19650714', ''), ...CROWD.slice(0, 12)]
    const expected = linkRecords(all)
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(linkRecords(shuffled)).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })
})
