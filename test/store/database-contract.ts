import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreError } from '../../src/model/errors.ts'
import type { Database, GraphNode, GraphRelationship, NodeKind, Properties } from '../../src/store/database.ts'
import { describeQueries } from './database-contract-query.ts'

/** An empty database. `reopen` closes it and opens the same data again, where the database can do that. */
export interface OpenedDatabase {
  readonly database: Database
  readonly reopen?: () => Promise<Database>
}

/** What every database must do. Run it with `open` making an empty database each time; each is closed by the suite. */
export function describeDatabase(name: string, open: () => Promise<OpenedDatabase>): void {
  describe(`${name} keeps the contract of a database`, () => {
    let database: Database
    let reopen: (() => Promise<Database>) | undefined

    beforeEach(async () => {
      ;({ database, reopen } = await open())
    })
    afterEach(async () => {
      await database.close()
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

      it('with an id are known by it: putting it again elsewhere moves it', async () => {
        const built = link('l1', 'BUILT', 'ada', 'engine', { confidence: 0.5, reasoning: ['one', 'two'] })
        await relate(database, built, link('l2', 'KNOWS', 'ada', 'charles'))
        expect(await links(database, 'BUILT', 'ada')).toEqual([
          { ...built, properties: { ...built.properties, id: 'l1' } },
        ])
        await relate(database, link('l1', 'DESIGNED', 'charles', 'engine', { confidence: 0.7 }))
        expect(await links(database, 'BUILT', 'ada')).toEqual([])
        expect(await links(database, 'DESIGNED', 'charles')).toEqual([
          link('l1', 'DESIGNED', 'charles', 'engine', { confidence: 0.7, id: 'l1' }),
        ])
        expect(await links(database, 'KNOWS', 'ada')).toHaveLength(1)
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
            writer.removeRelationships([
              seen,
              link('l1', 'KNOWS', 'ada', 'charles'),
              link('no', 'KNOWS', 'ada', 'ada'),
            ]),
          )
        }
        const left = await database.read((reader) =>
          reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', ['ada']),
        )
        expect(left.map(({ to }) => to.id)).toEqual(['c2'])
        expect(await links(database, 'KNOWS', 'ada')).toEqual([])
      })
    })

    describe('transactions', () => {
      it('keep all or nothing', async () => {
        await put(database, node('Run', 'before', { state: 'running' }))
        const failing = database.write(async (writer) => {
          await writer.putNodes([node('Run', 'r1')])
          await writer.patchNodes('Run', [{ id: 'before', properties: { state: 'done' } }])
          throw new Error('on purpose')
        })
        await expect(failing).rejects.toThrow('on purpose')
        expect((await all(database, 'Run')).map(({ properties }) => properties)).toEqual([
          { id: 'before', state: 'running' },
        ])
      })

      it('see their own writes, which others do not see yet', async () => {
        let outside: GraphNode[] = [node('Run', 'unset')]
        const inside = await database.write(async (writer) => {
          await writer.putNodes([node('Chunk', 'c', { documentId: 'd', text: 'loom' }), node('Document', 'd')])
          await writer.putRelationships([join('FROM_DOCUMENT', 'Chunk', 'c', 'Document', 'd')])
          outside = await all(database, 'Chunk')
          return {
            got: await writer.get('Chunk', ['c']),
            found: await writer.find('Chunk', 'documentId', ['d']),
            joined: await writer.relationships('FROM_DOCUMENT', 'to', 'Document', 'Chunk', ['d']),
          }
        })
        expect(outside).toEqual([])
        expect(inside.got).toHaveLength(1)
        expect(inside.found).toHaveLength(1)
        expect(inside.joined).toHaveLength(1)
      })

      it('return what the work returns', async () => {
        expect(await database.write(async () => 'written')).toBe('written')
        expect(await database.read(async () => 'read')).toBe('read')
      })

      it('that hold the same node wait for each other: no change is lost', async () => {
        await put(database, node('Link', 'l', { rev: 0 }))
        const increments = Array.from({ length: 20 }, () =>
          database.write(async (writer) => {
            await writer.lock('Link', ['l'])
            const [found] = await writer.get('Link', ['l'])
            await writer.patchNodes('Link', [{ id: 'l', properties: { rev: Number(found?.properties['rev']) + 1 } }])
          }),
        )
        await Promise.all(increments)
        expect((await one(database, 'Link', 'l')).properties['rev']).toBe(20)
      })

      it('that hold a node which is not there wait for each other too', async () => {
        const firsts = Array.from({ length: 10 }, (_, index) =>
          database.write(async (writer) => {
            await writer.lock('Decision', ['only'])
            if ((await writer.get('Decision', ['only'])).length > 0) return false
            await writer.putNodes([node('Decision', 'only', { requestId: `r${index}` })])
            return true
          }),
        )
        expect((await Promise.all(firsts)).filter(Boolean)).toHaveLength(1)
        expect(await all(database, 'Decision')).toHaveLength(1)
      })

      it('that hold several nodes in any order all come through', async () => {
        const rounds = Array.from({ length: 10 }, (_, index) =>
          database.write(async (writer) => {
            await writer.lock('Link', index % 2 === 0 ? ['a', 'b'] : ['b', 'a'])
            const found = await writer.get('Link', ['a', 'b'])
            const next = Math.max(0, ...found.map(({ properties }) => Number(properties['rev']))) + 1
            await writer.putNodes([node('Link', 'a', { rev: next }), node('Link', 'b', { rev: next })])
          }),
        )
        await Promise.all(rounds)
        expect((await one(database, 'Link', 'b')).properties['rev']).toBe(10)
      })

      it('leave no trace of a lock', async () => {
        await database.write((writer) => writer.lock('Link', ['ghost']))
        expect(await all(database, 'Link')).toEqual([])
        expect(await database.read((reader) => reader.get('Link', ['ghost']))).toEqual([])
        expect(await database.read((reader) => reader.byPrefix('gh', 5))).toEqual([])
      })

      it('read many at once', async () => {
        await put(database, node('Run', 'r'))
        const reads = Array.from({ length: 12 }, () => database.read((reader) => reader.get('Run', ['r'])))
        expect((await Promise.all(reads)).flat()).toHaveLength(12)
      })
    })

    describe('counting and looking up', () => {
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
        expect(await tally()).toEqual(['[4]'])
        expect(await database.read((reader) => reader.tally('Run', ['state']))).toEqual([])
      })

      it('adds up numbers', async () => {
        await put(
          database,
          node('Reply', 'a', { model: 'small', inputTokens: 10, cost: 0.5 }),
          node('Reply', 'b', { model: 'small', inputTokens: 5 }),
          node('Reply', 'c', { model: 'large', cost: 0.25 }),
        )
        const sums = await database.read((reader) => reader.sum('Reply', 'model', ['inputTokens', 'cost']))
        expect(sums.toSorted((a, b) => String(a.by).localeCompare(String(b.by)))).toEqual([
          { by: 'large', count: 1, sums: [0, 0.25] },
          { by: 'small', count: 2, sums: [15, 0.5] },
        ])
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
      const search = async (kind: 'Chunk' | 'Entity', ...words: string[]): Promise<string[]> =>
        (await database.read((reader) => reader.search(kind, words, 10))).map(({ id }) => id)

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
        const [first, second] = await database.read((reader) => reader.search('Chunk', ['loom', 'flowers'], 10))
        expect(first?.score).toBeGreaterThan(second?.score ?? Infinity)
        expect(await database.read((reader) => reader.search('Chunk', ['flowers'], 1))).toHaveLength(1)
        expect(await search('Chunk')).toEqual([])
      })

      it('finds entities by name and alias, in any case', async () => {
        expect(await search('Entity', 'LOVELACE')).toEqual(['ada'])
        expect(await search('Entity', 'countess')).toEqual(['ada'])
        expect(await search('Chunk', 'countess')).toEqual([])
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
          await expect(database.read((reader) => reader.search('Chunk', [word], 10))).resolves.toBeInstanceOf(Array)
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
        if (reopen !== undefined) {
          database = await reopen()
          await check()
        }
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

    describeQueries(() => database)

    it('keeps everything when it is opened again', async () => {
      if (reopen === undefined) return
      await put(database, node('Run', 'r', { state: 'done' }))
      database = await reopen()
      expect((await one(database, 'Run', 'r')).properties['state']).toBe('done')
    })

    it('says what and where it is', async () => {
      const info = await database.info()
      expect(info.kind).not.toBe('')
      expect(info.location).not.toBe('')
      expect(info.version).not.toBe('')
    })

    it('prepares for types of links, repeatedly', async () => {
      await database.prepare(['KNOWS', 'BUILT'])
      await database.prepare(['KNOWS'])
      await database.prepare([])
    })

    it('closes twice, and is closed then', async () => {
      await database.close()
      await database.close()
      await expect(database.read((reader) => reader.list('Run'))).rejects.toThrow(StoreError)
    })
  })
}

export function node(kind: NodeKind, id: string, properties: Properties = {}): GraphNode {
  return { kind, id, properties: { id, ...properties } }
}

/** A relationship of the record, known by type and ends. */
export function join(
  type: string,
  fromKind: NodeKind,
  from: string,
  toKind: NodeKind,
  to: string,
  properties: Properties = {},
): GraphRelationship {
  return { type, id: null, from: { kind: fromKind, id: from }, to: { kind: toKind, id: to }, properties }
}

/** A relationship between entities that is known by its id. */
export function link(
  id: string,
  type: string,
  from: string,
  to: string,
  properties: Properties = {},
): GraphRelationship {
  return { ...join(type, 'Entity', from, 'Entity', to, properties), id }
}

export async function put(database: Database, ...nodes: GraphNode[]): Promise<void> {
  await database.write((writer) => writer.putNodes(nodes))
}

export async function relate(database: Database, ...relationships: GraphRelationship[]): Promise<void> {
  await database.write((writer) => writer.putRelationships(relationships))
}

async function all(database: Database, kind: NodeKind): Promise<GraphNode[]> {
  return database.read((reader) => reader.list(kind))
}

async function one(database: Database, kind: NodeKind, id: string): Promise<GraphNode> {
  const [found] = await database.read((reader) => reader.get(kind, [id]))
  if (found === undefined) throw new Error(`There is no ${kind} ${id}.`)
  return found
}

async function ids(database: Database, kind: NodeKind, property: string, values: string[]): Promise<string[]> {
  return (await database.read((reader) => reader.find(kind, property, values))).map(({ id }) => id)
}

/** Links of a type from one entity to others. */
async function links(database: Database, type: string, from: string): Promise<GraphRelationship[]> {
  return database.read((reader) => reader.relationships(type, 'from', 'Entity', 'Entity', [from]))
}
