import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createEmbeddingEngine } from '../src/engines/embeddings.ts'
import { SAME_AS } from '../src/model/link.ts'
import { derivationWith } from '../src/resolve/derivation.ts'
import { SIGNATURE_FILE, SignatureFile } from '../src/signatures/signature-file.ts'
import { Store } from '../src/store/store.ts'
import { fakeClock, serve } from './engines/wire/run.ts'
import type { WireScript } from './engines/wire/server.ts'
import { ingestTexts } from './ingest-texts.ts'
import { scriptedEngine } from './scripted-engine.ts'
import { eachStoreAtLength } from './stores.ts'

vi.setConfig({ testTimeout: 600_000 })

const TEXTS = { 'a.txt': 'Pentagon said no.', 'b.txt': 'Defense Department agreed.', 'c.txt': 'Acme Mills closed.' }
const VECTORS: Readonly<Record<string, number[]>> = {
  Pentagon: [1, 0.1, 0, 0],
  'Defense Department': [1, 0, 0.1, 0],
  'Acme Mills': [0, 0, 1, -1],
}

const good: WireScript = ({ body }) => {
  const { input } = body as { input: string[] }
  const data = input.map((name, index) => ({ index, embedding: VECTORS[name] ?? [0, 1, 0, 1] }))
  return { body: { data, model: 'embedder', usage: { prompt_tokens: 3 * input.length } } }
}

/** Names the organisation that each text begins with. */
const reader = () =>
  scriptedEngine(({ question }) => {
    const [name = ''] = Object.keys(VECTORS).filter((one) => question.units.some(({ text }) => text.startsWith(one)))
    const entities = [{ id: 'e1', name, type: 'Organization', aliases: [], mentions: [1] }]
    return JSON.stringify({ summary: '', labels: [], entities, links: [], rejected: [] })
  }, 'reader')

async function start(open: () => Promise<{ store: Store }>) {
  const { store: plain } = await open()
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const signatures = new SignatureFile(join(folder, SIGNATURE_FILE), 'embedder')
  onTestFinished(() => signatures.close())
  const of = (name: string) => signatures.of(name)
  const store = new Store(plain.database, derivationWith({ model: 'embedder', least: 0.8, of }))
  const run = async (script: WireScript, texts: Record<string, string> = TEXTS) => {
    const { url, requests } = await serve({ routes: { '/v1/embeddings': script } })
    const engine = createEmbeddingEngine({
      model: 'embedder',
      baseUrl: url,
      apiKey: null,
      clock: fakeClock(),
      retries: 0,
    })
    const summary = await ingestTexts(store, reader(), texts, { embedding: { engine, signatures } })
    return { summary, requests }
  }
  const links = async () => {
    const all = []
    for await (const link of store.identityLinks()) all.push(link)
    return all
  }
  return { store, run, links }
}

eachStoreAtLength('names that are spelt unlike', (open) => {
  it('are proposed as one thing where an embedding model takes them for alike, with the model named in the trace', async () => {
    const { store, run, links } = await start(open)
    const { summary } = await run(good)
    expect(summary).toMatchObject({ embedded: { asked: 3, left: 0, failed: 0, refused: 0 }, usage: { embedder: {} } })
    const [link, ...more] = await links()
    expect(more).toEqual([])
    expect(link).toMatchObject({ type: SAME_AS, status: 'proposed' })
    expect([link?.subject, link?.object].toSorted()).toEqual(['Defense Department', 'Pentagon'])
    const [proposal] = await store.proposalsFor(link?.id ?? '')
    expect(proposal?.proposal.steps[0]?.text).toMatch(
      /^Rule embedding: embedder takes them for alike: a cosine of some/,
    )
    expect(proposal?.proposal.joins).toBeUndefined()
  })

  it('are asked about once', async () => {
    const { run, links } = await start(open)
    await run(good)
    const before = await links()
    const { summary, requests } = await run(good, { ...TEXTS, 'd.txt': 'Pentagon said yes.' })
    expect(requests).toEqual([])
    expect(summary.embedded).toMatchObject({ asked: 0, known: 1 })
    expect((await links()).map(({ id, status }) => [id, status])).toEqual(before.map(({ id, status }) => [id, status]))
  })

  it('wait where the model cannot be asked, which is said; the next run resolves them', async () => {
    const { store, run, links } = await start(open)
    const { summary } = await run({ status: 500, body: { error: { message: 'no memory' } } })
    expect(summary.embedded?.failed).toBeGreaterThan(0)
    expect(summary.notes.map(({ code }) => code)).toContain('names-failed')
    expect(summary).toMatchObject({ chunks: { reasoned: 3, failed: 0 } })
    expect(await store.unresolved(10)).toHaveLength(3)
    await run(good)
    expect(await store.unresolved(10)).toEqual([])
    expect(await links()).toHaveLength(1)
  })

  it('one that the model does not take keeps nobody waiting', async () => {
    const { store, run, links } = await start(open)
    const picky: WireScript = (request, index) =>
      JSON.stringify(request.body).includes('Acme')
        ? { status: 400, body: { error: { message: 'not a text' } } }
        : typeof good === 'function'
          ? good(request, index)
          : {}
    const { summary } = await run(picky)
    expect(summary.embedded).toMatchObject({ refused: 1, failed: 0 })
    expect(summary.notes).toContainEqual(expect.objectContaining({ code: 'name-refused', where: 'Acme Mills' }))
    expect(await store.unresolved(10)).toEqual([])
    expect(await links()).toHaveLength(1)
  })

  it('keys of the index are those of the model too, for a deep check', async () => {
    const { store, run } = await start(open)
    await run(good)
    const results = await store.check({ progress: () => {}, signal: new AbortController().signal })
    expect(results.filter(({ wrong }) => wrong > 0)).toEqual([])
  })
})
