import { expect, it, vi } from 'vitest'
import { NO_JOURNAL } from '../../src/extract/journal.ts'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import type { EffortLevel } from '../../src/model/effort.ts'
import { EngineError } from '../../src/model/errors.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { NO_PRICES } from '../../src/money/price.ts'
import type { IngestOptions } from '../../src/pipeline.ts'
import { rebuild } from '../../src/rebuild/rebuild.ts'
import type { Store } from '../../src/store/store.ts'
import { Tables } from '../../src/tables/tables.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { answerWith } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { FIRST, LEADS, OWNS, reader, TEXT } from './scripted-reader.ts'

vi.setConfig({ testTimeout: 300_000 })

eachStoreAtLength('effort', (open) => {
  const run = (
    store: Store,
    engine: ReturnType<typeof reader>,
    level: EffortLevel,
    options: Partial<IngestOptions> = {},
    texts: Record<string, string> = { 'a.txt': TEXT },
  ): Promise<IngestSummary> => {
    const about = { route: { engine, schema: DEFAULT_SCHEMA, effort: { level, samples: 3, verifier: null } } }
    return ingestTexts(store, engine, texts, options, DEFAULT_SCHEMA, undefined, about)
  }
  const linksIn = async (store: Store) => {
    const links = await store.links(['proposed'])
    return links.map(({ subject, type, object }) => `${subject} ${type} ${object}`).toSorted()
  }
  const again = (store: Store) => {
    const options = { fromReplies: true, dryRun: false, schema: DEFAULT_SCHEMA, journal: NO_JOURNAL, prices: NO_PRICES }
    return rebuild(store, { ...options, tables: new Tables(null), progress: () => {} }, new AbortController().signal)
  }
  const BOTH = ['Ana Ruiz LEADS Kestrel', 'Bo Lind OWNS Osprey']

  it('standard looks again at names without a link; quick does not, and both are not paid twice', async () => {
    const { store } = await open()
    const engine = reader({})
    await run(store, engine, 'quick')
    expect(await linksIn(store)).toEqual(['Ana Ruiz LEADS Kestrel'])
    // Raising the effort pays for the further step only.
    expect(await run(store, engine, 'standard')).toMatchObject({
      replies: { asked: 0, reused: 1 },
      steps: { gleaning: 1 },
      chunks: { reasoned: 1 },
    })
    expect(engine.asked).toHaveLength(2)
    expect(await linksIn(store)).toEqual(BOTH)
    // What was done at standard is done at quick.
    for (const level of ['standard', 'quick'] as const)
      expect(await run(store, engine, level)).toMatchObject({ chunks: { unchanged: 1 } })
    expect(engine.asked).toHaveLength(2)
    expect(await again(store)).toMatchObject({ changed: 0, replies: { read: 1, changed: 0 } })
    expect(await linksIn(store)).toEqual(BOTH)
  })

  it('what a step says is a reply of its own with its name and reason, and its proposals are its own', async () => {
    const { store } = await open()
    await run(store, reader({}), 'standard')
    const owns = (await store.links(['proposed'])).find(({ type }) => type === 'OWNS')
    const [stored] = await store.proposalsFor(owns?.id ?? '')
    const reply = await store.reply(stored?.proposal.replyId ?? '')
    expect(reply).toMatchObject({
      purpose: 'step',
      taken: true,
      step: { name: 'gleaning', because: '2 names without a link: Bo Lind, Osprey' },
    })
    const [first] = await store.repliesAbout(reply?.chunkId ?? '')
    expect(first).toMatchObject({ further: [reply?.id] })
    expect((await store.chunk(reply?.chunkId ?? ''))?.replies).toEqual([first?.id, reply?.id])
    expect((await store.replyGroups()).map(({ step = 'first' }) => step).toSorted()).toEqual(['first', 'gleaning'])
  })

  it('a chunk that goes and comes back has the links of all its replies again', async () => {
    const { store } = await open()
    const engine = reader({})
    await run(store, engine, 'standard')
    await run(store, engine, 'standard', {}, { 'a.txt': 'Nobody is here.' })
    expect(await linksIn(store)).not.toContain('Bo Lind OWNS Osprey')
    const asked = engine.asked.length
    await run(store, engine, 'standard')
    expect(await linksIn(store)).toEqual(BOTH)
    expect(engine.asked).toHaveLength(asked)
  })

  it('at quick effort a reply that is found beside its chunk is not read once more', async () => {
    const { store } = await open()
    const engine = reader({})
    // Stored, and nothing was made of it before the run broke off.
    vi.spyOn(store, 'takeReply').mockRejectedValueOnce(new Error('the disk is full'))
    await expect(run(store, engine, 'quick')).rejects.toThrow('the disk is full')
    const read = vi.spyOn(store, 'reply')
    expect(await run(store, engine, 'quick')).toMatchObject({ replies: { asked: 0, reused: 1 } })
    expect(await linksIn(store)).toEqual(['Ana Ruiz LEADS Kestrel'])
    expect(read).not.toHaveBeenCalled()
  })

  it('another answer of the same model takes the place of the whole reading', async () => {
    const { store } = await open()
    await run(store, reader({}), 'standard')
    const other = { ...DEFAULT_SCHEMA, entityTypes: DEFAULT_SCHEMA.entityTypes.slice(1) }
    const engine = reader({})
    const about = { route: { engine, schema: other } }
    await ingestTexts(store, engine, { 'a.txt': TEXT }, {}, other, undefined, about)
    expect(await linksIn(store)).toEqual(['Ana Ruiz LEADS Kestrel'])
  })

  it('asks once more for a malformed answer, says what was wrong with it, and keeps both', async () => {
    const { store } = await open()
    const engine = reader({ first: 'I would rather not.', again: FIRST })
    const summary = await run(store, engine, 'standard')
    expect(summary).toMatchObject({ chunks: { reasoned: 1, failed: 0 }, steps: { 're-ask': 1, gleaning: 1 } })
    expect(engine.asked[1]?.prompt).toContain('the answer holds no JSON object')
    expect(await linksIn(store)).toEqual(BOTH)
    const [link] = await store.links(['proposed'])
    const [stored] = await store.proposalsFor(link?.id ?? '')
    const replies = await store.repliesAbout(stored?.proposal.chunkId ?? '')
    expect(replies.map(({ step, taken }) => [step?.name, taken])).toEqual([
      [undefined, false],
      ['re-ask', true],
    ])
    expect(await run(store, engine, 'standard')).toMatchObject({ chunks: { unchanged: 1 } })
    expect(await again(store)).toMatchObject({ changed: 0 })
  })

  it('an answer that was cut off is asked for once more; cut off twice, what came counts and the chunk has failed', async () => {
    const half = FIRST.slice(0, FIRST.indexOf('"links"'))
    const { store } = await open()
    const engine = reader({ first: half })
    expect(await run(store, engine, 'quick')).toMatchObject({ chunks: { failed: 1 }, links: 0 })
    // Raising the effort pays for what it brings.
    expect(await run(store, engine, 'standard')).toMatchObject({
      chunks: { failed: 0, reasoned: 1 },
      replies: { asked: 0 },
      steps: { 're-ask': 1, gleaning: 1 },
    })
    expect(engine.asked[1]?.prompt).toContain('it broke off before its end')
    expect(await linksIn(store)).toEqual(BOTH)

    const { store: other } = await open()
    const cutting = reader({ first: `${FIRST.slice(0, -20)}`, again: half, gleaning: answerWith([]) })
    expect(await run(other, cutting, 'standard')).toMatchObject({ chunks: { failed: 1 }, steps: { 're-ask': 1 } })
    expect(await linksIn(other)).toEqual(['Ana Ruiz LEADS Kestrel'])
    const asked = cutting.asked.length
    expect(await run(other, cutting, 'standard')).toMatchObject({ chunks: { failed: 1 }, replies: { asked: 0 } })
    expect(cutting.asked).toHaveLength(asked)
    cutting.said.again = FIRST
    const retry = () => ({
      engine: cutting,
      schema: DEFAULT_SCHEMA,
      effort: { level: 'standard' as const, samples: 3, verifier: null },
    })
    expect(await run(other, cutting, 'standard', { retry }, {})).toMatchObject({
      chunks: { failed: 0, reasoned: 1 },
      replies: { asked: 1 },
    })
  })

  it('an answer that was cut off is paid for again by a retry only, and a step of it that had no room by the next run', async () => {
    const { store } = await open()
    const { entities, ...rest } = JSON.parse(FIRST) as { entities: object[] }
    const cut = JSON.stringify({ entities, ...rest }).replace(/\],"rejected.*/, '')
    const engine = reader({ first: cut, again: cut, gleaning: answerWith([]) })
    expect(await run(store, engine, 'standard', { limit: 2 })).toMatchObject({ chunks: { failed: 1 }, unfinished: 1 })
    for (const limit of [2, 2, 2, Infinity])
      expect(await run(store, engine, 'standard', { limit })).toMatchObject({ chunks: { failed: 1 } })
    expect(engine.steps()).toEqual(['first', 'again', 'gleaning'])
    // Raising the effort pays for what it brings.
    await run(store, engine, 'thorough')
    expect(engine.steps().slice(3)).not.toContain('again')
    const asked = engine.asked.length
    expect(await run(store, engine, 'thorough')).toMatchObject({ chunks: { failed: 1 } })
    expect(engine.asked).toHaveLength(asked)
    // A larger budget asks, as does a retry.
    const larger = Object.assign(reader({}), { parameters: { maxOutputTokens: 9000 } })
    expect(await run(store, larger, 'standard')).toMatchObject({ chunks: { reasoned: 1 }, replies: { asked: 1 } })
  })

  it.each(['the next run', 'a retry'])('what mends a cut answer is not lost where a run is killed: %s', async (how) => {
    const { store } = await open()
    const engine = reader({ first: FIRST.slice(0, -20), gleaning: answerWith([]) })
    await run(store, engine, 'quick')
    vi.spyOn(store, 'takeReply').mockRejectedValueOnce(new Error('killed'))
    await expect(run(store, engine, 'standard')).rejects.toThrow('killed')
    expect(engine.steps()).toEqual(['first', 'again', 'gleaning'])
    const effort = { level: 'standard' as const, samples: 3, verifier: null }
    const retry = () => ({ engine, schema: DEFAULT_SCHEMA, effort })
    expect(await run(store, engine, 'standard', how === 'a retry' ? { retry } : {})).toMatchObject({
      chunks: { reasoned: 1 },
      replies: { asked: 0, reused: 1 },
    })
    expect(engine.asked).toHaveLength(3)
  })

  it('of two answers the one with more links that stand on located quotes counts', async () => {
    const { store } = await open()
    const misquoted = answerWith([{ ...LEADS, quote: 'Ana heads it.' }, { ...OWNS, quote: 'Bo has it.' }, LEADS])
    // One of three is of use, and in the second none.
    const engine = reader({ first: misquoted, again: answerWith([{ ...OWNS, quote: 'Bo has it.' }]) })
    expect(await run(store, engine, 'standard')).toMatchObject({ steps: { 're-ask': 1 } })
    expect(await linksIn(store)).toContain('Ana Ruiz LEADS Kestrel')
    expect(await run(store, engine, 'standard')).toMatchObject({ chunks: { unchanged: 1 } })
  })

  it('a malformed answer is asked for once more by the run after the one that broke off, and not from the start', async () => {
    const { store } = await open()
    const engine = reader({ first: 'I would rather not.' })
    expect(await run(store, engine, 'standard', { limit: 1 })).toMatchObject({ chunks: { pending: 1 }, unfinished: 1 })
    const rest = await run(store, engine, 'standard', { dryRun: true })
    expect(rest.plan).toMatchObject({ steps: { least: 1, most: 2 }, models: [{ calls: 1, most: { calls: 2 } }] })
    expect(await run(store, engine, 'standard')).toMatchObject({ chunks: { reasoned: 1 }, replies: { asked: 0 } })
    expect(engine.asked).toHaveLength(3)
    expect(await linksIn(store)).toEqual(BOTH)
  })

  it('what is malformed twice is asked for anew by each run, with a re-ask of its own', async () => {
    const { store } = await open()
    const engine = reader({ first: ['None.', 'None again.', FIRST], again: 'Still none.' })
    expect(await run(store, engine, 'standard')).toMatchObject({ chunks: { failed: 1 }, replies: { asked: 1 } })
    engine.said.again = 'None as before.'
    expect(await run(store, engine, 'standard')).toMatchObject({ chunks: { failed: 1 }, replies: { asked: 1 } })
    expect(engine.steps()).toEqual(['first', 'again', 'first', 'again'])
    expect(await run(store, engine, 'standard')).toMatchObject({ chunks: { reasoned: 1 }, replies: { asked: 1 } })
    expect(await linksIn(store)).toEqual(BOTH)
  })

  it('what a limit leaves out is taken up by the next run, and what is there is in the graph meanwhile', async () => {
    const { store } = await open()
    const engine = reader({})
    expect(await run(store, engine, 'standard', { limit: 1 })).toMatchObject({ chunks: { reasoned: 1 }, unfinished: 1 })
    expect(await linksIn(store)).toEqual(['Ana Ruiz LEADS Kestrel'])
    const plan = await run(store, engine, 'standard', { dryRun: true })
    expect(plan).toMatchObject({
      chunks: { pending: 1 },
      plan: { steps: { least: 1, most: 1 }, reused: 1, models: [{ calls: 1 }] },
    })
    await run(store, engine, 'standard')
    expect(await linksIn(store)).toEqual(BOTH)
    expect(engine.asked).toHaveLength(2)
  })

  it('a step that fails is said, costs itself only, and is tried again by the next run', async () => {
    const { store } = await open()
    const down = new EngineError('overloaded', 'the endpoint is down', { engine: 'scripted', retryable: true })
    const engine = reader({ gleaning: down })
    const first = await run(store, engine, 'standard')
    expect(first).toMatchObject({ chunks: { reasoned: 1 } })
    expect(first.notes.filter(({ code }) => code === 'step-failed')).toHaveLength(1)
    const keptNotes = async () => {
      const [link] = await store.links(['proposed'])
      const [stored] = await store.proposalsFor(link?.id ?? '')
      const replies = await store.repliesAbout(stored?.proposal.chunkId ?? '')
      return replies.flatMap(({ notes }) => notes).filter(({ code }) => code === 'step-failed')
    }
    // It stands with the reply, also once that was read again.
    expect(await keptNotes()).toHaveLength(1)
    expect(await again(store)).toMatchObject({ changed: 0 })
    expect(await keptNotes()).toHaveLength(1)
    expect(await linksIn(store)).toEqual(['Ana Ruiz LEADS Kestrel'])
    engine.said.gleaning = answerWith([OWNS])
    await run(store, engine, 'standard')
    expect(await linksIn(store)).toEqual(BOTH)
    expect(await keptNotes()).toEqual([])
    expect(engine.asked).toHaveLength(3)
  })

  it('a step of whose answer nothing can be made costs itself only, and it is said', async () => {
    const { store } = await open()
    const engine = reader({ first: [FIRST, 'I would rather not.', FIRST.slice(0, -20)], gleaning: 'No.' })
    const summary = await run(store, engine, 'thorough')
    expect(summary).toMatchObject({ chunks: { reasoned: 1, failed: 0 }, steps: { gleaning: 1, sample: 2 } })
    const told = summary.notes.map(({ code, where = '' }) => `${code} ${where}`)
    for (const one of ['answer-unreadable a.txt chunk 1 gleaning', 'sample-spoilt a.txt chunk 1 sample'])
      expect(told).toContain(one)
    expect(told.filter((one) => one.startsWith('sample-spoilt'))).toHaveLength(2)
    expect(await linksIn(store)).toEqual(['Ana Ruiz LEADS Kestrel'])
    expect(await run(store, engine, 'thorough')).toMatchObject({ chunks: { unchanged: 1 } })
    expect(await again(store)).toMatchObject({ changed: 0 })
  })

  it('the same words elsewhere are asked about once, and each document has the links', async () => {
    const { store } = await open()
    const engine = reader({})
    // With the same title, or it would be another request.
    await run(store, engine, 'standard', {}, { 'a/x.txt': TEXT, 'b/x.txt': TEXT })
    expect(engine.asked).toHaveLength(2)
    const links = await store.links(['proposed'])
    expect(links.map(({ supports }) => supports)).toEqual([2, 2])
  })

  it('a dry run says how many requests there will be surely, and how many at most', async () => {
    const { store } = await open()
    const engine = reader({})
    const plan = (level: EffortLevel) => run(store, engine, level, { dryRun: true })
    expect((await plan('quick')).plan).toMatchObject({ models: [{ calls: 1 }] })
    expect((await plan('standard')).plan).toMatchObject({
      steps: { least: 0, most: 2 },
      models: [{ calls: 1, most: { calls: 3 } }],
    })
    expect((await plan('thorough')).plan).toMatchObject({
      steps: { least: 2, most: 12 },
      models: [{ calls: 3, most: { calls: 13 } }],
    })
    expect(engine.asked).toHaveLength(0)
  })

  it('forgetting a document forgets what further steps said of it', async () => {
    const { store } = await open()
    await run(store, reader({}), 'standard')
    const [document] = await store.documentsAt('a.txt')
    if (document !== undefined) await store.forget(document, '2026-01-01T00:00:00Z')
    expect(await store.replyGroups()).toEqual([])
    expect(await store.links(['proposed', 'gone'])).toEqual([])
  })
})
