import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killAtRandom, readUndisturbed, type Victim } from '../../test/kill/kill-at-random.ts'
import { writeOrganisation } from '../../test/kill/organisation.ts'
import { startReadingModel } from '../../test/kill/reading-model.ts'
import { localVictim, neo4jVictim } from '../../test/kill/victims.ts'
import { startNeo4j } from '../../test/neo4j/server.ts'
import { ROOT } from '../../test/whygraph.ts'
import { readFlags } from '../flags.ts'

/**
 * `npm run torture:kill [-- --kills 200 --store local|neo4j --seed N --copies N]`: kills ingests of an organisation's
 * documents at random moments, and compares what is in the store in the end with an undisturbed run. Ends with 1 where
 * anything was lost, paid for twice, or is otherwise.
 */
const values = readFlags(
  'torture:kill',
  'Kills ingests at random moments, and compares the store with that of an undisturbed run.',
  { kills: '200', store: 'local', seed: String(Date.now() % 1_000_000), copies: '4', concurrency: '8' },
)
const [kills, seed, copies, concurrency] = [values.kills, values.seed, values.copies, values.concurrency].map(
  Number,
) as [number, number, number, number]
/** A reply takes some 160 ms. */
const [PIECES, PAUSE] = [20, 8]
/** So that about as many processes are killed before one comes to its end. */
const KILLS_A_ROUND = 8

// As it is installed: from source each start takes twice the time.
execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' })
const cli = join(ROOT, 'dist/src/cli.js')
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const folder = mkdtempSync(join(tmpdir(), 'whygraph-torture-'))
mkdirSync(join(folder, 'repository'))
const documents = writeOrganisation(join(folder, 'repository'), copies, true)
const model = await startReadingModel(PIECES, PAUSE)

async function withNeo4j(work: (victim: Victim) => Promise<void>): Promise<void> {
  const server = await startNeo4j()
  try {
    await work(neo4jVictim(server))
  } finally {
    await server.stop()
  }
}

async function torture(victim: Victim): Promise<void> {
  const calm = localVictim(join(folder, 'undisturbed'))
  const milliseconds = await readUndisturbed(calm, { folder, model, concurrency, cli })
  say(
    `seed ${seed}: ${documents} files, ${model.askings.length} requests, ${(milliseconds / 1000).toFixed(1)} s undisturbed`,
  )
  const undisturbed = await calm.open()
  const longest = Math.round((2 * milliseconds) / KILLS_A_ROUND)
  const report = await killAtRandom(undisturbed, victim, { folder, model, concurrency, cli, kills, seed, longest, say })
  await undisturbed.close()
  const { withChildren, early, rounds, asked, askedAgain, unread, wrong } = report
  const ages = unread.map((age) => age.toFixed(0))
  say(
    `${values.store}: ${report.kills} kills (${withChildren} with all that it had started, ${early} before the first request) in ` +
      `${rounds} rounds: ${asked} requests, ${askedAgain} of them again, ${(askedAgain / report.kills).toFixed(1)} a kill ` +
      `with ${concurrency} in flight; of these, ${unread.length} had left the server and were not read: ${ages.join(', ')} ms before`,
  )
  for (const one of wrong) say(`WRONG ${one}`)
  say(wrong.length === 0 ? 'all as undisturbed' : `${wrong.length} things are wrong`)
  process.exitCode = wrong.length === 0 ? 0 : 1
}

try {
  if (values.store === 'neo4j') await withNeo4j(torture)
  else await torture(localVictim(join(folder, '.whygraph')))
} finally {
  model.close()
  rmSync(folder, { recursive: true, force: true })
}
