import { expect, it, vi } from 'vitest'
import { NO_JOURNAL } from '../../src/extract/journal.ts'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { NO_PRICES } from '../../src/money/price.ts'
import type { IngestOptions } from '../../src/pipeline.ts'
import { rebuild } from '../../src/rebuild/rebuild.ts'
import type { RouteEffort } from '../../src/sources.ts'
import type { Store } from '../../src/store/store.ts'
import { Tables } from '../../src/tables/tables.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { answerWith, scriptedEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { LEADS, OWNS, reader, TEXT } from './scripted-reader.ts'

const BOTH = answerWith([LEADS, OWNS])

vi.setConfig({ testTimeout: 300_000 })

eachStoreAtLength('thorough', (open) => {
  const run = (
    store: Store,
    engine: ReturnType<typeof reader>,
    effort: Partial<RouteEffort> = {},
    options: Partial<IngestOptions> = {},
  ): Promise<IngestSummary> => {
    const all: RouteEffort = { level: 'thorough', samples: 3, verifier: null, ...effort }
    const about = { route: { engine, schema: DEFAULT_SCHEMA, effort: all } }
    return ingestTexts(store, engine, { 'a.txt': TEXT }, options, DEFAULT_SCHEMA, undefined, about)
  }
  const linkOf = async (store: Store, type: string) =>
    (await store.links(['proposed'])).find((link) => link.type === type)
  const checksOf = async (store: Store, type: string) => {
    const stored = await store.proposalsFor((await linkOf(store, type))?.id ?? '')
    return stored.filter(({ live }) => live).map(({ proposal }) => proposal.checks)
  }

  it('reads several times; how many readings say a link enters its confidence, and none is lost', async () => {
    const { store } = await open()
    const engine = reader({ first: [BOTH, answerWith([LEADS]), answerWith([{ ...LEADS, confidence: 0.6 }])] })
    const summary = await run(store, engine)
    expect(summary.steps).toMatchObject({ sample: 2 })
    // The mean of what the three state, where one that does not say it states 0.
    expect((await linkOf(store, 'LEADS'))?.confidence).toBeCloseTo((0.9 + 0.9 + 0.6) / 3)
    expect((await linkOf(store, 'OWNS'))?.confidence).toBeCloseTo(0.9 / 3)
    expect(await checksOf(store, 'LEADS')).toMatchObject([{ agreement: { said: 3, of: 3 } }])
    expect(await checksOf(store, 'OWNS')).toMatchObject([{ agreement: { said: 1, of: 3 } }])
    const owns = await linkOf(store, 'OWNS')
    expect(owns?.supports).toBe(1)
    expect(owns?.items[0]?.checks).toEqual([
      'said by 1 of 3 readings',
      'supported by its quotes (scripted: the quote says so)',
      'dependent on evidence (scripted: nothing is left that says so)',
    ])
  })

  const CUT = BOTH.slice(0, BOTH.indexOf('"OWNS"'))

  it('one that was cut off has no vote on what it did not come to', async () => {
    const { store } = await open()
    await run(store, reader({ first: [BOTH, CUT, BOTH] }))
    expect(await checksOf(store, 'LEADS')).toMatchObject([{ agreement: { said: 3, of: 3 } }])
    expect(await checksOf(store, 'OWNS')).toMatchObject([{ agreement: { said: 2, of: 2 } }])
    expect((await linkOf(store, 'OWNS'))?.confidence).toBeCloseTo(0.9)
  })

  it('a chunk has not failed where a further reading of it is whole, though the first was cut off', async () => {
    const { store } = await open()
    const engine = reader({ first: [CUT, BOTH, CUT], again: CUT, gleaning: answerWith([]) })
    const summary = await run(store, engine)
    expect(summary).toMatchObject({ chunks: { reasoned: 1, failed: 0 }, steps: { 're-ask': 1, sample: 2 } })
    expect(summary.notes.filter(({ code }) => code === 'sample-spoilt')).toHaveLength(2)
    expect(await store.failedChunks()).toEqual([])
    expect(await checksOf(store, 'OWNS')).toMatchObject([{ agreement: { said: 1, of: 1 } }])
    expect(await run(store, engine)).toMatchObject({ chunks: { unchanged: 1 }, replies: { asked: 0 } })
  })

  it('keeps what only a later reading says, with the trace of that reading', async () => {
    const { store } = await open()
    await run(store, reader({ first: [answerWith([LEADS]), BOTH, answerWith([LEADS])] }), { samples: 3 })
    const owns = await linkOf(store, 'OWNS')
    const [stored] = await store.proposalsFor(owns?.id ?? '')
    expect(await store.reply(stored?.proposal.replyId ?? '')).toMatchObject({ step: { name: 'sample' }, taken: true })
    expect(stored?.proposal.steps).not.toBe(undefined)
  })

  it('flags what an engine does not find supported by its quotes, and deletes nothing', async () => {
    const { store } = await open()
    const verifier = reader(
      {
        verification: (link) => ({
          verdict: link.includes('OWNS') ? 'not supported' : 'supported',
          reason: 'as I read it',
        }),
      },
      'judge',
    )
    const engine = reader({ first: BOTH })
    await run(store, engine, { verifier })
    expect(engine.steps()).toEqual(['first', 'first', 'first'])
    expect(verifier.steps().toSorted()).toEqual(['counterfactual', 'verification'])
    expect(verifier.asked.find(({ prompt }) => prompt.includes('the quotes only'))?.prompt).not.toContain('[S1]')
    expect((await linkOf(store, 'LEADS'))?.obstacles).toEqual([])
    expect((await linkOf(store, 'OWNS'))?.obstacles).toEqual(['not-verified'])
    expect(await checksOf(store, 'OWNS')).toMatchObject([
      { verification: { verdict: 'not supported', reason: 'as I read it', by: 'judge' } },
    ])
    // Another one verifies what this one has verified.
    const other = reader({}, 'other judge')
    await run(store, engine, { verifier: other })
    expect(other.steps()).toEqual(['verification'])
    expect((await linkOf(store, 'OWNS'))?.obstacles).toEqual([])
  })

  it('marks a link that is said still where its quotes are blanked', async () => {
    const { store } = await open()
    const engine = reader({
      first: BOTH,
      counterfactual: (link) => ({ said: link.includes('LEADS'), reason: 'S2 says it' }),
    })
    await run(store, engine, { samples: 1 })
    const blanked = engine.asked.find(({ prompt }) => prompt.includes('are blanked'))?.prompt
    expect(blanked).toContain('[S1] […]')
    expect(blanked).not.toContain('leads Kestrel')
    expect((await linkOf(store, 'LEADS'))?.obstacles).toEqual(['not-dependent'])
    expect((await linkOf(store, 'OWNS'))?.obstacles).toEqual([])
  })

  it('asks for no more once it is done, and a rebuild makes the same of what is stored', async () => {
    const { store } = await open()
    const engine = reader({ first: BOTH, counterfactual: () => ({ said: true, reason: '' }) })
    await run(store, engine)
    const asked = engine.asked.length
    const before = await store.links(['proposed'])
    expect(await run(store, engine)).toMatchObject({ chunks: { unchanged: 1 } })
    expect(await run(store, engine, { level: 'standard' })).toMatchObject({ chunks: { unchanged: 1 } })
    const options = { fromReplies: true, dryRun: false, schema: DEFAULT_SCHEMA, journal: NO_JOURNAL, prices: NO_PRICES }
    const rebuilt = await rebuild(
      store,
      { ...options, tables: new Tables(null), progress: () => {} },
      new AbortController().signal,
    )
    expect(rebuilt.changed).toBe(0)
    expect(await store.links(['proposed'])).toEqual(before)
    expect(engine.asked).toHaveLength(asked)
  })

  it('a run that ends after any request goes on from there, and pays for none twice', async () => {
    const whole = reader({ first: BOTH })
    await run((await open()).store, whole)
    const { store } = await open()
    const engine = reader({ first: BOTH })
    for (let runs = 1; runs < whole.asked.length; runs++)
      expect(await run(store, engine, {}, { limit: 1, concurrency: 1 })).toMatchObject({ unfinished: 1 })
    expect(await run(store, engine, {}, { limit: 1 })).not.toHaveProperty('unfinished')
    expect(engine.steps().toSorted()).toEqual(whole.steps().toSorted())
    expect(await run(store, engine)).toMatchObject({ chunks: { unchanged: 1 } })
  })

  it('more samples later are all that is asked for, but for checks of links that they bring', async () => {
    const { store } = await open()
    const engine = reader({ first: [BOTH] })
    await run(store, engine)
    const asked = engine.asked.length
    expect(await run(store, engine, { samples: 5 })).toMatchObject({ steps: { sample: 2 } })
    expect(engine.asked).toHaveLength(asked + 2)
    expect(await checksOf(store, 'OWNS')).toMatchObject([{ agreement: { said: 5, of: 5 } }])
  })

  it('links in one sentence are blanked in requests of their own; what a check cannot be read for is said', async () => {
    const { store } = await open()
    const first = answerWith([LEADS, { ...LEADS, type: 'KNOWS' }])
    const engine = reader({ first, verification: () => ({ verdict: 'maybe' }) })
    const summary = await run(store, engine, { samples: 1 })
    expect(summary.steps).toMatchObject({ counterfactual: 2 })
    expect(summary.notes.map(({ code }) => code)).toContain('not-checked')
    expect((await linkOf(store, 'KNOWS'))?.obstacles).toEqual([])
  })

  it('what was done with more effort stays with the reading that is taken anew with less', async () => {
    const { store } = await open()
    const engine = reader({ first: BOTH })
    await run(store, engine)
    const asked = engine.asked.length
    const aligner = scriptedEngine(() => '{"links": []}', 'mapper')
    const effort: RouteEffort = { level: 'quick', samples: 3, verifier: null }
    const about = { route: { engine, schema: DEFAULT_SCHEMA, effort, aligner } }
    await ingestTexts(store, engine, { 'a.txt': TEXT }, {}, DEFAULT_SCHEMA, undefined, about)
    expect(aligner.asked.length).toBeGreaterThan(0)
    expect(await checksOf(store, 'OWNS')).toMatchObject([
      { agreement: { of: 3 }, verification: { verdict: 'supported' } },
    ])
    const thorough = { route: { ...about.route, effort: { ...effort, level: 'thorough' as const } } }
    const again = await ingestTexts(store, engine, { 'a.txt': TEXT }, {}, DEFAULT_SCHEMA, undefined, thorough)
    expect(again).toMatchObject({ chunks: { unchanged: 1 } })
    expect(engine.asked).toHaveLength(asked)
  })
})
