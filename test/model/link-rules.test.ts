import { describe, expect, it } from 'vitest'
import { askedPart, rivalsOf, rulesOf, slotsOf, typesOtherwise } from '../../src/model/link-rules.ts'
import { schemaFile } from '../../src/model/schema.ts'

const schema = (...linkTypes: object[]) => schemaFile.parse({ linkTypes })
const ends = (type: string, subjectId = 's', objectId = 'o') => ({ type, subjectId, objectId })

describe('rules of link types', () => {
  it('are those that the schemas give to the types that they name; others stay as they were', () => {
    const before = rulesOf(
      [schema({ name: 'OWNS', singleValued: 'from' }, { name: 'LEADS', singleValued: true, supersedes: 'later' })],
      {},
    )
    expect(before).toEqual({
      LEADS: { single: 'to', reversedBy: [], retiresEarlier: true },
      OWNS: { single: 'from', reversedBy: [], retiresEarlier: false },
    })
    const now = rulesOf([schema({ name: 'OWNS' }), schema({ name: 'OWNS', singleValued: 'both' })], before)
    expect(now['OWNS']?.single).toBe('both')
    expect(now['LEADS']).toEqual(before['LEADS'])
    expect(rulesOf([schema({ name: 'OWNS' })], before)).not.toHaveProperty('OWNS')
    expect(rulesOf([schema({ name: 'X', supersedes: 'never', singleValued: false })], {})).toEqual({})
  })

  it('name types that take others back by name or alias, and never the type itself', () => {
    const rules = rulesOf(
      [
        schema(
          { name: 'DECIDED', reversedBy: ['OVERTURNS', { type: 'DROPPED', sameSubject: true }] },
          { name: 'REVERSES', aliases: ['OVERTURNS'] },
        ),
      ],
      {},
    )
    expect(rules['DECIDED']?.reversedBy).toEqual([
      { type: 'REVERSES', sameSubject: false },
      { type: 'DROPPED', sameSubject: true },
    ])
    expect(() => schema({ name: 'DECIDED', reversedBy: ['DECIDED'] })).toThrow('cannot take itself back')
    const closed = { open: false, linkTypes: [{ name: 'DECIDED', reversedBy: ['DROPPED'] }] }
    expect(() => schemaFile.parse(closed)).toThrow('DROPPED, which is no link type of the schema')
  })

  it('say which links may contradict each other', () => {
    const rules = rulesOf(
      [
        schema(
          { name: 'OWNS', singleValued: 'from' },
          { name: 'REPORTS_TO', singleValued: true },
          { name: 'MARRIED_TO', singleValued: true, symmetric: true },
          { name: 'DECIDED', reversedBy: ['DROPPED', 'REVERSES'] },
          { name: 'PLANNED', reversedBy: ['DROPPED'] },
        ),
      ],
      {},
    )
    expect(rivalsOf(ends('KNOWS'), rules)).toEqual({ rivalsFrom: null, rivalsTo: null })
    expect(rivalsOf(ends('OWNS'), rules)).toEqual({ rivalsFrom: null, rivalsTo: 'OWNS o' })
    expect(rivalsOf(ends('REPORTS_TO'), rules)).toEqual({ rivalsFrom: 'REPORTS_TO s', rivalsTo: null })
    const family = ['DECIDED', 'DROPPED', 'REVERSES', 'PLANNED'].map((type) => rivalsOf(ends(type), rules))
    expect(new Set(family.map(({ rivalsTo }) => rivalsTo))).toEqual(new Set(['DECIDED o']))
    expect(slotsOf(ends('MARRIED_TO'), rules)).toEqual({
      rivalsFrom: ['MARRIED_TO s', 'MARRIED_TO o'],
      rivalsTo: ['MARRIED_TO o', 'MARRIED_TO s'],
    })
  })

  it('tell which types are to be compared again when they change, those too that take back', () => {
    const one = rulesOf(
      [schema({ name: 'DECIDED', reversedBy: ['DROPPED'] }, { name: 'OWNS', singleValued: true })],
      {},
    )
    expect(typesOtherwise(one, one)).toEqual([])
    expect(typesOtherwise(one, rulesOf([schema({ name: 'DECIDED' })], one))).toEqual(['DECIDED', 'DROPPED'])
  })

  it('are no part of what an engine is asked', () => {
    const ruled = schema({ name: 'OWNS', singleValued: 'from', supersedes: 'later', reversedBy: ['X'] })
    expect(askedPart(ruled)).toEqual(schema({ name: 'OWNS' }))
  })
})
