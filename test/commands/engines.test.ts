import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import { KEY, serve } from '../engines/wire/run.ts'
import { answerWith } from '../scripted-engine.ts'
import { runHere } from '../run-here.ts'
import { parseJson, ROOT, whygraph } from '../whygraph.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-engines-'))
  writeFileSync(join(folder, 'note.md'), 'Zuzana Křížová leads Saltmarsh.\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** From settings to the wire and back: what the command line makes of an engine. */
describe('an engine of the command line', () => {
  const ingest = async (settings: string, environment: Record<string, string>) => {
    writeFileSync(join(folder, 'whygraph.yaml'), settings)
    const args = ['ingest', 'note.md', '--store', mkdtempSync(join(folder, 'store-')), '--json']
    return parseJson<IngestSummary>(await whygraph(args, { cwd: folder, environment }))
  }

  it('responses', async () => {
    const server = await serve({ file: 'openai-responses.sse' })
    const settings = `engine: responses\nmodel: o-example\nbaseUrl: ${server.url}\nreasoningEffort: low\n`
    const summary = await ingest(settings, { OPENAI_API_KEY: KEY })
    expect(summary).toMatchObject({ chunks: { reasoned: 1 }, usage: { 'o-example-2026-08-07': { reasoning: 40 } } })
    expect(server.requests[0]).toMatchObject({
      path: '/v1/responses',
      headers: { authorization: `Bearer ${KEY}` },
      body: { model: 'o-example', reasoning: { effort: 'low', summary: 'detailed' } },
    })
  })

  it('langchain, with the key in the variable of its provider', async () => {
    const server = await serve({ file: 'anthropic.sse' })
    const options = 'options:\n  thinking: { type: enabled, budget_tokens: 2000 }\n'
    const address = server.url.replace('/v1', '')
    const settings = `engine: langchain\nmodel: anthropic:claude-example\nbaseUrl: ${address}\nmaxOutputTokens: 9000\n${options}`
    // OpenAI's key is not for others.
    const summary = await ingest(settings, { ANTHROPIC_API_KEY: KEY, OPENAI_API_KEY: 'sk-of-openai-0123' })
    expect(summary).toMatchObject({ chunks: { reasoned: 1 }, usage: { 'claude-example-20260801': { output: 96 } } })
    const [request] = server.requests
    expect(request).toMatchObject({ path: '/v1/messages', headers: { 'x-api-key': KEY } })
    expect(request?.body).toMatchObject({ model: 'claude-example', max_tokens: 9000, thinking: { type: 'enabled' } })
    expect(JSON.stringify(server.requests)).not.toContain('sk-of-openai')
  })

  it("a variable that was named for an endpoint's key goes before the one for any", async () => {
    const server = await serve({ file: 'openai-responses.sse' })
    const settings = `engine: responses\nmodel: o-example\nbaseUrl: ${server.url}\n`
    const keys = { MY_KEY: KEY, WHYGRAPH_API_KEY: 'sk-of-another-0123' }
    await ingest(`${settings}apiKeyVariable: MY_KEY\n`, keys)
    await ingest(settings, keys)
    const sent = server.requests.map(({ headers }) => headers.authorization)
    expect(sent).toEqual([`Bearer ${KEY}`, 'Bearer sk-of-another-0123'])
  })

  it('align: engine MODEL asks that model which steps belong to which links, and show says so', async () => {
    const links = answerWith([{ subject: 'Zuzana', type: 'LEADS', object: 'Saltmarsh', quote: 'leads Saltmarsh' }])
    const reply = (model: string, content: string, reasoning: string) => {
      const message = { role: 'assistant', content, reasoning_content: reasoning }
      return { body: { object: 'chat.completion', model, choices: [{ index: 0, finish_reason: 'stop', message }] } }
    }
    const server = await serve((request) =>
      (request.body as { model: string }).model === 'small'
        ? reply('small-8b', '{"links": [{"link": 0, "for": [2], "weighing": []}]}', 'T2, plainly.')
        : reply('large-70b', links, 'Somebody is named here. Plainly the head of it.'),
    )
    const settings = `engine: chat\nmodel: large\nbaseUrl: ${server.url}\nstream: false\nalign: engine small\n`
    writeFileSync(join(folder, 'whygraph.yaml'), settings)
    const run = (...args: string[]) => whygraph([...args, '--store', store], { cwd: folder })
    const store = mkdtempSync(join(folder, 'store-'))
    await run('ingest', 'note.md')
    const [{ id }] = parseJson<{ links: [{ id: string }] }>(await run('review', 'list', '--json')).links
    const { stdout } = await run('show', id)
    expect(stdout).toMatch(
      /TRACE {2}1 of 2 steps, verbatim, of large-70b, aligned by engine small-8b\n {3}2 {2}Plainly the head of it\./,
    )
    expect((await run('status')).stdout).toMatch(/small-8b/)
    expect((await run('doctor')).stdout).toMatch(/align: /)
    expect(server.requests.filter(({ path }) => path.endsWith('/chat/completions'))).toHaveLength(2)
  })

  it('align needs an engine that can be asked', async () => {
    for (const align of ['engine small', 'engine']) {
      const refused = await whygraph(['ingest', 'note.md', '--engine', 'rules', '--align', align], { cwd: folder })
      expect(refused.code).toBe(2)
      expect(refused.stderr).toMatch(/rules cannot be asked[^]*align: engine chat MODEL/)
    }
    const slip = await whygraph(['ingest', 'note.md', '--align', 'online'], { cwd: folder })
    expect(slip.code).toBe(2)
    expect(slip.stderr).toMatch(/align \(--align\) is neither offline nor engine/)
  })

  it('replay without a recording: nobody was asked, so no reply is counted', async () => {
    const replies = join(ROOT, 'fixtures/sample/replies')
    const args = ['--engine', 'replay', '--replies', replies, '--store', join(folder, 'unrecorded'), '--json']
    writeFileSync(join(folder, 'whygraph.yaml'), '')
    const summary = parseJson<IngestSummary>(await runHere(['ingest', 'note.md', ...args], { cwd: folder }))
    expect(summary).toMatchObject({ chunks: { failed: 1 }, usage: {} })
  })

  it('langchain without a key: doctor says which variable', async () => {
    const model = ['--engine', 'langchain', '--model', 'anthropic:claude-example']
    writeFileSync(join(folder, 'whygraph.yaml'), 'options: { apiKey: s3cretpass }\n')
    const told = await whygraph(['doctor', ...model], { cwd: folder })
    expect(told.stdout).not.toContain('s3cretpass')
    expect(told.stdout).toMatch(/ok {3}engine: claude-example of anthropic: its package is there/)
    writeFileSync(join(folder, 'whygraph.yaml'), '')
    const { stdout, code } = await whygraph(['doctor', ...model], { cwd: folder })
    expect(stdout).toMatch(/FAIL engine: anthropic:claude-example: .*key[^]*Set ANTHROPIC_API_KEY/)
    expect(code).toBe(6)
  })
})
