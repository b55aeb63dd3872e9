import { expect, it, vi } from 'vitest'
import { documentId } from '../ingest/identify.ts'
import type { Engine, EngineRequest } from '../src/engines/engine.ts'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { NOTHING_RECOVERED } from '../src/extract/journal.ts'
import { readRepliesAgain } from '../src/rebuild/rebuild-replies.ts'
import { DEFAULT_SCHEMA } from '../src/model/schema.ts'
import { endsOf, ownProposalId, SAME_AS } from '../src/model/link.ts'
import type { Proposal } from '../src/model/proposal.ts'
import { EngineError } from '../src/model/errors.ts'
import { decideLink } from '../src/review/decide.ts'
import { derivation } from '../src/resolve/derivation.ts'
import { deriveLinks } from '../src/store/derive.ts'
import { proposalNode } from '../src/store/records.ts'
import type { Store } from '../src/store/store.ts'
import { ingestTexts } from './ingest-texts.ts'
import { pairAnswer } from './pairs.ts'
import { scriptedEngine } from './scripted-engine.ts'
import { eachStoreAtLength } from './stores.ts'

vi.setConfig({ testTimeout: 600_000 })

const CHARTER = 'Amara Okafor leads Saltmarsh.'
const CALL = 'A. N. Okafor leads it now.'
const TEXTS = { 'charter.txt': CHARTER, 'call.txt': CALL }
const NAMES = { 'charter.txt': 'Amara Okafor', 'call.txt': 'A. N. Okafor' } as const

/** Names the person of each text, and no link. */
const reader = () =>
  scriptedEngine(({ question }) => {
    const text = question.units.map((unit) => unit.text).join(' ')
    const name = Object.values(NAMES).find((one) => text.includes(one)) ?? 'Nobody'
    const entities = [{ id: 'e1', name, type: 'Person', aliases: [], mentions: [1] }]
    return JSON.stringify({ summary: '', labels: [], entities, links: [], rejected: [] })
  }, 'reader')

/** Quotes both units of what it is shown. */
const judge = (polarity: 'asserted' | 'negated' | 'hedged' = 'asserted', model = 'judge') =>
  scriptedEngine(({ question: { units } }: EngineRequest) => {
    return pairAnswer(
      units.map(({ s, text }) => [s, text] as const),
      polarity,
    )
  }, model)

async function run(
  store: Store,
  by: Engine | null,
  texts: Record<string, string> = TEXTS,
  more = {},
): Promise<IngestSummary> {
  return ingestTexts(store, reader(), texts, { judge: by, ...more })
}

/** What the rules say of the two names, one proposal for each document. Returns the link. */
async function proposeByRule(store: Store, joins = false): Promise<string> {
  const proposals = await Promise.all(
    (['charter.txt', 'call.txt'] as const).map(async (path, at): Promise<Proposal> => {
      const id = documentId('test', path)
      const [chunk] = await store.chunks(id)
      const quote = NAMES[path]
      const [unit] = chunk?.units ?? []
      const end = (name: string) => ({ name, type: 'Person', aliases: [] })
      const said = {
        replyId: null,
        index: at + 1,
        chunkId: chunk?.id ?? '',
        documentId: id,
        subject: end(NAMES['charter.txt']),
        type: SAME_AS,
        object: end(NAMES['call.txt']),
        polarity: 'asserted' as const,
        support: 'inferred' as const,
        when: null,
        why: '',
        confidence: 0.4,
        statedConfidence: 0.4,
        evidence: [
          {
            grounding: 'exact' as const,
            quote,
            claimed: quote,
            s: 1,
            start: unit?.start ?? 0,
            end: (unit?.start ?? 0) + quote.length,
            offset: 0,
            place: unit?.place ?? {},
            placeText: `${path} l. 1`,
          },
        ],
        traceKind: 'rule' as const,
        steps: [],
        engine: 'resolution',
        model: 'rules',
        held: false,
        doubts: [],
        notes: [],
        ...(joins ? { joins: true as const } : {}),
      }
      return { ...said, id: ownProposalId(said) }
    }),
  )
  const linkId = endsOf(proposals[0] as Proposal).id
  await store.database.prepare([SAME_AS])
  await store.database.write(async (writer) => {
    await writer.lock('Link', [linkId], [])
    await writer.putNodes(proposals.map((proposal) => proposalNode({ proposal, linkId, live: true })))
    await deriveLinks(writer, derivation, [linkId])
  })
  return linkId
}

async function prepared(open: () => Promise<{ store: Store }>) {
  const { store } = await open()
  await run(store, null)
  return { store, linkId: await proposeByRule(store) }
}

const saidBy = async (store: Store, linkId: string) =>
  (await store.proposalsFor(linkId)).filter(({ proposal }) => proposal.purpose === 'identity')

eachStoreAtLength('pairs that rules propose are put to an engine', (open) => {
  it('what is said of a document that is forgotten meanwhile is kept beside neither of the two', async () => {
    for (const path of ['charter.txt', 'call.txt']) {
      const { store } = await prepared(open)
      const answering = judge()
      const by: Engine = {
        ...answering,
        async *reason(request, signal) {
          for (const document of await store.documentsAt(path)) await store.forget(document, '2026-01-01')
          yield* answering.reason(request, signal)
        },
      }
      await run(store, by, {}, { concurrency: 1 })
      expect(answering.asked).toHaveLength(1)
      const replies = await store.database.read((reader) => reader.list('Reply'))
      expect(replies.filter(({ properties }) => properties['purpose'] === 'identity')).toEqual([])
    }
  })

  it('and it becomes one more proposal of the link, with quotes of both and its trace', async () => {
    const { store, linkId } = await prepared(open)
    const by = judge()
    const summary = await run(store, by)
    expect(summary).toMatchObject({ pairs: { one: 1, failed: 0 }, chunks: { unchanged: 2 } })
    expect(summary.usage).toHaveProperty('judge')
    expect(by.asked[0]?.prompt).toContain(CHARTER)
    expect(by.asked[0]?.prompt).toContain(CALL)
    const said = await saidBy(store, linkId)
    expect(said.map(({ live }) => live)).toEqual([true, true])
    expect(said.map(({ proposal }) => proposal.evidence[0]?.quote).toSorted()).toEqual([CALL, CHARTER])
    for (const { proposal } of said) {
      expect((await store.reply(proposal.replyId ?? ''))?.reasoning).toBe('Let me see.')
      expect(proposal.joins).toBeUndefined()
    }
    const link = await store.link(linkId)
    expect(link).toMatchObject({ status: 'proposed', disputed: false })
    expect(link?.items.map(({ model }) => model)).toContain('judge')
  })

  it('once: neither the next run nor one with other documents asks again', async () => {
    const { store, linkId } = await prepared(open)
    const by = judge()
    await run(store, by)
    const before = await saidBy(store, linkId)
    expect(await run(store, by)).toMatchObject({ pairs: { known: 1, one: 0 } })
    await run(store, by, { ...TEXTS, 'other.txt': 'Lunch was late.' })
    expect(by.asked).toHaveLength(1)
    expect(await saidBy(store, linkId)).toEqual(before)
  })

  it('a denial makes the link disputed, and what cannot be told changes nothing', async () => {
    const { store, linkId } = await prepared(open)
    const { confidence } = (await store.link(linkId)) ?? {}
    expect(await run(store, judge('hedged', 'first'))).toMatchObject({ pairs: { unsettled: 1 } })
    expect(await store.link(linkId)).toMatchObject({ status: 'proposed', disputed: false, confidence })
    expect(await run(store, judge('negated', 'second'))).toMatchObject({ pairs: { two: 1 } })
    expect(await store.link(linkId)).toMatchObject({ status: 'proposed', disputed: true })
  })

  it('what was said is read again by a rebuild from replies, and nothing is asked', async () => {
    const { store, linkId } = await prepared(open)
    const by = judge()
    await run(store, by)
    const again = async (dryRun = false) => {
      const walk = { progress: () => {}, begin: async () => {}, signal: new AbortController().signal }
      return readRepliesAgain(
        store,
        { schema: DEFAULT_SCHEMA },
        { recovered: NOTHING_RECOVERED, waiting: 0 },
        { ...walk, dryRun },
      )
    }
    const before = await saidBy(store, linkId)
    expect(await again()).toMatchObject({ read: 3, changed: 0, otherPairs: 0 })
    // As an older whygraph read it: one side was not seen, and of the other another thing was said.
    const [one, other] = before.map(({ proposal }) => proposal.id)
    await store.database.write(async (writer) => {
      await writer.patchNodes('Proposal', [{ id: one ?? '', properties: { polarity: 'negated' } }])
      await writer.removeNodes('Proposal', [other ?? ''])
      await writer.lock('Link', [linkId], [])
      await deriveLinks(writer, derivation, [linkId])
    })
    expect(await store.link(linkId)).toMatchObject({ disputed: true })
    const altered = await saidBy(store, linkId)
    const expected = { changed: 1, proposals: { added: 1, changed: 1, removed: 0 }, links: { changed: 1 } }
    expect(await again(true)).toMatchObject(expected)
    expect(await saidBy(store, linkId)).toEqual(altered)
    expect(await again()).toMatchObject(expected)
    expect(await saidBy(store, linkId)).toEqual(before)
    expect(await again()).toMatchObject({ changed: 0 })
    // Asked about in other words than now: kept as it is.
    const replies = before.map(({ proposal }) => proposal.replyId ?? '')
    await store.database.write((writer) =>
      writer.patchNodes(
        'Reply',
        replies.map((id) => ({ id, properties: { requestHash: 'other' } })),
      ),
    )
    expect(await again()).toMatchObject({ read: 2, changed: 0, otherPairs: 1 })
    expect(await saidBy(store, linkId)).toEqual(before)
    expect(by.asked).toHaveLength(1)
  })

  it('never one that is decided, or joined by rules', async () => {
    const { store, linkId } = await prepared(open)
    const by = judge()
    await decideLink(store, linkId, 'reject', { reviewer: 'ana' }, new Date())
    await run(store, by)
    const other = await open()
    await run(other.store, null)
    await proposeByRule(other.store, true)
    await run(other.store, by)
    expect(by.asked).toEqual([])
  })

  it('one that fails is told, costs the run nothing else, and is asked about again', async () => {
    const { store, linkId } = await prepared(open)
    const broken = scriptedEngine(
      () => new EngineError('cut', 'the line broke', { engine: 'scripted', retryable: true }),
      'judge',
    )
    const summary = await run(store, broken)
    expect(summary).toMatchObject({ pairs: { failed: 1 }, chunks: { failed: 0 } })
    expect(summary.notes).toContainEqual({
      code: 'pair-failed',
      message: 'the line broke',
      where: expect.stringContaining(' = '),
    })
    expect(summary.stopped).toBeUndefined()
    expect(await saidBy(store, linkId)).toEqual([])
    expect(await run(store, judge())).toMatchObject({ pairs: { one: 1 } })
  })

  it('not beyond the limit of the run, nor in a dry run', async () => {
    const { store } = await prepared(open)
    const by = judge()
    expect(await run(store, by, TEXTS, { limit: 0 })).toMatchObject({ pairs: { left: 1 } })
    expect(await run(store, by, TEXTS, { dryRun: true })).not.toHaveProperty('pairs')
    expect(by.asked).toEqual([])
  })

  it('a dry run counts those that wait, and says how many it may be with names yet to be read', async () => {
    const { store } = await prepared(open)
    const by = judge()
    const plan = async (texts: Record<string, string>, more = {}) =>
      (await run(store, by, texts, { dryRun: true, ...more })).plan
    const waiting = await plan(TEXTS)
    expect(waiting).toMatchObject({ models: [{ model: 'judge', calls: 1 }], pairs: { waiting: 1, most: 1 } })
    expect(waiting?.models[0]?.input).toBeGreaterThan(0)
    expect((await plan(TEXTS, { limit: 0 }))?.pairs).toEqual({ waiting: 1, most: 0 })
    const others = { ...TEXTS, 'other.txt': 'Lunch was late.' }
    expect((await plan(others))?.pairs).toEqual({ waiting: 1, most: null })
    expect(await plan(others, { limit: 5 })).toMatchObject({ pairs: { waiting: 1, most: 4 } })
    // Names that nobody has judged yet bring nobody knows which pairs.
    const id = documentId('test', 'call.txt')
    const mark = (unresolved: string | null) =>
      store.database.write((writer) => writer.patchNodes('Document', [{ id, properties: { unresolved } }]))
    await mark('yes')
    expect((await plan(TEXTS))?.pairs).toEqual({ waiting: 1, most: null })
    await mark(null)
    expect(by.asked).toEqual([])
    await run(store, by)
    expect(await plan(TEXTS)).toMatchObject({ models: [], pairs: { waiting: 0, most: 0 } })
  })

  it('a chunk that changed takes along what was said of it, of the other chunk too; it comes back with it, for nothing', async () => {
    const { store, linkId } = await prepared(open)
    const by = judge()
    await run(store, by)
    const changed = { ...TEXTS, 'call.txt': `${CALL} She said so.` }
    await run(store, null, changed)
    expect((await saidBy(store, linkId)).map(({ live }) => live)).toEqual([false, false])
    await run(store, null)
    await proposeByRule(store)
    expect(await run(store, by)).toMatchObject({ pairs: { known: 1 } })
    expect((await saidBy(store, linkId)).map(({ live }) => live)).toEqual([true, true])
    expect(by.asked).toHaveLength(1)
  })

  it('what the same model says of the links of a chunk leaves it alone', async () => {
    const { store, linkId } = await prepared(open)
    await run(store, judge('asserted', 'reader'))
    const other = scriptedEngine(
      () => JSON.stringify({ summary: '', labels: [], entities: [], links: [], rejected: [] }),
      'reader',
    )
    await ingestTexts(store, other, TEXTS, {}, { open: false, entityTypes: [], linkTypes: [] })
    expect((await saidBy(store, linkId)).map(({ live }) => live)).toEqual([true, true])
  })

  it('a deep check finds nothing wrong with it', async () => {
    const { store, linkId } = await prepared(open)
    await run(store, judge())
    const ids = new Set((await saidBy(store, linkId)).map(({ proposal }) => proposal.id))
    const results = await store.check({ progress: () => {}, signal: new AbortController().signal })
    const offenders = results.flatMap((one) => one.offenders.map(({ what }) => what))
    expect(offenders.filter((what) => ids.has(what))).toEqual([])
    expect(
      results
        .filter(({ check }) => ['replies', 'quotes', 'places', 'steps'].includes(check))
        .every(({ wrong }) => wrong === 0),
    ).toBe(true)
  })

  it.each(['charter.txt', 'call.txt'])('forgetting %s leaves no word of it beside the other', async (path) => {
    const { store, linkId } = await prepared(open)
    await run(store, judge())
    const document = await store.document(documentId('test', path))
    if (document === null) throw new Error('not there')
    expect(await store.measureForgetting([document.id])).toMatchObject({ replies: 3 })
    await store.forget(document, new Date().toISOString())
    expect(await saidBy(store, linkId)).toEqual([])
    for (const chunk of await store.chunks(documentId('test', path === 'call.txt' ? 'charter.txt' : 'call.txt')))
      expect(await store.repliesAbout(chunk.id, 'identity')).toEqual([])
    const replies = await store.database.read((reader) => reader.list('Reply'))
    expect(JSON.stringify(replies)).not.toContain(path === 'call.txt' ? CALL : CHARTER)
  })
})
