import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ingestRepository } from './kill/kill-at-random.ts'
import { otherThan } from './kill/same-graph.ts'
import { prepareUndisturbed, type Undisturbed } from './kill/undisturbed.ts'
import { eachStoreAtLength } from './stores.ts'
import { parseJson } from './whygraph.ts'
import type { IngestSummary } from '../src/ingest-summary.ts'

const CONCURRENCY = 4
let calm: Undisturbed
beforeAll(async () => {
  calm = await prepareUndisturbed('two', { copies: 3, concurrency: CONCURRENCY, milliseconds: 40 })
}, 120_000)
afterAll(() => calm.close())

eachStoreAtLength('two ingests of the same source at once', (open, kind) => {
  const plan = () => ({ ...calm, concurrency: CONCURRENCY })

  it('share the work: nothing is paid for twice, and the graph is that of one', { timeout: 180_000 }, async () => {
    const under = await open()
    rmSync(join(calm.folder, '.whygraph'), { recursive: true, force: true })
    calm.model.askings.length = 0
    const both = await Promise.all([ingestRepository(under, plan()), ingestRepository(under, plan())])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    const asked = both.map((finished) => parseJson<IngestSummary>(finished).replies.asked)
    // On a slow server it may be that neither ever waits for the other, or that one is over when the other begins.
    if (kind === 'local' && asked.every((count) => count > 0))
      expect(both.map(({ stderr }) => stderr).join('')).toContain('another process is asking about the same sources')
    expect(asked[0]! + asked[1]!).toBe(calm.requests)
    expect(new Set(calm.model.askings.map(({ key }) => key)).size).toBe(calm.requests)
    expect(calm.model.askings).toHaveLength(calm.requests)
    expect(await otherThan(calm.undisturbed, under.store)).toEqual([])
    expect(journalLeft(under.address)).toEqual([])
  })

  it('one that is killed leaves what it had received to the other', { timeout: 180_000 }, async () => {
    const under = await open()
    rmSync(join(calm.folder, '.whygraph'), { recursive: true, force: true })
    calm.model.askings.length = 0
    let kill = (): void => {}
    calm.model.onAsked = () => {
      if (calm.model.askings.length < 8) return
      calm.model.onAsked = () => {}
      setTimeout(kill, 60)
    }
    const killed = ingestRepository(under, plan(), (signal) => (kill = () => signal('SIGKILL')))
    const other = ingestRepository(under, plan())
    expect((await killed).code).toBe(null)
    expect((await other).code).toBe(0)
    // At the kill, so many were in flight.
    const asked = calm.model.askings.length
    expect(asked).toBeLessThanOrEqual(calm.requests + CONCURRENCY)
    expect(await otherThan(calm.undisturbed, under.store)).toEqual([])
    // Where nobody waited for anything of its, only the next run clears up behind it.
    expect((await ingestRepository(under, plan())).code).toBe(0)
    expect(calm.model.askings).toHaveLength(asked)
    expect(journalLeft(under.address)).toEqual([])
  })
})

function journalLeft(address: string): string[] {
  const place = address.includes('://') ? join(calm.folder, '.whygraph/replies') : join(address, 'replies')
  return existsSync(place) ? readdirSync(place) : []
}
