import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Entity } from '../../src/model/entity.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { resolveAcross } from '../../src/resolve/identity/identity.ts'
import { openLocalDatabase } from '../../src/store/local.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import type { GraphNode } from '../../src/store/database.ts'
import { wantedKeys } from '../../src/store/names.ts'
import { Store } from '../../src/store/store.ts'
import { startNeo4j } from '../../test/neo4j/server.ts'
import { readFlags } from '../flags.ts'
import { computingSeconds } from '../watch.ts'
import { madeUpEntity, mentionOf } from './made-up-names.ts'

/**
 * `npm run bench:names [-- --sizes 10000,100000,1000000] [--store local|neo4j|both] [--mentions N]`: what it costs to
 * look a name up among so many entities, and to put one into the index of names, beside the first size of the same
 * run. Entities are put some thousands at a time, so memory stays bounded. Told is the computing of this process and of the
 * server, which other work on the machine does not change, and how long one waits.
 */
const values = readFlags(
  'bench:names',
  'Measures what it costs to look a name up among so many entities, and to put one.',
  { sizes: '10000,100000,1000000', store: 'both', mentions: '500' },
)
const sizes = values.sizes.split(',').map(Number)
const mentions = Number(values.mentions)

/** Entities in one transaction while filling, and, as a document has them, while measuring. */
const FILL = 5_000
const DOCUMENT = 20
const DOCUMENTS = 50
/** Beyond all sizes: entities that are put while measuring, and go again. */
const OTHERS = 100_000_000

/** What one of many takes, in milliseconds. */
interface Cost {
  readonly computing: number
  readonly waiting: number
}

const COLUMNS = {
  mention: 'a mention resolved',
  lookUp: 'of that the look-up',
  node: 'an entity put',
  keys: 'its keys put',
  remove: 'both removed',
  bulk: 'both put in bulk',
} as const
type Row = Readonly<Record<keyof typeof COLUMNS, Cost>> & { readonly size: number; readonly candidates: number }

interface Subject {
  readonly store: Store
  /** The server's process, where there is one. */
  readonly pid: number | null
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
let peak = 0
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss() / 1e6)), 100)

async function costOf({ pid }: Subject, count: number, work: () => Promise<unknown>): Promise<Cost> {
  const computed = (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e3 + (pid === null ? 0 : (computingSeconds(pid) ?? NaN) * 1e3)
  }
  const [before, started] = [computed(), performance.now()]
  await work()
  return { computing: (computed() - before) / count, waiting: (performance.now() - started) / count }
}

const some = (from: number, count: number): Entity[] =>
  Array.from({ length: count }, (_, index) => madeUpEntity(from + index))
const idsOf = (entities: readonly Entity[]): string[] => entities.map(({ id }) => id)

function nodeOf(entity: Entity): GraphNode {
  return { kind: 'Entity', id: entity.id, properties: { ...entity } }
}

async function fill(subject: Subject, from: number, to: number): Promise<Cost> {
  return costOf(subject, to - from, async () => {
    for (let at = from; at < to; at += FILL) {
      const entities = some(at, Math.min(FILL, to - at))
      await subject.store.database.write(async (writer) => {
        await writer.putNodes(entities.map(nodeOf))
        await writer.setNameKeys(entities.map((entity) => wantedKeys(derivation, nodeOf(entity))))
      })
    }
  })
}

/** One mention after the other, each waited for. */
async function lookUpMentions(subject: Subject, size: number) {
  const { names } = subject.store
  const things = Array.from({ length: mentions }, (_, index) => {
    const entity = madeUpEntity((index * 7_919) % size)
    return { id: 'mention', type: entity.type, names: [mentionOf(entity, index)] }
  })
  let candidates = 0
  const lookUp = await costOf(subject, mentions, async () => {
    for (const thing of things) {
      const postings = await names.lookUp(derivation.nameKeys(thing))
      candidates += new Set([...postings.values()].flatMap((posting) => posting.things.map(({ id }) => id))).size
    }
  })
  const mention = await costOf(subject, mentions, async () => {
    for (const thing of things) await resolveAcross(thing, names)
  })
  return { lookUp, mention, candidates: candidates / mentions }
}

/** Entities come as documents bring them, and go. */
async function putDocuments(subject: Subject) {
  const { store } = subject
  const documents = Array.from({ length: DOCUMENTS }, (_, index) => some(OTHERS + index * DOCUMENT, DOCUMENT))
  const each = (work: (entities: Entity[]) => Promise<unknown>): Promise<Cost> =>
    costOf(subject, DOCUMENTS * DOCUMENT, async () => {
      for (const entities of documents) await work(entities)
    })
  const node = await each((entities) => store.database.write((writer) => writer.putNodes(entities.map(nodeOf))))
  const keys = await each((entities) => store.names.update(idsOf(entities)))
  const remove = await each((entities) =>
    store.database.write((writer) => writer.removeNodes('Entity', idsOf(entities))),
  )
  return { node, keys, remove }
}

/** Until plans are made and Java is warm. */
async function rehearse(subject: Subject, size: number): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    await lookUpMentions(subject, size)
    await putDocuments(subject)
  }
}

async function measure(name: string, subject: Subject, bytes: () => number | null): Promise<void> {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]
  say(`\n${name}: milliseconds of computing (times the first row), and of waiting`)
  say(['entities', ...Object.values(COLUMNS), 'candidates'].map((head) => head.padEnd(22)).join(''))
  let first: Row | undefined
  let filled = 0
  for (const size of sizes) {
    const bulk = await fill(subject, filled, size)
    filled = size
    if (first === undefined) await rehearse(subject, size)
    const row: Row = { size, ...(await lookUpMentions(subject, size)), ...(await putDocuments(subject)), bulk }
    first ??= row
    const cells = names.map((column) => {
      const [{ computing, waiting }, times] = [row[column], row[column].computing / (first as Row)[column].computing]
      return `${computing.toFixed(2)} (${times.toFixed(2)}) ${waiting.toFixed(2)}`
    })
    say([String(size), ...cells, row.candidates.toFixed(1)].map((cell) => cell.padEnd(22)).join(''))
    const all = bytes()
    if (all !== null) say(`          ${(all / size).toFixed(0)} bytes an entity`)
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

async function measureLocal(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-bench-names-'))
  const store = new Store(await openLocalDatabase(folder), derivation)
  try {
    await measure('local store', { store, pid: null }, () => sizeOf(folder))
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureNeo4j(): Promise<void> {
  // As its manual advises: the whole store has room. With less it is the disk that is measured.
  const server = await startNeo4j({ authentication: false, environment: {}, pageCache: '4g' })
  const access = { uri: server.uri, username: 'neo4j', password: 'bench' }
  try {
    const store = new Store(await openNeo4jDatabase(access), derivation)
    await measure('Neo4j', { store, pid: server.pid }, () => null)
    await store.close()
  } finally {
    await server.stop()
  }
}

try {
  if (values.store !== 'neo4j') await measureLocal()
  if (values.store !== 'local') await measureNeo4j()
  say(`\nmemory of this process at most ${peak.toFixed(0)} MB`)
} finally {
  clearInterval(watch)
}
