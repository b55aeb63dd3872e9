import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { EngineError } from '../src/model/errors.ts'
import { DEFAULT_SCHEMA } from '../src/model/schema.ts'
import type { Store } from '../src/store/store.ts'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { ingestTexts } from './ingest-texts.ts'
import { answerWith, readingEngine, scriptedEngine } from './scripted-engine.ts'
import { eachStoreAtLength } from './stores.ts'
import { parseJson, whygraph } from './whygraph.ts'

vi.setConfig({ testTimeout: 300_000 })

const overloaded = new EngineError('overloaded', 'the model is overloaded', {
  engine: 'scripted',
  hint: 'Wait a while.',
})

/** Fails about Ben, refuses to speak of Cid, and says nothing of others. */
const failing = () =>
  scriptedEngine(({ question }) => {
    const text = question.units.map((unit) => unit.text).join(' ')
    if (text.includes('Ben')) return overloaded
    return text.includes('Cid') ? 'I would rather not.' : answerWith([])
  })

async function states(store: Store): Promise<Record<string, number>> {
  const tally = await store.database.read((reader) => reader.tally('Chunk', ['state']))
  return Object.fromEntries(tally.map(({ values, count }) => [String(values[0]), count]))
}

eachStoreAtLength('ingest --retry failed', (open) => {
  const fail = async (store: Store): Promise<void> => {
    const one = { 'a.md': 'Ana leads Ben.\n', 'b.md': 'Ana leads Gus.\n' }
    const first = await ingestTexts(store, failing(), one)
    expect(first.notes).toContainEqual({
      code: 'chunk-failed',
      message: 'the model is overloaded. Wait a while.',
      where: 'a.md chunk 1',
    })
    await ingestTexts(store, failing(), { 'c.md': 'Cid leads Dan.\n' }, {}, undefined, undefined, { name: 'other' })
    expect(await states(store)).toEqual({ failed: 2, reasoned: 1 })
  }

  it('asks again about what failed, of every source, reads no file, and is done', async () => {
    const { store } = await open()
    await fail(store)
    const engine = readingEngine()
    const route = { engine, schema: DEFAULT_SCHEMA }
    const dry = await ingestTexts(store, engine, {}, { retry: () => route, dryRun: true })
    expect(dry.plan?.models).toMatchObject([{ calls: 2 }])
    const summary = await ingestTexts(store, engine, { 'unread.md': 'Eve leads Fay.\n' }, { retry: () => route })
    expect(summary).toMatchObject({ replies: { asked: 2 }, chunks: { reasoned: 2, failed: 0 }, links: 2 })
    expect(summary.documents).toSatisfy((documents: object) => Object.values(documents).every((count) => count === 0))
    expect(await states(store)).toEqual({ reasoned: 3 })
    await ingestTexts(store, engine, {}, { retry: () => route })
    expect(engine.asked).toHaveLength(2)
  })

  it('what fails again stays failed with its reason; what another job brought is left, and said', async () => {
    const { store } = await open()
    await fail(store)
    const engine = failing()
    const route = { engine, schema: DEFAULT_SCHEMA }
    const summary = await ingestTexts(store, engine, {}, { retry: (source) => (source === 'test' ? route : null) })
    expect(engine.asked).toHaveLength(1)
    expect(summary.chunks).toMatchObject({ failed: 2, reasoned: 0 })
    expect(summary.notes.map((note) => note.code)).toEqual(['chunk-failed', 'failed-elsewhere'])
    expect(summary.notes.at(-1)?.message).toContain('1 chunk of source other')
    const [id] = await store.failedChunks()
    expect((await store.chunk(id ?? ''))?.failure).toMatch(/overloaded|no JSON/)
  })

  it('asks again about what was cut off; what came before the cut is in the graph meanwhile', async () => {
    const { store } = await open()
    const [links, texts] = [
      [
        { subject: 'Ana', type: 'LEADS', object: 'Ben', quote: 'Ana leads Ben.' },
        { subject: 'Ben', type: 'KNOWS', object: 'Cid', quote: 'Ben knows Cid.', s: 2 },
      ],
      { 'a.md': 'Ana leads Ben.\n\nBen knows Cid.\n' },
    ]
    const whole = answerWith(links)
    const answers = [whole.slice(0, whole.indexOf('"KNOWS"')), whole.slice(0, whole.indexOf('"links"')), whole]
    const engine = scriptedEngine(() => answers[Math.min(engine.asked.length, answers.length) - 1] ?? '')
    const route = { engine, schema: DEFAULT_SCHEMA }
    const wrong = async () =>
      (await store.check({ signal: new AbortController().signal, progress: () => {} })).filter((one) => one.wrong > 0)
    const failed = (came: string) => [
      { code: 'chunk-failed', message: `the answer breaks off before its end (${came} came before that)` },
    ]
    const first = await ingestTexts(store, engine, texts)
    expect(first).toMatchObject({ chunks: { failed: 1, reasoned: 0 }, links: 1, proposals: 1 })
    expect(first.notes.filter(({ code }) => code === 'chunk-failed')).toMatchObject(failed('1 link'))
    expect(await states(store)).toEqual({ failed: 1 })
    expect(await wrong()).toEqual([])
    // Zero links of what has words are not passed over either.
    const second = await ingestTexts(store, engine, {}, { retry: () => route })
    expect(second).toMatchObject({ chunks: { failed: 1, reasoned: 0 }, replies: { asked: 1 } })
    expect(second.notes.filter(({ code }) => code === 'chunk-failed')).toMatchObject(failed('0 links'))
    expect(await ingestTexts(store, engine, texts)).toMatchObject({ chunks: { failed: 1 }, replies: { asked: 0 } })
    const dry = await ingestTexts(store, engine, {}, { retry: () => route, dryRun: true })
    expect(dry.plan).toMatchObject({ models: [{ calls: 1 }], again: 0 })
    const third = await ingestTexts(store, engine, {}, { retry: () => route })
    expect(third).toMatchObject({ chunks: { failed: 0, reasoned: 1 }, replies: { asked: 1 } })
    expect(await states(store)).toEqual({ reasoned: 1 })
    expect((await store.links(['proposed'])).map(({ type }) => type).toSorted()).toEqual(['KNOWS', 'LEADS'])
    expect(await ingestTexts(store, engine, texts)).toMatchObject({ chunks: { failed: 0, unchanged: 1 } })
    expect(engine.asked).toHaveLength(3)
    expect(await wrong()).toEqual([])
  })

  it('is told as what to do by the summary and by status, and works as a command', async () => {
    const { store, address, environment } = await open()
    const cwd = mkdtempSync(join(tmpdir(), 'whygraph-retry-'))
    onTestFinished(() => rmSync(cwd, { recursive: true }))
    writeFileSync(join(cwd, 'a.md'), 'Dr. Amara Okafor leads the Atlas project.\n')
    const run = (...args: string[]) => whygraph([...args, '--store', address], { cwd, environment })
    await run('ingest', 'a.md', '--limit', '0')
    const [chunk] = await store.database.read((reader) => reader.list('Chunk'))
    await store.failChunk(chunk?.id ?? '', 'the endpoint was away')
    const status = await run('status')
    expect(status.stdout).toMatch(/failed +a\.md chunk \w{8}: the endpoint was away\n.*ingest --retry failed/)
    const replaying = await whygraph(['status', '--store', address], {
      cwd,
      environment: { ...environment, WHYGRAPH_ENGINE: 'replay' },
    })
    expect(replaying.stdout).toMatch(/ingest --retry failed --engine chat --model NAME' asks a model about them/)
    rmSync(join(cwd, 'a.md'))

    expect(await run('ingest', 'a.md', '--retry', 'failed')).toMatchObject({ code: 2 })
    expect(await run('ingest', '--retry', 'everything')).toMatchObject({ code: 2 })
    const again = await run('ingest', '--retry', 'failed', '--json')
    expect(again.code).toBe(0)
    expect(parseJson<IngestSummary>(again)).toMatchObject({ chunks: { reasoned: 1, failed: 0 }, documents: { new: 0 } })
    expect((await run('status')).stdout).not.toContain('retry')
  })
})
