import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../src/engines/engine.ts'
import type { Reply } from '../src/model/reply.ts'
import { derivation } from '../src/resolve/derivation.ts'
import { openLocalDatabase } from '../src/store/local.ts'
import { Store } from '../src/store/store.ts'
import { serve } from './engines/wire/run.ts'
import type { WireReply, WireScript } from './engines/wire/server.ts'
import { SUBJECTS } from './engines/wire/subjects.ts'
import { ingestTexts } from './ingest-texts.ts'
import { answerWith } from './scripted-engine.ts'

/** What becomes of replies that are no answers, from the wire to the store. */
const ANSWER = answerWith([{ subject: 'Ana', type: 'LEADS', object: 'Bo', quote: 'Ana leads Bo.' }])

function reply(content: string, reasoning_content: string, finish_reason = 'stop'): WireReply {
  return { body: { model: 'odd', choices: [{ message: { content, reasoning_content }, finish_reason }] } }
}

let store: Store
let folder = ''
let runs = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whygraph-odd-'))
  store = new Store(await openLocalDatabase(folder), derivation)
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

async function chunkIds(): Promise<string[]> {
  const { rows } = await store.database.query('MATCH (c:Chunk) RETURN c.id', {}, { seconds: 10 })
  return rows.map(([id]) => String(id))
}

/** Ingests documents of its own, one chunk each. */
async function ingestWith(script: WireScript, subject = 'chat', documents = 1) {
  const server = await serve(script)
  const engine = (await SUBJECTS.find(({ name }) => name === subject)?.engineFor(server.url)) as Engine
  const before = await chunkIds()
  const texts = Array.from({ length: documents }, (_, index) => [`${++runs}.md`, `Ana leads Bo. Part ${index}.\n`])
  const summary = await ingestTexts(store, engine, Object.fromEntries(texts))
  const fresh = (await chunkIds()).filter((id) => !before.includes(id))
  const replies: Reply[] = (await Promise.all(fresh.map((id) => store.repliesAbout(id)))).flat()
  const failures = summary.notes.filter(({ code }) => code === 'chunk-failed').map(({ message }) => message)
  return { server, summary, replies, failures }
}

describe('a reply', () => {
  test('that thought and said nothing is kept, and asked for once more', async () => {
    const { server, summary, replies } = await ingestWith([reply('', 'S1 says so.'), reply(ANSWER, 'S1 says that.')])
    expect(summary).toMatchObject({ chunks: { reasoned: 1 }, proposals: 1 })
    expect(server.requests).toHaveLength(2)
    expect(replies.map(({ reasoning }) => reasoning).toSorted()).toEqual(['S1 says so.', 'S1 says that.'])
  })

  test('that says nothing twice fails', async () => {
    const { server, failures, replies } = await ingestWith([reply('', 'S1 says so.'), reply(' ', 'S1 says so, again.')])
    expect(server.requests).toHaveLength(2)
    expect(replies).toHaveLength(2)
    expect(failures[0]).toMatch(/^the answer is empty/)
  })

  test('whose reasoning took the whole budget is not asked for again', async () => {
    const { server, failures, replies } = await ingestWith(reply('', 'S1 says, and', 'length'))
    expect(server.requests).toHaveLength(1)
    expect(failures[0]).toMatch(/the reasoning took the whole token budget: raise maxOutputTokens/)
    expect(replies).toMatchObject([{ reasoning: 'S1 says, and', finish: 'length', traceKind: 'raw' }])
  })

  test('that refuses says so', async () => {
    const { server, failures, replies } = await ingestWith(reply("I'd rather not.", '', 'content_filter'))
    expect(server.requests).toHaveLength(1)
    expect(failures[0]).toContain("the model refused: I'd rather not.")
    expect(replies).toMatchObject([{ finish: 'refused' }])
  })

  test('that broke off is kept as what it is: part of a summary', async () => {
    const { failures, replies, summary } = await ingestWith({ file: 'responses-failed.sse' }, 'responses')
    expect(summary.chunks).toMatchObject({ failed: 1 })
    expect(failures[0]).toContain('failed to generate')
    expect(replies).toMatchObject([{ finish: 'failed', traceKind: 'summary', model: 'o-example-2026-08-07' }])
    expect(replies[0]?.reasoning).toMatch(/^S1 says/)
  })

  test('without reasoning is counted, not told for each chunk', async () => {
    const { summary } = await ingestWith(reply(ANSWER, ''), 'chat', 2)
    expect(summary.notes.filter(({ code }) => code === 'no-trace')).toEqual([
      { code: 'no-trace', message: 'odd gave no reasoning in 2 of its 2 replies' },
    ])
  })
})
