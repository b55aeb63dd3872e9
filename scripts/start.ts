import { readFileSync } from 'node:fs'
import { loadSettings } from '../src/settings.ts'
import { runCli } from '../src/run-cli.ts'
import type { StoredLink } from '../src/store/records.ts'
import { openStore } from '../src/wiring.ts'

/**
 * `npm start`: the sample repository, with recorded replies of a reasoning model, into a local store; then what a
 * newcomer wants to see. All of it is printed by the commands that everybody uses.
 */
const STORE = process.env['WHYGRAPH_STORE'] ?? '.whygraph/sample'
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

const run = async (...args: readonly string[]): Promise<void> => {
  process.stdout.write(`\n$ whygraph ${args.map((arg) => (/^[\w./:-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ')}\n`)
  const { stdout, stderr, stdin, env } = process
  const surroundings = { cwd: process.cwd(), environment: env, stdout, stderr, stdin, version }
  const code = await runCli([...args, '--store', STORE], { ...surroundings, signal: new AbortController().signal })
  if (code !== 0) process.exit(code)
}

await run('ingest', '--job', 'fixtures/sample/job.yaml')
await run('status')

const store = await openStore(loadSettings(process.cwd(), {}, { store: STORE }), process.env)
const inGraph = await store.links(['proposed', 'accepted'])
const held = await store.links(['held'])
await store.close()

/** A link from a meeting, with a quote, a speaker, a timecode and reasoning: the most of everything. */
const telling = best(inGraph, (link) => {
  const spoken = link.items.filter((item) => /\d\d:\d\d:\d\d/.test(item.place) && item.grounding === 'exact')
  return Math.min(2, spoken.length) + (spoken.some((item) => item.reasoning !== '') ? 1 : 0) + link.confidence
})
const denied = best(held, (link) => (link.denials > 0 ? 1 : 0) + link.confidence)

process.stdout.write('\n— one link, and why it is there —\n')
await run('show', telling.id.slice(0, 8))
process.stdout.write('\n— one that was held back, because the source denies it —\n')
await run('show', denied.id.slice(0, 8))
process.stdout.write(`
Next, for example:
  npm run -s whygraph -- review list --store ${STORE}
  npm run -s whygraph -- review accept ${telling.id.slice(0, 8)} --reviewer you --store ${STORE}
  npm run -s whygraph -- query 'MATCH (a)-[r:OWNS]->(b) RETURN a.name, b.name, r.places[0], r.evidence[0]' --store ${STORE}
`)

function best(links: readonly StoredLink[], score: (link: StoredLink) => number): StoredLink {
  const [first] = links.toSorted((a, b) => score(b) - score(a) || (a.id < b.id ? -1 : 1))
  if (first === undefined) throw new Error('the sample gave no links; please report this')
  return first
}
