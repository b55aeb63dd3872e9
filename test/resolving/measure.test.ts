import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ROOT } from '../whygraph.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-measure-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function measure(data: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['bench/resolution/measure.ts', data], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    )
  })
}

it('measure:resolution takes the folder of its data itself, too', { timeout: 120_000 }, async () => {
  const data = join(folder, 'entity-resolution')
  mkdirSync(join(data, 'nicknames'), { recursive: true })
  writeFileSync(join(data, 'nicknames/names.csv'), 'name1,relationship,name2\naaron,has_nickname,ron\n')
  expect(await measure(data)).toMatchObject({ code: 0, stdout: expect.stringContaining('of 1 pairs') })
})

it('measure:resolution meets nothing where there is nothing to measure', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await measure(join(folder, 'elsewhere'))
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('Nothing was measured')
})
