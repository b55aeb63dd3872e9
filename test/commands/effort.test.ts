import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Status } from '../../src/commands/status.ts'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import { serve } from '../engines/wire/run.ts'
import { FIRST, reader, stepOf, TEXT, type Script } from '../reading/scripted-reader.ts'
import { runHere } from '../run-here.ts'
import { parseJson, whygraph } from '../whygraph.ts'

vi.setConfig({ testTimeout: 300_000 })

type ChatBody = { readonly model: string; readonly messages: readonly { readonly content: string }[] }

const promptOf = (body: unknown): string => (body as ChatBody).messages[0]?.content ?? ''

/** A project with one document, and a model server that answers by a script. */
async function project(script: Partial<Script>, settings: readonly string[] = []) {
  const { answer, said } = reader(script)
  let onAsked: (step: string) => void = () => {}
  const server = await serve({
    routes: {
      '/v1/chat/completions': ({ body }) => {
        onAsked(stepOf(promptOf(body)))
        const content = answer(promptOf(body))
        const message = { content, reasoning_content: 'Ana Ruiz leads Kestrel, as S1 says.' }
        return {
          body: { choices: [{ message, finish_reason: 'stop' }], usage: { prompt_tokens: 90, completion_tokens: 9 } },
        }
      },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-effort-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'docs'))
  writeFileSync(join(folder, 'docs/a.txt'), TEXT)
  const lines = ['engine: chat', 'model: m', `baseUrl: ${server.url}`, 'stream: false', ...settings, '']
  writeFileSync(join(folder, 'whygraph.yaml'), lines.join('\n'))
  const steps = () =>
    server.requests.map(({ body }) => `${(body as ChatBody).model} ${stepOf(promptOf(body))}`).toSorted()
  const say = (more: Partial<Script>) => Object.assign(said, more)
  return { folder, server, steps, say, hear: (listener: (step: string) => void) => (onAsked = listener) }
}

const VERIFIED = {
  verification: (link: string) => ({
    verdict: link.includes('OWNS') ? 'not supported' : 'supported',
    reason: 'see there',
  }),
}

it('each further step is counted, and shown with its reason; checks are shown, and asked for', async () => {
  const { folder, steps } = await project(VERIFIED, ['samples: 2', 'verify: engine judge'])
  const run = (...args: string[]) => runHere(args, { cwd: folder })
  const plan = await run('ingest', 'docs', '--effort', 'thorough', '--dry-run')
  expect(plan.stdout).toContain('2 to 12 requests to make')
  expect(plan.stdout).toContain('at most 11 of the requests are further steps, by effort: 1 surely, the others only')
  expect(plan.stdout).toMatch(/ judge +0 .*\n +at most +8 /)
  const summary = await run('ingest', 'docs', '--effort', 'thorough')
  expect(summary).toMatchObject({ code: 0 })
  expect(summary.stdout).toContain('steps      1 gleaning, 1 sample, 1 verification, 1 counterfactual')
  expect(steps()).toEqual(['judge counterfactual', 'judge verification', 'm first', 'm first', 'm gleaning'])
  expect((await run('ingest', 'docs', '--effort', 'standard')).stdout).toContain('1 unchanged')

  const status = parseJson<Status>(await run('status', '--json'))
  expect(status.steps).toEqual({ gleaning: 1, sample: 1, verification: 1, counterfactual: 1 })
  expect((await run('status')).stdout).toMatch(/^steps +4: /m)
  const flagged = parseJson<{ links: { id: string; type: string }[] }>(
    await run('review', 'list', '--where', 'obstacle=not-verified', '--json'),
  )
  expect(flagged.links.map(({ type }) => type)).toEqual(['OWNS'])
  const card = (await run('show', flagged.links[0]?.id ?? '')).stdout
  expect(card).toContain('never in bulk: shown its quotes only, an engine does not say that they support it')
  expect(card).toContain('CHECK  said by 1 of 2 readings')
  expect(card).toContain('CHECK  not supported by its quotes (judge: see there)')
  const edge = 'MATCH ()-[r:OWNS]->() RETURN r.checks[0] AS checks'
  expect((await run('query', edge)).stdout).toContain('not supported by its quotes (judge: see there)')

  const [[chunk] = []] = parseJson<{ rows: string[][] }>(
    await run('query', 'MATCH (c:Chunk) RETURN c.id', '--json'),
  ).rows
  const shown = (await run('show', chunk ?? '')).stdout
  expect(shown).toContain('gleaning: 2 names without a link: Bo Lind, Osprey')
  expect(shown).toContain('sample: reading 2 of 2')
  const [, reply = ''] = /reply (\w+) .*gleaning/.exec(shown) ?? []
  expect((await run('show', reply)).stdout).toContain('because: 2 names without a link: Bo Lind, Osprey')
  expect((await run('doctor', '--deep')).stdout).not.toContain('FAIL replies')
})

it('an answer that is cut off on every call ends each run with a failure, at no cost, until a retry has it whole', async () => {
  const script = { first: FIRST.slice(0, FIRST.indexOf('"links"')) }
  const { folder, steps, say } = await project(script)
  const run = (...args: string[]) => runHere([...args], { cwd: folder })
  const failed = 'a.txt chunk 1: the answer breaks off before its end (0 links came before that)'
  for (const args of [
    ['ingest', 'docs'],
    ['ingest', 'docs'],
    ['ingest', '--retry', 'failed'],
  ]) {
    const { code, stdout } = await run(...args)
    expect([code, stdout]).toEqual([1, expect.stringContaining(failed)])
    expect(stdout).toMatch(/^chunks +1 failed\n[^]*ingest --retry failed/m)
  }
  expect(steps()).toEqual(['m first', 'm first'])
  expect((await run('status')).stdout).toMatch(/^failed +docs\/a\.txt chunk \w{8}: the answer breaks off/m)
  say({ first: FIRST })
  expect(await run('ingest', '--retry', 'failed')).toMatchObject({ code: 0 })
  expect((await run('status')).stdout).not.toMatch(/^failed/m)
  expect(await run('ingest', 'docs')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 unchanged') })
})

it('a source of a job has an effort of its own, and rules are asked once', async () => {
  const { folder, steps } = await project({})
  writeFileSync(
    join(folder, 'job.yaml'),
    'sources:\n  - name: a\n    folder: docs\n    engine: { effort: standard }\n  - name: b\n    folder: docs\n',
  )
  const job = parseJson<IngestSummary>(await runHere(['ingest', '--job', 'job.yaml', '--json'], { cwd: folder }))
  expect(job).toMatchObject({ steps: { gleaning: 1 }, chunks: { reasoned: 2 } })
  expect(steps()).toEqual(['m first', 'm gleaning'])
  const rules = ['ingest', 'docs', '--engine', 'rules', '--effort', 'thorough', '--store', 'other', '--json']
  expect(parseJson<IngestSummary>(await runHere(rules, { cwd: folder }))).not.toHaveProperty('steps')
})

it('a level that is none is refused with those that there are', async () => {
  const { folder } = await project({})
  const refused = await runHere(['ingest', 'docs', '--effort', 'heroic'], { cwd: folder })
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.stderr).toContain('must be one of quick, standard, thorough')
})

it('killed at any request, it goes on from there: what was answered is not asked for again', async () => {
  const settings = ['effort: thorough', 'samples: 2', 'concurrency: 1']
  const whole = await project(VERIFIED, settings)
  await runHere(['ingest', 'docs'], { cwd: whole.folder })
  const { folder, steps, hear } = await project(VERIFIED, settings)
  const killedAt: string[] = []
  for (const at of ['gleaning', 'first', 'verification', 'counterfactual']) {
    await whygraph(['ingest', 'docs'], {
      cwd: folder,
      onStart: (kill) =>
        hear((step) => {
          if (step !== at || killedAt.includes(at)) return
          killedAt.push(at)
          kill('SIGKILL')
        }),
    })
  }
  hear(() => {})
  const last = await runHere(['ingest', 'docs'], { cwd: folder })
  expect(last.code).toBe(0)
  expect(killedAt).toHaveLength(4)
  // Only what was under way when it was killed is asked for twice.
  expect(steps()).toEqual([...whole.steps(), ...killedAt.map((step) => `m ${step}`)].toSorted())
  const links = (cwd: string) =>
    runHere(
      [
        'query',
        'MATCH (a)-[r]->(b) WHERE r.evidence IS NOT NULL RETURN a.name, type(r), b.name, r.confidence ORDER BY type(r)',
      ],
      { cwd },
    )
  expect((await links(folder)).stdout).toEqual((await links(whole.folder)).stdout)
})
