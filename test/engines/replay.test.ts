import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine, EngineEvent } from '../../src/engines/engine.ts'
import { createReplayEngine } from '../../src/engines/replay.ts'
import { EngineError, InputError, UsageError } from '../../src/model/errors.ts'
import type { QuestionUnit } from '../../src/model/question.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { estimateTokens } from '../../src/model/tokens.ts'

const SAMPLE = fileURLToPath(new URL('../../fixtures/sample/replies', import.meta.url))

interface RecordedFile {
  readonly model: string
  readonly units: readonly { readonly s: number; readonly speaker: string | null; readonly text: string }[]
  readonly reasoning: string
  readonly content: string
}

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'whygraph-replay-'))))
afterAll(() => rm(folder, { recursive: true }))

async function readSample(name: string): Promise<RecordedFile> {
  return JSON.parse(await readFile(join(SAMPLE, name), 'utf8'))
}

/** Writes files into a folder of the test's own. */
async function write(name: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(folder, name)
  await mkdir(path, { recursive: true })
  for (const [file, value] of Object.entries(files)) {
    await mkdir(dirname(join(path, file)), { recursive: true })
    await writeFile(join(path, file), typeof value === 'string' ? value : JSON.stringify(value))
  }
  return path
}

function recording(model: string, text: string, more: object = {}): object {
  const units = [{ s: 1, speaker: null, start: null, text }]
  return { source: `${text}.md`, model, units, reasoning: `${model} thought.`, content: `{"by":"${model}"}`, ...more }
}

function unit(text: string, speaker: string | null = null, s = 1): QuestionUnit {
  return { s, kind: 'sentence', speaker, start: null, text }
}

async function run(engine: Engine, units: readonly Pick<QuestionUnit, 'speaker' | 'text'>[], prompt = 'A prompt.') {
  const question = {
    source: { title: 'Any', kind: 'document', date: null },
    units: units.map(({ speaker, text }, index) => unit(text, speaker, index + 1)),
    schema: DEFAULT_SCHEMA,
    known: [],
  } as const
  const events: EngineEvent[] = []
  for await (const event of engine.reason({ question, prompt }, new AbortController().signal)) events.push(event)
  const joined = (type: EngineEvent['type']) =>
    events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('')
  return { events, reasoning: joined('reasoning-delta'), answer: joined('answer-delta'), finish: events.at(-1) }
}

describe('the sample', () => {
  test('is replayed word for word, in a few deltas, whatever the prompt', async () => {
    const engine = await createReplayEngine({ folder: SAMPLE })
    const recorded = await readSample('saltmarsh.html.json')
    expect(engine).toMatchObject({ name: 'replay', model: 'reasoner-large' })
    for (const prompt of ['One prompt.', 'Quite another prompt.']) {
      const { events, reasoning, answer, finish } = await run(engine, recorded.units, prompt)
      expect([reasoning, answer]).toEqual([recorded.reasoning, recorded.content])
      expect(events.length).toBeGreaterThan(4)
      const thought = estimateTokens(recorded.reasoning)
      expect(finish).toEqual({
        type: 'finish',
        reason: 'stop',
        model: 'reasoner-large',
        traceKind: 'raw',
        usage: {
          input: estimateTokens(prompt),
          cachedInput: null,
          reasoning: thought,
          output: thought + estimateTokens(recorded.content),
        },
      })
    }
  })

  test('by another model where it is asked for, and has a recording', async () => {
    const engine = await createReplayEngine({ folder: SAMPLE, model: 'reasoner-distill-8b' })
    expect(engine.model).toBe('reasoner-distill-8b')
    const both = await readSample('memo-disputed-invoice.txt.distill.json')
    expect((await run(engine, both.units)).answer).toBe(both.content)
    const one = await readSample('saltmarsh.html.json')
    expect((await run(engine, one.units)).finish).toMatchObject({ model: 'reasoner-large' })
  })

  test('knows its recordings by their content', async () => {
    const engine = await createReplayEngine({ folder: SAMPLE })
    const other = await createReplayEngine({ folder: await write('one', { 'a.json': recording('m', 'Ana leads.') }) })
    expect(engine.parameters).not.toEqual(other.parameters)
    expect(JSON.stringify(engine.parameters)).not.toContain('fixtures')
  })
})

describe('units that are not the recorded ones', () => {
  const changes: [string, (units: RecordedFile['units']) => RecordedFile['units']][] = [
    ['one missing', (units) => units.slice(1)],
    ['one more', (units) => [...units, { s: 99, speaker: null, text: 'And so on.' }]],
    ['another order', (units) => units.toReversed()],
    [
      'a letter changed',
      ([first, ...rest]) => [{ s: 1, speaker: first?.speaker ?? null, text: 'good morning' }, ...rest],
    ],
    ['a space more', ([first, ...rest]) => [{ s: 1, speaker: null, ...first, text: `${first?.text} ` }, ...rest]],
    ['another speaker', (units) => units.map((one) => ({ ...one, speaker: 'Ana' }))],
    ['no speaker', (units) => units.map((one) => ({ ...one, speaker: null }))],
    ['none', () => []],
  ]

  test.each(changes)('%s', async (_name, change) => {
    const engine = await createReplayEngine({ folder: SAMPLE })
    const { units } = await readSample('2025-03-18-steering.vtt.json')
    const failure = await run(engine, change(units)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(EngineError)
    expect(failure).toMatchObject({ code: 'no-recording', retryable: false, fatal: false, engine: 'replay' })
    expect(String(failure)).toMatch(/there are 12 recordings, of .*intranet\/saltmarsh\.html/)
  })

  test('a long list of sources is cut', async () => {
    const files = Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`${at}.json`, recording('m', `T${at}`)]))
    const engine = await createReplayEngine({ folder: await write('long', files) })
    await expect(run(engine, [unit('Other')])).rejects.toThrow(/13 recordings, of T0\.md.* and 3 more\./)
  })
})

describe('which model', () => {
  test('the one with most recordings', async () => {
    const path = await write('most', {
      '1.json': recording('b', 'One'),
      '2.json': recording('a', 'One'),
      '3.json': recording('b', 'Two'),
    })
    const engine = await createReplayEngine({ folder: path })
    expect(engine.model).toBe('b')
    expect((await run(engine, [unit('One')])).answer).toBe('{"by":"b"}')
  })

  test('among equals the first by name', async () => {
    const path = await write('equals', { '1.json': recording('b', 'One'), '2.json': recording('a', 'One') })
    expect((await createReplayEngine({ folder: path })).model).toBe('a')
  })

  test('one without recordings is refused, with those that have some', async () => {
    await expect(createReplayEngine({ folder: SAMPLE, model: 'gpt' })).rejects.toMatchObject({
      code: 'no-recording',
      hint: 'Recorded are: reasoner-large (9), reasoner-distill-8b (3).',
    })
  })
})

describe('what is recorded', () => {
  test('cases of request and reply', async () => {
    const { model, units, reasoning, content } = await readSample('vendor-policy.md.json')
    const path = await write('cases', {
      'policy-1/request.json': { source: { title: 'VP-12' }, schema: {}, known: [], units },
      'policy-1/reply.json': { model, reasoning, content },
      'policy-1/alignment.json': [],
      'empty/README.md': 'Not a case.',
    })
    const engine = await createReplayEngine({ folder: path })
    expect((await run(engine, units)).answer).toBe(content)
    await expect(run(engine, [])).rejects.toThrow(/1 recording, of policy-1\./)
  })

  test.each([
    ['both tags', '<think>Ana leads.</think>{"links":[]}'],
    ['no opening tag', 'Ana leads.</think>{"links":[]}'],
  ])('thinking inside the content: %s', async (name, content) => {
    const path = await write(name, { 'a.json': recording('m', 'One', { reasoning: '', content }) })
    const { reasoning, answer, finish } = await run(await createReplayEngine({ folder: path }), [unit('One')])
    expect([reasoning, answer]).toEqual(['Ana leads.', '{"links":[]}'])
    expect(finish).toMatchObject({ traceKind: 'raw' })
  })

  test('tags inside the content stay where the thinking has its own place', async () => {
    const content = 'x</think>{"links":[]}'
    const path = await write('tags', { 'a.json': recording('m', 'One', { content }) })
    expect((await run(await createReplayEngine({ folder: path }), [unit('One')])).answer).toBe(content)
  })

  test('no thinking at all', async () => {
    const path = await write('none', { 'a.json': recording('m', 'One', { reasoning: '' }) })
    const { finish, events } = await run(await createReplayEngine({ folder: path }), [unit('One')])
    expect(finish).toMatchObject({ traceKind: 'none', usage: { reasoning: 0 } })
    expect(events.some(({ type }) => type === 'reasoning-delta')).toBe(false)
  })

  test('characters of two units are not cut in half', async () => {
    const path = await write('pairs', { 'a.json': recording('m', 'One', { reasoning: '🧂'.repeat(9) }) })
    const { events } = await run(await createReplayEngine({ folder: path }), [unit('One')])
    const texts = events.flatMap((event) => ('text' in event ? [event.text] : []))
    expect(texts.filter((text) => !text.isWellFormed())).toEqual([])
  })
})

describe('folders that cannot be taken', () => {
  test.each<[string, Record<string, unknown> | null, typeof UsageError, RegExp]>([
    ['missing', null, UsageError, /missing: cannot be read/],
    ['no-recordings', { 'README.md': 'x' }, UsageError, /holds no recorded replies/],
    ['no-json', { 'a.json': '{"source": ' }, InputError, /a\.json: is not valid JSON/],
    ['no-units', { 'a.json': { model: 'm', reasoning: '', content: '' } }, InputError, /a\.json is no .*; source/],
    ['half-a-case', { 'c/request.json': { units: [unit('One')] } }, InputError, /reply\.json: cannot be read/],
    ['a-list', { 'a.json': [] }, InputError, /a\.json is no recorded reply; the whole/],
  ])('%s', async (name, files, kind, words) => {
    const path = files === null ? join(folder, name) : await write(name, files)
    const failure = await createReplayEngine({ folder: path }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(kind)
    expect(String(failure)).toMatch(words)
  })

  test('a file', async () => {
    await expect(createReplayEngine({ folder: join(SAMPLE, 'saltmarsh.html.json') })).rejects.toThrow(UsageError)
  })
})

test('an abort stops it', async () => {
  const engine = await createReplayEngine({ folder: await write('abort', { 'a.json': recording('m', 'One') }) })
  const controller = new AbortController()
  const question = { source: { title: '', kind: 'document', date: null }, units: [unit('One')], known: [] } as const
  const request = { question: { ...question, schema: DEFAULT_SCHEMA }, prompt: '' }
  const events = engine.reason(request, controller.signal)[Symbol.asyncIterator]()
  await events.next()
  controller.abort()
  await expect(events.next()).rejects.toMatchObject({ code: 'aborted' })
})
