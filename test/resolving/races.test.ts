import { expect, it } from 'vitest'
import { derivation } from '../../src/resolve/derivation.ts'
import { resolveNames } from '../../src/resolving/resolve-names.ts'
import { resolveAnew } from '../../src/resolving/resolve-anew.ts'
import { settleScene } from '../../src/resolving/settle.ts'
import { markProperties } from '../../src/store/marks.ts'
import { Store } from '../../src/store/store.ts'
import { readScene } from '../../src/store/scene.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { withMethods } from '../store/with-methods.ts'
import { eachStoreAtLength } from '../stores.ts'
import { NAMES } from './corpus.ts'
import { namingEngine } from './naming-engine.ts'

eachStoreAtLength('names that are resolved while a reply comes', (open) => {
  it('leave the mark that the reply makes', { timeout: 120_000 }, async () => {
    const { store } = await open()
    await ingestTexts(store, namingEngine(NAMES), { 'memo.md': 'Jonas Vettergren knows BRASS.' })
    const { database } = store
    const [document = ''] = (await database.read((reader) => reader.list('Document'))).map(({ id }) => id)
    const [chunk] = await database.read((reader) => reader.find('Chunk', 'documentId', [document]))
    const chunkId = chunk?.id ?? ''
    const mark = (gained: string[]) => [{ id: chunkId, properties: markProperties({ gained, lost: [] }) }]
    await database.write((writer) => writer.patchNodes('Chunk', mark(['one'])))
    const scene = await database.read((reader) => readScene(reader, document))
    if (scene === null) throw new Error('no document')

    // A reply is taken as whoever takes replies does it: the chunk is held, what it is marked with is added to.
    let goOn = (): void => {}
    const mayEnd = new Promise<void>((resolve) => (goOn = resolve))
    let reply: Promise<void> = Promise.resolve()
    const isHeld = new Promise<void>((resolve) => {
      reply = database.write(async (writer) => {
        await writer.lock('Chunk', [chunkId], ['id'])
        resolve()
        await mayEnd
        await writer.patchNodes('Chunk', mark(['one', 'two']))
      })
    })
    await isHeld
    const settled = store.change((writer) => {
      // It ends between the look at what is there and what is written, unless that is held.
      const patch = writer.patchNodes.bind(writer)
      writer.patchNodes = async (...patches) => {
        goOn()
        await reply
        return patch(...patches)
      }
      return settleScene(writer, derivation, scene, [])
    })
    const patience = setTimeout(goOn, 3_000)
    await settled
    clearTimeout(patience)
    const [after] = await database.read((reader) => reader.get('Chunk', [chunkId]))
    expect(after?.properties['gained']).toEqual(['one', 'two'])
  })
  it('leaves what another ingest has marked for the next run, where judging anew is broken off', async () => {
    const { store } = await open()
    await ingestTexts(store, namingEngine(NAMES), { 'memo.md': 'Jonas Vettergren knows BRASS.' })
    const [document = ''] = (await store.database.read((reader) => reader.list('Document'))).map(({ id }) => id)
    const interruption = new AbortController()
    const mark = [{ id: document, properties: markProperties({ gained: ['one'], lost: [] }) }]
    const database = withMethods(store.database, {
      // The first thing that is written is that the document is to be judged anew; then the run ends.
      async write(work) {
        await store.database.write((writer) => writer.patchNodes('Document', mark))
        await store.database.write(work)
        interruption.abort()
        throw new Error('interrupted')
      },
    })
    const interrupted = resolveAnew(new Store(database, derivation), {
      signal: interruption.signal,
      progress: () => {},
    })
    await expect(interrupted).rejects.toThrow('interrupted')
    const [after] = await store.database.read((reader) => reader.get('Document', [document]))
    expect(after?.properties['gained']).toEqual(['one'])
  })

  it('are looked at once more where another run had resolved them, and they are marked again', async () => {
    const { store } = await open()
    await ingestTexts(store, namingEngine(NAMES), { 'memo.md': 'Jonas Vettergren knows BRASS.' })
    const { signal } = new AbortController()
    const [id = ''] = (await store.database.read((reader) => reader.list('Document'))).map((node) => node.id)
    const mark = (): Promise<void> =>
      store.database.write((writer) =>
        writer.patchNodes('Document', [{ id, properties: markProperties({ gained: [], lost: [] }) }]),
      )
    await mark()
    const late = new Store(store.database, derivation)
    let looks = 0
    late.unresolved = async (limit) => {
      // The other run marks it, by names of other documents, and is told to end.
      if (++looks === 2) await mark()
      const found = await store.unresolved(limit)
      if (looks === 1) await resolveNames(store, signal)
      return found
    }
    await resolveNames(late, signal)
    expect(looks).toBe(3)
    expect(await store.unresolved(1)).toEqual([])
  })
})
