import { describe, expect, it } from 'vitest'
import { entityId, unscopedEntityId } from '../../src/model/entity.ts'
import { nameEntity } from '../../src/resolve/name-entity.ts'
import { endsInOrder, endsOf } from '../../src/model/link.ts'

describe('the id of an entity', () => {
  const inOneAndOther = (type: string, name: string): [string, string] => [
    entityId(type, name, 'one'),
    entityId(type, name, 'other'),
  ]

  it('is that of type and name, whatever the document', () => {
    for (const [type, name] of [
      ['Person', 'Dr. Amara Okafor'],
      ['Organization', 'Okafor'],
      ['Person', 'amara@kestrel.example'],
      ['Person', 'A.Okafor'],
      ['Person', '山田太郎'],
      ['Person', '김철수'],
      ['Concept', 'AO'],
    ] as const) {
      const [one, other] = inOneAndOther(type, name)
      expect(one, name).toBe(other)
      expect(one, name).toBe(unscopedEntityId(type, name))
    }
  })

  it('of a lone name of a person is another in every document', () => {
    for (const [type, name] of [
      ['Person', 'Jonas'],
      ['Person', 'Dr. Okafor'],
      ['BoardMember', 'AO'],
      ['Person', 'Jean-Luc'],
      ['Person', '太郎'],
    ] as const) {
      const [one, other] = inOneAndOther(type, name)
      expect(one, name).not.toBe(other)
      expect(one, name).not.toBe(unscopedEntityId(type, name))
    }
  })
})

describe('a link that says that two things are one', () => {
  const ada = { name: 'Ada Lovelace', type: 'Person', aliases: [] }
  const countess = { name: 'Countess of Lovelace', type: 'Person', aliases: [] }

  it('is the same whichever is named first, and its subject is the lesser id', () => {
    const said = { subject: ada, type: 'SAME_AS', object: countess, documentId: 'one' }
    const turned = { ...said, subject: countess, object: ada }
    expect(endsOf(said)).toEqual(endsOf(turned))
    expect(endsOf(said).subjectId < endsOf(said).objectId).toBe(true)
    expect(endsInOrder(said)).toEqual(endsInOrder(turned))
  })

  it('is not turned where it says anything else', () => {
    const said = { subject: ada, type: 'KNOWS', object: countess, documentId: 'one' }
    expect(endsOf(said).id).not.toBe(endsOf({ ...said, subject: countess, object: ada }).id)
  })
})

it('signs that nobody sees make no other name, and are no reason to go by it', () => {
  const hidden = ['Amara\u200b Okafor', '\u202aAmara Okafor\u202c', 'Ama\u00adra Okafor', 'Amara Oka\u2060for\ufeff']
  for (const name of hidden) expect(unscopedEntityId('Person', name)).toBe(unscopedEntityId('Person', 'Amara Okafor'))
  expect(nameEntity(hidden[0] ?? '', ['Amara Okafor', ...hidden]).name).toBe('Amara Okafor')
  expect(unscopedEntityId('Person', '\u200b')).not.toBe(unscopedEntityId('Person', '\u2060'))
})

it('of spellings of a name that differ in capitals, one that is not shouted is gone by', () => {
  const called = (...forms: string[]): string => nameEntity(forms[0] ?? '', forms).name
  expect(called('Robert MILLER', 'Robert Miller')).toBe('Robert Miller')
  expect(called('JOHN DOE', 'John Doe', 'john doe')).toBe('John Doe')
  // Short words in capitals are acronyms.
  expect(called('Ibm Research', 'IBM Research')).toBe('IBM Research')
  expect(called('Brass', 'BRASS')).toBe('BRASS')
})
