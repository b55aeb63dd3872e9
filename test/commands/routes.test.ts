import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Status } from '../../src/commands/status.ts'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import { startWireServer, type WireReply, type WireServer } from '../engines/wire/server.ts'
import { runHere } from '../run-here.ts'
import { answerWith } from '../scripted-engine.ts'
import { parseJson, ROOT, whygraph, type Finished } from '../whygraph.ts'

/** Two models over HTTP: what each says of a chunk, and how often each was asked. */
interface Model {
  server: WireServer
  /** Of the documents that it was asked about, by the first word of their title. */
  readonly asked: string[]
  answer: (title: string, unit: string) => WireReply
}

let small: Model
let large: Model
let folder: string

async function startModel(name: string, confidence: number): Promise<Model> {
  const model: Model = {
    server: undefined as unknown as WireServer,
    asked: [],
    answer: (_, unit) => says(name, unit, confidence),
  }
  model.server = await startWireServer(({ body }) => {
    const prompt = (body as { messages?: { content: string }[] }).messages?.at(-1)?.content ?? ''
    const [, title = ''] = /^Title: (\S+)/m.exec(prompt) ?? []
    const [, unit = ''] = /^\[S2\] (.*)$/m.exec(prompt) ?? []
    model.asked.push(title)
    return model.answer(title, unit)
  })
  return model
}

/** Reads a unit such as “Ana leads Ben.” as a link. */
function says(model: string, unit: string, confidence: number, more: object = {}): WireReply {
  const [, subject = '', type = '', object = ''] = /^(\w+) (\w+) (\w+)\./.exec(unit) ?? []
  const links = [{ subject, type: type.toUpperCase(), object, quote: unit, s: 2, confidence }]
  return wire(model, answerWith(links), more)
}

function wire(model: string, content: string, { finish = 'stop' }: { finish?: string } = {}): WireReply {
  const message = { role: 'assistant', content, reasoning_content: `${model} thinks of S2.` }
  const usage = { prompt_tokens: 500, completion_tokens: 100, total_tokens: 600 }
  return { body: { object: 'chat.completion', model, choices: [{ index: 0, finish_reason: finish, message }], usage } }
}

beforeAll(async () => {
  small = await startModel('small-model', 0.9)
  large = await startModel('large-model', 0.95)
})
afterAll(async () => {
  await small.server.close()
  await large.server.close()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-routes-'))
  mkdirSync(join(folder, 'docs'))
  small.answer = (_, unit) => says('small-model', unit, 0.9)
  large.answer = (_, unit) => says('large-model', unit, 0.95)
  forget()
  return () => rmSync(folder, { recursive: true, force: true })
})

function forget(): void {
  small.asked.length = 0
  large.asked.length = 0
}

function put(name: string, text: string): void {
  writeFileSync(join(folder, `docs/${name}.md`), `# ${name}\n\n${text}\n`)
}

/** Ten documents, of which two are hedged. */
function putTen(): void {
  for (let i = 0; i < 8; i++) put(`plain${i}`, `Ana leads Ben${i}.`)
  for (let i = 0; i < 2; i++) put(`vague${i}`, `Cleo leads Dan${i}. Perhaps, or maybe not.`)
}

function settings(routes: object, more: object = {}): void {
  const chat = { engine: 'chat', stream: false }
  const engines = {
    small: { ...chat, model: 'small-model', baseUrl: small.server.url },
    large: { ...chat, model: 'large-model', baseUrl: large.server.url },
  }
  const prices = { 'small-model': { input: 0, output: 10 }, 'large-model': { input: 0, output: 1000 } }
  writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify({ engines, routes, prices, concurrency: 4, ...more }))
}

const run = (...args: string[]): Promise<Finished> => runHere(args, { cwd: folder })

async function ingest(...args: string[]): Promise<IngestSummary> {
  const finished = await run('ingest', 'docs', '--json', ...args)
  if (finished.stdout === '') throw new Error(finished.stderr)
  return parseJson<IngestSummary>(finished)
}

async function rows(cypher: string): Promise<unknown[][]> {
  return parseJson<{ rows: unknown[][] }>(await run('query', cypher, '--json')).rows
}

const HEDGED = { rules: [{ when: { hedges: '> 0' }, use: 'large' }], default: 'small' }

describe('rules over chunks', { timeout: 60_000 }, () => {
  it('send each to its engine, say so, and cost nothing again', async () => {
    putTen()
    settings(HEDGED)
    const first = await ingest()
    expect([small.asked.length, large.asked.toSorted()]).toEqual([8, ['vague0', 'vague1']])
    expect(first.routes?.decisions.toSorted((a, b) => b.chunks - a.chunks)).toEqual([
      { engines: ['small'], rule: 'default', chunks: 8 },
      { engines: ['large'], rule: 'hedges > 0', chunks: 2 },
    ])
    const replies = await rows(
      "MATCH (r:Reply {route: 'large'}) RETURN DISTINCT r.routeRule, r.routeBecause, r.model ORDER BY r.routeRule",
    )
    expect(replies).toEqual([['hedges > 0', ['hedges 2'], 'large-model']])
    const status = parseJson<Status>(await run('status', '--json'))
    expect(status.routes.map(({ engine, rule, replies: count, cost }) => [engine, rule, count, cost['usd']])).toEqual(
      expect.arrayContaining([
        ['small', 'default', 8, expect.closeTo(0.008)],
        ['large', 'hedges > 0', 2, expect.closeTo(0.2)],
      ]),
    )
    const [[chunk, reply]] = (await rows("MATCH (r:Reply {route: 'large'}) RETURN r.chunkId, r.id LIMIT 1")) as [
      [string, string],
    ]
    expect((await run('status')).stdout).toMatch(
      /routes +large \(hedges > 0\): 2 replies, 1,000 in, 200 out, 0\.20 usd/,
    )
    expect((await run('show', chunk)).stdout).toMatch(/ read by large \(hedges > 0: hedges 2\)\n/)
    expect((await run('show', reply)).stdout).toMatch(
      /route: large\nrouteRule: hedges > 0\nrouteBecause: \["hedges 2"\]/,
    )
    forget()
    const { stdout: said } = await run('ingest', 'docs')
    expect(said).toMatch(/chunks +10 unchanged\n/)
    expect(said).toMatch(/routes +8 chunks to small \(default\)\n/)
    expect(said).toMatch(/routes +2 chunks to large \(hedges > 0\)\n/)
    expect([...small.asked, ...large.asked]).toEqual([])
  })

  it('that change read those chunks again only whose engine is another one, in the place of the other', async () => {
    putTen()
    settings({ default: 'small' })
    await ingest()
    expect(small.asked).toHaveLength(10)
    forget()
    settings(HEDGED)
    expect((await ingest()).chunks).toMatchObject({ unchanged: 8, reasoned: 2 })
    expect([small.asked, large.asked.length]).toEqual([[], 2])
    expect(await rows('MATCH (r:Reply) WHERE r.replacedBy IS NOT NULL RETURN count(r)')).toEqual([[2]])
    expect(await rows("MATCH ()-[r:LEADS]->(b) WHERE b.name STARTS WITH 'Dan' RETURN DISTINCT r.models")).toEqual([
      [['large-model']],
    ])
    // Read again out of the record, what was replaced stays so.
    expect((await run('rebuild', '--from', 'replies')).stdout).toMatch(/\n0 changed\n/)
    // And goes and comes with its document.
    rmSync(join(folder, 'docs/vague0.md'))
    await ingest()
    put('vague0', 'Cleo leads Dan0. Perhaps, or maybe not.')
    forget()
    expect((await ingest()).documents).toMatchObject({ returned: 1 })
    expect([...small.asked, ...large.asked]).toEqual([])
    expect(await rows("MATCH ()-[r:LEADS]->(b {name: 'Dan0'}) RETURN r.models, r.supports")).toEqual([
      [['large-model'], 1],
    ])
  })

  it('give way to an engine that is named on the command line', async () => {
    putTen()
    settings(HEDGED)
    expect((await ingest('--engine', 'rules')).routes).toBeUndefined()
    expect([...small.asked, ...large.asked]).toEqual([])
  })
})

describe('a maxShare', { timeout: 60_000 }, () => {
  it('holds, for the first chunks in their order, and what is kept is read by the next best', async () => {
    for (let i = 0; i < 10; i++) put(`vague${i}`, `Cleo leads Dan${i}. Perhaps, or maybe not.`)
    settings({ ...HEDGED, maxShare: { large: 0.3 } })
    const first = await ingest()
    expect(large.asked.toSorted()).toEqual(['vague0', 'vague1', 'vague2'])
    expect(small.asked).toHaveLength(7)
    expect(first.routes?.kept).toEqual({ large: 7 })
    expect(await rows('MATCH (r:Reply {routeKeptFrom: "large"}) RETURN count(r)')).toEqual([[7]])
    forget()
    // The same again costs nothing, and says the same.
    const again = await ingest()
    expect(again.chunks).toMatchObject({ unchanged: 10, reasoned: 0 })
    expect(again.routes?.kept).toEqual({ large: 7 })
    expect([...small.asked, ...large.asked]).toEqual([])
    // With ten more chunks, six may be read by it.
    for (let i = 0; i < 10; i++) put(`plain${i}`, `Ana leads Ben${i}.`)
    await ingest()
    expect(small.asked).toHaveLength(10)
    expect(large.asked.toSorted()).toEqual(['vague3', 'vague4', 'vague5'])
    forget()
    settings({ ...HEDGED, maxShare: { large: 0.35 } })
    await ingest()
    expect([small.asked, large.asked]).toEqual([[], ['vague6']])
  })

  it('holds for what is sent on after first replies, whatever comes when', async () => {
    for (let i = 0; i < 10; i++) put(`plain${i}`, `Ana leads Ben${i}.`)
    small.answer = (title, unit) => ({
      ...says('small-model', unit, 0.4),
      pieceBytes: 200,
      paceMilliseconds: 9 - Number(title.slice(-1)),
    })
    const routes = { default: 'small', after: [{ when: { confidence: '< 0.6' }, use: 'large' }] }
    settings({ ...routes, maxShare: { large: 0.2 } })
    const first = await ingest()
    expect(small.asked).toHaveLength(10)
    expect(large.asked.toSorted()).toEqual(['plain0', 'plain1'])
    expect(first.chunks).toMatchObject({ reasoned: 10 })
    expect(first.routes).toEqual({
      decisions: [
        { engines: ['small'], rule: 'default', chunks: 10 },
        { engines: ['large'], rule: 'after: confidence < 0.6', chunks: 2 },
      ],
      kept: { large: 8 },
    })
    expect(first.replies).toEqual({ asked: 12, reused: 0 })
    const models = await rows('MATCH ()-[r:LEADS]->(b) RETURN b.name, r.models ORDER BY b.name')
    expect(models.slice(0, 3)).toEqual([
      ['Ben0', ['large-model']],
      ['Ben1', ['large-model']],
      ['Ben2', ['small-model']],
    ])
    const [[kept]] = (await rows("MATCH ()-[r:LEADS]->({name: 'Ben2'}) RETURN r.chunks[0]")) as [[string]]
    expect((await run('show', kept)).stdout).toMatch(/rules over it name large, whose maxShare was used up\n/)
    forget()
    const again = await ingest()
    expect(again).toMatchObject({ chunks: { unchanged: 10 }, routes: first.routes })
    expect([...small.asked, ...large.asked]).toEqual([])
    settings({ ...routes, maxShare: { large: 1 } })
    await ingest()
    expect([small.asked, large.asked.length]).toEqual([[], 8])
  })

  it('asks nobody again whose first reply was of no use', async () => {
    for (let i = 0; i < 4; i++) put(`plain${i}`, `Ana leads Ben${i}.`)
    small.answer = () => wire('small-model', 'I would rather not say.')
    const routes = { default: 'small', after: [{ when: { failure: true }, use: 'large' }] }
    settings({ ...routes, maxShare: { large: 0.5 } })
    const first = await ingest()
    expect([small.asked.length, large.asked.toSorted()]).toEqual([4, ['plain0', 'plain1']])
    expect(first).toMatchObject({ chunks: { reasoned: 2, failed: 2 }, routes: { kept: { large: 2 } } })
  })
})

describe('rules over first replies', { timeout: 60_000 }, () => {
  const UNSURE = {
    default: 'small',
    after: [
      { when: { failure: true }, use: 'large' },
      { when: { confidence: '< 0.6' }, use: 'large' },
    ],
  }

  it('send a chunk on; the later reading takes the place of the first, whose reply stays', async () => {
    putTen()
    small.answer = (title, unit) => {
      if (title === 'plain3') return wire('small-model', 'I would rather not say.')
      if (title === 'plain4') return { status: 400, body: { error: { message: 'too long for me' } } }
      return says('small-model', unit, title.startsWith('vague') ? 0.4 : 0.9)
    }
    settings(UNSURE)
    const first = await ingest()
    expect(first.chunks).toMatchObject({ reasoned: 10, failed: 0 })
    expect([small.asked.length, large.asked.toSorted()]).toEqual([10, ['plain3', 'plain4', 'vague0', 'vague1']])
    expect(first.routes?.decisions).toEqual(
      expect.arrayContaining([
        { engines: ['small'], rule: 'default', chunks: 10 },
        { engines: ['large'], rule: 'after: failure true', chunks: 2 },
        { engines: ['large'], rule: 'after: confidence < 0.6', chunks: 2 },
      ]),
    )
    expect(await rows("MATCH ()-[r:LEADS]->({name: 'Dan0'}) RETURN r.models")).toEqual([[['large-model']]])
    const sent = await rows(
      "MATCH (r:Reply {routeRule: 'after: confidence < 0.6'}), (f:Reply) WHERE f.id = r.routeAfter[0] RETURN r.routeBecause, f.model, f.replacedBy = r.id",
    )
    expect(sent).toEqual([
      [['confidence 0.4'], 'small-model', true],
      [['confidence 0.4'], 'small-model', true],
    ])
    forget()
    expect((await ingest()).chunks).toMatchObject({ unchanged: 10 })
    expect([...small.asked, ...large.asked]).toEqual([])
    expect((await run('rebuild', '--from', 'replies')).stdout).toMatch(/\n0 changed\n/)
    expect((await run('doctor', '--deep')).code).toBe(0)
    // Other rules judge the replies that are there.
    settings({ default: 'small', after: [{ when: { confidence: '< 0.95' }, use: 'large' }] })
    await ingest()
    expect([small.asked.toSorted(), large.asked.toSorted()]).toEqual([
      ['plain3', 'plain4'],
      ['plain0', 'plain1', 'plain2', 'plain5', 'plain6', 'plain7'],
    ])
  })

  it('may have both readings count', async () => {
    putTen()
    small.answer = (title, unit) => says('small-model', unit, title.startsWith('vague') ? 0.4 : 0.9)
    settings({ ...UNSURE, keep: 'both' })
    expect((await ingest()).chunks).toMatchObject({ reasoned: 10 })
    const [[models]] = (await rows("MATCH ()-[r:LEADS]->({name: 'Dan0'}) RETURN r.models")) as [[string[]]]
    expect(models.toSorted()).toEqual(['large-model', 'small-model'])
    forget()
    expect((await ingest()).chunks).toMatchObject({ unchanged: 10 })
    expect([...small.asked, ...large.asked]).toEqual([])
  })

  it('measure what two cheap engines disagree on', async () => {
    putTen()
    small.answer = (title, unit) => says('small-model', title.startsWith('vague') ? 'Cleo follows Dan.' : unit, 0.9)
    settings({
      rules: [{ when: { kind: 'document' }, use: ['small', 'other'] }],
      default: 'small',
      after: [{ when: { disagreement: '> 0.3' }, use: 'large' }],
    })
    // A third engine, at the second endpoint.
    const { engines, ...others } = JSON.parse(readFileSync(join(folder, 'whygraph.yaml'), 'utf8')) as {
      engines: Record<string, object>
    }
    const other = { ...engines['large'], model: 'other-model' }
    writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify({ ...others, engines: { ...engines, other } }))
    large.answer = (_, unit) => says('any-model', unit, 0.95)
    const summary = await ingest()
    expect(summary.chunks).toMatchObject({ reasoned: 10 })
    expect(summary.routes?.decisions).toEqual(
      expect.arrayContaining([
        { engines: ['small', 'other'], rule: 'kind document', chunks: 10 },
        { engines: ['large'], rule: 'after: disagreement > 0.3', chunks: 2 },
      ]),
    )
    // Where they agree, both count.
    expect(await rows("MATCH ()-[r:LEADS]->({name: 'Ben0'}) RETURN r.supports")).toEqual([[2]])
    forget()
    expect((await ingest()).chunks).toMatchObject({ unchanged: 10 })
    expect([...small.asked, ...large.asked]).toEqual([])
  })

  it('killed between the two engines, the next run asks for nothing that is there', async () => {
    putTen()
    small.answer = (title, unit) => says('small-model', unit, title.startsWith('vague') ? 0.4 : 0.9)
    let kill = (): void => {}
    large.answer = (_, unit) => {
      kill()
      return { ...says('large-model', unit, 0.95), pieceBytes: 50, paceMilliseconds: 200 }
    }
    settings(UNSURE)
    const killed = await whygraph(['ingest', 'docs'], {
      cwd: folder,
      onStart: (signal) => {
        kill = () => signal('SIGKILL')
      },
    })
    expect(killed.code).toBe(null)
    const asked = new Set(small.asked)
    expect(asked.has(large.asked[0] ?? '')).toBe(true)
    large.answer = (_, unit) => says('large-model', unit, 0.95)
    forget()
    await pause(50)
    expect((await ingest()).chunks).toMatchObject({ pending: 0, failed: 0 })
    // What was in flight may be asked for again: at most one for each slot.
    expect(small.asked.filter((title) => asked.has(title)).length).toBeLessThanOrEqual(4)
    expect(small.asked).not.toContain(large.asked[0])
    expect(large.asked.toSorted()).toEqual(['vague0', 'vague1'])
    forget()
    expect((await ingest()).chunks).toMatchObject({ unchanged: 10 })
    expect([...small.asked, ...large.asked]).toEqual([])
  })
})

describe('a dry run', { timeout: 60_000 }, () => {
  it('says who would read how many chunks, at what price, and each of them with its reason', async () => {
    putTen()
    settings({ ...HEDGED, after: [{ when: { failure: true }, use: 'large' }], maxShare: { large: 0.3 } })
    const plan = await ingest('--dry-run')
    expect(plan.chunks).toMatchObject({ pending: 10 })
    expect(plan.plan?.models.map(({ model, calls }) => [model, calls])).toEqual(
      expect.arrayContaining([
        ['small-model', 8],
        ['large-model', 2],
      ]),
    )
    expect(plan.routes?.each).toHaveLength(10)
    expect(plan.routes?.each).toContainEqual({
      path: 'docs/vague0.md',
      chunk: 1,
      engines: ['large'],
      rule: 'hedges > 0',
      because: ['hedges 2'],
    })
    // Any of the eight may be sent on, in the place of those two, too, who are then read by the small one.
    expect(plan.routes?.sentOn).toEqual([{ engine: 'large', most: 3, room: 3 }])
    expect(plan.plan?.models.map(({ model, most }) => [model, most?.calls])).toEqual(
      expect.arrayContaining([
        ['small-model', 10],
        ['large-model', 3],
      ]),
    )
    const { stdout } = await run('ingest', 'docs', '--dry-run')
    expect(stdout).toMatch(
      /up to 3 chunks may be sent on to large by first replies yet to come; its maxShare allows 3 chunks in all, with/,
    )
    expect(stdout).toMatch(/dry run +10 to 13 requests to make\n/)
    expect(stdout).toMatch(/ large-model +2 .*\n +at most +3 /)
    expect(stdout).toMatch(/about [\d.]+ usd to [\d.]+ usd and /)
    expect([...small.asked, ...large.asked]).toEqual([])
  })
})

describe('settings of routes', () => {
  it.each([
    ['routes: { default: small }', /routes\.default .*line 1\) names small, but engines has only rules/],
    [
      "routes:\n  default: rules\n  rules:\n    - when: { names: 'many' }\n      use: rules",
      /routes\.rules\.0\.when\.names .*line 4\) must be a comparison with a number/,
    ],
    [
      'routes:\n  default: rules\n  rules:\n    - when: { colour: red }\n      use: rules',
      /routes\.rules\.0\.when .*line 4\) has 'colour', which is not measured: kind, tokens/,
    ],
    [
      'routes:\n  default: rules\n  maxShare: { rules: 0.5 }',
      /routes\.default .*line 2\) is rules, which has a maxShare/,
    ],
    [
      "routes:\n  default: rules\n  after:\n    - { when: { disagreement: '> 0.3' }, use: rules }",
      /routes\.after\.0\.when .*line 4\) speaks of disagreement/,
    ],
    [
      'engines:\n  big: { engine: chat }\nroutes: { default: big }',
      /engines\.big\.engine .*line 2\) is chat, and no model is named beside it/,
    ],
    [
      'engines:\n  a: { engine: chat, model: m }\n  b: { engine: chat, model: m }\nroutes:\n  default: [a, b]',
      /routes\.default .*line 5\) has a and b read a chunk, which are one model/,
    ],
    [
      "engines:\n  a: { engine: chat, model: m }\n  b: { engine: chat, model: m, temperature: 1 }\nroutes:\n  default: a\n  keep: both\n  after:\n    - { when: { confidence: '< 0.5' }, use: b }",
      /routes\.after\.0\.use .*line 8\) is b, which is one model with a: of one model the last reading counts/,
    ],
    [
      "engines:\n  a: { engine: chat, model: m }\n  b: { engine: chat, model: m }\nroutes:\n  default: rules\n  keep: both\n  after:\n    - { when: { links: '< 1' }, use: a }\n    - { when: { held: '> 3' }, use: b }",
      /routes\.after\.1\.use .*line 9\) is b, which is one model with a/,
    ],
    [
      'engines:\n  a: { engine: chat, model: m }\n  b: { engine: chat, model: m }\nroutes:\n  default: a\n  rules:\n    - { when: { hedges: 0 }, use: a }\n    - { when: { names: 0 }, use: [a, b] }',
      /routes\.rules\.1\.use .*line 8\) has a and b read a chunk/,
    ],
    [
      'engines:\n  a: { engine: chat, model: m }\n  b: { engine: chat, model: n }',
      /engines \(.*whygraph\.yaml\) has a, b, and nothing says which of them reads what\nAdd routes: routes: \{ default: a \}/,
    ],
    [
      'engines:\n  rules: { engine: chat, model: m }\nroutes: { default: rules }',
      /engines\.rules .*line 2\) is chat, and rules is another kind of engine: give it a name of its own/,
    ],
    [
      'engines:\n  a: { engine: rules }\n  chat: { engine: responses, model: m }\nroutes: { default: chat }',
      /engines\.chat .*line 3\) is responses, and chat is another kind/,
    ],
    [
      'engines:\n  "big\\e[2J": { engine: chat, model: m }\nroutes: { default: rules }',
      /engines\.big‹U\+001B›\[2J .*line 2\) must be a name of letters and digits, such as small or large/,
    ],
    [
      'routes:\n  default: rules\n  maxShare: { a-b: 0.5 }',
      /routes\.maxShare\.a-b .*line 3\) must be a name of letters/,
    ],
    ['routes: { default: constructor }', /routes\.default .*line 1\) names constructor, but engines has only rules/],
    [
      'engines:\n  a: { engine: chat, model: m, effort: heroic }\nroutes: { default: a }',
      /engines\.a\.effort .*line 2\) must be one of quick, standard, thorough/,
    ],
  ])('%s', async (yaml, problem) => {
    writeFileSync(join(folder, 'whygraph.yaml'), `${yaml}\n`)
    put('one', 'Ana leads Ben.')
    const { code, stderr } = await run('ingest', 'docs')
    expect(stderr).toMatch(problem)
    expect(code).toBe(2)
  })
})

describe('a named engine', { timeout: 60_000 }, () => {
  it('reads all where it is the only one, unless another is named', async () => {
    put('one', 'Ana leads Ben.')
    const chat = { engine: 'chat', stream: false, model: 'small-model', baseUrl: small.server.url }
    writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify({ engines: { small: chat } }))
    const first = await run('ingest', 'docs')
    expect(first.stdout).toMatch(/routes +1 chunk to small \(default\)\n/)
    expect(first.stderr).not.toContain('No model is configured')
    expect(small.asked).toEqual(['one'])
    expect((await ingest('--engine', 'rules')).routes).toBeUndefined()
    writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify({ engine: 'rules', engines: { a: chat, b: chat } }))
    expect((await ingest()).routes).toBeUndefined()
    expect(small.asked).toEqual(['one'])
  })

  it('of several is none to read all, which closes only what asks one, and doctor says so', async () => {
    put('one', 'Ana leads Ben.')
    expect((await ingest('--engine', 'rules')).documents.new).toBe(1)
    const engines = { a: { engine: 'rules' }, b: { engine: 'chat', model: 'm' } }
    writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify({ engines }))
    const codes = [['status'], ['query', 'MATCH (d:Document) RETURN d'], ['review', 'list'], ['backup', 'kept']].map(
      async (args) => (await run(...args)).code,
    )
    expect(await Promise.all(codes)).toEqual([0, 0, 0, 0])
    const doctor = await run('doctor')
    expect(doctor.code).toBe(6)
    expect(doctor.stdout).toMatch(/^FAIL engine: engines .* has a, b, and nothing says .*\n +Add routes: /m)
    const asked = await run('ingest', 'docs')
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('nothing says which of them reads what')])
  })

  it('has an effort of its own, unless one is named on the command line', async () => {
    putTen()
    settings(HEDGED)
    const content = JSON.parse(readFileSync(join(folder, 'whygraph.yaml'), 'utf8')) as {
      engines: Record<string, object>
    }
    const large2 = { ...content.engines['large'], effort: 'thorough', samples: 2 }
    const own = { ...content, engines: { ...content.engines, large: large2 } }
    writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify(own))
    expect((await ingest()).steps).toMatchObject({ sample: 2 })
    expect(small.asked).toHaveLength(8)
    expect((await ingest()).chunks).toMatchObject({ unchanged: 10 })
    expect((await ingest('--effort', 'quick', '--store', 'other')).steps).toBeUndefined()
  })

  it('has its own key and no other, and no secret of its is shown', async () => {
    put('one', 'Ana leads Ben.')
    const chat = { engine: 'chat', stream: false, model: 'small-model' }
    const engines = {
      near: chat,
      far: { ...chat, model: 'far-model', baseUrl: large.server.url, body: { token: 's3cret' } },
      named: { ...chat, model: 'named-model', baseUrl: large.server.url, apiKeyVariable: 'NAMED_KEY' },
    }
    const environment = { WHYGRAPH_API_KEY: 'usual', WHYGRAPH_FAR_API_KEY: 'own', NAMED_KEY: 'named' }
    const keys: unknown[] = []
    for (const name of ['near', 'far', 'named']) {
      const { requests } = name === 'near' ? small.server : large.server
      const before = requests.length
      const content = { baseUrl: small.server.url, engines, routes: { default: name } }
      writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify(content))
      await runHere(['ingest', 'docs'], { cwd: folder, environment })
      keys.push(requests.slice(before).map(({ headers }) => headers.authorization))
    }
    expect(keys).toEqual([['Bearer usual'], ['Bearer own'], ['Bearer named']])
    const { stdout } = await runHere(['doctor', '--json'], { cwd: folder, environment })
    expect(stdout).toContain('far-model')
    expect(stdout).not.toContain('s3cret')
    expect(stdout).toContain('"name": "engine named"')
  })
})

it('schema suggest asks by the routes with its own open schema, whatever is configured', async () => {
  writeFileSync(join(folder, 'closed.yaml'), 'open: false\nlinkTypes: [{ name: FOUNDED }]\n')
  put('plain', 'Ana leads Ben.')
  put('vague', 'Cleo leads Dan. Perhaps, or maybe not.')
  settings(HEDGED, { schema: 'closed.yaml' })
  const before = [small, large].map(({ server }) => server.requests.length)
  const suggested = await run('schema', 'suggest', 'docs')
  expect(suggested.stdout).toContain('- name: LEADS')
  expect(suggested.stdout).not.toContain('with a schema that allows no other link types')
  const prompts = [small, large].map(({ server }, index) => JSON.stringify(server.requests.slice(before[index])))
  expect(prompts.map((prompt) => [prompt.includes('Title: '), prompt.includes('FOUNDED')])).toEqual([
    [true, false],
    [true, false],
  ])
  // By the configured schema, each chunk is another request.
  forget()
  await ingest()
  expect([small.asked, large.asked]).toEqual([['plain'], ['vague']])
}, 60_000)

describe('docs/engines.md', () => {
  it('shows settings of routes that hold', async () => {
    const page = readFileSync(join(ROOT, 'docs/engines.md'), 'utf8')
    const [, example = ''] = /```yaml\n# routes\n([^`]*)```/.exec(page) ?? []
    writeFileSync(join(folder, 'whygraph.yaml'), example)
    put('one', 'Ana leads Ben.')
    const plan = parseJson<IngestSummary>(await run('ingest', 'docs', '--dry-run', '--json'))
    expect(plan.routes?.decisions).toEqual([{ engines: ['small'], rule: 'default', chunks: 1 }])
    expect(plan.plan?.models[0]?.model).toBe('qwen3:8b')
  })
})
