import { expect, it } from 'vitest'
import { conformLink, type Conformed } from '../../src/extract/conform.ts'
import { outsideSchema } from '../../src/extract/outside.ts'
import type { AnswerEntity, AnswerLink } from '../../src/model/answer.ts'
import { schemaFile } from '../../src/model/schema.ts'

const ana: AnswerEntity = { id: 'e1', name: 'Ana', type: 'Person', aliases: [], mentions: [1] }
const billing: AnswerEntity = { id: 'e2', name: 'Billing', type: 'System', aliases: [], mentions: [1] }
const entities = new Map([ana, billing].map((entity) => [entity.id, entity]))

function conform(type: string, schema: unknown, [subject, object] = ['e1', 'e2']): Conformed {
  const link: AnswerLink = {
    index: 0,
    subject: subject ?? '',
    type,
    object: object ?? '',
    evidence: [{ s: 1, quote: 'Ana owns Billing' }],
    support: 'stated',
    polarity: 'asserted',
    when: null,
    why: '',
    confidence: 0.9,
  }
  const conformed = conformLink(link, entities, schemaFile.parse(schema))
  if ('refused' in conformed) throw new Error(conformed.refused.message)
  return conformed
}

const OWNS = { name: 'OWNS', from: ['Person'], to: ['System'], aliases: ['OWNER_OF'], inverse: 'OWNED_BY' }
const codes = ({ notes }: Conformed): string[] => notes.map(({ code }) => code)

it('a link that comes by the inverse is turned round, with a note, and is the same link', () => {
  const turned = conform('owned by', { open: false, linkTypes: [OWNS] }, ['e2', 'e1'])
  expect(turned).toMatchObject({ subject: ana, type: 'OWNS', object: billing, held: false, turned: true })
  expect(turned.notes).toEqual([
    { code: 'type-mapped', message: 'owned by was taken as OWNS, the other way round', where: 'links[0]' },
  ])
})

it('what is turned round is held against from and to as it then goes', () => {
  const wrong = conform('OWNED_BY', { linkTypes: [OWNS] })
  expect(wrong).toMatchObject({ subject: billing, object: ana, held: true })
  expect(codes(wrong)).toEqual(['type-mapped', 'ends-not-allowed'])
})

it('by any of several inverses, and never by one that only resembles it', () => {
  const schema = { linkTypes: [{ ...OWNS, inverse: ['OWNED_BY', 'BELONGS_TO'] }] }
  expect(conform('BELONGS_TO', schema, ['e2', 'e1'])).toMatchObject({ subject: ana, type: 'OWNS' })
  expect(conform('BELONG_TO', schema, ['e2', 'e1'])).toMatchObject({ subject: billing, type: 'BELONG_TO' })
})

it.each([
  [{ open: true }, false],
  [{ open: false }, true],
  [{ open: true, outside: { linkTypes: 'hold' } }, true],
  [{ open: false, outside: { linkTypes: 'keep' } }, false],
  [{ open: true, outside: { entityTypes: 'hold' } }, false],
])('with %j a link of another type is held: %s', (setting, held) => {
  const schema = { ...setting, entityTypes: [{ name: 'Person' }, { name: 'System' }], linkTypes: [OWNS] }
  const conformed = conform('BREAKS', schema)
  expect(conformed).toMatchObject({ type: 'BREAKS', held })
  expect(outsideSchema([conformed], schemaFile.parse(schema))).toEqual([
    { kind: 'link', type: 'BREAKS', fate: held ? 'held' : 'kept', links: 1 },
  ])
})

it.each([
  [{ open: true }, false],
  [{ open: false }, true],
  [{ open: true, outside: { entityTypes: 'hold' } }, true],
  [{ open: false, outside: { entityTypes: 'keep' } }, false],
])('with %j a link with an end of another type is held: %s', (setting, held) => {
  const schema = { ...setting, entityTypes: [{ name: 'Person' }], linkTypes: [{ name: 'OWNS' }] }
  const conformed = conform('OWNS', schema)
  expect(conformed.held).toBe(held)
  expect(outsideSchema([conformed, conformed], schemaFile.parse(schema))).toEqual([
    { kind: 'entity', type: 'System', fate: held ? 'held' : 'kept', links: 2 },
  ])
})

it('of a kind that the schema does not name nothing is outside', () => {
  const conformed = conform('BREAKS', { open: true })
  expect(outsideSchema([conformed], schemaFile.parse({ open: true }))).toEqual([])
  expect(outsideSchema([conformed], schemaFile.parse({ open: false }))).toMatchObject([{ kind: 'link', fate: 'held' }])
})
