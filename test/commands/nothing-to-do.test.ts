import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { FILE_NAME } from '../../src/store/local.ts'
import { Connection } from '../../src/store/local/sqlite.ts'
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

it('what is gone for good leaves nothing to do, whether its folder is empty or is gone too', async () => {
  const run = (...args: string[]) => runHere(['ingest', ...args, '--store', 'gone'], { cwd })
  mkdirSync(join(cwd, 'old'))
  writeFileSync(join(cwd, 'old', 'b.md'), 'Ben Okafor leads the Data team.\n')
  expect((await run('old')).code).toBe(0)
  rmSync(join(cwd, 'old', 'b.md'))
  expect((await run('old')).code).toBe(5)
  expect(await run('old', '--allow-gone')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 gone') })
  const nothing = { code: 0, stderr: expect.stringContaining('nothing to do') }
  expect(await run('old')).toMatchObject(nothing)
  rmSync(join(cwd, 'old'), { recursive: true })
  expect(await run('old')).toMatchObject(nothing)
  expect((await run('old', '--json')).stdout).toContain('"gone": 0')
  // What the store has never known is a slip.
  expect((await run('odl')).code).toBe(2)
  mkdirSync(join(cwd, 'new'))
  expect(await run('new')).toMatchObject({ code: 2, stderr: expect.stringContaining('there are no files') })
})

it('a store that cannot be opened is refused without a table of what was not done', async () => {
  const run = () => runHere(['ingest', 'a.md', '--store', 'newer'], { cwd })
  expect((await run()).code).toBe(0)
  const connection = new Connection(join(cwd, 'newer', FILE_NAME))
  connection.run(`UPDATE meta SET value = 99 WHERE name = 'format'`)
  connection.close()
  expect(await run()).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('has format 99') })
})
