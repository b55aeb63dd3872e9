import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import type { LeftOut } from '../../src/lessons/left-out.ts'
import type { StoredLink } from '../../src/store/records.ts'
import { readReply } from '../../src/store/reply-records.ts'
import { KEY, serve } from '../engines/wire/run.ts'
import type { WireScript } from '../engines/wire/server.ts'
import { SAMPLE, sampleReplies } from '../recorded.ts'
import { runHere } from '../run-here.ts'
import { answerWith, type ScriptedLink } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { parseJson } from '../whygraph.ts'

const replies = sampleReplies().filter(({ model }) => model === 'reasoner-large')

/** The recorded replies of the sample, over HTTP. */
const model: WireScript = ({ body }) => {
  const [{ content: prompt = '' } = {}] = (body as { messages: { content: string }[] }).messages
  const reply = replies.find(({ units }) => units.every(({ text }) => prompt.includes(text)))
  const { content, reasoning: reasoning_content } = reply ?? { content: '{}', reasoning: '' }
  const usage = { prompt_tokens: 900, completion_tokens: 900 }
  return { body: { choices: [{ message: { content, reasoning_content }, finish_reason: 'stop' }], usage } }
}

/** Whoever leads what, as a text says it. */
const reading: WireScript = ({ body }) => {
  const [{ content: prompt = '' } = {}] = (body as { messages: { content: string }[] }).messages
  const links = [...prompt.matchAll(/^\[S1\] ((\w+) leads (\w+)\.)/gm)].map(
    ([, quote = '', subject = '', object = '']): ScriptedLink => ({ subject, type: 'LEADS', object, quote }),
  )
  return { body: { choices: [{ message: { content: answerWith(links) }, finish_reason: 'stop' }] } }
}

eachStoreAtLength('decided links as examples in prompts', (open) => {
  it('are in the prompt that is trained on, as long as it can be written again', { timeout: 240_000 }, async () => {
    const { address, environment } = await open()
    const server = await serve({ routes: { '/v1/chat/completions': reading } })
    const folder = mkdtempSync(join(tmpdir(), 'whygraph-examples-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const settings = `engine: chat\nmodel: m\nbaseUrl: ${server.url}\nstream: false\nreviewer: rita\n`
    const run = (...args: string[]) =>
      runHere([...args, '--store', address], { cwd: folder, environment: { ...environment, OPENAI_API_KEY: KEY } })
    const accept = async (): Promise<void> => {
      const { links } = parseJson<{ links: StoredLink[] }>(await run('review', 'list', '--json'))
      for (const { id } of links) expect(await run('review', 'accept', id)).toMatchObject({ code: 0 })
    }
    writeFileSync(join(folder, 'whygraph.yaml'), settings)
    writeFileSync(join(folder, 'a.txt'), 'Ana leads Kestrel.')
    writeFileSync(join(folder, 'b.txt'), 'Ben leads Osprey.')
    await run('ingest', 'a.txt')
    await accept()
    await run('review', 'export', '--format', 'few-shot', '--out', 'cases')
    const lines = (of: string): string[] =>
      ['train', 'valid', 'test']
        .flatMap((split) => readFileSync(join(folder, of, `${split}.jsonl`), 'utf8').split('\n'))
        .filter((line) => line !== '')
    expect(lines('cases')).toHaveLength(1)
    writeFileSync(join(folder, 'examples.jsonl'), lines('cases').join('\n'))
    writeFileSync(join(folder, 'whygraph.yaml'), `${settings}examples: examples.jsonl\n`)
    await run('ingest', 'b.txt')
    await accept()

    expect(await run('review', 'export', '--format', 'sft', '--out', 'chats')).toMatchObject({ code: 0 })
    const [chat, ...others] = lines('chats').map((line) => JSON.parse(line) as { messages: { content: string }[] })
    expect(others).toEqual([])
    const [prompt = ''] = (chat?.messages ?? []).map(({ content }) => content)
    expect(prompt).toContain('<judged>\nyes: Ana (Actor) LEADS Kestrel (Actor): "Ana leads Kestrel."\n</judged>')
    expect(prompt).toContain('[S1] Ben leads Osprey.')
    const leftOut = async () =>
      parseJson<{ leftOut: object }>(await run('review', 'export', '--format', 'sft', '--json')).leftOut
    expect(await leftOut()).toEqual({ shown: 1 })
    writeFileSync(join(folder, 'whygraph.yaml'), settings)
    expect(await leftOut()).toEqual({ shown: 1, 'prompt-changed': 1 })
  })

  it(
    'what people decided is exported, shown to the model that is asked next, and then no evidence any more',
    { timeout: 240_000 },
    async () => {
      const { store, address, environment } = await open()
      const server = await serve({ routes: { '/v1/chat/completions': model } })
      const folder = mkdtempSync(join(tmpdir(), 'whygraph-examples-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const settings = [
        `engine: chat\nmodel: m\nbaseUrl: ${server.url}\nstream: false\nreviewer: rita\nsource: sample`,
        `schema: ${join(SAMPLE, 'schema.yaml')}\n`,
      ].join('\n')
      writeFileSync(join(folder, 'whygraph.yaml'), settings)
      const run = (...args: string[]) =>
        runHere([...args, '--store', address], { cwd: folder, environment: { ...environment, OPENAI_API_KEY: KEY } })
      const ingest = async (name: string, ...more: string[]) =>
        parseJson<IngestSummary>(await run('ingest', join(SAMPLE, 'repository', name), '--json', ...more))
      const prompts = (): string[] =>
        server.requests.map(({ body }) => (body as { messages: { content: string }[] }).messages[0]?.content ?? '')

      // The memo and the charter are read and reviewed.
      for (const name of ['documents/memo-disputed-invoice.txt', 'documents/project-charter.md']) await ingest(name)
      const isPlain = (link: StoredLink): boolean =>
        link.conflictsWith === undefined && link.betweenLinks === undefined && link.type !== 'LABELLED'
      const links = (await store.links(['proposed'])).filter((link) => isPlain(link) && link.type !== 'SAME_AS')
      const [wrong, ...right] = links
      await run('review', 'reject', wrong?.id ?? '', '--reason', 'wrong type')
      for (const { id } of right) expect(await run('review', 'accept', id)).toMatchObject({ code: 0 })
      expect(await run('review', 'export', '--format', 'few-shot', '--out', 'cases')).toMatchObject({ code: 0 })
      const cases = ['train', 'valid', 'test'].map((split) =>
        readFileSync(join(folder, 'cases', `${split}.jsonl`), 'utf8'),
      )
      const file = join(folder, 'examples.jsonl')
      writeFileSync(file, cases.join(''))

      // The call is read with what they decided.
      writeFileSync(join(folder, 'whygraph.yaml'), `${settings}examples: examples.jsonl\nexampleTokens: 400\n`)
      const call = 'meetings/2025-06-24-dovrelund-call.txt'
      const { plan } = await ingest(call, '--dry-run')
      expect(plan).toMatchObject({ again: 0, withExamples: 1 })
      const before = server.requests.length
      await ingest(call)
      expect(server.requests).toHaveLength(before + 1)
      const [prompt = ''] = prompts().slice(-1)
      expect(prompt).toMatch(/<judged>\nno, wrong type: .*\nyes: /)
      const shown = (await store.database.read((reader) => reader.list('Reply')))
        .map(readReply)
        .flatMap(({ examples }) => examples ?? [])
      expect(shown).toContain(wrong?.id)
      expect(links.map(({ id }) => id)).toEqual(expect.arrayContaining(shown))

      // What the model was shown is no case of an evaluation.
      const exported = parseJson<{ leftOut: Partial<Record<LeftOut, number>> }>(
        await run('review', 'export', '--format', 'few-shot', '--json'),
      )
      expect(exported.leftOut.shown).toBe(shown.length)

      // The same again costs nothing, in another order too; other decisions ask again, and the dry run says so.
      writeFileSync(file, cases.join('').trim().split('\n').toReversed().join('\n'))
      await ingest(call)
      expect(server.requests).toHaveLength(before + 1)
      writeFileSync(file, cases.join('').trim().split('\n').slice(1).join('\n'))
      const dry = await run('ingest', join(SAMPLE, 'repository', call), '--dry-run')
      expect(dry.stdout).toContain('1 of them about chunks that were read before')
      expect(dry.stdout).toContain('1 of the prompts have room for examples')
      await ingest(call)
      expect(server.requests).toHaveLength(before + 2)

      // A file that is none is refused, with its line.
      writeFileSync(file, `${cases.join('').split('\n')[0]}\n{"format":"whygraph-case-1"}\n`)
      const refused = await run('ingest', join(SAMPLE, 'repository', call))
      expect(refused).toMatchObject({ code: 2 })
      expect(refused.stderr).toContain('examples.jsonl, line 2: id is missing')
    },
  )
})
