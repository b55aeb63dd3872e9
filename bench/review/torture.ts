import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localVictim, neo4jVictim } from '../../test/kill/victims.ts'
import { startNeo4j } from '../../test/neo4j/server.ts'
import { killReviewers } from '../../test/review/torture/kill-reviewers.ts'
import { decideTheSame } from '../../test/review/torture/same-items.ts'
import type { Victim } from '../../test/kill/kill-at-random.ts'
import { readFlags } from '../flags.ts'
import { fill } from '../copy/made-up-graph.ts'

/**
 * `npm run torture:review [-- --kills 1000 --items 10000 --store local|neo4j --seed N]`: kills reviewing processes at
 * random moments, and sets two reviewers on the same links, with and without leases (0: not that). Ends with 1 where an acknowledged
 * decision is lost or doubled, or one was written over another.
 */
const values = readFlags(
  'torture:review',
  'Kills reviewing processes at random moments, and sets two reviewers on the same links; 0 leaves one out.',
  { kills: '1000', items: '10000', store: 'local', seed: String(Date.now() % 1_000_000) },
)
const [kills, items, seed] = [values.kills, values.items, values.seed].map(Number) as [number, number, number]
/** Of the graph that is reviewed while processes are killed. */
const LINKS = 200
/** About what a decision takes, in milliseconds. */
const LONGEST: Readonly<Record<string, number>> = { local: 30, neo4j: 150 }

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const folder = mkdtempSync(join(tmpdir(), 'whygraph-torture-'))
let wrongs = 0

async function onFresh(
  victim: Victim,
  links: number,
  work: (under: Parameters<typeof killReviewers>[0]) => Promise<readonly string[]>,
): Promise<void> {
  await victim.empty()
  const store = await victim.open()
  try {
    await fill(store, links)
    const { address, environment } = victim
    const wrong = await work({ store, address, environment })
    for (const one of wrong.slice(0, 20)) say(`WRONG ${one}`)
    wrongs += wrong.length
  } finally {
    await store.close()
  }
}

async function torture(victim: Victim): Promise<void> {
  if (kills > 0)
    await onFresh(victim, LINKS, async (under) => {
      const report = await killReviewers(under, { folder, kills, seed, longest: LONGEST[values.store] ?? 0, say })
      say(
        `${values.store}, seed ${seed}: ${report.kills} kills (${report.early} before the store was open), ` +
          `${report.acknowledged} decisions acknowledged, ${report.foundDone} of them by the retry of one that was killed ` +
          `between writing and saying so; ${report.wrong.length} wrong`,
      )
      return report.wrong
    })
  for (const how of items > 0 ? (['unsteered', 'steered'] as const) : [])
    await onFresh(victim, items + Math.ceil(items / 999), async (under) => {
      const { items: count, seconds, decided, conflicts, wrong } = await decideTheSame(under, folder, how)
      say(
        `${values.store}, two reviewers on the same ${count} links, ${how}: ${decided.join(' and ')} decided, ` +
          `${conflicts.join(' and ')} told that the other was faster, ${seconds.toFixed(0)} s; ${wrong.length} wrong`,
      )
      return wrong
    })
}

try {
  if (values.store === 'neo4j') {
    const server = await startNeo4j()
    try {
      await torture(neo4jVictim(server))
    } finally {
      await server.stop()
    }
  } else await torture(localVictim(join(folder, 'store')))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
say(wrongs === 0 ? 'nothing lost, doubled or written over' : `${wrongs} things are wrong`)
process.exitCode = wrongs === 0 ? 0 : 1
