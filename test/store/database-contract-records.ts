import { beforeEach, describe, expect, it } from 'vitest'
import { StoreError } from '../../src/model/errors.ts'
import type { Database } from '../../src/store/database.ts'
import { all, ids, join, link, links, node, one, put, relate } from './database-contract-nodes.ts'

/** Nodes and relationships: putting, finding, changing, removing. */
export function describeRecords(current: () => Database): void {
  let database: Database
  beforeEach(() => {
    database = current()
  })

  describe('nodes', () => {
    it('gives back what was put, by id', async () => {
      const properties = {
        text: 'Ada met Charles.',
        index: 3,
        start: 0,
        confidence: 0.5,
        certain: 1,
        disputed: false,
        hedged: true,
        speakers: ['Ada', 'Charles'],
        times: [0.5, 2],
        none: [],
        empty: '',
      }
      await put(database, node('Chunk', 'c1', properties), node('Chunk', 'c2'))
      const [first] = await database.read((reader) => reader.get('Chunk', ['c1', 'absent']))
      expect(first).toEqual({ kind: 'Chunk', id: 'c1', properties: { id: 'c1', ...properties } })
      expect(await database.read((reader) => reader.get('Chunk', []))).toEqual([])
      expect(await database.read((reader) => reader.get('Document', ['c1']))).toEqual([])
    })

    it('creates those that are known to be new, and what is drawn from them, once', async () => {
      await put(database, node('Reply', 'r'), node('Reply', 's'))
      await database.write(async (writer) => {
        await writer.lock('Proposal', ['held'])
        await writer.createNodes([
          node('Proposal', 'p', { live: true }),
          node('Proposal', 'held', { live: true }),
          node('Entity', 'ada', { name: 'Ada', type: 'Person' }),
        ])
        for (const round of ['first', 'last'])
          await writer.putRelationships([join('FROM_REPLY', 'Proposal', 'p', 'Reply', 'r', { round })])
        await writer.putRelationships([join('FROM_REPLY', 'Proposal', 'held', 'Reply', 's')])
        await writer.removeNodes('Proposal', ['held'])
        await writer.putNodes([node('Proposal', 'held')])
        await writer.putRelationships([join('FROM_REPLY', 'Proposal', 'held', 'Reply', 's')])
      })
      expect((await all(database, 'Proposal')).map(({ id }) => id)).toEqual(['held', 'p'])
      expect((await one(database, 'Entity', 'ada')).properties['name']).toBe('Ada')
      const drawn = await database.read((reader) =>
        reader.relationships('FROM_REPLY', 'to', 'Reply', 'Proposal', ['r', 's']),
      )
      const lines = drawn.map(({ from, to, properties }) => [from.id, to.id, properties['round'] ?? null])
      expect(lines.toSorted()).toEqual([
        ['held', 's', null],
        ['p', 'r', 'last'],
      ])
    })

    it('creates relationships that are known to be new, between nodes of before', async () => {
      const entities = ['ada', 'ben'].map((id) => node('Entity', id, { name: id, type: 'Person' }))
      await put(database, ...entities, node('Chunk', 'c'))
      const [known, mention] = [
        link('k', 'KNOWS', 'ada', 'ben', { rev: 1 }),
        join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'c', { names: ['Ada'] }),
      ]
      await database.write((writer) => writer.createRelationships([known, mention]))
      const drawn = await database.read((reader) => reader.relationshipsAfter('Entity', null, 10))
      expect(drawn).toEqual([mention, { ...known, properties: { rev: 1, id: 'k' } }])
      const dangling = link('d', 'KNOWS', 'ada', 'nobody')
      await expect(database.write((writer) => writer.createRelationships([dangling]))).rejects.toMatchObject({
        code: 'missing-end',
      })
    })

    it('does not create one that is there after all', async () => {
      await put(database, node('Proposal', 'p', { live: true }))
      await expect(database.write((writer) => writer.createNodes([node('Proposal', 'p')]))).rejects.toThrow(StoreError)
      expect((await one(database, 'Proposal', 'p')).properties['live']).toBe(true)
    })

    it('keeps nodes of different kinds with one id apart', async () => {
      await put(database, node('Document', 'same', { path: 'a' }), node('Run', 'same', { path: 'b' }))
      expect((await one(database, 'Document', 'same')).properties['path']).toBe('a')
      expect((await one(database, 'Run', 'same')).properties['path']).toBe('b')
    })

    it('replaces all properties on put', async () => {
      await put(database, node('Document', 'd', { path: 'a', title: 'old', summary: 'gone' }))
      await put(database, node('Document', 'd', { path: 'a', title: 'new' }))
      expect((await one(database, 'Document', 'd')).properties).toEqual({ id: 'd', path: 'a', title: 'new' })
    })

    it('takes the last of two puts of one id in one call', async () => {
      await put(database, node('Document', 'd', { path: 'a' }), node('Document', 'd', { path: 'b' }))
      expect((await all(database, 'Document')).map((found) => found.properties['path'])).toEqual(['b'])
    })

    it('leaves null properties out', async () => {
      await put(database, node('Document', 'd', { path: 'a', title: null }))
      expect((await one(database, 'Document', 'd')).properties).toEqual({ id: 'd', path: 'a' })
    })

    it('patches some properties, removes those that are null, and leaves out nodes that are not there', async () => {
      await put(database, node('Link', 'l', { status: 'proposed', rev: 0, when: '1843', items: ['a', 'b'] }))
      await database.write((writer) =>
        writer.patchNodes('Link', [
          { id: 'l', properties: { status: 'accepted', rev: 1, when: null, items: ['c'] } },
          { id: 'absent', properties: { status: 'accepted' } },
        ]),
      )
      const properties = { id: 'l', status: 'accepted', rev: 1, items: ['c'] }
      expect((await all(database, 'Link')).map((found) => found.properties)).toEqual([properties])
    })

    it('finds a changed node under its new value only', async () => {
      await put(database, node('Link', 'l', { status: 'proposed' }))
      await database.write((writer) => writer.patchNodes('Link', [{ id: 'l', properties: { status: 'accepted' } }]))
      expect(await ids(database, 'Link', 'status', ['proposed'])).toEqual([])
      expect(await ids(database, 'Link', 'status', ['accepted'])).toEqual(['l'])
    })

    it('finds by an indexed property with one or many values', async () => {
      await put(
        database,
        node('Chunk', 'c1', { documentId: 'd1' }),
        node('Chunk', 'c2', { documentId: 'd2' }),
        node('Chunk', 'c3', { documentId: 'd3' }),
        node('Chunk', 'c4'),
      )
      expect(await ids(database, 'Chunk', 'documentId', ['d2'])).toEqual(['c2'])
      expect(await ids(database, 'Chunk', 'documentId', ['d1', 'd3', 'absent', 'd1'])).toEqual(['c1', 'c3'])
      expect(await ids(database, 'Chunk', 'documentId', [])).toEqual([])
    })

    it('takes lists of thousands of ids', async () => {
      const nodes = Array.from({ length: 3000 }, (_, index) => node('Run', `r${index}`, { index }))
      await put(database, ...nodes)
      const wanted = [...nodes.map(({ id }) => id), ...nodes.map(({ id }) => `no-${id}`)]
      expect(await database.read((reader) => reader.get('Run', wanted))).toHaveLength(3000)
      await database.write((writer) => writer.removeNodes('Run', wanted))
      expect(await all(database, 'Run')).toEqual([])
    })
  })

  describe('order and pages', () => {
    beforeEach(async () => {
      await put(
        database,
        node('Link', 'a', { status: 'proposed', confidence: 0.5 }),
        node('Link', 'b', { status: 'proposed', confidence: 0.9 }),
        node('Link', 'c', { status: 'rejected', confidence: 1 }),
        node('Link', 'd', { status: 'proposed', confidence: 0.5 }),
        node('Link', 'e', { status: 'proposed', confidence: 0.1 }),
      )
    })

    it('lists by id unless told otherwise', async () => {
      expect((await all(database, 'Link')).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e'])
      const descending = await database.read((reader) => reader.list('Link', { descending: true, limit: 2 }))
      expect(descending.map(({ id }) => id)).toEqual(['e', 'd'])
    })

    it('sorts those last that lack the property', async () => {
      await put(database, node('Link', 'n', { status: 'proposed' }))
      for (const descending of [true, false])
        for (const limit of [4, 5, 6]) {
          const page = { order: 'confidence', descending, limit }
          const found = await database.read((reader) => reader.find('Link', 'status', ['proposed'], page))
          const expected = descending ? ['b', 'a', 'd', 'e', 'n'] : ['e', 'a', 'd', 'b', 'n']
          expect(found.map(({ id }) => id)).toEqual(expected.slice(0, limit))
          const listed = await database.read((reader) => reader.list('Link', { order: 'confidence', descending }))
          expect(listed.at(-1)?.id).toBe('n')
        }
    })

    it('sorts by a property, ties by id, and cuts pages', async () => {
      const page = { order: 'confidence', descending: true }
      const listed = await database.read((reader) => reader.list('Link', page))
      expect(listed.map(({ id }) => id)).toEqual(['c', 'b', 'a', 'd', 'e'])
      const ascending = await database.read((reader) => reader.list('Link', { order: 'confidence' }))
      expect(ascending.map(({ id }) => id)).toEqual(['e', 'a', 'd', 'b', 'c'])
      const found = await database.read((reader) =>
        reader.find('Link', 'status', ['proposed'], { ...page, skip: 1, limit: 2 }),
      )
      expect(found.map(({ id }) => id)).toEqual(['a', 'd'])
      const many = await database.read((reader) =>
        reader.find('Link', 'status', ['proposed', 'rejected'], { ...page, limit: 3 }),
      )
      expect(many.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
      const parts = await database.read((reader) =>
        reader.find('Link', 'status', ['proposed'], { order: 'confidence', limit: 3, only: ['confidence'] }),
      )
      expect(parts.map(({ id, properties }) => [id, properties['confidence']])).toEqual([
        ['e', 0.1],
        ['a', 0.5],
        ['d', 0.5],
      ])
      expect(await database.read((reader) => reader.list('Link', { skip: 5 }))).toEqual([])
      expect(await database.read((reader) => reader.list('Link', { limit: 0 }))).toEqual([])
    })
  })

  describe('relationships', () => {
    beforeEach(async () => {
      await put(
        database,
        node('Entity', 'ada', { name: 'Ada', type: 'Person' }),
        node('Entity', 'engine', { name: 'Engine', type: 'Machine' }),
        node('Entity', 'charles', { name: 'Charles', type: 'Person' }),
        node('Chunk', 'c1', { text: 'Ada met Charles.' }),
        node('Chunk', 'c2', { text: 'Charles left.' }),
        node('Document', 'd1', { path: 'notes.txt' }),
      )
    })

    it('are known by type and ends, one each', async () => {
      const seen = join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'c1', { count: 1 })
      await relate(database, seen, join('FROM_CHUNK', 'Entity', 'charles', 'Chunk', 'c1'))
      await relate(database, { ...seen, properties: { role: 'author' } })
      const found = await database.read((reader) =>
        reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', ['ada']),
      )
      expect(found).toEqual([{ ...seen, properties: { role: 'author' } }])
      const atChunk = await database.read((reader) =>
        reader.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', ['c1', 'c2']),
      )
      expect(atChunk.map(({ from }) => from.id).toSorted()).toEqual(['ada', 'charles'])
      expect(
        await database.read((reader) => reader.relationships('FROM_CHUNK', 'to', 'Chunk', 'Document', ['c1'])),
      ).toEqual([])
      expect(
        await database.read((reader) => reader.relationships('NEXT_CHUNK', 'to', 'Chunk', 'Entity', ['c1'])),
      ).toEqual([])
    })

    it('with an id are known by it: putting it again replaces its properties, removing it first moves it', async () => {
      const built = link('l1', 'BUILT', 'ada', 'engine', { confidence: 0.5, reasoning: ['one', 'two'] })
      await relate(database, built, link('l2', 'KNOWS', 'ada', 'charles'))
      expect(await links(database, 'BUILT', 'ada')).toEqual([
        { ...built, properties: { ...built.properties, id: 'l1' } },
      ])
      await relate(database, link('l1', 'BUILT', 'ada', 'engine', { confidence: 0.6 }))
      expect((await links(database, 'BUILT', 'ada')).map(({ properties }) => properties)).toEqual([
        { confidence: 0.6, id: 'l1' },
      ])
      await database.write(async (writer) => {
        await writer.removeRelationships([built])
        await writer.putRelationships([link('l1', 'DESIGNED', 'charles', 'engine', { confidence: 0.7 })])
      })
      expect(await links(database, 'BUILT', 'ada')).toEqual([])
      expect(await links(database, 'DESIGNED', 'charles')).toEqual([
        link('l1', 'DESIGNED', 'charles', 'engine', { confidence: 0.7, id: 'l1' }),
      ])
      expect(await links(database, 'KNOWS', 'ada')).toHaveLength(1)
    })

    it('with ids, of several types, are put again together, and with one that is not there yet', async () => {
      await database.prepare(['BUILT', 'KNOWS', 'PRAISES'])
      await relate(database, link('l1', 'BUILT', 'ada', 'engine'), link('l2', 'KNOWS', 'ada', 'charles', { when: 'x' }))
      const again = [
        link('l1', 'BUILT', 'ada', 'engine', { confidence: 0.6, id: 'l1' }),
        link('l2', 'KNOWS', 'ada', 'charles', { confidence: 0.7, id: 'l2' }),
        link('l3', 'KNOWS', 'ada', 'engine', { confidence: 0.8, id: 'l3' }),
      ]
      await relate(database, ...again)
      const found = [...(await links(database, 'BUILT', 'ada')), ...(await links(database, 'KNOWS', 'ada'))]
      expect(found.toSorted((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1))).toEqual(again)
    })

    it('of two ids may join the same ends', async () => {
      await relate(database, link('l1', 'KNOWS', 'ada', 'charles'), link('l2', 'KNOWS', 'ada', 'charles'))
      expect(await links(database, 'KNOWS', 'ada')).toHaveLength(2)
      await database.write((writer) => writer.removeRelationships([link('l1', 'KNOWS', 'ada', 'charles')]))
      expect((await links(database, 'KNOWS', 'ada')).map(({ id }) => id)).toEqual(['l2'])
    })

    it('may join a node with itself', async () => {
      await relate(database, link('l1', 'PRAISES', 'ada', 'ada'))
      expect(await links(database, 'PRAISES', 'ada')).toHaveLength(1)
    })

    it('need both ends', async () => {
      const dangling = join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'absent')
      await expect(relate(database, dangling)).rejects.toThrow(StoreError)
      await expect(relate(database, dangling)).rejects.toThrow('absent')
      await expect(relate(database, link('l', 'KNOWS', 'nobody', 'ada'))).rejects.toThrow(StoreError)
      expect(
        await database.read((reader) => reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', ['ada'])),
      ).toEqual([])
    })

    it('may be put with their ends in one transaction', async () => {
      await database.write(async (writer) => {
        await writer.putNodes([node('Chunk', 'c9')])
        await writer.putRelationships([join('FROM_DOCUMENT', 'Chunk', 'c9', 'Document', 'd1')])
      })
      const found = await database.read((reader) =>
        reader.relationships('FROM_DOCUMENT', 'from', 'Chunk', 'Document', ['c9']),
      )
      expect(found).toHaveLength(1)
    })

    it('go with their nodes', async () => {
      await relate(
        database,
        link('l1', 'KNOWS', 'ada', 'charles'),
        link('l2', 'KNOWS', 'charles', 'ada'),
        join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'c1'),
      )
      await database.write((writer) => writer.removeNodes('Entity', ['ada', 'absent']))
      expect(await links(database, 'KNOWS', 'charles')).toEqual([])
      expect(
        await database.read((reader) => reader.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', ['c1'])),
      ).toEqual([])
      await put(database, node('Entity', 'ada', { name: 'Ada', type: 'Person' }))
      expect(await links(database, 'KNOWS', 'ada')).toEqual([])
    })

    it('are removed by type and ends, or by id; removing again is harmless', async () => {
      const seen = join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'c1')
      const other = join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'c2')
      await relate(database, seen, other, link('l1', 'KNOWS', 'ada', 'charles'))
      for (let time = 0; time < 2; time++) {
        await database.write((writer) =>
          writer.removeRelationships([seen, link('l1', 'KNOWS', 'ada', 'charles'), link('no', 'KNOWS', 'ada', 'ada')]),
        )
      }
      const left = await database.read((reader) =>
        reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', ['ada']),
      )
      expect(left.map(({ to }) => to.id)).toEqual(['c2'])
      expect(await links(database, 'KNOWS', 'ada')).toEqual([])
    })
  })
}
