import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { findDeadUrl, startWireServer, type WireServer } from '../engines/wire/server.ts'
import { SAMPLE } from '../recorded.ts'
import { runHere } from '../run-here.ts'
import { type Finished, parseJson, type RunOptions } from '../whygraph.ts'

const SECRET = 'sk-secret-that-nobody-may-see'
let folder: string
let server: WireServer
const run = (
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'environment' | 'input'> = {},
): Promise<Finished> => runHere(args, { cwd: folder, ...options })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-bad-'))
  writeFileSync(join(folder, 'note.md'), 'Ana Ruiz leads the Billing Team.\n')
  writeFileSync(join(folder, 'empty.md'), '')
  writeFileSync(join(folder, 'binary.txt'), Buffer.from('%PDF-1.7\n\u0000\u0001\u0002'.repeat(50), 'latin1'))
  mkdirSync(join(folder, 'nothing/.hidden'), { recursive: true })
  server = await startWireServer({
    status: 401,
    body: { error: { message: `Incorrect API key provided: ${SECRET}`, code: 'invalid_api_key' } },
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A message that says what, where and what to do; no stack trace; the exit code. */
function refuses(finished: Finished, code: number, ...says: readonly RegExp[]): void {
  expect(finished.stderr + finished.stdout).not.toMatch(/\n\s+at /)
  for (const pattern of says) expect(finished.stderr).toMatch(pattern)
  expect(finished.code).toBe(code)
}

describe('bad input: what, where, what to do next, and the exit code', () => {
  it('a missing path', async () => refuses(await run(['ingest', 'nosuch.md']), 2, /nosuch\.md/, /no such file/))
  it('a folder without files', async () =>
    refuses(await run(['ingest', 'nothing']), 2, /no files in nothing/, /path right/))
  it('an empty path, a mistyped store', async () => {
    refuses(await run(['ingest', '']), 2, /empty/, /variable/)
    refuses(await run(['status', '--store', 'typo']), 3, /no store at .*typo/, /ingest/)
    refuses(await run(['ingest', 'nosuch', '--store', 'typo']), 2, /nosuch/)
    expect(existsSync(join(folder, 'typo'))).toBe(false)
  })
  it('a dry run leaves nothing behind', async () => {
    const finished = await run(['ingest', 'note.md', '--dry-run', '--json', '--store', 'dry'])
    expect(parseJson(finished)).toMatchObject({ documents: { new: 1 }, chunks: { pending: 1 }, replies: { asked: 0 } })
    expect(existsSync(join(folder, 'dry'))).toBe(false)
  })
  it('one wrong id among several decides nothing', async () => {
    const store = join(folder, 'several')
    await run(['ingest', '--job', join(SAMPLE, 'job.yaml'), '--store', store])
    const listed = await run(['review', 'list', '--json', '--limit', '2', '--store', store])
    const [one, two] = parseJson<{ links: { id: string }[] }>(listed).links.map((link) => link.id)
    const decide = ['review', 'accept', one as string, 'zzzzzzzz', two as string, '--reviewer', 'r', '--store', store]
    refuses(await run(decide), 3, /zzzzzzzz/)
    expect((await run(['review', 'log', '--verify', '--store', store])).stdout).toMatch(/^0 decisions/)
  })
  it('a binary file under a text name fails, an empty one is passed over, the rest goes on', async () => {
    const finished = await run(['ingest', 'note.md', 'empty.md', 'binary.txt', '--json'])
    expect(finished.code).toBe(1)
    const summary = parseJson<{ documents: object; notes: { code: string; where: string; message: string }[] }>(
      finished,
    )
    expect(summary.documents).toMatchObject({ new: 1, skipped: 1, failed: 1 })
    expect(summary.notes.find((note) => note.where === 'binary.txt')?.message).toMatch(/PDF/)
    expect(summary.notes.find((note) => note.where === 'empty.md')?.code).toBe('file-skipped')
  })
  it('a setting that does not exist', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'engin: chat\n')
    refuses(await run(['status', '--config', 'bad.yaml']), 2, /no setting 'engin'/, /bad\.yaml/, /engine/)
  })
  it('a setting with a wrong value', async () => {
    refuses(await run(['ingest', 'note.md', '--concurrency', 'many']), 2, /concurrency \(--concurrency\)/)
    refuses(
      await run(['status'], { environment: { WHYGRAPH_ENGINE: 'gpt' } }),
      2,
      /engine \(WHYGRAPH_ENGINE\)/,
      /rules/,
    )
  })
  it.each([
    ['concurrency: many', 'concurrency', 'must be a number'],
    ['concurrency: 0', 'concurrency', 'must be at least 1'],
    ['stream: perhaps', 'stream', 'must be true or false'],
    ['engine: magic', 'engine', 'must be one of rules, replay, chat, responses, langchain'],
    ['baseUrl: nowhere', 'baseUrl', 'must be an address that begins with http:// or https://'],
    ['prices: 7', 'prices', 'must name models: MODEL: { input: 0.55, output: 2.19 }'],
  ])('of %s in a settings file, the line and what is expected', async (line, name, expected) => {
    writeFileSync(join(folder, 'typed.yaml'), `# ours\nreviewer: rita\n${line}\n`)
    const { stderr, code } = await run(['status', '--config', 'typed.yaml'])
    expect(code).toBe(2)
    expect(stderr).toContain(`${name} (${join(folder, 'typed.yaml')}, line 3) ${expected}\n`)
  })
  it('a settings file that is no YAML', async () => {
    writeFileSync(join(folder, 'worse.yaml'), 'engine: [chat\n')
    refuses(await run(['status', '--config', 'worse.yaml']), 2, /worse\.yaml, line 2: is not valid YAML/)
  })
  it('a schema that is none', async () => {
    writeFileSync(join(folder, 'schema.yaml'), 'linkTypes:\n  - name: leads\n')
    const args = ['ingest', 'note.md', '--schema', 'schema.yaml']
    refuses(await run(args), 2, /schema\.yaml, line 2: linkTypes\[1\]\.name must be written like REPORTS_TO/)
  })
  it('a folder of a job that is not there, by its source', async () => {
    writeFileSync(join(folder, 'job.yaml'), 'sources:\n  - name: minutes\n    folder: absent\n')
    refuses(
      await run(['ingest', '--job', 'job.yaml']),
      2,
      /absent: no such folder\nIt is the folder of source minutes: correct it in the job file/,
    )
  })
  it('an empty name of a reviewer, where it was given', async () => {
    const args = ['review', 'accept', 'abcd', '--reviewer', ' ']
    refuses(await run(args), 2, /reviewer \(--reviewer\) is empty\nGive a name, or leave it out/)
  })
  it('an unknown engine, command and flag', async () => {
    refuses(await run(['ingest', 'note.md', '--engine', 'magic']), 2, /engine \(--engine\)/, /chat/)
    refuses(await run(['dance']), 2, /unknown command 'dance'/)
    refuses(await run(['review', 'acept', 'x']), 2, /review has no command 'acept'/)
    refuses(await run(['status', '--fast']), 2, /unknown option '--fast'/)
  })
  it('chat without a model, replay without replies, Neo4j without a password', async () => {
    refuses(await run(['ingest', 'note.md', '--engine', 'chat']), 2, /no model is named/, /--model/)
    refuses(await run(['ingest', 'note.md', '--engine', 'replay']), 2, /which replies/, /--replies/)
    refuses(await run(['status', '--store', 'neo4j://127.0.0.1:1']), 2, /no password/, /NEO4J_PASSWORD/)
  })
  it('a wrong key stops the job, keeps what was read, and never shows the key', async () => {
    const store = join(folder, 'wrong-key')
    const args = ['ingest', 'note.md', '--store', store, '--engine', 'chat', '--model', 'm', '--base-url', server.url]
    const finished = await run([...args, '--debug'], { environment: { OPENAI_API_KEY: SECRET } })
    expect(finished.code).toBe(6)
    expect(finished.stdout).toMatch(/stopped .*401/)
    expect(finished.stdout).toMatch(/OPENAI_API_KEY/)
    expect(finished.stdout + finished.stderr).not.toContain(SECRET)
    const status = parseJson<{ chunks: object }>(await run(['status', '--json', '--store', store]))
    expect(status.chunks).toEqual({ pending: 1 })
    // Never a silent fall-back to rules.
    const tokens = parseJson<{ usage: unknown[] }>(await run(['status', '--json', '--store', store]))
    expect(tokens.usage).toEqual([])
  })
  it('a model that is not there', async () => {
    const url = await findDeadUrl()
    const finished = await run(['doctor', '--engine', 'chat', '--model', 'm', '--base-url', url])
    expect(finished.stdout).toMatch(/FAIL engine/)
    expect(finished.code).toBe(6)
  })
  it('a store that is down', async () => {
    const environment = { NEO4J_PASSWORD: 'x' }
    refuses(await run(['status', '--store', 'neo4j://127.0.0.1:9'], { environment }), 6, /127\.0\.0\.1:9/, /running/)
  })
  it('a store that is no store', async () => {
    const broken = join(folder, 'broken')
    mkdirSync(broken)
    writeFileSync(join(broken, 'whygraph.db'), 'this is not a database, whatever its name says'.repeat(100))
    refuses(await run(['status', '--store', broken]), 6, /whygraph\.db/)
  })
  it('an unknown id, one that is too short, and one that fits several', async () => {
    const store = join(folder, 'sample')
    await run(['ingest', '--job', join(SAMPLE, 'job.yaml'), '--store', store])
    refuses(await run(['show', 'zzzzzzzz', '--store', store]), 3, /'zzzzzzzz'/, /search/)
    refuses(await run(['review', 'accept', 'zzzzzzzz', '--reviewer', 'r', '--store', store]), 3, /no link/)
    refuses(await run(['show', 'a', '--store', store]), 2, /too short/, /4 characters/)
    const log = parseJson<{ links: { id: string }[] }>(
      await run(['review', 'list', '--json', '--limit', '1', '--store', store]),
    )
    const id = log.links[0]?.id as string
    await run(['review', 'accept', id, '--reviewer', 'r', '--store', store])
    await run(['review', 'reject', id, '--reviewer', 'r', '--store', store])
    refuses(await run(['show', '01K', '--store', store]), 2, /too short/)
    const decisions = parseJson<{ decisions: { id: string }[] }>(
      await run(['review', 'log', '--json', '--store', store]),
    ).decisions
    const shared = commonPrefix(decisions.map((one) => one.id))
    refuses(await run(['show', shared, '--store', store]), 2, /fits \d ids/, /more of its characters/)
  })
  it('a Cypher syntax error, a write, a file read, a missing parameter', async () => {
    const store = join(folder, 'sample')
    refuses(await run(['query', 'MATCH (n RETURN n', '--store', store]), 2, /error: /)
    refuses(await run(['query', 'MATCH (n) DETACH DELETE n', '--store', store]), 5, /refused.*DETACH/, /review/)
    refuses(await run(['query', "LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l", '--store', store]), 5, /LOAD CSV/i)
    refuses(await run(['query', 'RETURN $nothing', '--store', store]), 2, /nothing/)
  })
  it('deciding on a revision that moved', async () => {
    const store = join(folder, 'sample')
    const { links } = parseJson<{ links: { id: string; rev: number }[] }>(
      await run(['review', 'list', '--json', '--limit', '1', '--store', store]),
    )
    const { id, rev } = links[0] as { id: string; rev: number }
    const decide = (verdict: string, reviewer: string): Promise<Finished> =>
      run(['review', verdict, id, '--reviewer', reviewer, '--expect-rev', String(rev), '--store', store])
    expect((await decide('accept', 'ana')).code).toBe(0)
    refuses(await decide('reject', 'ben'), 4, /revision/, /ana chose accept/)
  })
})

describe.skipIf(inject('neo4jUri') === null)('bad input with Neo4j', () => {
  const store = inject('neo4jUri') ?? ''
  const environment = { NEO4J_USERNAME: inject('neo4jUsername'), NEO4J_PASSWORD: inject('neo4jPassword') }
  it('a wrong password', async () => {
    const finished = await run(['status', '--store', store], { environment: { NEO4J_PASSWORD: 'wrong-secret' } })
    refuses(finished, 6, /NEO4J_PASSWORD/)
    expect(finished.stderr).not.toContain('wrong-secret')
  })
  it('a Cypher syntax error and a write', async () => {
    refuses(await run(['query', 'MATCH (n RETURN n', '--store', store], { environment }), 2, /error: /)
    refuses(
      await run(['query', 'CREATE (n) RETURN n', '--store', store], { environment }),
      5,
      /more than reading: CREATE/,
    )
  })
})

function commonPrefix(ids: readonly string[]): string {
  const [first = '', second = ''] = ids
  let length = 0
  while (first[length] === second[length]) length++
  return first.slice(0, length)
}
