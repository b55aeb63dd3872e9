import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { eachStore } from '../stores.ts'
import { killAtRandom, readUndisturbed } from './kill-at-random.ts'
import { writeOrganisation } from './organisation.ts'
import { startReadingModel } from './reading-model.ts'
import { localVictim, neo4jVictim } from './victims.ts'

const CONCURRENCY = 4
/** `npm run torture:kill` does more. */
const KILLS: Readonly<Record<string, number>> = { local: 6, neo4j: 3 }

eachStore('an ingest that is killed at random moments', (open, kind) => {
  it(
    'ends as one that nobody disturbed, and pays twice only for what was in flight',
    { timeout: 600_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'whygraph-killed-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      mkdirSync(join(folder, 'repository'))
      writeOrganisation(join(folder, 'repository'), 2, false)
      const model = await startReadingModel(10, 10)
      const plan = { folder, model, concurrency: CONCURRENCY }
      const calm = localVictim(join(folder, 'undisturbed'))
      const longest = Math.round((await readUndisturbed(calm, plan)) / 2)
      const undisturbed = await calm.open()

      const { address: uri, environment } = await open()
      const { NEO4J_USERNAME: username = '', NEO4J_PASSWORD: password = '' } = environment
      const victim =
        kind === 'local' ? localVictim(join(folder, '.whygraph')) : neo4jVictim({ uri, username, password })
      const seed = Date.now() % 1_000_000
      const report = await killAtRandom(undisturbed, victim, { ...plan, kills: KILLS[kind] ?? 0, seed, longest })
      await undisturbed.close()
      model.close()
      expect({ seed, kills: report.kills, wrong: report.wrong }).toEqual({ seed, kills: KILLS[kind], wrong: [] })
    },
  )
})
