import { expect, it, vi } from 'vitest'
import { NO_JOURNAL } from '../src/extract/journal.ts'
import { linkId } from '../src/model/link.ts'
import { schemaFile } from '../src/model/schema.ts'
import { NO_PRICES } from '../src/money/price.ts'
import { rebuild, type RebuildOptions } from '../src/rebuild/rebuild.ts'
import { decideLink } from '../src/review/decide.ts'
import { planFix } from '../src/review/fix.ts'
import type { Store } from '../src/store/store.ts'
import { Tables } from '../src/tables/tables.ts'
import { ingestTexts } from './ingest-texts.ts'
import { actorId, readingEngine, scriptedEngine } from './scripted-engine.ts'
import { snapshot } from './snapshot.ts'
import { eachStoreAtLength } from './stores.ts'

// On a cold Neo4j beside other tests.
vi.setConfig({ testTimeout: 120_000 })

const TEXTS = {
  'a.md': 'Ana heads Kestrel.\n\nBilling owned_by Ana.\n',
  'b.md': 'Ana leads Kestrel.\n\nAna owns Billing.\n',
}
const types = (linkTypes: readonly unknown[]) => schemaFile.parse({ open: true, linkTypes })
const BEFORE = types([{ name: 'LEADS' }, { name: 'OWNS' }])
const AFTER = types([
  { name: 'LEADS', aliases: ['HEADS'] },
  { name: 'OWNS', inverse: 'OWNED_BY' },
])
const link = (subject: string, type: string, object: string): string => linkId(actorId(subject), type, actorId(object))
const [heads, leads] = [link('Ana', 'HEADS', 'Kestrel'), link('Ana', 'LEADS', 'Kestrel')]
const [ownedBy, owns] = [link('Billing', 'OWNED_BY', 'Ana'), link('Ana', 'OWNS', 'Billing')]

async function again(store: Store, options: Partial<RebuildOptions>) {
  const common = { fromReplies: true, dryRun: false, schema: BEFORE, journal: NO_JOURNAL, prices: NO_PRICES }
  const all = { ...common, tables: new Tables(null), progress: () => {} }
  return rebuild(store, { ...all, ...options }, new AbortController().signal)
}

eachStoreAtLength('a store under another schema', (open) => {
  const setUp = async () => {
    const { store } = await open()
    const engine = readingEngine()
    await ingestTexts(store, engine, TEXTS, {}, BEFORE)
    const of = async (...ids: string[]) =>
      Promise.all(
        ids.map(async (id) => ((await store.link(id))?.status === 'proposed' ? (await store.link(id))?.supports : 0)),
      )
    return { store, engine, of }
  }

  it('the next ingest takes the stored replies by new aliases and inverses, and asks nobody', async () => {
    const { store, engine, of } = await setUp()
    expect(await of(heads, leads, ownedBy, owns)).toEqual([1, 1, 1, 1])
    const asked = engine.asked.length
    const summary = await ingestTexts(store, engine, TEXTS, {}, AFTER)
    expect(summary).toMatchObject({ replies: { asked: 0, reused: 2 }, chunks: { reasoned: 2 } })
    expect(summary.notes.filter(({ code }) => code === 'type-mapped').map(({ message }) => message)).toEqual([
      'HEADS was taken as LEADS',
      'OWNED_BY was taken as OWNS, the other way round',
    ])
    expect(engine.asked).toHaveLength(asked)
    expect(await of(heads, leads, ownedBy, owns)).toEqual([0, 2, 0, 2])
    // Turned round, it keeps the words that were quoted.
    const kept = await store.link(owns)
    expect(kept?.items.map(({ evidence }) => evidence).toSorted()).toEqual([
      'Ana owns Billing.',
      'Billing owned_by Ana.',
    ])
    expect(kept).toMatchObject({ subject: 'Ana', object: 'Billing' })
  })

  it('rebuild reads each reply by its own schema, and by the new one where that is asked for', async () => {
    const { store, engine, of } = await setUp()
    expect(await again(store, { schema: AFTER })).toMatchObject({ changed: 0, replies: { retaken: 0 } })
    const before = await snapshot(store)
    expect(await again(store, { readBy: AFTER, dryRun: true })).toMatchObject({ replies: { retaken: 2, changed: 1 } })
    expect(await snapshot(store)).toBe(before)

    expect(await again(store, { readBy: AFTER })).toMatchObject({ replies: { retaken: 2, changed: 1 } })
    expect(await of(heads, leads, ownedBy, owns)).toEqual([0, 2, 0, 2])
    const after = await snapshot(store)
    expect(await again(store, { readBy: AFTER })).toMatchObject({ changed: 0 })
    // By its own schema is now by this one.
    expect(await again(store, {})).toMatchObject({ changed: 0 })
    expect(await snapshot(store)).toBe(after)

    // An ingest by the schema of before takes them by that again, for nothing.
    const asked = engine.asked.length
    await ingestTexts(store, engine, TEXTS, {}, BEFORE)
    expect(await of(heads, leads, ownedBy, owns)).toEqual([1, 1, 1, 1])
    expect(engine.asked).toHaveLength(asked)
  })

  it('back under the schema of before it is what it was', async () => {
    const { store, of } = await setUp()
    const own = ['Run', 'Schema']
    const before = await snapshot(store, own)
    await again(store, { readBy: AFTER })
    await again(store, { readBy: BEFORE })
    expect(await of(heads, leads, ownedBy, owns)).toEqual([1, 1, 1, 1])
    expect(await snapshot(store, own)).toBe(before)
  })

  it('what a person accepted under the other name stays, and is said by no source then', async () => {
    const { store, of } = await setUp()
    await decideLink(store, ownedBy, 'accept', { reviewer: 'rita' }, new Date('2026-01-01T00:00:00.000Z'))
    await again(store, { readBy: AFTER })
    expect(await of(owns)).toEqual([2])
    expect(await store.link(ownedBy)).toMatchObject({ status: 'accepted', unsupported: true })
  })

  it('a person who names a type from its other end fixes the link the right way, and so do rules of that', async () => {
    const { store } = await open()
    const engine = readingEngine()
    await ingestTexts(store, engine, { 'a.md': 'Billing serves Ana.\n' }, {}, AFTER)
    const asked = { type: 'OWNED_BY', isRule: true }
    const plan = await planFix(store, link('Billing', 'SERVES', 'Ana'), asked, AFTER, { reviewer: 'rita' })
    expect(plan.linkId).toBe(owns)
    await store.decideTogether(plan.proposals, plan.drafts, new Date().toISOString())
    await ingestTexts(store, engine, { 'b.md': 'Search serves Ben.\n\nLedger owned_by Cid.\n' }, {}, AFTER)
    expect(await store.link(link('Ben', 'OWNS', 'Search'))).toMatchObject({ status: 'proposed' })

    // Another type for what a model tells from the other end.
    const second = await planFix(store, link('Cid', 'OWNS', 'Ledger'), { type: 'LEADS', isRule: true }, AFTER, {
      reviewer: 'rita',
    })
    await store.decideTogether(second.proposals, second.drafts, new Date().toISOString())
    await ingestTexts(store, engine, { 'c.md': 'Index owned_by Dan.\n\nEve owns Mill.\n' }, {}, AFTER)
    for (const id of [link('Dan', 'LEADS', 'Index'), link('Eve', 'LEADS', 'Mill')])
      expect(await store.link(id)).toMatchObject({ status: 'proposed' })
  })

  it('a mapping of columns is turned round as a link is', async () => {
    const { store } = await open()
    const link = { subject: 'e1', type: 'OWNED_BY', object: 'e2', support: 'stated', polarity: 'asserted' }
    const entity = (id: string, name: string, type: string, s: number) => ({
      id,
      name,
      type,
      aliases: [],
      mentions: [s],
    })
    const engine = scriptedEngine(({ question }) => {
      const header = question.units.find((unit) => unit.text === 'service | owner')
      const evidence = [{ s: header?.s ?? 0, quote: 'owner' }]
      const links = question.asksFor === 'columns' ? [{ ...link, evidence, when: null, why: '', confidence: 0.9 }] : []
      const entities = [entity('e1', 'service', 'System', 1), entity('e2', 'owner', 'Person', 2)]
      return JSON.stringify({ summary: '', labels: [], entities, links, rejected: [] })
    })
    const rows = 'service,owner\nBilling,Ana Ruiz\nSearch,Bo Lindqvist\nLedger,Chen Wei\n'
    await ingestTexts(store, engine, { 'services.csv': rows }, {}, AFTER)
    const mapping = (await store.links(['proposed'])).find(({ mapsFrom }) => mapsFrom !== null)
    expect(mapping).toMatchObject({
      subject: 'owner',
      type: 'OWNS',
      object: 'service',
      mapsFrom: 'Person',
      mapsTo: 'System',
    })
  })
})
