import { beforeEach, describe, expect, it } from 'vitest'
import type { Database, GraphRelationship } from '../../src/store/database.ts'
import { ids, join, link, node, one, put, relate } from './database-contract-nodes.ts'

/** Counting, search, and strings that are hard to keep. */
export function describeLookup(current: () => Database, reopen: () => Promise<Database | undefined>): void {
  let database: Database
  beforeEach(() => {
    database = current()
  })

  describe('counting and looking up', () => {
    it('gives some properties of nodes where these are enough', async () => {
      await put(database, node('Chunk', 'a', { replies: ['r'], text: 'long' }), node('Chunk', 'b', { text: 'long' }))
      const found = await database.read((reader) => reader.get('Chunk', ['a', 'b', 'none'], ['replies']))
      const replies = found.map(({ id, properties }) => [properties['id'], id, properties['replies'] ?? null])
      expect(replies.toSorted()).toEqual([
        ['a', 'a', ['r']],
        ['b', 'b', null],
      ])
    })

    it('finds at most so many nodes of each value', async () => {
      const about = { r1: 'a', r2: 'b', r3: 'a', r4: 'a', r5: 'c' }
      await put(database, ...Object.entries(about).map(([id, requestHash]) => node('Reply', id, { requestHash })))
      const found = await database.read((reader) => reader.findEach('Reply', 'requestHash', ['a', 'b', 'a', 'none'], 2))
      expect(found.map(({ id }) => id).toSorted()).toEqual(['r1', 'r2', 'r3'])
      expect(await database.read((reader) => reader.findEach('Reply', 'requestHash', [], 2))).toEqual([])
    })

    it('lists the relationships that start from nodes of a kind, page by page, in one order', async () => {
      await put(
        database,
        ...['a', 'b', 'c'].map((id) => node('Entity', id, { name: id, type: 'Person' })),
        node('Chunk', 'a'),
        node('Chunk', 'b'),
      )
      const relationships = [
        join('FROM_CHUNK', 'Entity', 'a', 'Chunk', 'a', { names: ['A'] }),
        join('FROM_CHUNK', 'Entity', 'a', 'Chunk', 'b', { names: ['A'] }),
        link('k2', 'KNOWS', 'a', 'b', { rev: 1 }),
        link('k3', 'KNOWS', 'a', 'b'),
        link('k1', 'KNOWS', 'a', 'c', { why: ['x'] }),
        link('a1', 'ADVISES', 'b', 'a'),
        link('k4', 'KNOWS', 'b', 'b'),
      ]
      await relate(database, ...relationships, join('NEXT_CHUNK', 'Chunk', 'a', 'Chunk', 'b'))
      const paged = async (limit: number) => {
        const found: GraphRelationship[] = []
        for (let last: GraphRelationship | null = null; ; last = found.at(-1) ?? null) {
          const after = last
          const page = await database.read((reader) => reader.relationshipsAfter('Entity', after, limit))
          found.push(...page)
          if (page.length < limit) return found
        }
      }
      const expected = relationships.map((one) =>
        one.id === null ? one : { ...one, properties: { ...one.properties, id: one.id } },
      )
      expect(await paged(100)).toEqual(expected)
      expect(await paged(2)).toEqual(expected)
      expect(await paged(1)).toEqual(expected)
      expect(await database.read((reader) => reader.relationshipsAfter('Reply', null, 5))).toEqual([])
    })

    it('tallies by the values of properties', async () => {
      await put(
        database,
        node('Link', 'a', { status: 'proposed', type: 'KNOWS', disputed: true }),
        node('Link', 'b', { status: 'proposed', type: 'KNOWS', disputed: false }),
        node('Link', 'c', { status: 'accepted', type: 'KNOWS', disputed: false }),
        node('Link', 'd', { status: 'proposed', type: 'BUILT' }),
      )
      const tally = (...properties: string[]) =>
        database.read(async (reader) =>
          (await reader.tally('Link', properties))
            .map(({ values, count }) => JSON.stringify([...values, count]))
            .toSorted(),
        )
      expect(await tally('status')).toEqual(['["accepted",1]', '["proposed",3]'])
      expect(await tally('status', 'type')).toEqual([
        '["accepted","KNOWS",1]',
        '["proposed","BUILT",1]',
        '["proposed","KNOWS",2]',
      ])
      expect(await tally('disputed')).toEqual(['[false,2]', '[null,1]', '[true,1]'])
      expect(await tally('uncompared')).toEqual(['[null,4]'])
      expect(await tally()).toEqual(['[4]'])
      expect(await database.read((reader) => reader.tally('Run', ['state']))).toEqual([])
    })

    it('adds up numbers', async () => {
      await put(
        database,
        node('Reply', 'a', { model: 'small', inputTokens: 10, cost: 0.5, currency: 'eur' }),
        node('Reply', 'b', { model: 'small', inputTokens: 5 }),
        node('Reply', 'c', { model: 'large', cost: 0.25, currency: 'usd' }),
      )
      const sum = async (by: string[], properties: string[]) => {
        const groups = await database.read((reader) => reader.sum('Reply', by, properties))
        const figures = groups.map((group) => [
          ...group.values,
          group.count,
          ...group.figures.flatMap(({ count, sum, greatest }) => [count, sum, greatest]),
        ])
        return figures.map((row) => JSON.stringify(row)).toSorted()
      }
      expect(await sum(['model'], ['inputTokens', 'cost'])).toEqual([
        '["large",1,0,0,0,1,0.25,0.25]',
        '["small",2,2,15,10,1,0.5,0.5]',
      ])
      expect(await sum(['model', 'currency'], ['cost'])).toEqual([
        '["large","usd",1,1,0.25,0.25]',
        '["small","eur",1,1,0.5,0.5]',
        '["small",null,1,0,0,0]',
      ])
      expect(await sum([], ['inputTokens'])).toEqual(['[3,2,15,10]'])
      expect(await sum(['model'], [])).toEqual(['["large",1]', '["small",2]'])
    })

    it('lists all nodes of a kind page by page', async () => {
      await put(database, ...['c', 'a', 'd', 'b'].map((id) => node('Link', id)), node('Run', 'e'))
      const page = (after: string) =>
        database.read(async (reader) => (await reader.listAfter('Link', after, 2)).map(({ id }) => id))
      expect(await page('')).toEqual(['a', 'b'])
      expect(await page('b')).toEqual(['c', 'd'])
      expect(await page('d')).toEqual([])
    })

    it('finds links of a type by their ids', async () => {
      await put(database, node('Entity', 'a', { type: 'Person' }), node('Entity', 'b', { type: 'Person' }))
      await relate(database, link('one', 'KNOWS', 'a', 'b', { when: 'now' }), link('other', 'KNOWS', 'b', 'a'))
      const links = (type: string, ...wanted: string[]) =>
        database.read((reader) => reader.links(type, 'Entity', wanted))
      const [found] = await links('KNOWS', 'one', 'none')
      expect(found).toMatchObject({ type: 'KNOWS', id: 'one', from: { id: 'a' }, to: { id: 'b' } })
      expect(found?.properties).toMatchObject({ when: 'now' })
      expect(await links('KNOWS', 'one', 'other')).toHaveLength(2)
      expect(await links('LEADS', 'one')).toEqual([])
      expect(await links('KNOWS')).toEqual([])
    })

    it('lists all links of all types page by page, and no other relationships', async () => {
      await put(database, ...['a', 'b'].map((id) => node('Entity', id, { type: 'Person' })), node('Chunk', 'c'))
      const names = ['five', 'four', 'one', 'three', 'two']
      await relate(
        database,
        ...names.map((id, i) =>
          link(id, i % 2 === 0 ? 'KNOWS' : 'LEADS', 'a', 'b', { status: 'proposed', when: 'now' }),
        ),
      )
      const [from, to] = [
        { kind: 'Entity', id: 'a' },
        { kind: 'Chunk', id: 'c' },
      ] as const
      await relate(database, { type: 'FROM_CHUNK', id: null, from, to, properties: { names: ['A'] } })
      const found: GraphRelationship[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const after: string = cursor
        const { relationships, next } = await database.read((reader) => reader.linksAfter(after, 2))
        expect(relationships.length).toBeLessThanOrEqual(2)
        found.push(...relationships)
        cursor = next
      }
      expect(found.map(({ id }) => id).toSorted()).toEqual(names)
      expect(found.find(({ id }) => id === 'one')).toMatchObject({
        type: 'KNOWS',
        from: { kind: 'Entity', id: 'a' },
        to: { kind: 'Entity', id: 'b' },
        properties: { when: 'now' },
      })
      expect(await database.read((reader) => reader.endlessAfter('', 10))).toEqual({ relationships: [], next: null })
      expect((await database.checkFiles(new AbortController().signal)) ?? []).toEqual([])
    })

    it('finds ids by their beginning', async () => {
      await put(database, node('Link', 'abc1'), node('Entity', 'abc2', { type: 'Person' }), node('Link', 'abd'))
      const found = await database.read((reader) => reader.byPrefix('abc', 10))
      expect(found.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
        { kind: 'Link', id: 'abc1' },
        { kind: 'Entity', id: 'abc2' },
      ])
      expect(await database.read((reader) => reader.byPrefix('ab', 2))).toHaveLength(2)
      expect(await database.read((reader) => reader.byPrefix('x', 2))).toEqual([])
      expect(await database.read((reader) => reader.byPrefix('%', 2))).toEqual([])
    })
  })

  describe('search', () => {
    async function search(kind: 'Chunk' | 'Entity', ...words: string[]): Promise<string[]> {
      const [hits] = await database.read((reader) => reader.search(kind, [{ words, limit: 10 }]))
      return (hits ?? []).map(({ id }) => id)
    }

    beforeEach(async () => {
      await put(
        database,
        node('Chunk', 'c1', { text: 'The loom of Zürich weaves flowers; the loom weaves leaves.' }),
        node('Chunk', 'c2', { text: 'A letter about flowers, algebra and many other things of no weight at all.' }),
        node('Chunk', 'c3', { text: 'Nothing to see.' }),
        node('Entity', 'ada', {
          name: 'Ada Lovelace',
          aliases: ['Countess of Lovelace', 'A. A. L.'],
          type: 'Person',
        }),
      )
    })

    it('finds any of the words, best first, with a score', async () => {
      expect(await search('Chunk', 'loom')).toEqual(['c1'])
      expect(await search('Chunk', 'loom', 'flowers')).toEqual(['c1', 'c2'])
      expect((await search('Chunk', 'flowers', 'absent')).toSorted()).toEqual(['c1', 'c2'])
      const [all, best, none] = await database.read((reader) =>
        reader.search('Chunk', [
          { words: ['loom', 'flowers'], limit: 10 },
          { words: ['flowers'], limit: 1 },
          { words: [], limit: 10 },
        ]),
      )
      expect(all?.[0]?.score).toBeGreaterThan(all?.[1]?.score ?? Infinity)
      expect([best?.length, none]).toEqual([1, []])
      expect(await search('Chunk')).toEqual([])
    })

    it('finds entities by name and alias, in any case', async () => {
      expect(await search('Entity', 'LOVELACE')).toEqual(['ada'])
      expect(await search('Entity', 'countess')).toEqual(['ada'])
      expect(await search('Chunk', 'countess')).toEqual([])
      const [hits] = await database.read((reader) => reader.search('Entity', [{ words: ['countess'], limit: 10 }]))
      expect(hits?.map(({ name }) => name)).toEqual(['Ada Lovelace'])
    })

    it('follows changes and removals', async () => {
      await put(database, node('Chunk', 'c1', { text: 'Now it is about bridges.' }))
      expect(await search('Chunk', 'loom')).toEqual([])
      expect(await search('Chunk', 'bridges')).toEqual(['c1'])
      await database.write((writer) => writer.removeNodes('Chunk', ['c1']))
      expect(await search('Chunk', 'bridges')).toEqual([])
    })

    it('takes every word as data', async () => {
      const hostile = [
        '"',
        "'",
        '*',
        'loom*',
        'text:loom',
        'NEAR(loom',
        '(',
        ')',
        'AND',
        'OR NOT',
        '\\',
        '^',
        '~',
        '-',
        '+',
      ]
      for (const word of [...hostile, '/', '[', '{', '!', '', ' ', '\u0000', '😀', '\n']) {
        await expect(search('Chunk', word)).resolves.toBeInstanceOf(Array)
      }
      expect(await search('Chunk', '"', 'loom')).toEqual(['c1'])
    })
  })

  describe('hostile strings', () => {
    const hostile = {
      quotes: `'single' "double" \`back\` \\ $parameter {brace} %percent ;--`,
      control: 'tab\t newline\n return\r bell\u0007 nul\u0000 end',
      astral: '𝔘nicode 😀 👩‍👩‍👧 \u{10ffff} é e\u0301 ‮override ﷽',
      cypher: '`}) DETACH DELETE n //',
      json: '{"$date": "2020"}',
      long: 'Lorem ipsum 😀 '.repeat(20_000),
    }

    it('survive as properties, in lists and in relationships', async () => {
      await put(database, node('Chunk', 'c', { ...hostile, list: Object.values(hostile) }), node('Document', 'd'))
      await relate(database, { ...join('FROM_DOCUMENT', 'Chunk', 'c', 'Document', 'd'), properties: hostile })
      const check = async (): Promise<void> => {
        expect((await one(database, 'Chunk', 'c')).properties).toEqual({
          id: 'c',
          ...hostile,
          list: Object.values(hostile),
        })
        const [found] = await database.read((reader) =>
          reader.relationships('FROM_DOCUMENT', 'from', 'Chunk', 'Document', ['c']),
        )
        expect(found?.properties).toEqual(hostile)
      }
      await check()
      const reopened = await reopen()
      if (reopened === undefined) return
      database = reopened
      await check()
    })

    it('survive as ids and looked-up values', async () => {
      for (const [index, text] of Object.values({ ...hostile, long: 'x'.repeat(3000) }).entries()) {
        const path = `${index}${text}`
        await put(database, node('Document', path, { path }))
        expect((await one(database, 'Document', path)).properties).toEqual({ id: path, path })
        expect(await ids(database, 'Document', 'path', [path])).toEqual([path])
      }
    })
  })
}
