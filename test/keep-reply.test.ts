import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { FileJournal } from '../src/journal/file-journal.ts'
import { StoreError } from '../src/model/errors.ts'
import { DEFAULT_SCHEMA } from '../src/model/schema.ts'
import { derivation } from '../src/resolve/derivation.ts'
import { openNeo4jDatabase } from '../src/store/neo4j.ts'
import { Store } from '../src/store/store.ts'
import { ingestTexts } from './ingest-texts.ts'
import { answerWith, scriptedEngine } from './scripted-engine.ts'
import { eachStore } from './stores.ts'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function newJournal(folder?: string): { folder: string; journal: FileJournal } {
  const place = folder ?? mkdtempSync(join(tmpdir(), 'whygraph-keep-'))
  folders.push(place)
  return { folder: place, journal: new FileJournal(place, 'test', () => {}) }
}

eachStore('replies to a request that was not made yet', (open) => {
  it('are looked for once', async () => {
    const { store } = await open()
    const looked = vi.spyOn(store, 'repliesAbout')
    const engine = scriptedEngine(() => answerWith([]))
    const effort = { level: 'standard', samples: 3, verifier: null } as const
    const about = { route: { engine, schema: DEFAULT_SCHEMA, effort } }
    await ingestTexts(store, engine, { 'a.md': 'Ana left.\n' }, {}, DEFAULT_SCHEMA, undefined, about)
    expect(engine.asked).toHaveLength(1)
    expect(looked).toHaveBeenCalledTimes(1)
  })
})

eachStore('a reply that the store could not take', (open, kind) => {
  it('is in the journal, and the next run takes it and asks nothing', async () => {
    const { store } = await open()
    const { folder, journal } = newJournal()
    const texts = { 'a.md': 'Ana leads Ben.\n' }
    const engine = scriptedEngine(() =>
      answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben.' }]),
    )
    const { saveReply } = store
    store.saveReply = () => Promise.reject(new StoreError('unreachable', 'the store is down'))
    await expect(ingestTexts(store, engine, texts, { journal })).rejects.toThrow('the store is down')
    journal.close()
    // Beside the claim of the request, which stays as long as its reply is not taken.
    expect(readdirSync(folder).filter((name) => name !== 'asking')).toHaveLength(1)

    // Still down: it stays where it is.
    const again = newJournal(folder).journal
    await expect(ingestTexts(store, engine, texts, { journal: again })).rejects.toThrow('the store is down')
    again.close()
    store.saveReply = saveReply

    const later = newJournal(folder).journal
    const summary = await ingestTexts(store, engine, texts, { journal: later })
    later.close()
    expect(summary).toMatchObject({ replies: { asked: 0, reused: 1 }, links: 1 })
    expect(summary.notes).toContainEqual(expect.objectContaining({ code: 'replies-recovered' }))
    expect(engine.asked).toHaveLength(1)
    expect(readdirSync(folder)).toEqual([])
  })

  // The local store's is a file: nothing to go.
  const itGoes = kind === 'neo4j' ? it : null
  itGoes?.('a server that goes while the model thinks', { timeout: 240_000 }, async () => {
    const { address, environment } = await open()
    const line = await startLine(address)
    const { NEO4J_USERNAME: username = '', NEO4J_PASSWORD: password = '' } = environment
    const { folder, journal } = newJournal()
    const engine = scriptedEngine(() => {
      line.cut()
      return answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben.' }])
    })
    const texts = { 'a.md': 'Ana leads Ben.\n' }
    const away = new Store(await openNeo4jDatabase({ uri: line.uri, username, password, patience: 2_000 }), derivation)
    await expect(ingestTexts(away, engine, texts, { journal })).rejects.toThrow(StoreError)
    journal.close()
    await away.close()

    await line.mend()
    const back = new Store(await openNeo4jDatabase({ uri: line.uri, username, password }), derivation)
    const later = newJournal(folder).journal
    expect(await ingestTexts(back, engine, texts, { journal: later })).toMatchObject({
      replies: { asked: 0, reused: 1 },
      links: 1,
    })
    later.close()
    await back.close()
    line.cut()
    expect(engine.asked).toHaveLength(1)
  })

  it('one that had not ended is kept as a partial one, and asked for again', async () => {
    const { store } = await open()
    const { folder, journal } = newJournal()
    const engine = scriptedEngine(() => answerWith([]))
    await ingestTexts(store, engine, { 'a.md': 'Ana leads Ben.\n' })
    const [document] = await store.database.read((reader) => reader.list('Document'))
    const entry = journal.begin({
      requestHash: 'r',
      chunkId: 'gone',
      documentId: String(document?.id),
      fingerprint: 'f',
      engine: 'scripted',
      model: 'm',
      runId: 'x',
    })
    entry.note({ type: 'reasoning-delta', text: 'Let me' })
    journal.close()
    const later = newJournal(folder).journal
    await ingestTexts(store, engine, { 'a.md': 'Ana leads Ben.\n' }, { journal: later })
    later.close()
    // Its chunk is not there any more; as long as its document is, it is kept all the same.
    expect(await store.repliesAbout('gone')).toMatchObject([{ reasoning: 'Let me', finish: 'aborted', taken: false }])
    expect(engine.asked).toHaveLength(1)
  })
})

/** A line to a server that can be cut, and mended. */
async function startLine(address: string): Promise<{ uri: string; cut: () => void; mend: () => Promise<void> }> {
  const { hostname, port } = new URL(address)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port) || 7687, hostname)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.pipe(far).pipe(near)
  })
  const listen = (on: number): Promise<void> => new Promise((resolve) => server.listen(on, '127.0.0.1', resolve))
  await listen(0)
  const own = (server.address() as AddressInfo).port
  const cut = (): void => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { uri: `bolt://127.0.0.1:${own}`, cut, mend: () => listen(own) }
}
