import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import type { StoredLink } from '../../src/store/records.ts'
import { startWireServer, type WireReply, type WireServer } from '../engines/wire/server.ts'
import { actorId, answerWith, readingEngine } from '../scripted-engine.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { eachStore, type StoreUnderTest } from '../stores.ts'
import { CLI, type Finished, parseJson, whygraph } from '../whygraph.ts'

const DOCUMENTS = 40
let folder: string
let server: WireServer
let onRequest: () => unknown = () => {}

/** Answers as a reasoning model behind an OpenAI-compatible server would, from the one sentence of the source. */
function reply(request: { body: unknown }): WireReply {
  onRequest()
  const { messages } = request.body as { messages: { content: string }[] }
  const [, quote = '', subject = '', object = ''] =
    /\[S1\] ((\w+ \w+) leads (\w+ \w+)\.)/.exec(messages[0]?.content ?? '') ?? []
  const content = answerWith([{ subject, type: 'LEADS', object, quote }])
  const message = { role: 'assistant', content, reasoning_content: `S1 says that ${subject} leads ${object}.` }
  const usage = {
    prompt_tokens: 500,
    completion_tokens: 80,
    total_tokens: 580,
    completion_tokens_details: { reasoning_tokens: 20 },
  }
  return {
    body: {
      id: 'x',
      object: 'chat.completion',
      created: 1,
      model: 'wire-r1',
      choices: [{ index: 0, finish_reason: 'stop', message }],
      usage,
    },
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-processes-'))
  mkdirSync(join(folder, 'docs'))
  for (let i = 0; i < DOCUMENTS; i++) {
    const letter = String.fromCharCode(65 + (i % 26))
    writeFileSync(
      join(folder, `docs/${String(i).padStart(2, '0')}.md`),
      `${letter}na Ruiz${i} leads Team ${letter}${i}.\n`,
    )
  }
  server = await startWireServer(reply)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

eachStore('several processes', (open, _, itAtLength) => {
  const run = (
    { address, environment }: StoreUnderTest,
    args: readonly string[],
    more: Parameters<typeof whygraph>[1] = {},
  ): Promise<Finished> =>
    whygraph([...args, '--store', address], {
      cwd: folder,
      ...more,
      environment: { ...environment, WHYGRAPH_REVIEWER: 'rita' },
    })
  const look = ({ address, environment }: StoreUnderTest, args: readonly string[]): Promise<Finished> =>
    runHere([...args, '--store', address], { cwd: folder, environment })
  const ingestArgs = (): string[] => [
    'ingest',
    'docs',
    '--engine',
    'chat',
    '--model',
    'r1',
    '--base-url',
    server.url,
    '--concurrency',
    '2',
    '--json',
  ]

  it('a reviewer decides from another process while an ingest runs, and it holds', { timeout: 180_000 }, async () => {
    const under = await open()
    const ingesting = run(under, ingestArgs())
    let links: StoredLink[] = []
    for (; links.length === 0; await pause(50)) links = await under.store.links(['proposed'], { limit: 1 })
    const id = links[0]?.id as string
    expect((await run(under, ['review', 'reject', id, '--note', 'no'])).code).toBe(0)
    const finished = await ingesting
    expect(finished.code).toBe(0)
    expect(parseJson(finished)).toMatchObject({
      chunks: { reasoned: DOCUMENTS },
      replies: { asked: DOCUMENTS },
      proposals: DOCUMENTS,
    })
    expect((await under.store.link(id))?.status).toBe('rejected')
    const shown = parseJson<{ proposals: { proposal: { traceKind: string; model: string } }[] }>(
      await look(under, ['show', id, '--json']),
    )
    expect(shown.proposals[0]?.proposal).toMatchObject({ traceKind: 'raw', model: 'wire-r1' })
    const status = parseJson<{ links: object; usage: object[] }>(await look(under, ['status', '--json']))
    expect(status.links).toEqual({ proposed: { LEADS: DOCUMENTS - 1 }, rejected: { LEADS: 1 } })
    expect(status.usage).toMatchObject([
      {
        model: 'wire-r1',
        replies: DOCUMENTS,
        input: DOCUMENTS * 500,
        cachedInput: 0,
        output: DOCUMENTS * 80,
        reasoning: DOCUMENTS * 20,
      },
    ])
  })

  for (const [how, signal, code, itGoes] of [
    ['interrupted', 'SIGINT', 130, itAtLength],
    ['killed', 'SIGKILL', null, it],
  ] as const)
    itGoes(
      `an ingest that was ${how} goes on where it was, and pays for nothing twice but what was in flight`,
      async () => {
        const under = await open()
        const before = server.requests.length
        const stopped = await run(under, ingestArgs(), {
          onStart: (kill) => {
            onRequest = () => server.requests.length - before === 10 && kill(signal)
          },
        })
        onRequest = () => {}
        expect(stopped.code).toBe(code)
        const done = server.requests.length - before
        expect(done).toBeLessThan(DOCUMENTS)
        const finished = await run(under, ingestArgs())
        expect(finished.code).toBe(0)
        const summary = parseJson<{ chunks: Record<string, number>; replies: { asked: number; reused: number } }>(
          finished,
        )
        expect(summary.chunks).toMatchObject({ pending: 0, failed: 0 })
        expect(server.requests.length - before).toBeLessThanOrEqual(DOCUMENTS + 2)
        const links = await under.store.links(['proposed'])
        expect(links).toHaveLength(DOCUMENTS)
        expect(new Set(links.map((link) => link.supports))).toEqual(new Set([1]))
      },
    )

  it('five processes decide at once: no decision is lost, the chain holds', { timeout: 180_000 }, async () => {
    const under = await open()
    const links = ['Ana', 'Ben', 'Cid', 'Eva', 'Fay'].map((name) => ({
      name,
      id: linkId(actorId(name), 'LEADS', actorId('Kestrel')),
    }))
    await ingestTexts(under.store, readingEngine(), {
      'a.md': links.map(({ name }) => `${name} leads Kestrel.\n`).join('\n'),
    })
    const finished = await Promise.all(links.map((link) => run(under, ['review', 'accept', link.id])))
    expect(finished.map((one) => one.code)).toEqual([0, 0, 0, 0, 0])
    expect((await look(under, ['review', 'log', '--verify'])).stdout).toMatch(/^5 decisions, 0 problems/)
  })
})

describe('a pipe', () => {
  it('that is closed early is no error', async () => {
    await whygraph(['ingest', 'docs/00.md', '--store', 'piped'], { cwd: folder })
    // More than a pipe holds, so that the command is still writing when nobody reads any more.
    const query = [
      'query',
      '--format',
      'csv',
      'UNWIND range(1, 100000) AS n RETURN n, $x AS x',
      '--param',
      'x=abcdefgh',
    ]
    const child = spawn(process.execPath, [CLI, ...query, '--store', 'piped'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    let read = 0
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdout.once('data', (first: Buffer) => {
      read = first.length
      child.stdout.destroy()
    })
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    expect(read).toBeGreaterThan(0)
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
  })

  it('gets no escape byte', async () => {
    const { stdout, stderr } = await whygraph(['--help'])
    expect(stdout + stderr).not.toContain('\u001b')
  })
})

it('keeps what was compiled in the cache of the user, and does without where that cannot be', async () => {
  const home = mkdtempSync(join(tmpdir(), 'whygraph-compiled-'))
  const compiled = join(home, '.cache', 'whygraph', 'compiled')
  const run = (environment: Readonly<Record<string, string>>) =>
    whygraph(['--version'], { cwd: home, environment: { XDG_CACHE_HOME: '', ...environment } })
  try {
    expect(await run({ NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(compiled)).toBe(false)
    writeFileSync(join(home, 'file'), '')
    expect(await run({ XDG_CACHE_HOME: join(home, 'file') })).toMatchObject({ code: 0, stderr: '' })
    expect(await run({})).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(compiled).length).toBeGreaterThan(0)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
