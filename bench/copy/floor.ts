import { DatabaseSync } from 'node:sqlite'
import neo4j from 'neo4j-driver'
import type { Database, GraphNode, GraphRelationship, NodeKind } from '../../src/store/database.ts'
import { encode, labelOf } from '../../src/store/neo4j/values.ts'
import { isRelationship, PARTS, type Item } from '../../src/store/side-by-side.ts'

/** Rows of one transaction. */
const ROWS = 1_000

/** Rows of one kind; what they are read in is not measured. */
async function* pages(source: Database): AsyncGenerator<Item[]> {
  for (const { what, kind } of PARTS)
    for (let last: Item | null = null; ;) {
      const after = last
      const page: Item[] = await source.read(async (reader) =>
        what === 'node'
          ? reader.listAfter(kind, after?.id ?? '', ROWS)
          : reader.relationshipsAfter(kind, after as GraphRelationship | null, ROWS),
      )
      if (page.length > 0) yield page
      if (page.length < ROWS) break
      last = page.at(-1) as Item
    }
}

/** Seconds in which the driver of Neo4j alone writes all rows, one transaction after the other, into an empty database. */
export async function writeByDriver(source: Database, uri: string): Promise<number> {
  const driver = neo4j.driver(uri, neo4j.auth.basic('neo4j', 'bench'), { telemetryDisabled: true })
  let seconds = 0
  for await (const page of pages(source))
    for (const [text, rows] of statementsFor(page)) {
      const started = performance.now()
      await driver.executeQuery(text, { rows }, { database: 'neo4j' })
      seconds += (performance.now() - started) / 1000
    }
  await driver.close()
  return seconds
}

function statementsFor(page: readonly Item[]): [string, object[]][] {
  const groups = Map.groupBy(page, (item) => {
    if (isRelationship(item)) {
      const { type, from, to } = item as GraphRelationship
      const ends = `MATCH (a:${labelOf(from.kind)} {id: row.from}) MATCH (b:${labelOf(to.kind)} {id: row.to})`
      return `${ends} CREATE (a)-[r:${type}]->(b) SET r = row.properties`
    }
    const { kind, properties } = item as GraphNode
    const labels = kind === 'Entity' ? `__Entity__:__KGBuilder__:${String(properties['type'])}` : kind
    return `CREATE (n:${labels}) SET n = row.properties`
  })
  return [...groups].map(([text, items]) => [
    `UNWIND $rows AS row ${text}`,
    items.map((item) => {
      const ends = isRelationship(item) ? { from: item.from.id, to: item.to.id } : {}
      return { ...ends, properties: encode(item.properties) }
    }),
  ])
}

/** Seconds in which SQLite alone takes all rows into the tables of an empty local store, without the search by words. */
export async function writeBySqlite(source: Database, path: string): Promise<number> {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  const node = database.prepare('INSERT INTO node (kind, id, properties, sequence) VALUES (?, ?, ?, 1)')
  const relationship = database.prepare(
    `INSERT INTO relationship (type, id, from_kind, from_id, to_kind, to_id, properties, sequence)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1)`,
  )
  const insert = (item: Item): void => {
    const json = JSON.stringify(item.properties)
    if (!isRelationship(item)) return void node.run((item as { kind: NodeKind }).kind, item.id, json)
    const { type, id, from, to } = item
    relationship.run(type, id, from.kind, from.id, to.kind, to.id, json)
  }
  let seconds = 0
  for await (const page of pages(source)) {
    const started = performance.now()
    database.exec('BEGIN')
    for (const item of page) insert(item)
    database.exec('COMMIT')
    seconds += (performance.now() - started) / 1000
  }
  database.close()
  return seconds
}
