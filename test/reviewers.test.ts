import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyChain } from '../src/review/verify-chain.ts'
import { ingestTexts } from './ingest-texts.ts'
import { ingestRepository } from './kill/kill-at-random.ts'
import { otherThan } from './kill/same-graph.ts'
import { prepareUndisturbed, type Undisturbed } from './kill/undisturbed.ts'
import type { Reviewed } from './reviewing-process.ts'
import { readingEngine } from './scripted-engine.ts'
import { eachStore, type StoreUnderTest } from './stores.ts'
import { whygraph } from './whygraph.ts'

const REVIEWER = fileURLToPath(new URL('reviewing-process.ts', import.meta.url))

let calm: Undisturbed
beforeAll(async () => {
  calm = await prepareUndisturbed('reviewers', { copies: 2, concurrency: 2, milliseconds: 20 })
}, 120_000)
afterAll(() => calm.close())

/** Reviews until it is told to stop. */
function review({ address, environment }: StoreUnderTest, name: string, seed: number): () => Promise<Reviewed> {
  const child = spawn(process.execPath, [REVIEWER, address, name, String(seed)], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const printed = text(child.stdout)
  return async () => {
    child.stdin.end()
    return JSON.parse(await printed) as Reviewed
  }
}

eachStore('an ingest and three reviewers at once', (open) => {
  it(
    'no decision is lost or made twice, the chain holds, and what was read is all there',
    { timeout: 300_000 },
    async () => {
      const under = await open()
      const { store } = under
      const reviewers = ['rita', 'sam', 'tess'].map((name, index) => review(under, name, index + 1))
      const ingested = await ingestRepository(under, { ...calm, concurrency: 2 })
      const reviewed = await Promise.all(reviewers.map((stop) => stop()))
      expect(ingested.code).toBe(0)

      const decisions = await store.decisions()
      expect(reviewed.every(({ decided }) => decided.length > 0)).toBe(true)
      expect(decisions.map(({ id }) => id).toSorted()).toEqual(reviewed.flatMap(({ decided }) => decided).toSorted())
      expect(verifyChain(decisions, await store.chainHead())).toEqual([])
      const checks = await store.check({ signal: new AbortController().signal, progress: () => {} })
      expect(checks.filter(({ wrong }) => wrong > 0)).toEqual([])
      const differences = await otherThan(calm.undisturbed, store)
      expect(differences.filter((one) => /^(?:Document|Chunk|Reply|Proposal|REPLY_TO|PROPOSES) /.test(one))).toEqual([])
    },
  )

  it(
    'of several who decide on the same revision one is heard, and the others are told (exit code 4)',
    { timeout: 120_000 },
    async () => {
      const under = await open()
      await ingestTexts(under.store, readingEngine(), { 'a.md': 'Ana leads Ben.\n' })
      const [link] = await under.store.links(['proposed'], { limit: 1 })
      const finished = await Promise.all(
        ['rita', 'sam', 'tess'].map((name) => {
          const args = ['review', 'accept', link?.id ?? '', '--reviewer', name, '--expect-rev', String(link?.rev)]
          return whygraph([...args, '--store', under.address], { cwd: calm.folder, environment: under.environment })
        }),
      )
      expect(finished.map(({ code }) => code).toSorted()).toEqual([0, 4, 4])
      expect(finished.find(({ code }) => code === 4)?.stderr).toMatch(/you decided on revision \d+: \w+ chose accept/)
      expect(await under.store.decisions()).toHaveLength(1)
    },
  )
})
