import { beforeEach, describe, expect, it } from 'vitest'
import type { Database, GraphNode } from '../../src/store/database.ts'
import { all, join, node, one, put } from './database-contract-nodes.ts'

/** All or nothing, and several at once. */
export function describeTransactions(current: () => Database): void {
  let database: Database
  beforeEach(() => {
    database = current()
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

    it('are given those of the nodes that they hold that are there', async () => {
      await put(database, node('Link', 'a', { rev: 1 }), node('Link', 'b', { rev: 2, status: 'proposed' }))
      const held = await database.write(async (writer) => {
        const first = await writer.lock('Link', ['b', 'new', 'a'])
        await writer.putNodes([node('Link', 'new', { rev: 0, status: 'proposed' })])
        return [first, await writer.lock('Link', ['new', 'none'], ['status']), await writer.lock('Link', ['a'], [])]
      })
      const properties = held.map((nodes) =>
        nodes.toSorted((one, other) => (one.id < other.id ? -1 : 1)).map((one) => one.properties),
      )
      expect(properties[0]).toEqual([
        { id: 'a', rev: 1 },
        { id: 'b', rev: 2, status: 'proposed' },
      ])
      expect(properties[1]).toMatchObject([{ id: 'new', status: 'proposed' }])
      expect(properties[2]).toMatchObject([{ id: 'a' }])
    })

    it('are not told that a node is there which another has removed meanwhile', async () => {
      await put(database, node('Link', 'a'))
      const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>()
      const removing = database.write(async (writer) => {
        await writer.lock('Link', ['a'])
        hold()
        await new Promise((resolve) => setTimeout(resolve, 200))
        await writer.removeNodes('Link', ['a'])
      })
      await isHeld
      const there = await database.write((writer) => writer.lock('Link', ['a']))
      await removing
      expect(there).toEqual([])
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
}
