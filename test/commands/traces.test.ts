import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PACKED } from '../../src/model/packed-text.ts'
import { runHere } from '../run-here.ts'
import { SAMPLE } from '../recorded.ts'
import { parseJson } from '../whygraph.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-traces-'))
const store = join(folder, 'store')
const settings = join(folder, 'whygraph.yaml')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(args: readonly string[], policy = '{}') {
  writeFileSync(settings, `traces: ${policy}\n`)
  return runHere([...args, '--store', store, '--config', settings], { cwd: folder })
}

beforeAll(async () => {
  const { code } = await runHere(['ingest', '--job', join(SAMPLE, 'job.yaml'), '--store', store])
  expect(code).toBe(0)
}, 120_000)

interface Stats {
  readonly groups: readonly { readonly group: string; readonly replies: number; readonly studied: number }[]
  readonly total: {
    readonly replies: number
    readonly studied: number
    readonly links: number
    readonly withoutStep: number
    readonly decided: number
  }
  readonly contrasts: readonly {
    readonly trait: string
    readonly with: object | null
    readonly without: { decided: number } | null
  }[]
  readonly worst: readonly { readonly id: string }[]
  readonly advice: readonly string[]
}

async function stats(...args: string[]): Promise<Stats> {
  return parseJson<Stats>(await run(['traces', 'stats', '--json', ...args]))
}

it('studies the traces of models, grouped as asked, and names replies that show opens', async () => {
  const { stdout, code } = await run(['traces', 'stats'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^MODEL +REPLIES +LENGTH +IDLE +AGAIN +LOOPS +HEDGES +TURNS +UNREAD\n/)
  expect(stdout).toContain('Nobody has decided about any of their links yet')
  const [, id = ''] = /whygraph show (\S+)/.exec(stdout) ?? []
  expect((await run(['show', id])).stdout).toMatch(/^Reply /)
  const by = await Promise.all(['engine', 'prompt', 'kind'].map((what) => stats('--by', what)))
  expect(by.map(({ groups }) => groups.map(({ group }) => group).toSorted())).toEqual([
    ['replay'],
    [expect.stringMatching(/^[a-z2-7]{26}$/)],
    ['chat', 'document', 'transcript'],
  ])
  for (const { groups, total } of by) {
    expect(groups.reduce((sum, { replies }) => sum + replies, 0)).toBe(total.replies)
    expect(total.replies).toBeGreaterThan(5)
  }
})

it('joins them with what people decided', async () => {
  const listed = parseJson<{ links: { id: string }[] }>(await run(['review', 'list', '--json', '--limit', '3']))
  const [first, second] = listed.links
  await run(['review', 'accept', first?.id ?? '', '--reviewer', 'rita'])
  await run(['review', 'reject', second?.id ?? '', '--reviewer', 'rita'])
  const { contrasts, total } = await stats()
  expect(total.decided).toBeGreaterThanOrEqual(1)
  const [loops] = contrasts
  expect(loops).toMatchObject({ trait: 'loops', with: null, without: { decided: total.decided } })
  expect((await run(['traces', 'stats'])).stdout).toMatch(
    /LINKS WHOSE TRACE +ACCEPTED +THE OTHERS\nloops +none decided/,
  )
})

it('packed texts are readable in show and in whole replies; a property by itself with --unpack', async () => {
  const query = async (text: string, ...args: string[]): Promise<unknown[]> => {
    return parseJson<{ rows: unknown[][] }>(await run(['query', text, '--format', 'json', ...args])).rows.flat()
  }
  const where = "MATCH (r:Reply {engine: 'replay'}) WITH r ORDER BY r.id LIMIT 1"
  const [whole] = (await query(`${where} RETURN r`)) as { properties: { id: string; reasoning: string } }[]
  const { id = '', reasoning = '' } = whole?.properties ?? {}
  expect(reasoning.length).toBeGreaterThan(512)
  expect(reasoning).not.toContain(PACKED)
  expect((await query(`${where} RETURN r.reasoning`))[0]).toMatch(/^zlib\+base64:/)
  expect(await query(`${where} RETURN r.reasoning`, '--unpack')).toEqual([reasoning])
  expect(parseJson<{ reasoning: string }>(await run(['show', id, '--json'])).reasoning).toBe(reasoning)
})

it('trims what is stored, with --yes only; steps are there, words are not, and nothing is wrong', async () => {
  const policy = '{ keep: aligned, perLink: 400 }'
  const look = await run(['traces', 'trim', '--dry-run'], policy)
  expect(look).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nnothing was written$/m) })
  const refused = await run(['traces', 'trim'], policy)
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('nothing was cut: this cannot be undone')
  const before = await stats()
  const done = await run(['traces', 'trim', '--yes'], policy)
  expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/^done$/m) })
  expect((await run(['traces', 'trim'], policy)).stdout).toMatch(/, 0 with a trace that is longer\n/)
  expect((await run(['doctor', '--deep'], policy)).code).toBe(0)
  const after = await stats()
  expect(after.total).toMatchObject({ replies: before.total.replies, studied: 0, cut: before.total.studied })
  const again = await run(['rebuild', '--from', 'replies'], policy)
  expect(again.stdout).toMatch(/kept +\d+ replies whose trace is not whole any more: the steps stay as they were found/)
  expect(again.stdout).toMatch(/, 0 changed\n/)
})

it('a policy that is none is refused with its place', async () => {
  const { code, stderr } = await run(['traces', 'trim'], '{ keep: some }')
  expect(code).toBe(2)
  expect(stderr).toContain('whygraph.yaml, line 1')
})
