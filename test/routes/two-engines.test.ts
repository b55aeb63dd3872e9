import { expect, it, vi } from 'vitest'
import { NO_JOURNAL } from '../../src/extract/journal.ts'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import { EngineError } from '../../src/model/errors.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { NO_PRICES } from '../../src/money/price.ts'
import { rebuild } from '../../src/rebuild/rebuild.ts'
import type { Route } from '../../src/sources.ts'
import type { Store } from '../../src/store/store.ts'
import { Tables } from '../../src/tables/tables.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { answerWith, scriptedEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { routeBy } from './route-by.ts'

const PLAIN = 'Ana leads Ben.'
const VAGUE = 'Cleo leads Dan, perhaps.'

function modelOf(name: string, confidence: number): ReturnType<typeof scriptedEngine> {
  return scriptedEngine(({ question }) => {
    const [subject = '', , object = ''] = (question.units[0]?.text ?? '').split(/[ .,]/)
    const link = { subject, type: 'LEADS', object, quote: `${subject} leads ${object}`, confidence }
    // The large one sees a link that the small one does not.
    const more = name === 'large' ? [{ ...link, type: 'KNOWS' }] : []
    return answerWith([link, ...more])
  }, name)
}

eachStoreAtLength('a chunk that is sent on', (open) => {
  const links = async (store: Store) =>
    (await store.links(['proposed'])).map(({ subject, type, object }) => `${subject} ${type} ${object}`).toSorted()
  const again = (store: Store) => {
    const options = { fromReplies: true, dryRun: false, schema: DEFAULT_SCHEMA, journal: NO_JOURNAL, prices: NO_PRICES }
    return rebuild(store, { ...options, tables: new Tables(null), progress: () => {} }, new AbortController().signal)
  }
  const run = (store: Store, route: Route, texts: Record<string, string>): Promise<IngestSummary> =>
    ingestTexts(store, route.engine, texts, {}, DEFAULT_SCHEMA, undefined, { route })

  it('is read by the later engine alone, through changes of rules, rebuilds, and texts that go and come', async () => {
    const { store } = await open()
    const [small, large] = [modelOf('small', 0.9), modelOf('large', 0.95)]
    const texts = { 'plain.txt': PLAIN, 'vague.txt': VAGUE }
    const all = routeBy({ small, large }, { default: 'small' })
    await run(store, all, texts)
    expect(await links(store)).toEqual(['Ana LEADS Ben', 'Cleo LEADS Dan'])
    const hedged = { default: 'small', rules: [{ when: { hedges: '> 0' }, use: 'large' }] }
    const byHedges = routeBy({ small, large }, hedged)
    expect(await run(store, byHedges, texts)).toMatchObject({ chunks: { unchanged: 1, reasoned: 1 } })
    expect([small.asked.length, large.asked.length]).toEqual([2, 1])
    expect(await links(store)).toEqual(['Ana LEADS Ben', 'Cleo KNOWS Dan', 'Cleo LEADS Dan'])
    const [lead] = (await store.links(['proposed'])).filter(
      ({ subject, type }) => subject === 'Cleo' && type === 'LEADS',
    )
    expect((await store.proposalsFor(lead?.id ?? '')).map(({ proposal, live }) => [proposal.model, live])).toEqual(
      expect.arrayContaining([
        ['small', false],
        ['large', true],
      ]),
    )
    expect(await again(store)).toMatchObject({ changed: 0, replies: { changed: 0 } })
    await run(store, byHedges, { 'vague.txt': 'Eve leads Fay.' })
    expect(await links(store)).toEqual(['Ana LEADS Ben', 'Eve LEADS Fay'])
    expect(await run(store, byHedges, texts)).toMatchObject({ documents: { changed: 1 } })
    expect([small.asked.length, large.asked.length]).toEqual([3, 1])
    expect(await again(store)).toMatchObject({ changed: 0, replies: { changed: 0 } })
    expect(await links(store)).toEqual(['Ana LEADS Ben', 'Cleo KNOWS Dan', 'Cleo LEADS Dan'])
    // Back under the first rules, the small one's reply is there.
    expect(await run(store, all, texts)).toMatchObject({ chunks: { reasoned: 1 }, replies: { asked: 0, reused: 1 } })
    expect(await links(store)).toEqual(['Ana LEADS Ben', 'Cleo LEADS Dan'])
    const groups = await store.replyGroups()
    expect(groups.map(({ model, route }) => [model, route?.engine, route?.rule])).toEqual(
      expect.arrayContaining([
        ['small', 'small', 'default'],
        ['large', 'large', 'hedges > 0'],
      ]),
    )
  })

  it('where its answer was cut off, or is said to have failed by each run and asked about by a retry', async () => {
    const { store } = await open()
    const [small, large] = [scriptedEngine(() => '{"summary": "Cleo", "links": [', 'small'), modelOf('large', 0.95)]
    const texts = { 'vague.txt': VAGUE }
    const alone = routeBy({ small, large }, { default: 'small' })
    for (let runs = 1; runs <= 2; runs++)
      expect(await run(store, alone, texts)).toMatchObject({ chunks: { failed: 1, unchanged: 0 } })
    const options = { retry: () => alone }
    await ingestTexts(store, small, {}, options, DEFAULT_SCHEMA, undefined, { route: alone })
    expect(small.asked).toHaveLength(2)
    const after = { default: 'small', after: [{ when: { failure: true }, use: 'large' }] }
    const sending = routeBy({ small, large }, after)
    expect(await run(store, sending, texts)).toMatchObject({ chunks: { failed: 0, reasoned: 1 } })
    // What the rules are to judge is there.
    expect([small.asked.length, large.asked.length]).toEqual([2, 1])
    expect(await links(store)).toEqual(['Cleo KNOWS Dan', 'Cleo LEADS Dan'])
    expect(await run(store, sending, texts)).toMatchObject({ chunks: { unchanged: 1 } })
  })

  it('where one of two that count is whole, has not failed, whichever was cut off', async () => {
    const [cut, large] = [scriptedEngine(() => '{"summary": "Cleo", "links": [', 'small'), modelOf('large', 0.95)]
    const both = { default: 'small', after: [{ when: { failure: true }, use: 'large' }], keep: 'both' as const }
    const { store } = await open()
    for (const fate of ['reasoned', 'unchanged']) {
      const summary = await run(store, routeBy({ small: cut, large }, both), { 'vague.txt': VAGUE })
      expect(summary.chunks).toMatchObject({ failed: 0, [fate]: 1 })
      expect(summary.notes.filter(({ code }) => code === 'chunk-failed')).toEqual([])
    }
    const { store: other } = await open()
    await run(other, { engine: large, schema: DEFAULT_SCHEMA }, { 'vague.txt': VAGUE })
    const summary = await run(other, { engine: cut, schema: DEFAULT_SCHEMA }, { 'vague.txt': VAGUE })
    expect(summary.chunks).toMatchObject({ failed: 0, reasoned: 1 })
    expect(summary.notes.map(({ code }) => code)).toContain('answer-cut')
    expect(await other.failedChunks()).toEqual([])
  })

  it('for what its first reply said, stays so, and is asked about further where the effort is raised', async () => {
    const { store } = await open()
    const [small, large] = [modelOf('small', 0.4), modelOf('large', 0.95)]
    const after = { default: 'small', after: [{ when: { confidence: '< 0.6' }, use: 'large' }] }
    const texts = { 'vague.txt': VAGUE }
    const route = routeBy({ small, large }, after)
    await run(store, route, texts)
    expect(await links(store)).toEqual(['Cleo KNOWS Dan', 'Cleo LEADS Dan'])
    // It was never taken, and is not now either.
    expect(await again(store)).toMatchObject({ changed: 0, replies: { read: 1, changed: 0 } })
    expect(await run(store, route, texts)).toMatchObject({ chunks: { unchanged: 1 } })
    expect([small.asked.length, large.asked.length]).toEqual([1, 1])
    const effort = { level: 'thorough' as const, samples: 2, verifier: null }
    const raised = routeBy({ small, large }, after, { effort })
    await run(store, raised, texts)
    expect([small.asked.length, large.asked.length > 1]).toEqual([1, true])
    const asked = large.asked.length
    expect(await run(store, raised, texts)).toMatchObject({ chunks: { unchanged: 1 } })
    expect([small.asked.length, large.asked.length]).toEqual([1, asked])
  })

  it.each(['last', 'both'] as const)(
    'to one that is away keeps what was said first, until it is there: %s',
    async (keep) => {
      const { store } = await open()
      const [small, large] = [modelOf('small', 0.4), modelOf('large', 0.95)]
      const details = { engine: 'scripted', retryable: true }
      const away = scriptedEngine(() => new EngineError('server-error', 'it is away', details), 'large')
      const after = { default: 'small', after: [{ when: { confidence: '< 0.6' }, use: 'large' }], keep }
      const texts = { 'vague.txt': VAGUE }
      const meanwhile = { chunks: { reasoned: 0, failed: 1, pending: 0, unchanged: 0 } }
      const first = await run(store, routeBy({ small, large: away }, after), texts)
      expect(first).toMatchObject({ ...meanwhile, replies: { asked: 1, reused: 0 }, proposals: 1 })
      expect(first.notes).toContainEqual(expect.objectContaining({ code: 'chunk-failed', message: 'it is away' }))
      expect(await links(store)).toEqual(['Cleo LEADS Dan'])
      const second = await run(store, routeBy({ small, large: away }, after), texts)
      expect(second).toMatchObject({ ...meanwhile, replies: { asked: 0, reused: 1 } })
      expect([small.asked.length, away.asked.length]).toEqual([1, 2])
      await run(store, routeBy({ small, large }, after), texts)
      expect([small.asked.length, large.asked.length]).toEqual([1, 1])
      expect(await links(store)).toEqual(['Cleo KNOWS Dan', 'Cleo LEADS Dan'])
      const lead = (await store.links(['proposed'])).find(({ type }) => type === 'LEADS')
      const counting = (await store.proposalsFor(lead?.id ?? '')).filter(({ live }) => live)
      expect(counting.map(({ proposal }) => proposal.model).toSorted()).toEqual(
        keep === 'both' ? ['large', 'small'] : ['large'],
      )
      expect(await run(store, routeBy({ small, large }, after), texts)).toMatchObject({ chunks: { unchanged: 1 } })
    },
  )

  it('and waits for a scarce engine is not begun once the run is to end', async () => {
    const { store } = await open()
    const details = { engine: 'scripted', fatal: true }
    const large = scriptedEngine(() => new EngineError('key', 'the key is refused', details), 'large')
    const said = {
      default: 'small',
      rules: [{ when: { hedges: '> 0' }, use: 'large' }],
      maxShare: { large: 1 },
    }
    const texts = Object.fromEntries([...'abcdefghijkl'].map((name) => [`${name}.txt`, `${name}. ${VAGUE}`]))
    const route = routeBy({ small: modelOf('small', 0.9), large }, said)
    const fetched = vi.spyOn(store, 'chunk')
    const summary = await ingestTexts(store, route.engine, texts, { concurrency: 1 }, DEFAULT_SCHEMA, undefined, {
      route,
    })
    expect(summary).toMatchObject({ chunks: { pending: 12, reasoned: 0, failed: 0 }, stopped: { code: 'key' } })
    expect([large.asked.length, fetched.mock.calls.length]).toEqual([1, 1])
  })
})
