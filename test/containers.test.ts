import { zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { documentId } from '../ingest/identify.ts'
import { Tables } from '../src/tables/tables.ts'
import { ingestTexts } from './ingest-texts.ts'
import { answerWith, scriptedEngine } from './scripted-engine.ts'
import { eachStoreAtLength } from './stores.ts'

const engine = () =>
  scriptedEngine(({ question }) => {
    const [unit] = question.units
    const [, subject, object] = /^(\w+) knows (\w+)\.$/.exec(unit?.text ?? '') ?? []
    return answerWith(subject && object ? [{ subject, type: 'KNOWS', object, quote: unit?.text ?? '' }] : [])
  })

const zipOf = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])))
const FIVE = {
  'a.txt': 'Ana knows Bo.',
  'b.txt': 'Bo knows Cid.',
  'c.txt': 'Cid knows Dee.',
  'd.txt': 'Dee knows Eli.',
}

eachStoreAtLength('files inside files', (open) => {
  it('a run that dies among them is taken up by the next, and nothing is asked twice', async () => {
    const { store } = await open()
    const putDocument = store.putDocument.bind(store)
    let count = 0
    store.putDocument = (...args) => (++count > 3 ? Promise.reject(new Error('killed')) : putDocument(...args))
    const files = { 'x.zip': zipOf(FIVE) }
    await expect(ingestTexts(store, engine(), files)).rejects.toThrow('killed')
    store.putDocument = putDocument
    await ingestTexts(store, engine(), files)
    for (const name of Object.keys(FIVE))
      expect(await store.document(documentId('test', `x.zip/${name}`)), name).not.toBeNull()
    expect((await store.links(['proposed'])).length).toBe(4)
    const again = await ingestTexts(store, engine(), files)
    expect(again).toMatchObject({ documents: { unchanged: 5, changed: 0 }, replies: { asked: 0 } })
  })

  it('one that is broken is tried and told again, the others are not read again', async () => {
    const { store } = await open()
    const files = { 'x.zip': zipOf({ ...FIVE, 'e.pdf': '%PDF-1.7 and nothing more\u0001' }) }
    expect(await ingestTexts(store, engine(), files)).toMatchObject({ documents: { new: 5, failed: 1 } })
    const again = await ingestTexts(store, engine(), files)
    expect(again).toMatchObject({ documents: { unchanged: 5, failed: 1 }, replies: { asked: 0 } })
  })

  it('one that is not there any more takes its links along, and comes back with them unasked', async () => {
    const { store } = await open()
    await ingestTexts(store, engine(), { 'x.zip': zipOf(FIVE) })
    const { 'd.txt': _, ...less } = FIVE
    const summary = await ingestTexts(store, engine(), { 'x.zip': zipOf(less) })
    expect(summary.notes.map(({ code, where }) => [code, where])).toContainEqual(['attachment-gone', 'x.zip/d.txt'])
    expect((await store.links(['proposed'])).length).toBe(3)
    const back = await ingestTexts(store, engine(), { 'x.zip': zipOf(FIVE) })
    expect(back.replies.asked).toBe(0)
    expect((await store.links(['proposed'])).length).toBe(4)
  })

  it('their tables are registered again where the file of tables was lost', async () => {
    const { store } = await open()
    const files = { 'x.zip': zipOf({ 'in.csv': 'name,team\nAna,One\nBo,Two\n' }) }
    await ingestTexts(store, engine(), files)
    const tables = new Tables(null)
    expect(await ingestTexts(store, engine(), files, {}, undefined, tables)).toMatchObject({
      tables: 1,
      replies: { asked: 0 },
    })
    expect(await tables.datasetsOf(documentId('test', 'x.zip/in.csv'))).toHaveLength(1)
  })

  it('one whose date was altered in the store is dated as its file says, without a question', async () => {
    const { store } = await open()
    const files = { 'x.zip': zipOf({ ...FIVE, '2025-03-18.txt': 'Eli knows Flo.' }) }
    await ingestTexts(store, engine(), files)
    const id = documentId('test', 'x.zip/2025-03-18.txt')
    await store.database.write((writer) => writer.patchNodes('Document', [{ id, properties: { date: '1999-01-01' } }]))
    const { notes, replies } = await ingestTexts(store, engine(), files)
    expect(notes.map(({ code, where }) => [code, where])).toEqual([['date-altered', 'x.zip/2025-03-18.txt']])
    expect(replies.asked).toBe(0)
    expect((await store.document(id))?.date).toBe('2025-03-18')
    expect((await ingestTexts(store, engine(), files)).notes).toEqual([])
  })

  it('several whose date was altered are told and dated each, and every document is counted once', async () => {
    const { store } = await open()
    const days = ['2025-03-18.txt', '2025-03-19.txt']
    const files = { 'x.zip': zipOf({ ...FIVE, [days[0]!]: 'Eli knows Flo.', [days[1]!]: 'Gus knows Hal.' }) }
    const { documents } = await ingestTexts(store, engine(), files)
    const whole = await ingestTexts(store, engine(), files)
    const ids = days.map((path) => documentId('test', `x.zip/${path}`))
    await store.database.write((writer) =>
      writer.patchNodes(
        'Document',
        ids.map((id) => ({ id, properties: { date: '1999-01-01' } })),
      ),
    )
    const healed = await ingestTexts(store, engine(), files)
    expect(healed.notes.map(({ code, where }) => [code, where])).toEqual(
      days.map((path) => ['date-altered', `x.zip/${path}`]),
    )
    expect(healed.documents).toEqual({ ...documents, new: 0, unchanged: documents.new })
    expect(healed.documents).toEqual(whole.documents)
    expect(healed.chunks).toEqual(whole.chunks)
    expect(healed.replies.asked).toBe(0)
    expect(await Promise.all(ids.map(async (id) => (await store.document(id))?.date))).toEqual([
      '2025-03-18',
      '2025-03-19',
    ])
    expect((await ingestTexts(store, engine(), files)).notes).toEqual([])
  })

  it('other rules of the source are applied to files that did not change, without a question', async () => {
    const { store } = await open()
    const files = { '2025-03-18 a.txt': 'Ana knows Bo.' }
    await ingestTexts(store, engine(), files)
    const rules = { kind: 'chat', language: 'de', labels: ['HR'] } as const
    const summary = await ingestTexts(store, engine(), files, {}, undefined, undefined, rules)
    expect(summary).toMatchObject({ documents: { changed: 1 }, replies: { asked: 0 } })
    expect(await store.document(documentId('test', '2025-03-18 a.txt'))).toMatchObject(rules)
    const again = await ingestTexts(store, engine(), files, {}, undefined, undefined, rules)
    expect(again).toMatchObject({ documents: { unchanged: 1 } })
  })
})
