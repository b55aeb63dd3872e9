import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { ask } from '../../src/extract/ask.ts'
import { NO_JOURNAL, type Journal } from '../../src/extract/journal.ts'
import { renderPrompt } from '../../src/extract/prompt.ts'
import { FileJournal } from '../../src/journal/file-journal.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import type { Question } from '../../src/model/question.ts'
import { loadSettings } from '../../src/settings.ts'
import { createEngine } from '../../src/wiring.ts'
import { startTimedServer } from '../../test/kill-rounds.ts'

/**
 * What the journal adds to receiving replies over HTTP, store and all else left out: the same replies with and without
 * it, in turns, in processor time and in time.
 * npm run bench:journal -- [REPLIES] [PIECES_A_REPLY] [ROUNDS]
 */
const [replies = 200, pieces = 400, rounds = 6] = process.argv.slice(2).map(Number)
const server = await startTimedServer(pieces, 0)
const folder = mkdtempSync(join(tmpdir(), 'whygraph-bench-journal-'))
const settings = loadSettings(folder, {}, { engine: 'chat', model: 'r1', baseUrl: server.url })
const engine = await createEngine(settings, {}, () => {})

async function receive(journal: Journal): Promise<{ cpu: number; wall: number }> {
  const started = performance.now()
  const before = process.cpuUsage()
  const inSlot = pLimit(8)
  await Promise.all(
    Array.from({ length: replies }, (_, i) =>
      inSlot(async () => {
        const question: Question = {
          source: { title: 'a', kind: 'document', date: null, language: null },
          units: [{ s: 1, kind: 'sentence', speaker: null, start: null, text: `Ana Ruiz${i} leads Team T${i}.` }],
          schema: DEFAULT_SCHEMA,
          known: [],
        }
        const context = { chunkId: `c${i}`, fingerprint: 'f', requestHash: `r${i}`, runId: 'r', journal }
        const request = { question, prompt: renderPrompt(question) }
        const { error, entry } = await ask(engine, request, context, new AbortController().signal)
        if (error !== null) throw error
        entry.drop()
      }),
    ),
  )
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / 1000 / replies, wall: (performance.now() - started) / replies }
}

await receive(NO_JOURNAL) // warm
const results = { without: [] as { cpu: number; wall: number }[], with: [] as { cpu: number; wall: number }[] }
for (let round = 0; round < rounds; round++) {
  const journal = new FileJournal(join(folder, 'replies'), 'bench', (text) => process.stderr.write(`${text}\n`))
  const turns = [
    async () => results.without.push(await receive(NO_JOURNAL)),
    async () => results.with.push(await receive(journal)),
  ]
  for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
  journal.close()
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
const of = (key: 'with' | 'without', what: 'cpu' | 'wall'): number => median(results[key].map((one) => one[what]))
for (const what of ['cpu', 'wall'] as const)
  process.stdout.write(
    `${what}: ${of('without', what).toFixed(2)} ms a reply without, ${of('with', what).toFixed(2)} with journal, ` +
      `× ${(of('with', what) / of('without', what)).toFixed(3)}\n`,
  )
server.close()
rmSync(folder, { recursive: true })
