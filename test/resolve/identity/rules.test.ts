import { describe, expect, it } from 'vitest'
import { judgedWithin } from './judged.ts'

/** Verdict and rule, `join surname`; `none` where nothing is found or a guard forbids it. */
function outcome(...args: Parameters<typeof judgedWithin>): string {
  const judged = judgedWithin(...args)
  return judged?.verdict == null ? 'none' : `${judged.verdict} ${judged.rule}`
}

describe('rules within a document', () => {
  it.each([
    ['same-spelling', ['Brinetally', 'Brine Tally'], 'System', 'join same-spelling'],
    ['same-spelling, dots', ['U.S.', 'US'], 'Place', 'join same-spelling'],
    ['same-spelling, not other letters', ['Brinetally', 'Brine Rally'], 'System', 'propose one-slip'],
    ['legal-form', ['Dovrelund Systems', 'Dovrelund Systems GmbH'], 'Organization', 'join legal-form'],
    ['legal-form, unlike ones', ['Dovrelund AG', 'Dovrelund GmbH'], 'Organization', 'propose legal-form'],
    ['acronym', ['FIFA', 'Fédération Internationale de Football Association'], 'ORG', 'join acronym'],
    ['acronym of two letters', ['SO', 'Supplier Office'], 'Organization', 'propose acronym'],
    ['acronym, other letters', ['BRSS', 'Supplier Office'], 'Organization', 'none'],
    ['part of an acronym', ['UCL', 'University College London Hospitals Trust'], 'ORG', 'propose part-of-acronym'],
    ['middle name', ['Henrik Angell', 'Henrik August Angell'], 'Person', 'join middle-name'],
    ['initials', ['N. C. Wyeth', 'Newell Convers Wyeth'], 'Person', 'join initials'],
    ['nickname', ['Bob Marsh', 'Robert Marsh'], 'Person', 'join nickname'],
    ['nickname in quotes', ['Wilfried "Willo" Marsh', 'Willo Marsh'], 'Person', 'join nickname'],
    ['surname', ['Okafor', 'Amara Okafor'], 'Person', 'join surname'],
    ['surname with title', ['Dr. Okafor', 'Amara Okafor'], 'Person', 'join surname'],
    ['surname turned around', ['Okafor, Amara', 'Amara Okafor'], 'Person', 'join middle-name'],
    ['given name', ['Amara', 'Amara Okafor'], 'Person', 'join given-name'],
    ['another name', ['Leila', 'Amara Okafor'], 'Person', 'none'],
    ['nickname alone', ['Bob', 'Robert Marsh'], 'Person', 'propose nickname-alone'],
    ['part of a name', ['Madeira', 'Jefferson Madeira da Silva'], 'Person', 'propose part-of-name'],
    ['initials of a person', ['AO', 'Amara Okafor'], 'Person', 'propose person-initials'],
    ['same part', ['Leopold', 'Leopold I'], 'Person', 'propose same-part'],
    ['names of a country', ['USA', 'the United States'], 'Place', 'join same-country'],
    ['people of a country', ['Denmark', 'Danes'], 'Place', 'propose same-country'],
    ['stem', ['Jamaica', 'Jamaican'], 'Place', 'propose same-stem'],
    ['word order', ['Commission of the Arts', 'Arts Commission'], 'Thing', 'propose like-words'],
    ['word order of as many words', ['Adachi Kenzo', 'Kenzo Adachi'], 'Thing', 'propose word-order'],
    ['shorter name', ['Dovrelund', 'Dovrelund Systems'], 'Organization', 'propose shorter-name'],
    ['shorter name at the end', ['Spurs', 'San Antonio Spurs'], 'ORG', 'propose shorter-name'],
    ['shorter name in the middle', ['Antonio', 'San Antonio Spurs'], 'ORG', 'none'],
    ['shorter name, more numbers', ['Windows', 'Windows 10'], 'System', 'none'],
    ['adjective of a longer name', ['Korean', 'South Korea'], 'Place', 'propose shorter-adjective'],
    ['like words', ['Iowa Telecom', 'Iowa Telecommunications Services'], 'ORG', 'propose like-words'],
    ['one slip', ['Tobolesk', 'Tobolsk'], 'Place', 'propose one-slip'],
    ['no slip in short words', ['Geth', 'Reth'], 'System', 'none'],
    ['dates', ['2014', 'February 27, 2014'], 'Date', 'none'],
  ] as const)('%s', (_, pair, type, expected) => expect(outcome(pair, type)).toBe(expected))

  it('takes the text’s word for it', () => {
    const brass = ['Brastel', 'Billing and Settlement System'] as const
    expect(outcome(brass, 'System')).toBe('none')
    expect(outcome(brass, 'System', { text: 'the Billing and Settlement System (Brastel), of 1998' })).toBe(
      'propose introduced',
    )
    const adr = ['Architecture Review', 'AR'] as const
    expect(outcome(adr, 'Group', { text: 'The Architecture Review (AR) meets.' })).toBe('join acronym-in-brackets')
    const oslo = ['Kristiania', 'Oslo'] as const
    expect(outcome(oslo, 'Place', { text: 'born in Kristiania (now Oslo), Norway' })).toBe('propose introduced')
    expect(outcome(oslo, 'Place', { text: 'Kristiania, also known as Oslo.' })).toBe('propose introduced')
    const called: [string, string] = ['Maria', 'R. Tanaka']
    expect(outcome(called, 'Person', { text: 'Maria, called R. Tanaka, sang.' })).toBe('propose introduced')
    expect(outcome(called, 'Person', { text: 'Maria called R. Tanaka on Friday.' })).not.toContain('introduced')
    expect(outcome(oslo, 'Place', { text: 'from Kristiania to Oslo (a day)' })).toBe('none')
  })
})

describe('rivals', () => {
  it('keep a shared surname from joining anybody', () => {
    const judged = judgedWithin(['Bach', 'Anna Bach'], 'Person', { others: ['Johann Bach'] })
    expect(judged).toMatchObject({ verdict: 'propose', rule: 'surname' })
    expect(judged?.rivals).toHaveLength(1)
  })

  it('are none where the other is the same person', () => {
    const judged = judgedWithin(['Angell', 'Henrik Angell'], 'Person', { others: ['Henrik August Angell'] })
    expect(judged).toMatchObject({ verdict: 'join', rivals: [] })
  })

  it('of whom there are many are no question', () => {
    const others = ['Carl', 'Otto', 'Ruth', 'Emil'].map((given) => `${given} Bach`)
    expect(judgedWithin(['Bach', 'Anna Bach'], 'Person', { others })?.verdict).toBeNull()
  })
})
