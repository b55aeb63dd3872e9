import grafeo from '@grafeo-db/js'
import type { GrafeoDB, GrafeoError, Transaction } from '@grafeo-db/js'
import { NODE_KINDS } from '../database.ts'
import { changedNodes, changedRelationships, idLabel, removals, wholeFloats } from './changes.ts'
import type { Place, ShownEnd, ShownNode, ShownRelationship } from './changes.ts'
import type { Connection } from './sqlite.ts'

/** Files that another version of Grafeo, or of the code below, has written are built anew. */
export const LAYOUT = `2, Grafeo ${grafeo.version()}`

/** Rows to a statement. A reply may hold hundreds of kilobytes, so not too many. */
const BATCH = 500

/** A property with more different values than this is looked at in all nodes. */
const MANY_VALUES = 100

export function openForReading(file: string): GrafeoDB {
  return grafeo.GrafeoDB.openReadOnly(file)
}

/** Whether another process has the file open in a way that excludes ours, or has just removed it. */
export function isInTheWay(error: unknown): boolean {
  return error instanceof Error && /locked|does not exist/.test(error.message)
}

export function statusOf(error: unknown): string {
  return (error as GrafeoError).gqlStatus ?? ''
}

/** Builds the whole graph in a new file. */
export async function buildGraph(store: Connection, file: string): Promise<void> {
  const graph = grafeo.GrafeoDB.create(file)
  try {
    const keys = new Map<string, number>()
    const types = new Set<string>()
    const floats = new Floats()

    const nodes = new Batches<ShownNode>(async (batch, first) => {
      const properties = batch.map((node) => node.properties)
      const created = await graph.batchCreateNodesWithProps([...first.labels], properties)
      for (const [index, node] of batch.entries()) keys.set(keyOf(idLabel(node.kind), node.id), created[index] ?? -1)
    })
    for (const node of changedNodes(store, -1)) {
      floats.note(`(item:\`${idLabel(node.kind)}\`)`, node)
      for (const label of node.labels.slice(2)) types.add(label)
      await nodes.add(node.labels.join(' '), node)
    }
    await nodes.end()

    const relationships = new Batches<ShownRelationship>(async (batch) => {
      await graph.batchCreateEdges(
        batch.map(({ type, from, to, properties }) => ({
          src: keys.get(keyOf(from.label, from.id)) ?? -1,
          dst: keys.get(keyOf(to.label, to.id)) ?? -1,
          type,
          properties,
        })),
      )
    })
    for (const relationship of changedRelationships(store, -1)) {
      floats.note(`()-[item:\`${relationship.type}\`]->()`, relationship)
      await relationships.add('', relationship)
    }
    await relationships.end()

    for (const kind of NODE_KINDS) await createIndex(graph, idLabel(kind), 'id')
    await createIndex(graph, '__Entity__', 'name')
    for (const type of types) await createIndex(graph, type, 'id')
    for (const { text, parameters } of floats.statements()) await graph.executeCypher(text, parameters)
  } finally {
    graph.close()
  }
}

/** A uniqueness constraint would not make one. */
async function createIndex(graph: GrafeoDB, label: string, property: string): Promise<void> {
  await graph.executeCypher(`CREATE INDEX FOR (n:\`${label}\`) ON (n.\`${property}\`)`)
}

/** Brings an existing file to the state of the store, in one transaction. May be repeated. */
export async function catchUp(store: Connection, file: string, after: number): Promise<void> {
  const graph = grafeo.GrafeoDB.open(file)
  try {
    const transaction = graph.beginTransaction()
    try {
      await applyRemovals(transaction, store, after)
      await applyNodes(transaction, store, after)
      await applyRelationships(transaction, store, after)
      transaction.commit()
    } catch (error) {
      if (transaction.isActive) transaction.rollback()
      throw error
    }
  } finally {
    graph.close()
  }
}

async function applyRemovals(transaction: Transaction, store: Connection, after: number): Promise<void> {
  const removed = removals(store, after)
  const relationships = new Batches<Place>((batch, first) => removeThem(transaction, batch, first))
  for (const relationship of removed.relationships) await relationships.add(placeKey(relationship), relationship)
  await relationships.end()
  const nodes = new Batches<ShownEnd>(async (batch, first) => {
    const text = `UNWIND $ids AS id MATCH (n:\`${first.label}\` {id: id}) DETACH DELETE n`
    await transaction.executeCypher(text, { ids: batch.map(({ id }) => id) })
  })
  for (const node of removed.nodes) await nodes.add(node.label, node)
  await nodes.end()
}

async function applyNodes(transaction: Transaction, store: Connection, after: number): Promise<void> {
  const nodes = new Batches<ShownNode>(async (batch, first) => {
    const label = idLabel(first.kind)
    const rows = batch.map(({ id, properties }) => ({ id, properties }))
    const match = `UNWIND $rows AS row MATCH (item:\`${label}\` {id: row.id})`
    for (const old of await oldLabels(transaction, match, rows, first)) {
      await transaction.executeCypher(`${match} REMOVE item:\`${old}\``, { rows })
    }
    await transaction.executeCypher(
      `UNWIND $rows AS row MERGE (item:\`${label}\` {id: row.id}) SET item = row.properties`,
      { rows },
    )
    const further = first.labels.slice(1).map((name) => `:\`${name}\``)
    if (further.length > 0) await transaction.executeCypher(`${match} SET item${further.join('')}`, { rows })
    await fixFloats(transaction, match, rows)
  })
  for (const node of changedNodes(store, after)) await nodes.add(node.labels.join(' '), node)
  await nodes.end()
}

/** Labels that nodes of the batch have and should not: those of entities whose type has changed. */
async function oldLabels(
  transaction: Transaction,
  match: string,
  rows: readonly unknown[],
  node: ShownNode,
): Promise<string[]> {
  if (node.kind !== 'Entity') return []
  const result = await transaction.executeCypher(`${match} UNWIND labels(item) AS label RETURN DISTINCT label`, {
    rows,
  })
  return result
    .toArray()
    .map((row) => String((row as { label: unknown }).label))
    .filter((label) => !node.labels.includes(label))
}

async function applyRelationships(transaction: Transaction, store: Connection, after: number): Promise<void> {
  const relationships = new Batches<ShownRelationship>(async (batch, first) => {
    await removeThem(transaction, batch, first)
    const rows = batch.map(({ id, from, to, properties }) => ({ id, from: from.id, to: to.id, properties }))
    await transaction.executeCypher(
      `UNWIND $rows AS row MATCH (a:\`${first.from.label}\` {id: row.from}) MATCH (b:\`${first.to.label}\` {id: row.to})
       CREATE (a)-[item:\`${first.type}\`]->(b) SET item = row.properties`,
      { rows },
    )
    await fixFloats(transaction, matchRelationships(first), rows)
  })
  for (const relationship of changedRelationships(store, after)) {
    await relationships.add(placeKey(relationship), relationship)
  }
  await relationships.end()
}

async function removeThem(transaction: Transaction, batch: readonly Place[], first: Place): Promise<void> {
  const rows = batch.map(({ id, from, to }) => ({ id, from: from.id, to: to.id }))
  await transaction.executeCypher(`${matchRelationships(first)} DELETE item`, { rows })
}

function matchRelationships({ type, from, to }: Place): string {
  return `UNWIND $rows AS row
    MATCH (a:\`${from.label}\` {id: row.from})-[item:\`${type}\`]->(b:\`${to.label}\` {id: row.to})
    WHERE coalesce(item.id, '') = row.id WITH row, item`
}

async function fixFloats(
  transaction: Transaction,
  match: string,
  rows: readonly { readonly properties: ShownNode['properties'] }[],
): Promise<void> {
  const byName = new Map<string, unknown[]>()
  for (const row of rows) {
    for (const name of wholeFloats(row.properties)) byName.set(name, [...(byName.get(name) ?? []), row])
  }
  for (const [name, affected] of byName) {
    const isList = rows.some(({ properties }) => Array.isArray(properties[name]))
    await transaction.executeCypher(`${match} SET ${asFloat(name, isList)}`, { rows: affected })
  }
}

function asFloat(name: string, isList: boolean): string {
  const value = isList ? `[x IN item.\`${name}\` | toFloat(x)]` : `toFloat(item.\`${name}\`)`
  return `item.\`${name}\` = ${value}`
}

/** Collects, while the graph is built, which properties have to be made floats afterwards. */
class Floats {
  readonly #found = new Map<string, { pattern: string; name: string; values: Set<unknown>; isList: boolean }>()

  note(pattern: string, { properties }: { readonly properties: ShownNode['properties'] }): void {
    for (const name of wholeFloats(properties)) {
      const key = `${pattern} ${name}`
      const entry = this.#found.get(key) ?? { pattern, name, values: new Set(), isList: false }
      if (Array.isArray(properties[name])) entry.isList = true
      else if (entry.values.size <= MANY_VALUES) entry.values.add(properties[name])
      this.#found.set(key, entry)
    }
  }

  statements(): { text: string; parameters: Record<string, unknown> }[] {
    return [...this.#found.values()].map(({ pattern, name, values, isList }) => {
      const few = !isList && values.size <= MANY_VALUES
      const condition = few ? `item.\`${name}\` IN $values` : `item.\`${name}\` IS NOT NULL`
      return {
        text: `MATCH ${pattern} WHERE ${condition} SET ${asFloat(name, isList)}`,
        parameters: few ? { values: [...values] } : {},
      }
    })
  }
}

/** Gathers items by a key, and hands each group on when it is long enough. */
class Batches<T> {
  readonly #groups = new Map<string, T[]>()
  readonly #flush: (batch: readonly T[], first: T) => Promise<void>

  constructor(flush: (batch: readonly T[], first: T) => Promise<void>) {
    this.#flush = flush
  }

  async add(key: string, item: T): Promise<void> {
    const group = this.#groups.get(key) ?? []
    this.#groups.set(key, group)
    if (group.push(item) < BATCH) return
    this.#groups.delete(key)
    await this.#flush(group, item)
  }

  async end(): Promise<void> {
    for (const group of this.#groups.values()) {
      const [first] = group
      if (first !== undefined) await this.#flush(group, first)
    }
    this.#groups.clear()
  }
}

function keyOf(label: string, id: string): string {
  return `${label} ${id}`
}

function placeKey({ type, from, to }: Place): string {
  return `${type} ${from.label} ${to.label}`
}
