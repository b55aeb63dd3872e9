import { expect, it, vi } from 'vitest'
import { labelId } from '../src/model/label.ts'
import { NO_JOURNAL } from '../src/extract/journal.ts'
import { DEFAULT_SCHEMA } from '../src/model/schema.ts'
import { NO_PRICES } from '../src/money/price.ts'
import { rebuild } from '../src/rebuild/rebuild.ts'
import { decideLink } from '../src/review/decide.ts'
import { undoDecision } from '../src/review/undo.ts'
import type { Store } from '../src/store/store.ts'
import { Tables } from '../src/tables/tables.ts'
import { ingestTexts } from './ingest-texts.ts'
import { runHere } from './run-here.ts'
import { scriptedEngine } from './scripted-engine.ts'
import { snapshot } from './snapshot.ts'
import { eachStoreAtLength } from './stores.ts'
import { parseJson } from './whygraph.ts'

vi.setConfig({ testTimeout: 240_000 })

const now = new Date('2026-01-01T00:00:00.000Z')
const { signal } = new AbortController()

/** Gives the labels that units of the form “Topic: billing.” name, and sums up in a sentence. */
const labelling = (model?: string) =>
  scriptedEngine(({ question: { units } }) => {
    const labels = units.flatMap(({ s, text }) => {
      const topic = /^Topic: (.*)\.$/.exec(text)?.[1]
      return topic === undefined ? [] : [{ label: topic, s: [s] }]
    })
    const summary = `${model ?? 'scripted'} read ${units.length} units on ${labels.map(({ label }) => label).join(' and ')}.`
    return JSON.stringify({ summary, labels, entities: [], links: [], rejected: [] })
  }, model)

const TEXTS = {
  'a.md': 'Topic: billing.\n\nTopic: staff.\n',
  'b.md': 'Topic: Billing.\n\nMoney is short.\n',
}

const rows = async (store: Store, text: string): Promise<readonly (readonly unknown[])[]> =>
  (await store.database.query(text, {}, { seconds: 30 })).rows
const labelled = (store: Store) =>
  rows(
    store,
    `MATCH (d:Document)-[r:LABELLED]->(l:Label)
     RETURN d.path AS path, l.name AS label, r.status AS status, r.evidence AS evidence ORDER BY path, label`,
  )
const labels = async (store: Store) => (await rows(store, 'MATCH (l:Label) RETURN l.name AS name ORDER BY name')).flat()
const linkTo = async (store: Store, path: string, label: string): Promise<string> => {
  const [document] = await store.documentsAt(path)
  const links = await store.linksOf(document?.id ?? '')
  return links.find(({ objectId }) => objectId === labelId(label))?.id ?? ''
}
const rebuilt = (store: Store, fromReplies: boolean) =>
  rebuild(
    store,
    {
      fromReplies,
      dryRun: false,
      schema: DEFAULT_SCHEMA,
      journal: NO_JOURNAL,
      prices: NO_PRICES,
      tables: new Tables(null),
      progress: () => {},
    },
    signal,
  )
const NOTHING_WRONG = { changed: 0, entities: 0, mentions: 0, standing: 0, relationships: 0 }

eachStoreAtLength('what documents are about', (open) => {
  it('is a link with quotes, decided, undone, and kept through re-ingest', async () => {
    const { store } = await open()
    const summary = await ingestTexts(store, labelling(), TEXTS)
    expect(summary).toMatchObject({ links: 0, proposals: 0, labels: 3 })
    const all = [
      ['a.md', 'billing', 'proposed', ['Topic: billing.']],
      ['a.md', 'staff', 'proposed', ['Topic: staff.']],
      ['b.md', 'billing', 'proposed', ['Topic: Billing.']],
    ]
    expect(await labelled(store)).toEqual(all)
    expect(await labels(store)).toEqual(['billing', 'staff'])
    // Links between entities are asked about as if there were none.
    expect(await rows(store, 'MATCH (a:__Entity__)-[r]->(b) RETURN r.id')).toEqual([])

    const [staff, billing] = [await linkTo(store, 'a.md', 'staff'), await linkTo(store, 'a.md', 'billing')]
    await decideLink(store, staff, 'reject', { reviewer: 'rita' }, now)
    expect(await labelled(store)).toEqual([all[0], all[2]])
    expect(await labels(store)).toEqual(['billing'])
    await undoDecision(store, staff, { reviewer: 'rita' }, now)
    expect(await labelled(store)).toEqual(all)
    await decideLink(store, staff, 'reject', { reviewer: 'rita' }, now)
    await decideLink(store, billing, 'accept', { reviewer: 'rita' }, now)

    // Said again of another chunk, by another model too: what a person said of it stands.
    const later = { ...TEXTS, 'a.md': `${TEXTS['a.md']}\nMore.\n` }
    for (const model of [undefined, 'another']) await ingestTexts(store, labelling(model), later)
    expect(await store.link(staff)).toMatchObject({ status: 'rejected', supports: 2 })
    expect(await store.link(billing)).toMatchObject({ status: 'accepted', supports: 2, unsupported: false })
    expect(await labels(store)).toEqual(['billing'])

    await ingestTexts(store, labelling(), { ...later, 'a.md': 'Nothing.\n', 'b.md': 'Nothing.\n' })
    expect(await store.link(billing)).toMatchObject({ status: 'accepted', unsupported: true })
    expect((await labelled(store)).map((row) => row.slice(0, 3))).toEqual([['a.md', 'billing', 'accepted']])
    for (const fromReplies of [false, true]) expect(await rebuilt(store, fromReplies)).toMatchObject(NOTHING_WRONG)
  })

  it('one label named by many chunks is one link with many supports', async () => {
    const { store } = await open()
    const text = Array.from(
      { length: 12 },
      (_, index) => `Topic: billing.\n\nChapter ${index}. ${'Words. '.repeat(40)}`,
    )
    await ingestTexts(store, labelling(), { 'long.md': text.join('\n\n') }, { chunkTokens: 80 })
    const [[supports, evidence] = []] = await rows(
      store,
      'MATCH (:Document)-[r:LABELLED]->(:Label) RETURN r.supports AS supports, size(r.evidence) AS evidence',
    )
    expect(supports).toBeGreaterThan(5)
    expect(evidence).toBe(12)
  })

  it('is kept on the chunk with its summary, by the model that replied last', async () => {
    const { store, address, environment } = await open()
    await ingestTexts(store, labelling(), TEXTS)
    await ingestTexts(store, labelling('second'), { 'a.md': TEXTS['a.md'] })
    const about = 'MATCH (c:Chunk) RETURN c.summary AS s, c.labels AS l, c.summaryBy AS b ORDER BY s'
    expect(await rows(store, about)).toEqual([
      ['scripted read 2 units on Billing.', ['billing'], 'scripted'],
      ['second read 2 units on billing and staff.', ['billing', 'staff'], 'second'],
    ])
    const run = (...args: string[]) => runHere([...args, '--store', address], { environment })
    const { hits } = parseJson<{ hits: { kind: string; id: string; text: string }[] }>(
      await run('search', 'second', '--json'),
    )
    expect(hits).toMatchObject([{ kind: 'Chunk', text: 'a.md: (summary) second read 2 units on billing and staff.' }])
    const shown = await run('show', hits[0]?.id ?? '')
    expect(shown.stdout).toContain(' SUMMARY (by second; no evidence)  second read 2 units on billing and staff.')
    expect(shown.stdout).toContain(' LABELS (by second)  billing, staff')

    const found = parseJson<{ hits: { kind: string; id: string; text: string }[] }>(
      await run('search', 'staff', '--json'),
    ).hits
    expect(found.map(({ kind }) => kind)).toEqual(['Label', 'Link', 'Chunk'])
    expect((await run('show', found[0]?.id ?? '')).stdout).toMatch(/^staff \(label\).*\n.*a ──LABELLED──▶ staff/)
    const [document] = await store.documentsAt('a.md')
    const byId = await run('show', document?.id ?? '')
    expect(await run('show', 'a.md')).toEqual(byId)
    expect(await run('show', './a.md')).toEqual(byId)
    expect(byId.stdout).toMatch(/LABELS\n.*LABELLED──▶ billing\n.*LABELLED──▶ staff/)
    expect((await run('show', found[1]?.id ?? '')).stdout).toContain('»Topic: staff.«')
    const refused = await run('review', 'fix', found[1]?.id ?? '', '--type', 'OWNS', '--reviewer', 'rita')
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('says what a document is about') })
    expect((await run('review', 'list', '--type', 'LABELLED')).stdout.split('\n')).toHaveLength(4)
    expect((await run('review', 'list', '--where', 'type!=LABELLED')).stdout).toBe('')
    expect((await run('status')).stdout).toMatch(/^links +0\n/m)
    expect((await run('status')).stdout).toMatch(/^labels +3: 3 proposed$/m)
  })

  it('comes of replies that were stored before there were labels, at no call', async () => {
    const { store } = await open()
    const engine = labelling()
    await ingestTexts(store, engine, TEXTS)
    const before = await snapshot(store, ['Run'])
    const asked = engine.asked.length
    const ids = async (kind: 'Link' | 'Proposal' | 'Label' | 'Chunk' | 'Reply') =>
      (await store.database.read((reader) => reader.list(kind))).map(({ id }) => id)
    const [links, proposals, known, chunks, replies] = [
      await ids('Link'),
      await ids('Proposal'),
      await ids('Label'),
      await ids('Chunk'),
      await ids('Reply'),
    ]
    await store.database.write(async (writer) => {
      await writer.removeNodes('Proposal', proposals)
      await writer.removeNodes('Link', links)
      await writer.removeNodes('Label', known)
      const nothing = { summary: null, labels: null }
      await writer.patchNodes(
        'Chunk',
        chunks.map((id) => ({ id, properties: { ...nothing, summaryBy: null } })),
      )
      await writer.patchNodes(
        'Reply',
        replies.map((id) => ({ id, properties: nothing })),
      )
    })
    // Links between entities would have been drawn as well.
    expect((await rebuilt(store, true)).replies).toMatchObject({ changed: 2, proposals: { added: 3 } })
    expect(await snapshot(store, ['Run'])).toBe(before)
    await ingestTexts(store, engine, TEXTS)
    expect(engine.asked).toHaveLength(asked)
  })

  it('is found by a check, put right by a rebuild, and forgotten with its document', async () => {
    const { store } = await open()
    await ingestTexts(store, labelling(), TEXTS)
    const before = await snapshot(store, ['Run'])
    const chunk = (await store.chunks((await store.documentsAt('a.md'))[0]?.id ?? ''))[0]
    await store.database.write(async (writer) => {
      await writer.putNodes([{ kind: 'Label', id: labelId('nothing'), properties: { id: 'x', name: 'nothing' } }])
      await writer.patchNodes('Label', [{ id: labelId('billing'), properties: { name: 'wrong' } }])
      await writer.removeNodes('Label', [labelId('staff')])
      await writer.patchNodes('Chunk', [{ id: chunk?.id ?? '', properties: { summary: 'wrong' } }])
    })
    const wrong = (await store.check({ signal, progress: () => {} })).filter(({ offenders }) => offenders.length > 0)
    expect(wrong.map(({ check }) => check).toSorted()).toEqual(['entities', 'links', 'mentions'])
    await rebuilt(store, false)
    expect(await snapshot(store, ['Run'])).toBe(before)
    expect(await rebuilt(store, false)).toMatchObject(NOTHING_WRONG)

    const [document] = await store.documentsAt('a.md')
    if (document !== undefined) await store.forget(document, now.toISOString())
    expect(await labels(store)).toEqual(['billing'])
    expect(await snapshot(store, ['Run'])).not.toContain('staff')
    expect(await rebuilt(store, false)).toMatchObject(NOTHING_WRONG)
  })
})
