import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { derivation } from '../../src/resolve/derivation.ts'
import type { Database } from '../../src/store/database.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { Store } from '../../src/store/store.ts'
import { startNeo4j } from '../../test/neo4j/server.ts'
import { readFlags } from '../flags.ts'
import { fill } from '../copy/made-up-graph.ts'
import { measureBulk } from './bulk.ts'

/**
 * `npm run bench:bulk [-- --links N --bulk M --store local|neo4j|both]`: in a store of N made-up links (20,000), M (10,000)
 * are accepted in bulk and taken back again.
 */
const values = readFlags(
  'bench:bulk',
  'Accepts so many of the links of a made-up store in bulk, and takes that back.',
  { links: '20000', bulk: '10000', store: 'both' },
)

async function measure(name: string, database: Database): Promise<void> {
  const store = new Store(database, derivation)
  await fill(store, Number(values.links))
  const { links, plan, accept, undo } = await measureBulk(store, Number(values.bulk))
  const [planned, accepted, undone] = [plan, accept, undo].map((seconds) => `${seconds.toFixed(1)} s`)
  process.stdout.write(`${name}: ${links} links, planned in ${planned}, accepted in ${accepted}, undone in ${undone}\n`)
  await store.close()
}

if (values.store !== 'neo4j') {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-bench-bulk-'))
  try {
    await measure('local', await openLocalDatabase(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
if (values.store !== 'local') {
  const server = await startNeo4j({ authentication: false, environment: {} })
  try {
    await measure('neo4j', await openNeo4jDatabase({ uri: server.uri, username: 'neo4j', password: 'bench' }))
  } finally {
    await server.stop()
  }
}
