import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runHere } from '../run-here.ts'

const cwd = mkdtempSync(join(tmpdir(), 'whygraph-nothing-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

it('asking again about what failed says so where nothing did', async () => {
  writeFileSync(join(cwd, 'a.md'), 'Ana Ruiz leads the Billing team.\n')
  expect((await runHere(['ingest', 'a.md'], { cwd })).code).toBe(0)
  expect(await runHere(['ingest', '--retry', 'failed'], { cwd })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('No chunk has failed'),
  })
})

it('an address that is no store is not taken for a folder, nor is its password shown', async () => {
  const before = readdirSync(cwd)
  const said = await runHere(['ingest', 'a.md', '--store', 'http://ana:secret@localhost:7474'], { cwd })
  expect(said).toMatchObject({ code: 2, stderr: expect.stringMatching(/is no store.*\n.*neo4j:\/\/HOST:7687/) })
  expect(said.stderr).not.toContain('secret')
  expect(readdirSync(cwd)).toEqual(before)
  expect(existsSync(join(cwd, 'http:'))).toBe(false)
})
