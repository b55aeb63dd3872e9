import { expect, it } from 'vitest'
import type { Engine } from '../src/engines/engine.ts'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { EngineError } from '../src/model/errors.ts'
import { NO_JOURNAL } from '../src/extract/journal.ts'
import { DEFAULT_SCHEMA } from '../src/model/schema.ts'
import { NO_PRICES } from '../src/money/price.ts'
import type { IngestOptions } from '../src/pipeline.ts'
import { rebuild } from '../src/rebuild/rebuild.ts'
import type { Store } from '../src/store/store.ts'
import { Tables } from '../src/tables/tables.ts'
import { ingestTexts } from './ingest-texts.ts'
import { answerWith, scriptedEngine } from './scripted-engine.ts'
import { eachStoreAtLength } from './stores.ts'

const QUOTE = 'Ana Ruiz leads Bo Lind.'
const LINKS = answerWith([{ subject: 'Ana Ruiz', type: 'LEADS', object: 'Bo Lind', quote: QUOTE }])
const STEPS = '{"links": [{"link": 0, "for": [1], "weighing": []}]}'

eachStoreAtLength('steps mapped to links by an engine', (open) => {
  const links = () => scriptedEngine(() => LINKS, 'thinker')
  const run = (
    store: Store,
    engine: Engine,
    aligner: Engine | null,
    options: Partial<IngestOptions> = {},
    texts: Record<string, string> = { 'a.txt': QUOTE },
  ): Promise<IngestSummary> => {
    const about = { route: { engine, schema: DEFAULT_SCHEMA, aligner } }
    return ingestTexts(store, engine, texts, options, DEFAULT_SCHEMA, undefined, about)
  }
  const proposal = async (store: Store) => {
    const [link] = await store.links(['proposed'])
    const stored = await store.proposalsFor(link?.id ?? '')
    return stored.map((one) => one.proposal)[0]
  }

  it('are stored as such, and an unchanged source asks nobody', async () => {
    const { store } = await open()
    const [engine, aligner] = [links(), scriptedEngine(() => STEPS, 'mapper')]
    const first = await run(store, engine, aligner)
    expect(aligner.asked[0]?.prompt).toContain('[T1] Let me see.')
    expect(await proposal(store)).toMatchObject({
      alignedBy: 'engine mapper',
      model: 'thinker',
      steps: [{ text: 'Let me see.', stance: 'for', start: 0, end: 11 }],
    })
    expect(first.usage).toHaveProperty('mapper')
    const second = await run(store, engine, aligner)
    expect(second).toMatchObject({ chunks: { unchanged: 1 }, replies: { asked: 0, reused: 0 } })
    expect([engine.asked.length, aligner.asked.length]).toEqual([1, 1])
  })

  it('what it says is a reply that is never taken for an answer about the chunk', async () => {
    const { store } = await open()
    // An aligner that answers like a thinker, as the same model might.
    await run(
      store,
      links(),
      scriptedEngine(() => LINKS, 'thinker'),
    )
    const chunk = (await proposal(store))?.chunkId ?? ''
    const [asked, ...more] = await store.repliesAbout(chunk)
    expect(more).toEqual([])
    expect(asked?.purpose).toBeUndefined()
    const [aligned] = await store.repliesAbout(chunk, 'alignment')
    expect(aligned).toMatchObject({ purpose: 'alignment', taken: false, content: LINKS })
    const [node] = await store.database.read((reader) => reader.get('Reply', [aligned?.id ?? '']))
    expect(node?.properties['purpose']).toBe('alignment')
    expect(await store.repliesTo(aligned?.requestHash ?? '')).toEqual([])
    expect((await store.chunk(chunk))?.replies).toEqual([asked?.id])
    expect((await store.replyGroups()).reduce((sum, { replies }) => sum + replies, 0)).toBe(2)
  })

  it.each(['{"links": []}', '{"links": [{"link": 99, "for": [1]}]}'])(
    'that names no step of any link leaves the offline ones in place, and it is said: %s',
    async (said) => {
      const { store } = await open()
      const summary = await run(
        store,
        links(),
        scriptedEngine(() => said, 'mapper'),
      )
      expect((await proposal(store))?.alignedBy).toBe('offline')
      expect(summary.notes.map(({ code }) => code)).toContain('aligned-offline')
    },
  )

  it('turned on later, asks about the stored traces only; turned off again, asks nobody', async () => {
    const { store } = await open()
    const [engine, aligner] = [links(), scriptedEngine(() => STEPS, 'mapper')]
    await run(store, engine, null)
    expect((await proposal(store))?.alignedBy).toBe('offline')
    await run(store, engine, aligner)
    expect((await proposal(store))?.alignedBy).toBe('engine mapper')
    await run(store, engine, null)
    expect((await proposal(store))?.alignedBy).toBe('offline')
    await run(store, engine, aligner)
    expect((await proposal(store))?.alignedBy).toBe('engine mapper')
    expect([engine.asked.length, aligner.asked.length]).toEqual([1, 1])
  })

  it('the same trace is asked about once, whatever chunks have it', async () => {
    const { store } = await open()
    const [engine, aligner] = [links(), scriptedEngine(() => STEPS, 'mapper')]
    await run(store, engine, aligner, {}, { 'a.txt': QUOTE, 'b.txt': QUOTE })
    expect(aligner.asked).toHaveLength(1)
  })

  it('falls back to offline steps where its reply is of no use, and does not pay for it twice', async () => {
    const { store } = await open()
    const [engine, aligner] = [links(), scriptedEngine(() => 'I would rather not.', 'mapper')]
    const first = await run(store, engine, aligner)
    expect(first.notes.map(({ code }) => code)).toContain('aligned-offline')
    expect((await proposal(store))?.alignedBy).toBe('offline')
    expect(await run(store, engine, aligner)).toMatchObject({ chunks: { unchanged: 1 } })
    expect(aligner.asked).toHaveLength(1)
  })

  it('falls back where it fails, keeps what had arrived, and tries again with the next run', async () => {
    const { store } = await open()
    const down = new EngineError('overloaded', 'the endpoint is down', { engine: 'scripted', retryable: true })
    let said: string | Error = down
    const [engine, aligner] = [links(), scriptedEngine(() => said, 'mapper')]
    const first = await run(store, engine, aligner)
    expect(first).toMatchObject({ chunks: { reasoned: 1 } })
    expect(first.notes.find(({ code }) => code === 'aligned-offline')?.message).toContain('the endpoint is down')
    const broken = await proposal(store)
    expect(broken?.alignedBy).toBe('offline')
    expect(await store.repliesAbout(broken?.chunkId ?? '', 'alignment')).toMatchObject([{ finish: 'failed' }])
    said = STEPS
    await run(store, engine, aligner)
    expect((await proposal(store))?.alignedBy).toBe('engine mapper')
    expect([engine.asked.length, aligner.asked.length]).toEqual([1, 2])
  })

  it('a run that ends between the two leaves the chunk to the next, with the reply paid', async () => {
    const { store } = await open()
    const [engine, aligner] = [links(), scriptedEngine(() => STEPS, 'mapper')]
    expect(await run(store, engine, aligner, { limit: 1 })).toMatchObject({ chunks: { pending: 1 } })
    expect(await run(store, engine, aligner, { limit: 1 })).toMatchObject({ chunks: { reasoned: 1 } })
    expect([engine.asked.length, aligner.asked.length]).toEqual([1, 1])
    expect((await proposal(store))?.alignedBy).toBe('engine mapper')
  })

  it('a rebuild from the replies keeps it, asks nobody and changes nothing', async () => {
    const { store } = await open()
    const aligner = scriptedEngine(() => STEPS, 'mapper')
    await run(store, links(), aligner)
    const parts = { journal: NO_JOURNAL, prices: NO_PRICES, tables: new Tables(null), progress: () => {} }
    const options = { fromReplies: true, dryRun: false, schema: DEFAULT_SCHEMA, ...parts }
    const summary = await rebuild(store, options, new AbortController().signal)
    expect(summary).toMatchObject({ changed: 0, replies: { read: 1, changed: 0, otherSchema: 0 } })
    expect((await proposal(store))?.alignedBy).toBe('engine mapper')
    expect(await run(store, links(), aligner)).toMatchObject({ chunks: { unchanged: 1 } })
    expect(aligner.asked).toHaveLength(1)
  })

  it('a dry run counts its requests', async () => {
    const { store } = await open()
    const [engine, aligner] = [links(), scriptedEngine(() => STEPS, 'mapper')]
    const callsOf = ({ plan }: IngestSummary) => plan?.models.map(({ model, calls }) => `${calls} ${model}`)
    expect(callsOf(await run(store, engine, aligner, { dryRun: true }))).toEqual(['1 thinker', '1 mapper'])
    await run(store, engine, null)
    expect(callsOf(await run(store, engine, aligner, { dryRun: true }))).toEqual(['1 mapper'])
    expect(aligner.asked).toHaveLength(0)
  })
})
