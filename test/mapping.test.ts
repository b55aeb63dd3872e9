import { expect, it } from 'vitest'
import { documentId } from '../ingest/identify.ts'
import { mapRows } from '../src/taking-in/map-rows.ts'
import { entityId } from '../src/model/entity.ts'
import { linkId } from '../src/model/link.ts'
import { decideLink } from '../src/review/decide.ts'
import { undoDecision } from '../src/review/undo.ts'
import type { StoredDocument, StoredLink } from '../src/store/records.ts'
import type { Store } from '../src/store/store.ts'
import { Tables } from '../src/tables/tables.ts'
import { ingestTexts } from './ingest-texts.ts'
import { runHere } from './run-here.ts'
import { scriptedEngine } from './scripted-engine.ts'
import { eachStoreAtLength } from './stores.ts'

const HEADER = 'service,owner,since\n'
const SERVICES = `${HEADER}Billing,Ana Ruiz,2024-01-02\nSearch,Bo Lindqvist,2024-03-04\nLedger,Ana Ruiz; Chen Wei,2025-05-06\nIdle,,2025-07-08\n`

/** Says of a profile that the owner owns the service, and of a text nothing. */
const engine = () =>
  scriptedEngine(({ question, prompt }) => {
    const isTable = question.asksFor === 'columns'
    if (isTable) expect(prompt).toContain('This source is a table')
    const header = question.units.find((unit) => unit.text === 'service | owner | since')
    const evidence = [{ s: header?.s ?? 0, quote: 'owner' }]
    const link = { subject: 'e2', type: 'OWNS', object: 'e1', evidence, support: 'stated', polarity: 'asserted' }
    const unknown = { ...link, subject: 'e3' }
    return JSON.stringify({
      summary: '',
      labels: [],
      entities: [
        { id: 'e1', name: 'Service', type: 'System', aliases: [], mentions: [1] },
        { id: 'e2', name: 'owner', type: 'Person', aliases: [], mentions: [2] },
        { id: 'e3', name: 'payer', type: 'Person', aliases: [], mentions: [2] },
      ],
      links: isTable ? [link, unknown].map((one) => ({ ...one, when: null, why: 'the header', confidence: 0.9 })) : [],
      rejected: [],
    })
  })

const SOURCE = documentId('test', 'data/services.csv')
const owns = (person: string, system: string): string =>
  linkId(entityId('Person', person, SOURCE), 'OWNS', entityId('System', system, SOURCE))
const context = { now: '2026-01-01T00:00:00.000Z', runId: 'test' }
const now = new Date(context.now)

async function mappingOf(store: Store): Promise<StoredLink> {
  const links = await store.links(['proposed', 'accepted'])
  return links.find((link) => link.mapsFrom !== null) as StoredLink
}

eachStoreAtLength('mappings of columns', (open) => {
  const setUp = async () => {
    const { store } = await open()
    const tables = new Tables(null)
    const ingest = (services = SERVICES) =>
      ingestTexts(store, engine(), { 'data/services.csv': services }, {}, undefined, tables)
    const document = async () => (await store.document(SOURCE)) as StoredDocument
    const statusOf = async (person: string, system: string) => (await store.link(owns(person, system)))?.status
    return { store, tables, ingest, document, statusOf }
  }

  it('a mapping is proposed with its evidence, and is no link between entities', async () => {
    const { store, ingest } = await setUp()
    const summary = await ingest()
    expect(summary).toMatchObject({ documents: { new: 1 }, tables: 1 })
    expect(summary.notes.map((note) => note.code)).toContain('unknown-column')
    const mapping = await mappingOf(store)
    expect(mapping).toMatchObject({
      subject: 'owner',
      type: 'OWNS',
      object: 'service',
      mapsFrom: 'Person',
      mapsTo: 'System',
    })
    expect(mapping.items[0]).toMatchObject({ evidence: 'owner', grounding: 'exact', place: 'data/services.csv row 1' })
    const { rows } = await store.database.query(
      'MATCH (d:Dataset)-[:HAS_COLUMN]->(a:Column)-[m:MAPS_TO]->(b:Column) RETURN d.rows, a.name, m.linkType, b.name',
      {},
      { seconds: 30 },
    )
    expect(rows).toEqual([[4, 'owner', 'OWNS', 'service']])
    const links = await store.database.query('MATCH (a)-[r:OWNS]->(b) RETURN count(*)', {}, { seconds: 30 })
    expect(links.rows).toEqual([[0]])
  })

  it('an accepted one makes links from all rows, each with its cells as places; undone, they go', async () => {
    const { store, tables, ingest, document, statusOf } = await setUp()
    await ingest()
    const mapping = await mappingOf(store)
    await decideLink(store, mapping.id, 'accept', { reviewer: 'rita' }, now)
    const made = await mapRows(store, tables, await document(), context)
    expect(made?.added).toBe(4)
    const link = await store.link(owns('Chen Wei', 'Ledger'))
    expect(
      link?.items.map(({ evidence, grounding, place, traceKind }) => [evidence, grounding, place, traceKind]),
    ).toEqual([
      ['Chen Wei', 'exact', 'data/services.csv row 4 column owner', 'rule'],
      ['Ledger', 'exact', 'data/services.csv row 4 column service', 'rule'],
    ])
    expect(link?.items[0]?.reasoning).toMatch(
      /^Row 4: “Chen Wei” in column owner OWNS “Ledger” .* that rita accepted\.$/,
    )
    const [proposal] = await store.proposalsFor(owns('Chen Wei', 'Ledger'))
    const reply = await store.reply(proposal?.proposal.replyId ?? '')
    const [step] = proposal?.proposal.steps ?? []
    expect(reply?.reasoning.slice(step?.start, step?.end)).toBe(step?.text)
    expect(await mapRows(store, tables, await document(), context)).toBeNull()
    expect(await ingest()).toMatchObject({ documents: { unchanged: 1 }, replies: { asked: 0 }, links: 0 })

    await undoDecision(store, mapping.id, { reviewer: 'rita' }, now)
    await mapRows(store, tables, await document(), context)
    expect(await statusOf('Ana Ruiz', 'Billing')).toBe('gone')
    await decideLink(store, mapping.id, 'accept', { reviewer: 'rita' }, now)
    await mapRows(store, tables, await document(), context)
    expect(await statusOf('Ana Ruiz', 'Billing')).toBe('proposed')
  })

  it('what was left undone after the decision the next ingest does', async () => {
    const { store, ingest, statusOf } = await setUp()
    await ingest()
    await decideLink(store, (await mappingOf(store)).id, 'accept', { reviewer: 'rita' }, now)
    expect(await ingest()).toMatchObject({ documents: { unchanged: 1 }, links: 4 })
    expect(await statusOf('Bo Lindqvist', 'Search')).toBe('proposed')
  })

  it('rows that change, come and go take their links with them, and the decision stands', async () => {
    const { store, ingest, statusOf } = await setUp()
    await ingest()
    const mapping = await mappingOf(store)
    await decideLink(store, mapping.id, 'accept', { reviewer: 'rita' }, now)
    await ingest()
    await ingest(SERVICES.replace('Bo Lindqvist', 'Dee Abara'))
    expect(await statusOf('Bo Lindqvist', 'Search')).toBe('gone')
    expect(await statusOf('Dee Abara', 'Search')).toBe('proposed')
    expect((await store.link(mapping.id))?.status).toBe('accepted')
  })

  it('a column that is not there any more is said to be gone, and its mapping reads nothing', async () => {
    const { store, ingest, statusOf } = await setUp()
    await ingest()
    const mapping = await mappingOf(store)
    await decideLink(store, mapping.id, 'accept', { reviewer: 'rita' }, now)
    await ingest()
    await ingest(SERVICES.replace('owner', 'keeper'))
    expect(await statusOf('Ana Ruiz', 'Billing')).toBe('gone')
    expect(await store.link(mapping.id)).toMatchObject({ status: 'accepted', unsupported: true })
  })

  it('tables that were lost are registered again without a question', async () => {
    const { store, ingest } = await setUp()
    await ingest()
    const again = engine()
    const tables = new Tables(null)
    const summary = await ingestTexts(store, again, { 'data/services.csv': SERVICES }, {}, undefined, tables)
    expect(summary).toMatchObject({ tables: 1, replies: { asked: 0 } })
    expect(again.asked).toHaveLength(0)
    expect(await tables.datasetsOf(documentId('test', 'data/services.csv'))).toHaveLength(1)
  })

  it('killed while the rows of a changed table are read, the next run reads them', async () => {
    const { store, ingest, statusOf } = await setUp()
    await ingest()
    await decideLink(store, (await mappingOf(store)).id, 'accept', { reviewer: 'rita' }, now)
    await ingest()
    const changed = `${SERVICES}New,Fay Osei,2025-09-10\n`
    const takeReply = store.takeReply.bind(store)
    store.takeReply = () => Promise.reject(new Error('killed'))
    await expect(ingest(changed)).rejects.toThrow('killed')
    store.takeReply = takeReply
    await ingest(changed)
    expect(await statusOf('Fay Osei', 'New')).toBe('proposed')
    expect(await statusOf('Ana Ruiz', 'Billing')).toBe('proposed')
  })

  it('a cell that moved to another column says something else', async () => {
    const { store, ingest, statusOf } = await setUp()
    await ingest()
    await decideLink(store, (await mappingOf(store)).id, 'accept', { reviewer: 'rita' }, now)
    await ingest()
    await ingest(SERVICES.replace('Billing,Ana Ruiz,2024-01-02', 'Billing,,Ana Ruiz'))
    expect(await statusOf('Ana Ruiz', 'Billing')).toBe('gone')
    await ingest(SERVICES.replace('service,owner', 'owner,service'))
    expect(await statusOf('Billing', 'Ana Ruiz')).toBe('proposed')
    expect(await statusOf('Ana Ruiz', 'Billing')).toBe('gone')
  })

  it('what whygraph itself says of a column is no quote of the source', async () => {
    const { store } = await open()
    const quoting = scriptedEngine(({ question }) => {
      const entities = ['service', 'owner'].map((name) => ({
        id: name,
        name,
        type: 'Thing',
        aliases: [],
        mentions: [],
      }))
      const evidence = [{ s: 1, quote: question.units[0]?.text.slice(0, 30) }]
      const link = {
        subject: 'owner',
        type: 'OWNS',
        object: 'service',
        evidence,
        support: 'stated',
        polarity: 'asserted',
      }
      const links = question.asksFor === 'columns' ? [{ ...link, when: null, why: '', confidence: 1 }] : []
      return JSON.stringify({ summary: '', labels: [], entities, links, rejected: [] })
    })
    await ingestTexts(store, quoting, { 'data/services.csv': SERVICES })
    expect((await mappingOf(store)).items[0]).toMatchObject({ grounding: 'missing', evidence: '' })
  })

  it('a table of a thousand columns costs itself, and the rest is read', async () => {
    const { store } = await open()
    const names = Array.from({ length: 1000 }, (_, index) => `c${index}`)
    const wide = `${names.join(',')}\n${names.map((_, index) => index).join(',')}\n${names.join(',')}\n`
    const summary = await ingestTexts(store, engine(), { 'a/wide.csv': wide, 'b/services.csv': SERVICES })
    expect(summary).toMatchObject({ documents: { new: 2 }, tables: 2 })
    expect(summary.notes.find((note) => note.code === 'wide-table')?.message).toContain('1000 columns')
  })

  it('rows that are read anew do not make an altered date that of the source', async () => {
    const { store, address, environment } = await open()
    const path = '2025-03-18 services.csv'
    const id = documentId('test', path)
    const tables = new Tables(null)
    const ingest = () => ingestTexts(store, engine(), { [path]: SERVICES }, {}, undefined, tables)
    const alter = () =>
      store.database.write((writer) => writer.patchNodes('Document', [{ id, properties: { date: '1999-01-01' } }]))
    const days = async () =>
      (await store.links(['proposed', 'accepted'])).flatMap(({ items }) => items.map(({ saidOn }) => saidOn))
    await ingest()
    await alter()
    const mapping = await mappingOf(store)
    await decideLink(store, mapping.id, 'accept', { reviewer: 'rita' }, now)
    await mapRows(store, tables, (await store.document(id)) as StoredDocument, context)
    expect(await runHere(['rebuild', '--store', address], { environment })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('the date of a document was altered'),
    })
    const heals = async () => {
      const { notes, replies } = await ingest()
      expect(notes.map(({ code }) => code)).toContain('date-altered')
      expect(replies.asked).toBe(0)
      expect(new Set(await days())).toEqual(new Set(['2025-03-18']))
      expect((await ingest()).notes).toEqual([])
    }
    await heals()

    // Also where the decision is followed by the ingest itself.
    await alter()
    await undoDecision(store, mapping.id, { reviewer: 'rita' }, now)
    await heals()
  })
})
