import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import neo4j from 'neo4j-driver'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { ingestRepository, type Victim } from './kill/kill-at-random.ts'
import { otherThan } from './kill/same-graph.ts'
import { prepareUndisturbed, type Undisturbed } from './kill/undisturbed.ts'
import { neo4jVictim } from './kill/victims.ts'
import { startNeo4j, type Neo4jServer } from './neo4j/server.ts'
import { TESTS_LONG } from './stores.ts'
import { parseJson } from './whygraph.ts'

// A server of its own, since others would not like to see theirs go.
const isOwn = inject('neo4jUri') !== null && !process.env['NEO4J_URI']

describe.skipIf(!isOwn || !TESTS_LONG)('a Neo4j during a job', { timeout: 400_000 }, () => {
  let server: Neo4jServer
  let calm: Undisturbed
  let victim: Victim
  const plan = () => ({ ...calm, concurrency: 4 })

  beforeAll(async () => {
    calm = await prepareUndisturbed('away', { copies: 3, concurrency: 4, milliseconds: 20 })
    server = await startNeo4j({ javaOptions: ['-XX:TieredStopAtLevel=1'] })
    victim = neo4jVictim(server)
  }, 400_000)
  afterAll(async () => {
    await server.stop()
    await calm.close()
  }, 60_000)

  /** Begins an empty store, and does something once so many requests have been made. */
  async function whenAsked(count: number, then: () => unknown): Promise<void> {
    await victim.empty()
    rmSync(join(calm.folder, '.whygraph'), { recursive: true, force: true })
    calm.model.askings.length = 0
    calm.model.onAsked = () => {
      if (calm.model.askings.length < count) return
      calm.model.onAsked = () => {}
      then()
    }
  }

  async function storeIsAsUndisturbed(): Promise<void> {
    const store = await victim.open()
    expect(await otherThan(calm.undisturbed, store)).toEqual([])
    await store.close()
  }

  it('that is killed and started again is waited for, and the job goes on: nothing is asked twice', async () => {
    let back: Promise<void> | undefined
    await whenAsked(20, () => (back = server.crash().then(() => server.startAgain())))
    const finished = await ingestRepository(victim, plan())
    await back
    expect(finished.stderr).toMatch(/does not answer any more; waiting up to 180 s for it[^]*is back after \d+ s/)
    expect(finished.code).toBe(0)
    expect(calm.model.askings).toHaveLength(calm.requests)
    await storeIsAsUndisturbed()
  })

  it('that stays away while somebody stops the job keeps it no longer; the next run goes on', async () => {
    let stop: (signal: NodeJS.Signals) => void = () => {}
    let stoppedAt = Infinity
    await whenAsked(20, async () => {
      await server.crash()
      await pause(2_000)
      stop('SIGINT')
      stoppedAt = performance.now()
    })
    const finished = await ingestRepository(victim, plan(), (kill) => (stop = kill))
    expect(performance.now() - stoppedAt).toBeLessThan(60_000)
    expect(finished.code).toBe(130)
    expect(parseJson<IngestSummary>(finished).stopped).toMatchObject({ code: 'store-unreachable' })
    const away = await ingestRepository(victim, plan())
    expect(away.code).toBe(6)
    expect(away.stderr + away.stdout).toContain('does not answer')

    await server.startAgain()
    expect((await ingestRepository(victim, plan())).code).toBe(0)
    // At most what was in flight when it was stopped.
    expect(calm.model.askings.length).toBeLessThanOrEqual(calm.requests + 4)
    await storeIsAsUndisturbed()
  })

  it('whose transactions are in each other’s way: each is run again until it is done', async () => {
    const login = neo4j.auth.basic(server.username, server.password)
    await using driver = neo4j.driver(server.uri, login, { maxTransactionRetryTime: 0 })
    let deadlocks = 0
    const over = new AbortController()
    /** Takes the locks that the job takes, in the other order, and holds each for a while. */
    async function rival(): Promise<void> {
      while (!over.signal.aborted) {
        await pause(5)
        const session = driver.session()
        try {
          await session.executeWrite(
            async (transaction) => {
              const { records } = await transaction.run(
                'MATCH (e:__Entity__) RETURN e.id AS id ORDER BY id DESC LIMIT 20',
              )
              for (const record of records) {
                await transaction.run('MATCH (e:__Entity__ {id: $id}) SET e.name = e.name', { id: record.get('id') })
                await pause(2)
              }
            },
            { timeout: 10_000 },
          )
        } catch (error) {
          if ((error as { code?: string }).code?.includes('DeadlockDetected')) deadlocks++
        } finally {
          await session.close()
        }
      }
    }
    const rivals: Promise<void>[] = []
    await whenAsked(6, () => rivals.push(rival(), rival(), rival()))
    const finished = await ingestRepository(victim, plan())
    over.abort()
    await Promise.all(rivals)
    expect(finished.code).toBe(0)
    expect(deadlocks).toBeGreaterThan(0)
    expect(calm.model.askings).toHaveLength(calm.requests)
    await storeIsAsUndisturbed()
  })
})
