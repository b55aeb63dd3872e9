/**
 * A process beside the test that copies, and kills itself on the way: `node copy-process.ts FROM TO WHERE`, where WHERE is
 * `inside N` (the N-th transaction on the target, before it is committed), `after N`, or `end` (all is there and seen
 * to be equal). A store is a folder or an address.
 */
import { copyDatabase } from '../../src/store/copy.ts'
import type { Database } from '../../src/store/database.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { withMethods } from './with-methods.ts'

const [, , from = '', to = '', where = ''] = process.argv
const [moment, turn] = where.split(' ')
const username = process.env['NEO4J_USERNAME'] ?? ''
const password = process.env['NEO4J_PASSWORD'] ?? ''

function open(store: string): Promise<Database> {
  return store.includes('://') ? openNeo4jDatabase({ uri: store, username, password }) : openLocalDatabase(store)
}

async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {})
}

const target = await open(to)
let writes = 0
const mortal = withMethods(target, {
  async write(work) {
    const isLast = (writes += 1) === Number(turn)
    const result = await target.write(async (writer) => {
      const done = await work(writer)
      return isLast && moment === 'inside' ? die() : done
    })
    return isLast && moment === 'after' ? die() : result
  },
})
await copyDatabase(await open(from), mortal, {
  signal: new AbortController().signal,
  now: () => new Date(),
  progress: () => {},
  finish: () => (moment === 'end' ? die() : Promise.resolve()),
})
process.exit(0)
