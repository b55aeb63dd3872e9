import { expect, it, vi } from 'vitest'
import { schemaFile } from '../../src/model/schema.ts'
import { decideLink } from '../../src/review/decide.ts'
import { checkSchema } from '../../src/schema/check.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength } from '../stores.ts'

vi.setConfig({ testTimeout: 120_000 })

const TEXTS = {
  'a.md': 'Ana leads Kestrel.\n\nBen leads Kestrel.\n\nCid heads Heron.\n\nHeron led_by Dan.\n',
  'b.md': 'Eve owns Billing.\n\nFay chairs Egret.\n\nGus knows Hal.\n',
}
const walk = { progress: () => {}, signal: new AbortController().signal }
const LEADS = { name: 'LEADS', singleValued: 'from' }

eachStoreAtLength('a graph against a schema', (open) => {
  const setUp = async (linkTypes: readonly unknown[], rest: object = {}): Promise<Store> => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), TEXTS, {}, schemaFile.parse({ open: true, ...rest, linkTypes }))
    return store
  }
  const found = async (store: Store, linkTypes: readonly unknown[], rest: object = {}) => {
    const check = await checkSchema(store, schemaFile.parse({ open: true, ...rest, linkTypes }), walk)
    const told = check.findings.map(({ code, breaks, what, inGraph, held }) => [code, breaks, what, inGraph, held])
    return { ...check, told }
  }

  it('finds what is not as the schema says, what nothing is of, and writes nothing', async () => {
    const store = await setUp([LEADS])
    const before = await snapshot(store)
    const types = [
      { ...LEADS, aliases: ['HEADS', 'STEERS'], inverse: 'LED_BY' },
      { name: 'OWNS', from: ['Person'] },
      { name: 'FUNDS', to: ['Actor'] },
      { name: 'KNOWS' },
    ]
    const { told, findings, links, replies } = await found(store, types, {
      entityTypes: [{ name: 'Actor' }, { name: 'Person' }],
    })
    expect({ links, replies }).toEqual({ links: 7, replies: 2 })
    expect(told).toEqual([
      ['ends', true, 'OWNS', 1, 0],
      ['former-name', true, 'HEADS', 1, 0],
      ['former-name', true, 'LED_BY', 1, 0],
      ['conflict', true, 'LEADS', 1, 0],
      ['outside', false, 'CHAIRS', 1, 0],
      ['unused', false, 'FUNDS', 0, 0],
      ['unused', false, 'LEADS', 0, 0], // its alias STEERS
      ['unused', false, 'Person', 0, 0],
    ])
    expect(findings[0]).toMatchObject({
      message: 'OWNS goes from Actor to Actor, and the schema says Person > any',
      examples: [{ status: 'proposed', subject: 'Eve', type: 'OWNS', object: 'Billing' }],
    })
    expect(findings.find(({ what }) => what === 'CHAIRS')?.message).toBe(
      'CHAIRS is no link type of the schema; it may be LEADS',
    )
    expect(await snapshot(store)).toBe(before)
  })

  it('what is held back already is told and breaks nothing', async () => {
    const types = [{ name: 'LEADS' }, { name: 'OWNS', from: ['Person'] }]
    const store = await setUp(types, { open: false })
    const { told } = await found(store, types, { open: false })
    expect(told).toEqual([
      ['ends', false, 'OWNS', 0, 1],
      ['outside', false, 'CHAIRS', 0, 1],
      ['outside', false, 'HEADS', 0, 1],
      ['outside', false, 'KNOWS', 0, 1],
      ['outside', false, 'LED_BY', 0, 1],
    ])
    // A person accepts one all the same: then the graph is not as the schema says.
    const held = (await store.links(['held'])).find(({ type }) => type === 'OWNS')
    await decideLink(store, held?.id ?? '', 'accept', { reviewer: 'rita' }, new Date('2026-01-01T00:00:00.000Z'))
    expect((await found(store, types, { open: false })).told[0]).toEqual(['ends', true, 'OWNS', 1, 0])
  })

  it('types that the schema does not name break one that holds them, and ends of such types too', async () => {
    const store = await setUp([])
    const closed = await found(store, [{ name: 'LEADS' }], { open: false, entityTypes: [{ name: 'Person' }] })
    expect(closed.told).toContainEqual(['outside', true, 'KNOWS', 1, 0])
    expect(closed.told).toContainEqual(['outside', true, 'Actor', 7, 0])
    const kept = await found(store, [{ name: 'LEADS' }], {
      open: false,
      outside: { linkTypes: 'keep', entityTypes: 'keep' },
      entityTypes: [{ name: 'Person' }],
    })
    expect(kept.told.filter(([, breaks]) => breaks)).toEqual([])
    const renamed = await found(store, [], { entityTypes: [{ name: 'Person', aliases: ['actor'] }] })
    expect(renamed.told).toContainEqual(['former-name', true, 'Actor', 7, 0])
  })

  it('says what of a schema may be meant, and seldom is', async () => {
    const store = await setUp([])
    const types = [
      { name: 'LEADS', from: ['Persn'], supersedes: 'later' },
      { name: 'OWNS', reversedBy: ['SOLD'] },
      { name: 'KNOWS', symmetric: true, from: ['Actor'], to: ['Team'], aliases: ['LABELLED'] },
    ]
    const { findings } = await found(store, types, { entityTypes: [{ name: 'Actor' }, { name: 'Team' }] })
    const remarks = findings.filter(({ code }) => code === 'remark')
    expect(remarks.map(({ breaks, message }) => [breaks, message])).toEqual([
      [false, expect.stringContaining('KNOWS: it is symmetric, and from and to differ')],
      [false, expect.stringContaining('KNOWS: LABELLED is what whygraph calls links of its own')],
      [false, expect.stringContaining('LEADS: from or to names Persn')],
      [false, expect.stringContaining('LEADS: supersedes: later without singleValued')],
      [false, expect.stringContaining('OWNS: reversedBy names SOLD')],
    ])
  })

  it('says where links are compared by other rules than the schema has', async () => {
    const store = await setUp([{ name: 'LEADS' }])
    const { findings } = await found(store, [LEADS, { name: 'HEADS' }, { name: 'OWNS' }])
    expect(findings.filter(({ code }) => code === 'rules')).toMatchObject([{ breaks: false, what: 'LEADS' }])
  })
})
