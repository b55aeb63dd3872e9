import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import { KEY, serve } from '../engines/wire/run.ts'
import type { WireScript } from '../engines/wire/server.ts'
import { pairAnswer } from '../pairs.ts'
import { parseJson, whygraph } from '../whygraph.ts'

vi.setConfig({ testTimeout: 600_000 })

type ChatBody = { readonly model: string; readonly messages: readonly { readonly content: string }[] }

const said = (content: string) => ({
  body: {
    choices: [{ message: { content, reasoning_content: 'S1 and S2 name both.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 9, completion_tokens: 9 },
  },
})

/** Answers about chunks by naming the organisation that they begin with; about pairs by quoting each unit. */
const chat: WireScript = ({ body }) => {
  const [{ content = '' } = {}] = (body as ChatBody).messages
  const units = [...content.matchAll(/^\[S(\d+)\] (.*)$/gm)].map(([, s, text]) => [Number(s), text ?? ''] as const)
  if (content.startsWith('Two names')) return said(pairAnswer(units))
  const name = units[0]?.[1].replace(/ (?:said|agreed).*/, '') ?? ''
  const entities = [{ id: 'e1', name, type: 'Organization', aliases: [], mentions: [1] }]
  return said(JSON.stringify({ summary: '', labels: [], entities, links: [], rejected: [] }))
}

const vectors: WireScript = ({ body }) => {
  const { input } = body as { input: string[] }
  const data = input.map((name, index) => ({ index, embedding: [1, name.length / 1000, 0.5] }))
  return { body: { data, usage: { prompt_tokens: 4 } } }
}

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'minutes'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

it('settings name who is asked about names and pairs; each server is told its own key', async () => {
  const models = await serve({
    routes: { '/v1/chat/completions': chat, '/v1/models': { body: { data: [{ id: 'm' }, { id: 'judge' }] } } },
  })
  const embedder = await serve({
    routes: { '/v1/embeddings': vectors, '/v1/models': { body: { data: [{ id: 'embedder' }] } } },
  })
  const folder = project({
    'minutes/a.txt': 'Pentagon said no.',
    'minutes/b.txt': 'Defense Department agreed.',
    'whygraph.yaml': [
      `engine: chat\nmodel: m\nbaseUrl: ${models.url}\nstream: false\nresolve: engine judge`,
      `embed: embedder\nembedBaseUrl: ${embedder.url}\n`,
    ].join('\n'),
  })
  const environment = { OPENAI_API_KEY: KEY }
  const options = { cwd: folder, environment }
  const summary = parseJson<IngestSummary>(await whygraph(['ingest', 'minutes', '--json'], options))
  expect(summary).toMatchObject({
    chunks: { reasoned: 2 },
    embedded: { asked: 2, failed: 0 },
    pairs: { one: 1, failed: 0 },
  })
  expect(Object.keys(summary.usage).toSorted()).toEqual(['embedder', 'judge', 'm'])
  expect(models.requests.map(({ body }) => (body as ChatBody).model).toSorted()).toEqual(['judge', 'm', 'm'])
  expect(embedder.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true)

  const again = await whygraph(['ingest', 'minutes'], options)
  expect(again.stdout).toContain('pairs      1 known before')
  expect(again.code).toBe(0)
  expect(models.requests).toHaveLength(3)
  const doctor = await whygraph(['doctor'], options)
  expect(doctor.stdout).toMatch(/ok {3}resolve: judge at .*it answers and knows the model/)
  expect(doctor.stdout).toMatch(/ok {3}embed: embedder at .*it answers and knows the model/)
  const deep = await whygraph(['doctor', '--deep'], options)
  expect(deep.code).toBe(0)
})

it.each([
  ['resolve: perhaps', /neither rules nor engine/],
  ['resolve: engine', /engine rules cannot be asked/],
])('%s is refused, with what to write', async (line, message) => {
  const folder = project({ 'minutes/a.txt': 'Pentagon said no.', 'whygraph.yaml': `${line}\n` })
  const { code, stderr } = await whygraph(['ingest', 'minutes'], { cwd: folder })
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
