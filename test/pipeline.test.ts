import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findFiles } from '../ingest/job.ts'
import { createReplayEngine } from '../src/engines/replay.ts'
import type { EngineEvent, EngineRequest } from '../src/engines/engine.ts'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { EngineError } from '../src/model/errors.ts'
import { linkId } from '../src/model/link.ts'
import { readSchema } from '../src/read-schema.ts'
import type { Store } from '../src/store/store.ts'
import { SHARED_QUERIES } from './store/cypher-queries.ts'
import { SAMPLE } from './recorded.ts'
import { ingestTexts } from './ingest-texts.ts'
import { actorId, answerWith, readingEngine, scriptedEngine } from './scripted-engine.ts'
import { snapshot } from './snapshot.ts'
import { eachStore } from './stores.ts'

async function ingestSample(store: Store, model?: string): Promise<IngestSummary> {
  const folder = join(SAMPLE, 'repository')
  const engine = await createReplayEngine({
    folder: join(SAMPLE, 'replies'),
    ...(model === undefined ? {} : { model }),
  })
  const schema = readSchema(join(SAMPLE, 'schema.yaml'))
  const texts: Record<string, Uint8Array> = {}
  for await (const { path, absolute } of findFiles([folder], SAMPLE))
    // Nobody was asked about the table.
    if (!path.endsWith('.csv')) texts[path] = await readFile(absolute)
  return ingestTexts(store, engine, texts, {}, schema)
}

const answers = new Map<string, string>()

eachStore('ingest', (open, kind, itAtLength) => {
  const link = (subject: string, type: string, object: string): string =>
    linkId(actorId(subject), type, actorId(object))

  it(
    'the sample gives the graph, with places, on both stores; a second time changes nothing and asks nothing',
    { timeout: 120_000 },
    async () => {
      const { store } = await open()
      const first = await ingestSample(store)
      expect(first).toMatchObject({
        documents: { new: 9, skipped: 0, failed: 0 },
        chunks: { reasoned: 9 },
        replies: { asked: 9 },
      })
      expect(first.proposals).toBe(85)
      const before = await snapshot(store)
      const second = await ingestSample(store)
      expect(second).toMatchObject({
        documents: { unchanged: 9 },
        chunks: { unchanged: 9 },
        replies: { asked: 0, reused: 0 },
        links: 0,
      })
      expect(await snapshot(store)).toBe(before)

      const owns = await store.database.query(
        `MATCH (a)-[r:OWNS]->(b {name: 'BRASS'}) WHERE a.name = 'Platform Services' RETURN r.evidence[0], r.places[0], r.grounding[0], r.traceKind[0], r.reasoning[0], r.models[0]`,
        {},
        { seconds: 30 },
      )
      expect(owns.rows).toHaveLength(1)
      expect(owns.rows[0]?.slice(0, 4)).toEqual([
        'Platform Services has owned BRASS since January.',
        'repository/meetings/2025-03-18-steering.vtt 00:00:51 Tevita Fonua',
        'exact',
        'raw',
      ])
      expect(owns.rows[0]?.[4]).toContain('Platform Services has owned BRASS since January')
      expect(owns.rows[0]?.[5]).toBe('reasoner-large')
      // Denied by its subject: in the record, not in the graph.
      const denied = await store.links(['held'])
      expect(denied.map((one) => `${one.subject} ${one.type} ${one.object}`)).toContain(
        'Tevita Fonua LEADS Platform Services',
      )
      const lists = await store.database.query(
        'MATCH (:__Entity__)-[r]->(:__Entity__) RETURN size(r.evidence), size(r.reasoning), size(r.places), size(r.grounding), size(r.traceKind), size(r.why), size(r.chunks), size(r.models)',
        {},
        { seconds: 30 },
      )
      for (const row of lists.rows) expect(new Set(row).size).toBe(1)

      // It answers the same queries as the other store.
      if (kind === 'neo4j') expect(answers.size).toBe(SHARED_QUERIES.length)
      for (const { name, text, parameters = {} } of SHARED_QUERIES) {
        const { columns, rows } = await store.database.query(text, parameters, { seconds: 30 })
        const answer = JSON.stringify({ columns, rows })
        const other = answers.get(name)
        if (other !== undefined) expect(JSON.parse(answer), name).toEqual(JSON.parse(other))
        answers.set(name, answer)
      }
      expect(answers.size).toBe(SHARED_QUERIES.length)
    },
  )

  itAtLength('what a small model gets wrong is held, capped or mapped, never lost', async () => {
    const { store } = await open()
    const summary = await ingestSample(store, 'reasoner-distill-8b')
    const codes = summary.notes.map((note) => note.code)
    expect(codes).toContain('type-mapped') // HEADS is LEADS
    expect(codes).toContain('quote-missing')
    expect(codes).toContain('ends-not-allowed')
    const all = await store.links(['proposed', 'held'])
    const missing = all.filter((one) => one.items[0]?.grounding === 'missing')
    expect(missing.length).toBeGreaterThan(0)
    for (const one of missing) expect(one.confidence).toBeLessThanOrEqual(0.3)
    // The planted instruction that it obeyed breaks the schema, so it is not in the graph.
    const planted = all.find((one) => one.subject.startsWith('Tresquill') && one.type === 'LEADS')
    expect(planted?.status).toBe('held')
  })

  it('a changed document retires what it said no more, keeps the rest, and moves its places', async () => {
    const { store } = await open()
    const engine = readingEngine()
    await ingestTexts(store, engine, { 'a.md': 'Ana leads Ben.\n\nBen knows Cid.\n', 'b.md': 'Ben knows Cid.\n' })
    expect((await store.link(link('Ana', 'LEADS', 'Ben')))?.status).toBe('proposed')
    expect((await store.link(link('Ben', 'KNOWS', 'Cid')))?.supports).toBe(2)

    const changed = await ingestTexts(store, engine, {
      'a.md': 'Dan leads Ben.\n',
      'b.md': '# News\n\nBen knows Cid.\n',
    })
    expect(changed.documents).toMatchObject({ changed: 2 })
    expect((await store.link(link('Ana', 'LEADS', 'Ben')))?.status).toBe('gone')
    expect((await store.link(link('Dan', 'LEADS', 'Ben')))?.status).toBe('proposed')
    expect((await store.link(link('Ben', 'KNOWS', 'Cid')))?.supports).toBe(1)
    expect((await store.link(link('Ben', 'KNOWS', 'Cid')))?.items[0]?.place).toBe('b.md l. 3')
    expect(await store.entities([actorId('Ana')])).toEqual([])

    // Back as it was: the replies are still there, so nothing is asked.
    const asked = engine.asked.length
    const back = await ingestTexts(store, engine, {
      'a.md': 'Ana leads Ben.\n\nBen knows Cid.\n',
      'b.md': 'Ben knows Cid.\n',
    })
    expect(engine.asked.length).toBe(asked)
    expect(back.chunks).toMatchObject({ unchanged: 2 })
    expect((await store.link(link('Ana', 'LEADS', 'Ben')))?.status).toBe('proposed')
    expect((await store.link(link('Dan', 'LEADS', 'Ben')))?.status).toBe('gone')
    expect((await store.entities([actorId('Ana')]))[0]?.name).toBe('Ana')
  })

  it("a person's decision outlives re-ingest, another model and the loss of its source", async () => {
    const { store } = await open()
    const says = (quote: string, type: string) => () => answerWith([{ subject: 'Ana', type, object: 'Ben', quote }])
    await ingestTexts(store, scriptedEngine(says('Ana leads Ben.', 'LEADS')), { 'a.md': 'Ana leads Ben.\n' })
    const id = link('Ana', 'LEADS', 'Ben')
    const decide = (verdict: 'accept' | 'reject', requestId: string) =>
      store.decide({ requestId, linkId: id, verdict, reviewer: 'rita' }, new Date().toISOString())
    await decide('reject', 'one')
    await ingestTexts(store, scriptedEngine(says('Ana leads Ben.', 'LEADS'), 'another'), { 'a.md': 'Ana leads Ben.\n' })
    expect(await store.link(id)).toMatchObject({ status: 'rejected', supports: 2 })
    const inGraph = () =>
      store.database.query('MATCH ()-[r:LEADS]->() RETURN r.status, r.unsupported, r.reviewedBy', {}, { seconds: 30 })
    expect((await inGraph()).rows).toEqual([])

    await decide('accept', 'two')
    await ingestTexts(
      store,
      scriptedEngine(() => answerWith([])),
      { 'a.md': 'Nobody leads anybody.\n' },
    )
    expect(await store.link(id)).toMatchObject({ status: 'accepted', unsupported: true })
    expect((await inGraph()).rows).toEqual([['accepted', true, 'rita']])
  })

  itAtLength('failures cost their chunk only, and are said', async () => {
    const { store } = await open()
    const texts = {
      'bad.md': 'Bad one.\n',
      'empty.md': '',
      'good.md': 'Ana leads Ben.\n',
      'odd.md': 'Odd one.\n',
      'none.md': 'Nothing here.\n',
    }
    let healed = false
    const engine = scriptedEngine(({ prompt }) => {
      if (prompt.includes('Bad one.') && !healed)
        return new EngineError('server-error', 'the server said 500', { engine: 'scripted', status: 500 })
      if (prompt.includes('Odd one.')) return 'I would rather not.'
      if (prompt.includes('Nothing here.')) return answerWith([])
      return answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben.' }])
    })
    const first = await ingestTexts(store, engine, texts)
    expect(first).toMatchObject({ documents: { new: 4, skipped: 1 }, chunks: { reasoned: 2, failed: 2 } })
    const said = first.notes.map((note) => `${note.code} ${note.where}`)
    expect(said).toContain('chunk-failed bad.md chunk 1')
    expect(said).toContain('chunk-failed odd.md chunk 1')
    expect(said).toContain('no-links none.md chunk 1')
    expect(said).toContain('file-skipped empty.md')

    // What had arrived of the broken reply is kept, and does not pass for a whole one.
    healed = true
    const asked = engine.asked.length
    const second = await ingestTexts(store, engine, texts)
    expect(second.chunks).toMatchObject({ reasoned: 1, unchanged: 2, failed: 1 })
    expect(engine.asked.length - asked).toBe(2) // an answer of which nothing can be made is asked for again
  })

  itAtLength('a wrong key stops the job at once; what was not asked stays pending', async () => {
    const { store } = await open()
    const texts = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.md`, `Text ${i}.\n`]))
    const refused = new EngineError('unauthorised', 'the key was refused', {
      engine: 'scripted',
      status: 401,
      fatal: true,
    })
    const engine = scriptedEngine(() => refused)
    const summary = await ingestTexts(store, engine, texts, { concurrency: 2 })
    expect(engine.asked.length).toBeLessThanOrEqual(2)
    expect(summary.stopped?.message).toBe('the key was refused')
    expect(summary.chunks.reasoned + summary.chunks.failed).toBe(0)
    const later = await ingestTexts(
      store,
      scriptedEngine(() => answerWith([])),
      texts,
    )
    expect(later.chunks.reasoned).toBe(20)
  })

  it('a reply that was saved before a crash is not asked for again', async () => {
    const { store } = await open()
    const { takeReply } = store
    store.takeReply = () => Promise.reject(new Error('crash'))
    const engine = scriptedEngine(() =>
      answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben.' }]),
    )
    await expect(ingestTexts(store, engine, { 'a.md': 'Ana leads Ben.\n' })).rejects.toThrow('crash')
    store.takeReply = takeReply
    const summary = await ingestTexts(store, engine, { 'a.md': 'Ana leads Ben.\n' })
    expect(engine.asked.length).toBe(1)
    expect(summary).toMatchObject({ replies: { asked: 0, reused: 1 }, links: 1 })
  })

  itAtLength('an identical request about another document is paid once', async () => {
    const { store } = await open()
    const engine = scriptedEngine(() =>
      answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben.' }]),
    )
    const texts = { 'one/a.md': '# Minutes\n\nAna leads Ben.\n', 'two/a.md': '# Minutes\n\nAna leads Ben.\n' }
    // Both at once: the second waits for the first.
    const summary = await ingestTexts(store, engine, texts, { concurrency: 4 })
    expect(summary.replies).toEqual({ asked: 1, reused: 1 })
    expect((await store.link(link('Ana', 'LEADS', 'Ben')))?.supports).toBe(2)
  })

  itAtLength('a larger budget asks again only about what was cut', async () => {
    const { store } = await open()
    const answer = answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben.' }])
    const texts = { 'whole.md': 'Ana leads Ben.\n', 'cut.md': 'Long. Ana leads Ben.\n' }
    const withBudget = (maxOutputTokens: number) => {
      const cuts = (prompt: string): boolean => prompt.includes('Long.') && maxOutputTokens < 2000
      const engine = scriptedEngine(({ prompt }) => (cuts(prompt) ? answer.replace(/\],"rejected.*/, '') : answer))
      return {
        ...engine,
        parameters: { maxOutputTokens },
        async *reason(request: EngineRequest, signal: AbortSignal): AsyncGenerator<EngineEvent> {
          for await (const event of engine.reason(request, signal))
            yield event.type === 'finish' && cuts(request.prompt) ? { ...event, reason: 'length' } : event
        },
      }
    }
    const small = await ingestTexts(store, withBudget(1000), texts)
    expect(small).toMatchObject({ chunks: { reasoned: 1, failed: 1 }, replies: { asked: 2 } })
    const told =
      'the token budget ran out before the answer was complete (1 link came before that): raise maxOutputTokens'
    const failed = { code: 'chunk-failed', message: told, where: 'cut.md chunk 1' }
    expect(small.notes).toContainEqual(failed)
    expect((await store.link(link('Ana', 'LEADS', 'Ben')))?.supports).toBe(2)
    // It costs no call again, and is no less told.
    const again = await ingestTexts(store, withBudget(1000), texts)
    expect(again).toMatchObject({ chunks: { unchanged: 1, failed: 1 }, replies: { asked: 0 }, notes: [failed] })
    expect(await ingestTexts(store, withBudget(4000), texts)).toMatchObject({
      chunks: { unchanged: 1, reasoned: 1 },
      replies: { asked: 1 },
    })
    expect(await ingestTexts(store, withBudget(9000), texts)).toMatchObject({ chunks: { unchanged: 2 } })
  })

  itAtLength('a limit leaves the rest pending, a dry run asks and writes nothing', async () => {
    const { store } = await open()
    const texts = { 'a.md': 'One.\n', 'b.md': 'Two.\n', 'c.md': 'Three.\n' }
    const engine = scriptedEngine(() => answerWith([]))
    const dry = await ingestTexts(store, engine, texts, { dryRun: true })
    expect(dry).toMatchObject({ chunks: { pending: 3 }, replies: { asked: 0 } })
    expect((await store.database.query('MATCH (n) RETURN count(n)', {}, { seconds: 30 })).rows).toEqual([[0]])
    expect(await ingestTexts(store, engine, texts, { limit: 2 })).toMatchObject({ chunks: { reasoned: 2, pending: 1 } })
    expect(await ingestTexts(store, engine, texts)).toMatchObject({ chunks: { reasoned: 1, unchanged: 2 } })
  })

  it('hostile names and texts go in as data', async () => {
    const { store } = await open()
    const name = "Robert'); MATCH (n) DETACH DELETE n //` \u0000\u202e"
    const engine = scriptedEngine(() =>
      answerWith([
        { subject: name, type: 'OWNS`]->() DELETE r //', object: 'Ben', quote: 'Hello.' },
        { subject: 'Ana', type: 'FROM_CHUNK', object: 'Ben', quote: 'Hello.' },
        { subject: 'Ana', type: '???', object: 'Ben', quote: 'Hello.' },
      ]),
    )
    const summary = await ingestTexts(store, engine, { 'a.md': 'Hello.\n' })
    const types = (await store.links(['proposed'])).map((one) => one.type).toSorted()
    expect(types).toEqual(['FROM_CHUNK_LINK', 'OWNS_DELETE_R'])
    expect(summary.notes.map((note) => note.code)).toContain('unknown-type')
  })
})
