import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { ROOT } from './whygraph.ts'

it('scripts say their flags, and that one is none of them', { timeout: 60_000 }, () => {
  const run = (...flags: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/review/torture.ts', ...flags], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }
  const usage = /usage: npm run torture:review -- \[--kills 1000\] .*\[--seed \d+\]\n\nKills reviewing processes/
  expect(run('--help')).toEqual({ status: 0, stdout: expect.stringMatching(usage), stderr: '' })
  const wrong = run('--nonsense')
  expect(wrong).toMatchObject({ status: 2, stdout: '' })
  expect(wrong.stderr).toMatch(usage)
  expect(wrong.stderr).not.toMatch(/\n\s+at /)
})
