import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ingestRepository, readUndisturbed } from './kill/kill-at-random.ts'
import { writeOrganisation } from './kill/organisation.ts'
import { startReadingModel, type ReadingModel } from './kill/reading-model.ts'
import { otherThan } from './kill/same-graph.ts'
import { localVictim } from './kill/victims.ts'
import { eachStore } from './stores.ts'
import { parseJson } from './whygraph.ts'
import type { IngestSummary } from '../src/ingest-summary.ts'
import type { Store } from '../src/store/store.ts'

const CONCURRENCY = 4
let folder: string
let model: ReadingModel
let undisturbed: Store
let requests: number
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-two-'))
  mkdirSync(join(folder, 'repository'))
  writeOrganisation(join(folder, 'repository'), 3, false)
  model = await startReadingModel(10, 10)
  const calm = localVictim(join(folder, 'undisturbed'))
  await readUndisturbed(calm, { folder, model, concurrency: CONCURRENCY })
  requests = model.askings.length
  undisturbed = await calm.open()
}, 120_000)
afterAll(async () => {
  await undisturbed.close()
  model.close()
  rmSync(folder, { recursive: true, force: true })
})

eachStore('two ingests of the same source at once', (open) => {
  const plan = () => ({ folder, model, concurrency: CONCURRENCY })

  it('share the work: nothing is paid for twice, and the graph is that of one', { timeout: 180_000 }, async () => {
    const under = await open()
    rmSync(join(folder, '.whygraph'), { recursive: true, force: true })
    model.askings.length = 0
    const both = await Promise.all([ingestRepository(under, plan()), ingestRepository(under, plan())])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(both.map(({ stderr }) => stderr).join('')).toContain('another process is asking about the same sources')
    const asked = both.map((finished) => parseJson<IngestSummary>(finished).replies.asked)
    expect(asked[0]! + asked[1]!).toBe(requests)
    expect(new Set(model.askings.map(({ key }) => key)).size).toBe(requests)
    expect(model.askings).toHaveLength(requests)
    expect(await otherThan(undisturbed, under.store)).toEqual([])
    expect(journalLeft(under.address)).toEqual([])
  })

  it('one that is killed leaves what it had received to the other', { timeout: 180_000 }, async () => {
    const under = await open()
    rmSync(join(folder, '.whygraph'), { recursive: true, force: true })
    model.askings.length = 0
    let kill = (): void => {}
    model.onAsked = () => {
      if (model.askings.length < 8) return
      model.onAsked = () => {}
      setTimeout(kill, 60)
    }
    const killed = ingestRepository(under, plan(), (signal) => (kill = () => signal('SIGKILL')))
    const other = ingestRepository(under, plan())
    expect((await killed).code).toBe(null)
    expect((await other).code).toBe(0)
    // At the kill, so many were in flight.
    const asked = model.askings.length
    expect(asked).toBeLessThanOrEqual(requests + CONCURRENCY)
    expect(await otherThan(undisturbed, under.store)).toEqual([])
    // Where nobody waited for anything of its, only the next run clears up behind it.
    expect((await ingestRepository(under, plan())).code).toBe(0)
    expect(model.askings).toHaveLength(asked)
    expect(journalLeft(under.address)).toEqual([])
  })
})

function journalLeft(address: string): string[] {
  const place = address.includes('://') ? join(folder, '.whygraph/replies') : join(address, 'replies')
  return existsSync(place) ? readdirSync(place) : []
}
