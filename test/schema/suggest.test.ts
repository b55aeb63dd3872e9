import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readSchema } from '../../src/read-schema.ts'
import type { Gathered, Heard } from '../../src/schema/gather.ts'
import { suggestSchema } from '../../src/schema/suggest.ts'
import { suggestionYaml } from '../../src/schema/suggestion-yaml.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-suggest-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `Ana:Person LEADS Kestrel:Project`, each reply about a chunk of its own. */
function heard(replies: readonly (readonly string[])[]): Heard[] {
  return replies.map((lines, index) => {
    const place = `notes/${index}.md l. 1`
    const end = (text = '') => {
      const [name = '', type = ''] = text.split(':')
      return { name, type, s: 1, place }
    }
    const links = lines.map((line) => {
      const [subject, type = '', object] = line.split(' ')
      const said = {
        subject: end(subject),
        type,
        object: end(object),
        quote: line,
        s: 1,
        polarity: 'asserted' as const,
      }
      return { ...said, example: { quote: line, place } }
    })
    const entities = links.flatMap(({ subject, object }) => [subject, object])
    return { document: `d${index}`, chunk: `c${index}`, reply: `r${index}`, model: 'm', entities, links }
  })
}

const gathered = (replies: readonly (readonly string[])[]): Gathered => ({
  heard: heard(replies),
  documents: replies.length,
  chunks: replies.length,
  models: new Map([['m', replies.length]]),
  closed: 0,
})
const suggested = (replies: readonly (readonly string[])[], least = 1) => suggestSchema(gathered(replies), least)

/** As a file says it; what a comment does to it would show. */
function reread(replies: readonly (readonly string[])[], least = 1) {
  const all = gathered(replies)
  const suggestion = suggestSchema(all, least)
  const path = join(folder, 'schema.yaml')
  const yaml = suggestionYaml(suggestion, all)
  writeFileSync(path, yaml)
  expect(readSchema(path)).toEqual(suggestion.schema)
  return yaml
}

it('quotes names that YAML takes for something else', () => {
  const yaml = reread([
    ['Ana:Null TRUE Kestrel:True', 'Ben:Null TRUE Heron:True', 'Cid:Null NULL Egret:True'],
    ['Dee:False TRUES Emu:True'],
  ])
  for (const line of ['- name: "Null"', '- name: "TRUE"', '- name: "NULL"', 'to: ["True"]'])
    expect(yaml).toContain(line)
  expect(yaml).not.toMatch(/"TRUES"/)
})

const LED = [
  ['Ana:Person LEADS Kestrel:Project', 'Ben:Person LEADS Heron:Project'],
  ['Cid:Person HEADS Egret:Project'],
  ['Ibis:Project LED_BY Dan:Human'],
]

it('joins forms of a word, other words and what is told from the other end, and says so', () => {
  const { schema, linkTypes } = suggested(LED)
  expect(schema.linkTypes).toMatchObject([
    { name: 'LEADS', aliases: ['HEADS'], inverse: 'LED_BY', from: ['Person'], to: ['Project'], symmetric: false },
  ])
  expect(schema.entityTypes.map(({ name, aliases }) => [name, aliases])).toEqual([
    ['Project', []],
    ['Person', ['Human']],
  ])
  expect(linkTypes[0]).toMatchObject({ count: 4, documents: 3, oneObject: 4, oneSubject: 4, bothWays: 0 })
  const yaml = reread(LED)
  expect(yaml).toContain('# joined to it: HEADS 1 (a synonym), LED_BY 1 (another form, from the other end)')
  expect(yaml).toContain('# 4 links in 3 documents: Person > Project 4')
  expect(yaml).toContain('#   notes/1.md l. 1: »Cid:Person HEADS Egret:Project«')
  expect(yaml).toContain('# here each of 4 objects has one subject: if that is a rule, singleValued: from')
})

it('a word for the like that one reply uses beside it, or between other things, is another type; a synonym is not', () => {
  const synonyms = suggested([['Ana:Person LEADS Kestrel:Project', 'Ben:Person HEADS Heron:Project']])
  expect(synonyms.schema.linkTypes.map(({ name, aliases }) => [name, aliases])).toEqual([['HEADS', ['LEADS']]])
  const together = suggested([['Ana:Person LEADS Kestrel:Project', 'Ben:Person CHAIRS Heron:Project']])
  expect(together.schema.linkTypes.map(({ name, aliases }) => [name, aliases])).toEqual([
    ['CHAIRS', []],
    ['LEADS', []],
  ])
  expect(together.linkTypes.map(({ apart }) => apart)).toEqual([['LEADS'], ['CHAIRS']])
  const apart = suggested([['Ana:Person LEADS Kestrel:Project'], ['Ben:Person CHAIRS Heron:Project']])
  expect(apart.schema.linkTypes.map(({ name, aliases }) => [name, aliases])).toEqual([['CHAIRS', ['LEADS']]])
  const elsewhere = suggested([['Ana:Person LEADS Kestrel:Project'], ['Road:Place RUNS Wall:Place']])
  expect(elsewhere.schema.linkTypes.map(({ name }) => name).toSorted()).toEqual(['LEADS', 'RUNS'])
  expect(suggested([['A:Team OWNS B:System', 'C:Organization OWNS D:System']]).schema.entityTypes).toHaveLength(3)
})

it('what is told from both ends has no direction, and then an inverse is an alias', () => {
  const both = [['Ana:Person KNOWS Ben:Person'], ['Ben:Person KNOWS Ana:Person'], ['Cid:Person KNOWN_BY Ana:Person']]
  expect(suggested(both).schema.linkTypes).toMatchObject([{ name: 'KNOWS', symmetric: true, aliases: ['KNOWN_BY'] }])
  expect(suggested(both).schema.linkTypes[0]).not.toHaveProperty('inverse')
  expect(reread(both)).toContain('# symmetric: 1 pair is told from both ends')
})

it('a type that was seen too seldom is told and not proposed, unless a proposed one needs it', () => {
  const replies = [['Ana:Person OWNS Billing:System', 'Ben:Person OWNS Billing:System', 'Cid:Person LIKES Tea:Drink']]
  const { schema, seldom } = suggested(replies, 2)
  expect(schema.linkTypes.map(({ name }) => name)).toEqual(['OWNS'])
  expect(schema.entityTypes.map(({ name }) => name)).toEqual(['Person', 'System'])
  expect(seldom).toEqual({ entityTypes: [{ name: 'Drink', count: 1 }], linkTypes: [{ name: 'LIKES', count: 1 }] })
  expect(reread(replies, 2)).toContain('# seen too seldom to be proposed: LIKES 1')
})

it('names that whygraph keeps for itself are proposed under others, and taken as these', () => {
  const replies = [['Board:Organization APPROVED Budget:Decision'], ['New:Decision SUPERSEDES Old:Decision']]
  const { schema } = suggested(replies)
  expect(schema.entityTypes.find(({ aliases }) => aliases.includes('Decision'))?.name).toBe('Resolution')
  expect(schema.linkTypes.find(({ aliases }) => aliases.includes('SUPERSEDES'))).toMatchObject({
    name: 'SUPERSEDES_LINK',
    from: ['Resolution'],
  })
  reread(replies)
})

it('the same comes out whatever the order of the replies', () => {
  const yaml = suggestionYaml(suggested(LED), gathered(LED))
  const turned = { ...gathered(LED), heard: heard(LED).toReversed() }
  const { schema } = suggestSchema(turned, 1)
  expect(schema).toEqual(suggested(LED).schema)
  expect(suggestionYaml(suggested(LED), gathered(LED))).toBe(yaml)
})

it('nothing that a model or a document says ends a comment', () => {
  const all = gathered(LED)
  const evil = 'Ana\nentityTypes: []\u2028open: false\u0085x\u001b[2J'
  const [first, ...others] = all.heard as [Heard, ...Heard[]]
  const entities = first.entities.map((entity) => ({ ...entity, name: evil, place: evil }))
  const links = first.links.map((link) => ({ ...link, example: { quote: evil, place: evil } }))
  const changed = { ...all, heard: [{ ...first, entities, links }, ...others], models: new Map([[evil, 1]]) }
  const suggestion = suggestSchema(changed, 1)
  const yaml = suggestionYaml(suggestion, changed)
  const path = join(folder, 'evil.yaml')
  writeFileSync(path, yaml)
  expect(readSchema(path)).toEqual(suggestion.schema)
  expect(yaml).not.toMatch(/[\u001b\u0085\u2028]/)
})

it('of nothing that was said comes a schema that names nothing', () => {
  expect(reread([])).toContain('linkTypes: []')
})
