import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { putMark } from '../../src/store/copy-mark.ts'
import { localVictim } from '../kill/victims.ts'
import { runHere } from '../run-here.ts'

it('a copy that was not finished is read, and written by nothing but the copy', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'whygraph-unfinished-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  writeFileSync(join(cwd, 'a.txt'), 'Ana Ruiz reports to Ben Okafor.\n')
  const run = (command: string) => runHere(command.split(' '), { cwd })
  await run('ingest a.txt')
  const store = await localVictim(join(cwd, '.whygraph')).open()
  const [link] = await store.links(['proposed'])
  expect(link).toBeDefined()
  await store.database.write((writer) =>
    putMark(writer, {
      source: 'elsewhere',
      by: 'x',
      step: 0,
      startedAt: '2026-01-01T00:00:00.000Z',
      part: 0,
      after: null,
    }),
  )
  await store.close()
  const writing = [
    'ingest a.txt',
    'ingest --retry failed',
    `review accept ${link?.id} --reviewer rita`,
    `review undo ${link?.id} --reviewer rita`,
    `review entity merge ${link?.subjectId} ${link?.objectId} --reviewer rita`,
    `review entity split ${link?.subjectId} ${link?.objectId} --reviewer rita`,
    'rebuild',
    'forget a.txt --yes',
  ]
  for (const command of writing) {
    const { code, stderr } = await run(command)
    expect([command, code, stderr]).toEqual([command, 5, expect.stringContaining('a copy that was not finished')])
  }
  expect((await run(`show ${link?.id}`)).code).toBe(0)
  expect((await run('status')).code).toBe(0)
})
