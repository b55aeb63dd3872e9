import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ingestTexts } from '../ingest-texts.ts'
import { readingEngine } from '../scripted-engine.ts'
import { eachStore, type StoreUnderTest } from '../stores.ts'
import { killReviewers } from './torture/kill-reviewers.ts'
import { decideTheSame } from './torture/same-items.ts'

/** `npm run torture:review` does more. */
const KILLS: Readonly<Record<string, number>> = { local: 8, neo4j: 3 }
const ITEMS: Readonly<Record<string, number>> = { local: 60, neo4j: 24 }

eachStore('reviewers', (open, kind) => {
  const items = ITEMS[kind] ?? 0
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'whygraph-reviewers-'))
    onTestFinished(() => rmSync(made, { recursive: true, force: true }))
    return made
  }
  const withLinks = async (count: number): Promise<StoreUnderTest> => {
    const under = await open()
    const said = Array.from({ length: count }, (_, index) => `Actor${index} leads Project${index}.\n`)
    await ingestTexts(under.store, readingEngine(), { 'a.md': said.join('\n') })
    return under
  }

  it('killed at random moments, lose and double nothing that was acknowledged', { timeout: 300_000 }, async () => {
    const seed = Date.now() % 1_000_000
    const kills = KILLS[kind] ?? 0
    const plan = { folder: folder(), kills, seed, longest: kind === 'local' ? 30 : 150 }
    const report = await killReviewers(await withLinks(10), plan)
    expect({ seed, kills: report.kills, wrong: report.wrong }).toEqual({ seed, kills, wrong: [] })
    expect(report.acknowledged).toBeGreaterThan(0)
  })

  it(
    'two on the same links decide about each once, and are told where the other was faster',
    { timeout: 300_000 },
    async () => {
      const report = await decideTheSame(await withLinks(items), folder(), 'unsteered')
      expect(report).toMatchObject({ items, wrong: [] })
      expect([...report.decided, ...report.conflicts].reduce((sum, count) => sum + count)).toBe(2 * items)
    },
  )

  it('two at the queue are given different links', { timeout: 300_000 }, async () => {
    const report = await decideTheSame(await withLinks(items), folder(), 'steered')
    expect(report).toMatchObject({ items, wrong: [], conflicts: [0, 0] })
  })
})
