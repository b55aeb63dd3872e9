import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { derivation } from '../../src/resolve/derivation.ts'
import { compareDatabases } from '../../src/store/compare.ts'
import { copyDatabase } from '../../src/store/copy.ts'
import type { Database } from '../../src/store/database.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { Store } from '../../src/store/store.ts'
import { startNeo4j } from '../../test/neo4j/server.ts'
import { readFlags } from '../flags.ts'
import { Graph } from '../ingest/graph.ts'
import { writeByDriver, writeBySqlite } from './floor.ts'
import { fill } from './made-up-graph.ts'

/**
 * `npm run bench:copy [-- --links N]`: a graph of so many links goes from a local store to Neo4j and back into another
 * local store, and all three are compared. Beside it the drivers alone write the same rows, in the same run.
 */
const values = readFlags(
  'bench:copy',
  'Copies a graph of so many links from store to store, and compares all of them.',
  { links: '100000' },
)
const links = Number(values.links)
/** Copied first, unmeasured: plans are made, Java is warm, as on a server that has been running. */
const WARM_UP = Math.min(5_000, links / 10)

const work = mkdtempSync(join(tmpdir(), 'whygraph-bench-copy-'))
const server = await startNeo4j({ authentication: false, environment: {} })
const graph = new Graph(server.uri)
const access = { uri: server.uri, username: 'neo4j', password: 'bench' }
const { signal } = new AbortController()
const say = (line: string): void => void process.stdout.write(`${line}\n`)
let peak = 0
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss() / 1e6)), 50)

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now()
  const result = await work()
  return { seconds: (performance.now() - started) / 1000, result }
}

async function makeLocal(name: string, size: number): Promise<Database> {
  const database = await openLocalDatabase(join(work, name))
  await fill(new Store(database, derivation), size)
  return database
}

/** Seconds of the first pass, which brings everything, and of the one after it, which finds nothing different. */
async function copy(from: Database, to: Database): Promise<{ rows: number; first: number; second: number }> {
  const started = performance.now()
  let first = NaN
  const progress = (pass: number): void => {
    if (pass === 2 && Number.isNaN(first)) first = (performance.now() - started) / 1000
  }
  const now = (): Date => new Date()
  const { added, passes } = await copyDatabase(from, to, { signal, now, progress, finish: async () => {} })
  if (passes !== 2) throw new Error(`${passes} passes, though nobody wrote to the source`)
  return { rows: added, first, second: (performance.now() - started) / 1000 - first }
}

async function compare(name: string, one: Database, other: Database): Promise<void> {
  const { seconds, result } = await timed(() => compareDatabases(one, other, { signal, most: 3, progress: () => {} }))
  const count = result.kinds.reduce((sum, kind) => sum + kind.one, 0)
  say(`${name}: ${result.equal ? 'equal' : 'DIFFERENT'}, ${count} rows in ${seconds.toFixed(1)} s`)
  if (!result.equal) process.exitCode = 1
}

function report(name: string, { rows, first, second }: Awaited<ReturnType<typeof copy>>, floor: number): void {
  say(
    `${name}: ${rows} rows in ${first.toFixed(1)} s (${(rows / first).toFixed(0)} a second), and ${second.toFixed(1)} s to ` +
      `look at all again; the driver alone writes them in ${floor.toFixed(1)} s: ` +
      `${(first / floor).toFixed(2)} and ${((first + second) / floor).toFixed(2)} times as long`,
  )
}

try {
  const neo4j = await openNeo4jDatabase(access)
  const small = await makeLocal('small', WARM_UP)
  await copy(small, neo4j)
  await graph.empty()
  await writeByDriver(small, server.uri)
  await graph.empty()

  const { seconds, result: source } = await timed(() => makeLocal('source', links))
  say(`${links} links made in ${seconds.toFixed(0)} s`)
  peak = 0
  const there = await copy(source, neo4j)
  say(`memory at most ${peak.toFixed(0)} MB`)
  await compare('local and Neo4j', source, neo4j)
  peak = 0
  const target = await openLocalDatabase(join(work, 'target'))
  const back = await copy(neo4j, target)
  say(`memory at most ${peak.toFixed(0)} MB`)
  await compare('the first local store and the last', source, target)

  const bare = await openLocalDatabase(join(work, 'bare'))
  await bare.close()
  report('Neo4j to local', back, await writeBySqlite(source, join(work, 'bare', 'whygraph.db')))
  await graph.empty()
  report('local to Neo4j', there, await writeByDriver(source, server.uri))
  for (const database of [small, source, neo4j, target]) await database.close()
} finally {
  clearInterval(watch)
  await graph.close()
  await server.stop()
  rmSync(work, { recursive: true, force: true })
}
