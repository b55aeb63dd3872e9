import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runHere } from '../run-here.ts'
import { parseJson } from '../whygraph.ts'

const JOB = join(import.meta.dirname, '../../fixtures/sample/job.yaml')
const LEADERS = `MATCH (a:__Entity__)-[r:LEADS]->(:__Entity__ {name: 'Project Saltmarsh'})
  WHERE coalesce(r.validFrom, '') <= $asOf AND coalesce(r.validTo, $asOf) >= $asOf
    AND (r.validFrom IS NOT NULL OR any(day IN r.saidOn WHERE day <= $asOf))
  RETURN a.name ORDER BY a.name`

let folder: string
const run = (...args: string[]) => runHere(args, { cwd: folder })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-as-of-'))
  await run('ingest', '--job', JOB)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('as of a day', { timeout: 120_000 }, () => {
  it('query gets the day as a parameter', async () => {
    const leaders = async (day: string) => (await run('query', LEADERS, '--as-of', day, '--format', 'csv')).stdout
    expect((await leaders('2025-05-01')).trim().split('\n').slice(1)).toEqual(['Dr. Amara Okafor'])
    expect(await leaders('2025-06-30')).toContain('Jonas Vettergren')
  })

  it('show leaves out links of an entity that did not hold, and says of a link whether it did', async () => {
    const [row] = parseJson<{ rows: string[][] }>(
      await run('query', "MATCH (n:__Entity__ {name: 'Project Saltmarsh'}) RETURN n.id", '--json'),
    ).rows
    const before = (await run('show', String(row?.[0]), '--as-of', '2025-05-01')).stdout
    expect(before).toContain('LINKS as of 2025-05-01')
    expect(before).not.toContain('Jonas Vettergren')
    const after = (await run('show', String(row?.[0]), '--as-of', '2025-06-30')).stdout
    const id = /(\w{8}) {2}proposed {2}Jonas Vettergren ──LEADS/.exec(after)?.[1] ?? ''
    const link = (day: string) => run('show', id, '--as-of', day)
    expect((await link('2025-06-30')).stdout).toContain(
      'when: From 2 June 2025 (from 2025-06-02) · holds on 2025-06-30',
    )
    expect((await link('2025-06-01')).stdout).toContain('is not known to hold on 2025-06-01')
    expect(parseJson(await run('show', id, '--as-of', '2025-06-01', '--json'))).toMatchObject({
      asOf: { day: '2025-06-01', holds: false },
      link: { valid: { from: '2025-06-02', to: null } },
    })
  })

  it('is a day of the calendar, of a thing that changes with time', async () => {
    const odd = await run('show', 'x', '--as-of', '2025-02-30')
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('It is written as 2025-06-30.') })
    const [chunk] = parseJson<{ rows: string[][] }>(
      await run('query', 'MATCH (c:Chunk) RETURN c.id LIMIT 1', '--json'),
    ).rows
    expect(await run('show', String(chunk?.[0]), '--as-of', '2025-02-28')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a chunk is the same on every day'),
    })
  })
})
