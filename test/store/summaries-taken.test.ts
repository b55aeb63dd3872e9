import { expect, it } from 'vitest'
import { besideChunk } from '../../src/model/reply.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { scriptedEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'

const engine = () =>
  scriptedEngine(() =>
    JSON.stringify({ summary: 'They met.', labels: ['meetings'], entities: [], links: [], rejected: [] }),
  )

eachStoreAtLength('what is taken of a reply as a whole', (open) => {
  async function read() {
    const { store } = await open()
    await ingestTexts(store, engine(), { 'a.txt': 'They met on Monday.', 'b.txt': 'Nobody met.' })
    const chunks = []
    for (const path of ['a.txt', 'b.txt'])
      for (const { id } of await store.documentsAt(path)) chunks.push(...(await store.chunks(id)))
    const [chunk, other] = chunks
    const [reply] = await store.repliesAbout(chunk?.id ?? '')
    if (chunk === undefined || other === undefined || reply === undefined) throw new Error('nothing was read')
    return { store, chunk, other, reply }
  }

  it('goes where a new reading of it has none', async () => {
    const { store, chunk, reply } = await read()
    expect(chunk.about).toMatchObject({ summary: 'They met.' })
    await store.takeReply(reply, { mentions: [], proposals: [], notes: [] }, reply.fingerprint)
    expect((await store.chunk(chunk.id))?.about).toBeUndefined()
    expect(await store.reply(reply.id)).not.toHaveProperty('summary')
  })

  it('does not go along where the reply is put beside another chunk', async () => {
    const { store, other, reply } = await read()
    const replaced = { ...reply, replacedBy: 'x' }
    const copy = besideChunk(replaced, { chunkId: other.id, documentId: other.documentId })
    expect(copy).toMatchObject({ summary: 'They met.', replacedBy: 'x' })
    await store.saveReply(copy)
    const stored = await store.reply(copy.id)
    for (const one of ['summary', 'labels', 'replacedBy']) expect(stored).not.toHaveProperty(one)
  })
})
