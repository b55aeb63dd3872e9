import { describe, expect, it } from 'vitest'
import { guardsOf } from '../../../src/resolve/identity/guards.ts'
import { NO_CONTEXT, pairOf, readContext } from '../../../src/resolve/identity/context.ts'
import { readThing, type Thing } from '../../../src/resolve/identity/judgement.ts'
import { resolveWithin } from '../../../src/resolve/identity/identity.ts'
import { judgedWithin, thing } from './judged.ts'

function guards(a: Thing, b: Thing, texts: readonly string[] = [], cannot: ReadonlySet<string> = new Set()): string[] {
  const context = texts.length === 0 ? NO_CONTEXT : readContext(texts, [...a.names, ...b.names])
  const circumstances = { scope: 'document', context, cannot } as const
  const found = guardsOf(readThing(a), readThing(b), circumstances)
  expect(guardsOf(readThing(b), readThing(a), circumstances).map(({ guard }) => guard)).toEqual(
    found.map(({ guard }) => guard),
  )
  return found.map(({ guard, weight }) => `${weight} ${guard}`)
}

describe('guards', () => {
  it.each([
    ['two numbers', 'CR-19', 'CR-20', ['veto numbers-differ']],
    ['one number', 'Eurovision', 'Eurovision 2009', ['doubt number-in-one']],
    ['one number, written otherwise', 'BBC One', 'BBC 1', []],
    ['World Wars', 'World War I', 'World War II', ['veto numbers-differ']],
    ['no numbers', 'Ferrypoint', 'Brinetally', []],
  ])('%s', (_, a, b, expected) => expect(guards(thing(a, 'Thing'), thing(b, 'Thing'))).toEqual(expected))

  it.each([
    ['father and son', 'Paul Desmarais Jr.', 'Paul Desmarais Sr.', ['veto generations-differ']],
    ['kings', 'Carol I', 'Carol II', ['veto generations-differ']],
    ['father or son', 'Paul Desmarais', 'Paul Desmarais Jr.', ['doubt generation-in-one']],
    ['one first name', 'Jonas Vettergren', 'Jonas Brandão', ['veto one-first-name']],
    ['initials', 'Kalan G. Smith', 'Kalan C. Smith', ['doubt one-surname', 'veto middle-names-differ']],
    ['an initial of the middle name', 'Kalan G. Smith', 'Kalan Gordon Smith', []],
    ['one surname', 'Anna Bach', 'Johann Bach', ['doubt one-surname']],
    ['nothing alike', 'Amara Okafor', 'Priya Velumani', ['doubt full-names-differ']],
    ['one person', 'Henrik Angell', 'Henrik August Angell', []],
    ['part of one', 'Okafor', 'Amara Okafor', []],
  ])('%s', (_, a, b, expected) => expect(guards(thing(a, 'Person'), thing(b, 'Person'))).toEqual(expected))

  it('unlike types', () => {
    expect(guards(thing('Mercury', 'System'), thing('Mercury', 'Place'))).toContain('veto unlike-types')
  })

  it('a pair that a person has rejected', () => {
    const [a, b] = [thing('Okafor', 'Person'), thing('Amara Okafor', 'Person')]
    expect(guards(a, b, [], new Set([pairOf(b.id, a.id)]))).toEqual(['veto rejected'])
    expect(guards(a, b, [], new Set([pairOf(b.id, 'another')]))).toEqual([])
  })

  it('two who speak in one meeting', () => {
    const [a, b] = [
      thing('Jonas', 'Person', { speaksIn: ['m1'] }),
      thing('Jonas Brandão', 'Person', { speaksIn: ['m1'] }),
    ]
    expect(guards(a, b)).toEqual(['veto one-meeting'])
    expect(guards(a, { ...b, speaksIn: ['m2'] })).toEqual([])
    expect(guards(thing('Jonas Brandao', 'Person', { speaksIn: ['m1'] }), b)).toEqual([])
  })

  it('attributes of which one has one for life', () => {
    const born = (date_of_birth: string, town: string): Partial<Thing> => ({ attributes: { date_of_birth, town } })
    const okafor = (date: string, town: string): Thing => thing('Amara Okafor', 'Person', born(date, town))
    expect(guards(okafor('1980-01-02', 'Oslo'), okafor('1981-01-02', 'Oslo'))).toEqual(['veto attributes-conflict'])
    expect(guards(okafor('1980-01-02', 'Oslo'), okafor('1980-01-02', 'Bergen'))).toEqual([])
    expect(guards(okafor('1980-01-02', 'Oslo'), okafor('', 'Oslo'))).toEqual([])
  })

  it.each([
    ['a list', 'Upper Marsh and Marsh are two places.', ['veto contrast']],
    ['a long list', 'Upper Marsh, Marsh and Lower Marsh', ['veto contrast']],
    ['a denial', 'We mean Upper Marsh, not Marsh.', ['veto contrast']],
    ['both', 'Both Upper Marsh and Marsh', ['veto contrast']],
    ['against', 'Marsh vs. Upper Marsh', ['veto contrast']],
    ['brackets', 'Upper Marsh (Marsh) is a place.', []],
    ['another sentence', 'We went to Upper Marsh. And Marsh is wet.', []],
    ['no more than a part of the other', 'Upper Marsh and the river', []],
  ])('%s', (_, text, expected) => {
    const others = readContext([text], ['Upper Marsh', 'Marsh', 'Lower Marsh'])
    const circumstances = { scope: 'document', context: others, cannot: new Set<string>() } as const
    const found = guardsOf(readThing(thing('Marsh', 'Place')), readThing(thing('Upper Marsh', 'Place')), circumstances)
    expect(found.map(({ guard, weight }) => `${weight} ${guard}`)).toEqual(expected)
  })

  it('a contrast is only a doubt for a country and its people', () => {
    expect(guards(thing('Japan', 'Place'), thing('Japanese', 'Place'), ['of Japan and Japanese origin'])).toEqual([
      'doubt contrast',
    ])
  })

  it('a surname that is met before anybody is introduced by it', () => {
    const text = { after: 'Lisa Quenu came. Quenu left.', before: 'His brother Quenu and, later on, wife Lisa Quenu' }
    expect(judgedWithin(['Quenu', 'Lisa Quenu'], 'Person', { text: text.after })?.verdict).toBe('join')
    const judged = judgedWithin(['Quenu', 'Lisa Quenu'], 'Person', { text: text.before })
    expect(judged).toMatchObject({ verdict: 'propose', guards: [{ guard: 'used-before' }] })
  })

  it('but the roll of a meeting introduces its speakers', () => {
    const speaker = thing('Amara Okafor', 'Person', { speaksIn: ['m1'] })
    const texts = ['Is Amara there?', 'Amara Okafor: Yes.']
    const { clusters } = resolveWithin({ things: [thing('Amara', 'Person'), speaker], texts })
    expect(clusters).toHaveLength(1)
    const { clusters: none } = resolveWithin({
      things: [thing('Amara', 'Person'), { ...speaker, speaksIn: [] }],
      texts,
    })
    expect(none).toEqual([])
  })

  it('a middle name more, where the text names others of the family', () => {
    const text = 'Amara Okafor founded it. Her children are Ben Okafor and Amara Ngozi Okafor.'
    const names: [string, string] = ['Amara Okafor', 'Amara Ngozi Okafor']
    const judged = judgedWithin(names, 'Person', { text, others: ['Ben Okafor'] })
    expect(judged).toMatchObject({ verdict: 'propose', rule: 'middle-name', guards: [{ guard: 'family-named' }] })
    // The same person by titles, initials and nicknames is nobody else.
    const alone = 'Amara Okafor founded it. Mrs Okafor, A. Okafor, Dr. Amara Okafor: all are Amara Ngozi Okafor.'
    const others = ['Mrs Okafor', 'A. Okafor', 'Dr. Amara Okafor']
    expect(judgedWithin(names, 'Person', { text: alone, others })?.verdict).toBe('join')
  })

  it('a first name, where the text calls that person by surname', () => {
    const text = 'Paul Desmarais is rich. Desmarais has children: Paul, Alexandre.'
    const judged = judgedWithin(['Paul', 'Paul Desmarais'], 'Person', { text, others: ['Desmarais'] })
    expect(judged).toMatchObject({ verdict: 'propose', rule: 'given-name', guards: [{ guard: 'known-by-surname' }] })
    expect(judgedWithin(['Paul', 'Paul Desmarais'], 'Person', { text: 'Paul Desmarais. Paul.' })?.verdict).toBe('join')
  })
})
