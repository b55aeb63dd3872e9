/**
 * A process beside the test that copies, and is killed on the way: `node copy-process.ts FROM TO STRETCHES MILLISECONDS`
 * kills itself so many milliseconds after so many stretches. A store is a folder or an address.
 */
import { copyDatabase } from '../../src/store/copy.ts'
import type { Database } from '../../src/store/database.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'

const [, , from = '', to = '', stretches, milliseconds] = process.argv
const username = process.env['NEO4J_USERNAME'] ?? ''
const password = process.env['NEO4J_PASSWORD'] ?? ''

function open(store: string): Promise<Database> {
  return store.includes('://') ? openNeo4jDatabase({ uri: store, username, password }) : openLocalDatabase(store)
}

let seen = 0
await copyDatabase(await open(from), await open(to), {
  signal: new AbortController().signal,
  now: () => new Date(),
  progress: () => {
    seen += 1
    if (seen !== Number(stretches)) return
    if (milliseconds === '0') process.kill(process.pid, 'SIGKILL')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(milliseconds))
  },
  finish: async () => {},
})
process.exit(0)
