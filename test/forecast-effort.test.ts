import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { LARGE, SMALL, startModels, type Models } from '../bench/effort/models.ts'
import { readGold } from '../bench/effort/score.ts'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { SAMPLE } from './recorded.ts'
import { runHere } from './run-here.ts'
import { parseJson } from './whygraph.ts'

let models: Models
beforeAll(async () => {
  models = await startModels(SAMPLE, readGold(SAMPLE).judge)
})
afterAll(() => models.close())

const PRICES = { [SMALL]: { input: 0.05, output: 0.1 }, [LARGE]: { input: 1, output: 4 } }

/** The sample, read by a model that says what was recorded of it, or was made of that. */
function project(model: string) {
  models.forget()
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-forecast-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(SAMPLE, 'repository'), join(folder, 'repository'), { recursive: true })
  rmSync(join(folder, 'repository/data'), { recursive: true, force: true })
  const chat = { engine: 'chat', stream: false, baseUrl: models.url, model, concurrency: 1 }
  const settings = { ...chat, schema: join(SAMPLE, 'schema.yaml'), prices: PRICES }
  writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify(settings))
  return async (...args: string[]): Promise<IngestSummary> =>
    parseJson(await runHere(['ingest', 'repository', '--json', ...args], { cwd: folder }))
}

interface Took {
  readonly calls: number
  readonly tokens: number
  readonly money: number
}

function took({ usage }: IngestSummary, model: string): Took {
  const { replies = 0, input = 0, output = 0, cost = {} } = usage[model] ?? {}
  return { calls: replies, tokens: input + output, money: cost['usd'] ?? 0 }
}

/** Between the ends of the forecast, and these are not so far apart that anything would be. */
function expectBetween(real: Took, { plan }: IngestSummary): void {
  const [least] = plan?.models ?? []
  const most = least?.most ?? least
  const ends = {
    calls: [least?.calls, most?.calls],
    tokens: [(least?.input ?? 0) + (least?.output ?? 0), (most?.input ?? 0) + (most?.output ?? 0)],
    money: [plan?.cost ?? 0, plan?.most?.cost ?? plan?.cost ?? 0],
  }
  for (const what of ['calls', 'tokens', 'money'] as const) {
    const [low = 0, high = 0] = ends[what]
    expect([what, real[what]]).toEqual([what, Math.min(high, Math.max(low, real[what]))])
    expect([what, high / real[what] < 7, real[what] / low < 7]).toEqual([what, true, true])
  }
}

it('what a small model takes with some effort is between the ends of the forecast', { timeout: 60_000 }, async () => {
  const ingest = project(SMALL)
  const planned = await ingest('--effort', 'standard', '--dry-run')
  expectBetween(took(await ingest('--effort', 'standard'), SMALL), planned)
})

it('what a large one takes is so at once, and where the effort is raised later', { timeout: 60_000 }, async () => {
  const ingest = project(LARGE)
  const atOnce = await ingest('--effort', 'thorough', '--dry-run')
  const inAll = { calls: 0, tokens: 0, money: 0 }
  for (const effort of ['quick', 'standard', 'thorough']) {
    const planned = await ingest('--effort', effort, '--dry-run')
    const real = took(await ingest('--effort', effort), LARGE)
    if (effort !== 'quick') expectBetween(real, planned)
    for (const what of ['calls', 'tokens', 'money'] as const) inAll[what] += real[what]
  }
  expectBetween(inAll, atOnce)
})
