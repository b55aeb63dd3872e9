import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { Status } from '../../src/commands/status.ts'
import { Store } from '../../src/store/store.ts'
import { runHere } from '../run-here.ts'
import { parseJson } from '../whygraph.ts'

const store = mkdtempSync(join(tmpdir(), 'whygraph-ctrl-c-'))
afterAll(() => rmSync(store, { recursive: true, force: true }))

const INGEST = ['ingest', '--job', 'fixtures/sample/job.yaml', '--store', store]

it('an ingest that was interrupted once all was read says so, and what waits; the next works it out', async () => {
  const stop = new AbortController()
  const interrupt = async (): Promise<void> => stop.abort()
  const compare = vi.spyOn(Store.prototype, 'compareLinks').mockImplementationOnce(interrupt)
  const { code, stdout } = await runHere(INGEST, { signal: stop.signal })
  compare.mockRestore()
  expect(code).toBe(130)
  expect(stdout).toMatch(
    /^interrupted; what was done stands, and the next ingest goes on\nwaiting +\d+ links to be held/m,
  )
  const waiting = async () => parseJson<Status>(await runHere(['status', '--store', store, '--json'])).waiting
  expect(await waiting()).toEqual({ names: 0, conflicts: expect.any(Number) })
  expect((await runHere(['status', '--store', store])).stdout).toMatch(/^ {2}waiting {2}\d+ links to be held against/m)
  const next = await runHere(INGEST)
  expect(next.code).toBe(0)
  expect(next.stdout).toMatch(/^conflicts +3 contradictions, 3 supersessions/m)
  expect(next.stdout).not.toMatch(/interrupted|waiting/)
  expect(await waiting()).toEqual({ names: 0, conflicts: 0 })
})

it('one that was interrupted before names were resolved says of how many documents', async () => {
  rmSync(store, { recursive: true, force: true })
  const stop = new AbortController()
  const { saveReply } = Store.prototype
  const save = vi.spyOn(Store.prototype, 'saveReply').mockImplementation(function (this: Store, ...reply) {
    if (save.mock.calls.length === 5) stop.abort()
    return saveReply.apply(this, reply)
  })
  const { stdout } = await runHere(INGEST, { signal: stop.signal })
  save.mockRestore()
  expect(stdout).toMatch(/^waiting +names of \d+ documents?, \d+ links to be held against others$/m)
})
