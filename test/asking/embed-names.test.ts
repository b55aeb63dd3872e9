import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Account } from '../../src/asking/account.ts'
import { createAsk } from '../../src/asking/ask-paid.ts'
import { createEmbedNames } from '../../src/asking/embed-names.ts'
import { createEmbeddingEngine } from '../../src/engines/embeddings.ts'
import { NO_JOURNAL } from '../../src/extract/journal.ts'
import type { Reply } from '../../src/model/reply.ts'
import { signatureOf } from '../../src/resolve/identity/identity.ts'
import { SIGNATURE_FILE, SignatureFile } from '../../src/signatures/signature-file.ts'
import { fakeClock, KEY, serve } from '../engines/wire/run.ts'
import type { WireReply, WireScript } from '../engines/wire/server.ts'

const vectorOf = (name: string): number[] => [name.length, name.charCodeAt(0) - 90, 1]
const MODELS = { embedder: { input: 2, cachedInput: 2, output: 0, reasoning: 0 } }

type Body = { readonly input: string[]; readonly model: string }

/** What a server of embeddings says, here in the wrong order, as it may. */
function embeddings(names: readonly string[]): WireReply {
  const data = names.map((name, index) => ({ object: 'embedding', index, embedding: vectorOf(name) })).toReversed()
  return {
    body: { object: 'list', data, model: 'embedder', usage: { prompt_tokens: 4 * names.length, total_tokens: 9 } },
  }
}

const good: WireScript = ({ body }) => embeddings((body as Body).input)

function tempFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, SIGNATURE_FILE)
}

/** A run that asks a server. */
async function start(script: WireScript, path = tempFile(), tokens = 1e6, model = 'embedder') {
  const { url, requests } = await serve({ routes: { '/v1/embeddings': script } })
  const engine = createEmbeddingEngine({ model, apiKey: KEY, baseUrl: url, clock: fakeClock(), retries: 1 })
  const paid: Reply[] = []
  const budget = { value: tokens, unit: 'tokens' }
  const onPaid = (reply: Reply) => void paid.push(reply)
  const account = new Account({ prices: { currency: 'usd', models: MODELS }, budget, earlier: [], onPaid })
  const { signal } = new AbortController()
  const nothing = async () => {}
  const common = { concurrency: 4, limit: Infinity, runId: 'run', journal: NO_JOURNAL, begin: nothing, keep: nothing }
  const ask = createAsk({ ...common, account, signal })
  const signatures = new SignatureFile(path, model)
  onTestFinished(() => signatures.close())
  return { embed: createEmbedNames({ engine, signatures }, ask), requests, paid, account, signatures, path }
}

it('asks about many names in a request, and keeps what comes by name', async () => {
  const { embed, requests, paid, signatures } = await start(good)
  const names = Array.from({ length: 150 }, (_, at) => `Name ${at}`)
  expect(await embed([...names, 'Name 1', ' '])).toEqual({ known: 1, asked: 150, left: 0, failed: [], refused: [] })
  expect(requests.map(({ body }) => (body as Body).input.length).toSorted()).toEqual([22, 64, 64])
  expect(requests[0]?.body).toMatchObject({ model: 'embedder', encoding_format: 'float' })
  expect(requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
  for (const name of names) expect(signatures.of(name)).toEqual(signatureOf(vectorOf(name)))
  expect(paid.map(({ cost }) => cost?.basis)).toEqual(['counted', 'counted', 'counted'])
  expect(paid.reduce((sum, { usage }) => sum + (usage.input ?? 0), 0)).toBe(600)
})

it('a name that is known is not asked about again, by whatever run; another model is', async () => {
  const first = await start(good)
  await first.embed(['Ana Ruiz', 'Bo Lind'])
  const second = await start(good, first.path)
  expect(await second.embed(['Bo Lind', 'Cy Dahl'])).toEqual({ known: 1, asked: 1, left: 0, failed: [], refused: [] })
  expect(second.requests.map(({ body }) => (body as Body).input)).toEqual([['Cy Dahl']])
  const other = await start(good, first.path, 1e6, 'other')
  expect(await other.embed(['Bo Lind'])).toMatchObject({ known: 0, asked: 1 })
})

it('a name that the server does not take costs itself only', async () => {
  const picky: WireScript = ({ body }) =>
    (body as Body).input.includes('Bad')
      ? { status: 400, body: { error: { message: 'input 3 is not valid', code: 'invalid_input' } } }
      : embeddings((body as Body).input)
  const { embed, requests } = await start(picky)
  const { asked, failed, refused } = await embed(['A', 'B', 'C', 'Bad', 'D', 'E', 'F', 'G'])
  expect([asked, failed]).toEqual([7, []])
  expect(refused).toEqual([{ name: 'Bad', message: expect.stringContaining('input 3 is not valid') }])
  expect(requests).toHaveLength(7)
})

it('a server that is overloaded is asked again; one that fails is said to, and the next run asks', async () => {
  const busy = [{ status: 429, body: { error: { message: 'slow down' } } }, embeddings(['A'])]
  expect(await (await start(busy)).embed(['A'])).toMatchObject({ asked: 1, failed: [] })
  const path = tempFile()
  const { embed } = await start({ status: 500, body: { error: { message: 'no memory' } } }, path)
  expect(await embed(['A'])).toMatchObject({
    asked: 0,
    failed: [{ name: 'A', message: expect.stringContaining('no memory') }],
  })
  expect(await (await start(good, path)).embed(['A'])).toMatchObject({ known: 0, asked: 1 })
})

it('one that refuses the key is asked no more', async () => {
  const { embed, requests } = await start({ status: 401, file: 'error-401.json' })
  const names = Array.from({ length: 1000 }, (_, at) => `Name ${at}`)
  const { asked, left, failed } = await embed(names)
  expect([asked, left + failed.length]).toEqual([0, 1000])
  expect(requests.length).toBeLessThan(9)
  expect(JSON.stringify(failed)).not.toContain(KEY)
})

it('stops at the budget, and what is left is said', async () => {
  const { embed, account } = await start(good, tempFile(), 800)
  const names = Array.from({ length: 128 }, (_, at) => `N${at}`)
  expect(await embed(names)).toEqual({ known: 0, asked: 64, left: 64, failed: [], refused: [] })
  expect(account.budget?.spent).toBe(256)
})

it.each<[string, object]>([
  ['1 vectors came for 2 names', { data: [{ index: 0, embedding: [1, 2] }] }],
  [
    'dimensions',
    {
      data: [
        { index: 0, embedding: [1, 2] },
        { index: 1, embedding: [1] },
      ],
    },
  ],
  [
    'points nowhere',
    {
      data: [
        { index: 0, embedding: [0, 0] },
        { index: 1, embedding: [0, 0] },
      ],
    },
  ],
  ['no embeddings', { data: [{ index: 0, embedding: 'AAAA' }] }],
  ['no embeddings', { choices: [] }],
])('a response of no use fails, and it is said why: %s', async (why, body) => {
  const { embed } = await start({ body })
  const { asked, failed, refused } = await embed(['A', 'B'])
  expect(asked).toBe(0)
  expect([...failed, ...refused].map(({ message }) => message.includes(why))).toEqual([true, true])
})

it('holds no word of a name', async () => {
  const { embed, signatures, path } = await start(good)
  await embed(['Zuzana Krizova'])
  signatures.close()
  expect(readFileSync(path, 'latin1')).not.toMatch(/Zuzana|Krizova/)
})

it('a file that is damaged is said to be so, with what to do', () => {
  const path = tempFile()
  writeFileSync(path, 'no database, but long enough to be looked at as one. '.repeat(20))
  expect(() => new SignatureFile(path, 'm').of('A')).toThrow(expect.objectContaining({ code: 'signatures' }))
})
