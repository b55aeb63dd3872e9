import { describe, expect, it } from 'vitest'
import { indexNames, type NameIndex, pairOf, resolveAcross } from '../../../src/resolve/identity/identity.ts'
import { thing } from './judged.ts'

async function outcome(name: string, type: string, ...graph: string[]): Promise<string[]> {
  const index = indexNames(graph.map((known) => ({ ...thing(known, type), id: `graph ${known}` })))
  const judgements = await resolveAcross(thing(name, type), index)
  return judgements.filter(({ verdict }) => verdict !== null).map(({ verdict, rule }) => `${verdict} ${rule}`)
}

describe('across documents', () => {
  it.each([
    ['Brine Tally', 'System', 'Brinetally', ['join same-spelling']],
    ['Dovrelund Systems GmbH', 'Organization', 'Dovrelund Systems', ['join legal-form']],
    ['AACSB', 'Organization', 'Association to Advance Collegiate Schools of Business', ['join acronym']],
    ['CBS', 'Organization', 'Carey Business School', ['propose acronym']],
    ['Henrik Angell', 'Person', 'Henrik August Angell', ['propose middle-name']],
    ['Bob Marsh', 'Person', 'Robert Marsh', ['propose nickname']],
    ['Dovrelund', 'Organization', 'Dovrelund Systems', ['propose shorter-name']],
    ['Denmark', 'Place', 'Danish', ['propose same-country']],
    ['CR-19', 'Order', 'CR-20', []],
    ['Jonas Brandão', 'Person', 'Jonas Vettergren', []],
  ])('%s (%s), %s', async (name, type, known, expected) => expect(await outcome(name, type, known)).toEqual(expected))

  it.each(['Okafor', 'Amara', 'AO', 'Dr. Okafor', 'O’Kafor'])(
    'never joins %s, a part of a person’s name',
    async (part) => {
      const found = await outcome(part, 'Person', 'Amara Okafor', 'Okafor', 'Ao', 'OKafor', 'A.O.')
      expect(found.filter((verdict) => verdict.startsWith('join'))).toEqual([])
    },
  )

  it('looks a cluster up by all its names, and proposes each candidate once', async () => {
    const cluster = thing('Amara Okafor', 'Person', { names: ['Amara Okafor', 'Okafor', 'Amara'] })
    const index = indexNames([{ ...thing('Amara N. Okafor', 'Person'), names: ['Amara N. Okafor', 'Okafor'] }])
    const judgements = await resolveAcross(cluster, index)
    expect(judgements).toHaveLength(1)
    expect(judgements[0]).toMatchObject({ verdict: 'propose', rule: 'middle-name' })
  })

  it.each([
    [
      'B. Okafor',
      'Person',
      ['Bea', 'Ben', 'Bill', 'Bo', 'Bridget', 'Bruno', 'Byron'].map((given) => `${given} Okafor`),
    ],
    // Each of them one letter apart from all others.
    ['Melvarox', 'System', ['b', 'c', 'd', 'f', 'g', 'h', 'j'].map((letter) => `Melvaro${letter}`)],
    // One letter apart, as one person's names may be; two people all the same.
    ['B. Okafor', 'Person', ['b', 'c', 'd', 'f', 'g', 'h', 'j'].map((letter) => `Balthasa${letter} Okafor`)],
  ])('asks which of six %s (%s) may be, and of seven no more', async (name, type, others) => {
    const six = others.slice(0, 6)
    expect(await outcome(name, type, ...six)).toHaveLength(6)
    expect(await outcome(name, type, ...others)).toEqual([])
    const index = indexNames(others.map((known) => ({ ...thing(known, type), id: `graph ${known}` })))
    const judgements = await resolveAcross(thing(name, type), index)
    expect(judgements.map(({ isCrowded }) => isCrowded)).toEqual(others.map(() => true))
  })

  it.each([
    ['a further name of both', ['Project Saltmarsh', 'the project'], ['Project Ferry', 'The Project'], 'propose'],
    ['a name of one, further of the other', ['Project Saltmarsh', 'Saltmarsh'], ['Saltmarsh'], 'join'],
    ['common words', ['steering group'], ['the steering-group'], 'propose'],
    ['a word that is a name', ['Steering Group'], ['the Steering-Group'], 'join'],
  ])('%s joins only where it tells', async (_, names, others, verdict) => {
    const one = thing(names[0] ?? '', 'Project', { names })
    const other = { ...thing(others[0] ?? '', 'Project', { names: others }), id: 'other' }
    expect(await resolveAcross(one, indexNames([other]))).toMatchObject([{ rule: 'same-spelling', verdict }])
  })

  it('does not find itself, nor what a person has rejected', async () => {
    const [a, b] = [thing('Brine Tally', 'System'), thing('Brinetally', 'System')]
    expect(await resolveAcross(a, indexNames([a]))).toEqual([])
    const [judged] = await resolveAcross(a, indexNames([b]), new Set([pairOf(a.id, b.id)]))
    expect(judged).toMatchObject({ verdict: null, guards: [{ guard: 'rejected' }] })
  })

  it('takes nothing from a key that more share than the posting holds', async () => {
    const many = Array.from({ length: 60 }, (_, at) => thing(`Person${at} Smith`, 'Person'))
    expect(await resolveAcross(thing('Smith', 'Person'), indexNames(many))).toEqual([])
  })

  it('asks the index once', async () => {
    const asked: number[] = []
    const index: NameIndex = {
      lookUp: async (keys) => {
        asked.push(keys.length)
        return new Map()
      },
    }
    await resolveAcross(thing('Billing, Rating and Settlement System', 'System'), index)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toBeLessThan(60)
  })
})
