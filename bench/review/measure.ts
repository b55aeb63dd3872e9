import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ORDERS, type Order } from '../../src/desk/order.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import type { Database } from '../../src/store/database.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { Store } from '../../src/store/store.ts'
import { renderTable } from '../../src/terminal/table.ts'
import { startNeo4j } from '../../test/neo4j/server.ts'
import { readFlags } from '../flags.ts'
import { fill } from '../copy/made-up-graph.ts'
import { measureBulk } from './bulk.ts'
import { percentile, sit, type Sitting } from './sitting.ts'

/**
 * `npm run bench:review [-- --pending 100000] [--decisions 200] [--reading 500] [--orders entity,doc] [--store
 * local|neo4j|both] [--bulk 10000]`: the reviewer's desk over so many links that wait, put there through the store's own API. It is driven
 * by keys as on a terminal, each so many milliseconds after its card was shown, and what is waited for is printed beside
 * the bars of `../shared/review.md`. A bar that is not met is named, and the exit code is 1.
 */
const values = readFlags(
  'bench:review',
  'Measures the desk over so many links that wait, beside the bars that are set for it.',
  { pending: '100000', decisions: '200', reading: '500', orders: 'entity', store: 'both', bulk: '10000' },
)
const pending = Number(values.pending)
const orders = values.orders === 'all' ? ORDERS : (values.orders.split(',') as Order[])

const OPENING = 1_500
const NEXT = 50
const SAVED = 100
const BULK = 30_000
const PART = 0.95

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const rows: string[][] = []

function hold(name: string, order: string, what: string, value: number, bar: number): void {
  const isMet = value <= bar
  if (!isMet) process.exitCode = 1
  rows.push([name, order, what, value.toFixed(0), String(bar), isMet ? 'yes' : 'NO'])
}

function report(name: string, order: Order, { opening, saved, next }: Sitting): void {
  if (next.length === 0) return void say(`${name}: nothing waits in the order ${order}`)
  hold(name, order, 'opening the queue', opening, OPENING)
  hold(name, order, 'key to next card, p95', percentile(next, PART), NEXT)
  hold(name, order, 'key to durable, p95', percentile(saved, PART), SAVED)
}

async function measure(name: string, open: () => Promise<Database>): Promise<void> {
  const filling = new Store(await open(), derivation)
  const began = performance.now()
  await fill(filling, pending)
  await filling.close()
  say(`${name}: ${pending} links put in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  for (const order of orders) {
    // As a command does, whoever sits down opens the store.
    const started = performance.now()
    const store = new Store(await open(), derivation)
    const opened = performance.now() - started
    const sitting = await sit(store, order, Number(values.decisions), Number(values.reading))
    report(name, order, { ...sitting, opening: opened + sitting.opening })
    await store.close()
  }
  const store = new Store(await open(), derivation)
  const { links, accept } = await measureBulk(store, Number(values.bulk))
  hold(name, '', `bulk of ${links}`, accept * 1000, BULK)
  await store.close()
}

if (values.store !== 'neo4j') {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-bench-review-'))
  await measure('local store', () => openLocalDatabase(folder)).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  )
}
if (values.store !== 'local') {
  const server = await startNeo4j({ authentication: false, environment: {} })
  const access = { uri: server.uri, username: 'neo4j', password: 'bench' }
  await measure('Neo4j', () => openNeo4jDatabase(access)).finally(() => server.stop())
}
say(`\nmilliseconds, ${pending} links waiting, ${values.decisions} decisions each`)
say(renderTable(['store', 'order', 'what', 'took', 'bar', 'met'], rows, 120))
