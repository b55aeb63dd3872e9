import { INDEXED, NODE_KINDS, orderOf, SELDOM } from '../database.ts'
import type {
  Bearers,
  GraphNode,
  GraphReader,
  GraphRelationship,
  Hit,
  NodeKey,
  NodeKind,
  Page,
  Properties,
  RelationshipPage,
  StrayKeyPage,
  RelationshipKey,
  Sum,
  Value,
  WordIndex,
  WordSearch,
} from '../database.ts'
import { StoreError } from '../../model/errors.ts'
import { extract, indexName } from './format.ts'
import { countByNameKeys, findByNameKeys, nameKeysOf, strayKeysAfter } from './names.ts'
import type { Connection, Row } from './sqlite.ts'
import { matchAny, WORD_TABLES } from './words.ts'

/** Lists go in as one JSON parameter: there is no limit to their length, and one statement serves all. */
const IN_LIST = 'IN (SELECT value FROM json_each(?))'

/** Reads on one connection, inside the transaction that is open there. */
export class LocalReader implements GraphReader {
  protected readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  async get(kind: NodeKind, ids: readonly string[]): Promise<GraphNode[]> {
    const sql = `SELECT properties FROM node WHERE kind = ? AND id ${IN_LIST}`
    return this.connection.all(sql, kind, JSON.stringify(ids)).map((row) => nodeOf(kind, row))
  }

  async find(kind: NodeKind, property: string, values: readonly string[], page: Page = {}): Promise<GraphNode[]> {
    if (!INDEXED[kind].includes(property)) throw new StoreError('no-index', `${kind}.${property} has no index.`)
    // With `=` instead of `IN`, SQLite also takes the order from the index.
    const [condition, wanted] = values.length === 1 ? ['= ?', String(values[0])] : [IN_LIST, JSON.stringify(values)]
    const part = (column: string): string => `SELECT ${column} FROM node INDEXED BY ${indexName(kind, property)}
      WHERE kind = '${kind}' AND ${extract(property)} ${condition} ${sortedBy(page)}`
    // Against the direction of the index ties are sorted: that is not done with all that a node holds.
    const sql = isSorted(page)
      ? `SELECT properties FROM node WHERE key IN (${part('key')}) ${orderOfRows(page)}`
      : part('properties')
    return this.connection.all(sql, wanted, ...rangeOf(page)).map((row) => nodeOf(kind, row))
  }

  async list(kind: NodeKind, page: Page = {}): Promise<GraphNode[]> {
    const sql = `SELECT properties FROM node WHERE kind = ? ${sortedBy(page)}`
    return this.connection.all(sql, kind, ...rangeOf(page)).map((row) => nodeOf(kind, row))
  }

  async listAfter(kind: NodeKind, after: string, limit: number): Promise<GraphNode[]> {
    const sql = 'SELECT properties FROM node WHERE kind = ? AND id > ? ORDER BY id LIMIT ?'
    return this.connection.all(sql, kind, after, limit).map((row) => nodeOf(kind, row))
  }

  async relationships(
    type: string,
    side: 'from' | 'to',
    kind: NodeKind,
    otherKind: NodeKind,
    ids: readonly string[],
  ): Promise<GraphRelationship[]> {
    const other = side === 'from' ? 'to' : 'from'
    const sql = `SELECT * FROM relationship INDEXED BY relationship_${side}
      WHERE ${side}_kind = ? AND ${side}_id ${IN_LIST} AND type = ? AND ${other}_kind = ?`
    return this.connection.all(sql, kind, JSON.stringify(ids), type, otherKind).map(relationshipOf)
  }

  async relationshipsAfter(kind: NodeKind, after: RelationshipKey | null, limit: number): Promise<GraphRelationship[]> {
    const order = `from_id, type, to_kind, to_id, coalesce(id, '')`
    const sql = `SELECT * FROM relationship INDEXED BY relationship_from
      WHERE from_kind = ? AND (${order}) > (?, ?, ?, ?, ?) ORDER BY ${order} LIMIT ?`
    const behind = after === null ? ['', '', '', '', ''] : orderOf(after)
    return this.connection.all(sql, kind, ...behind, limit).map(relationshipOf)
  }

  async links(
    type: string,
    kind: NodeKind,
    ids: readonly string[],
    otherKind: NodeKind = kind,
  ): Promise<GraphRelationship[]> {
    const sql = `SELECT * FROM relationship WHERE id ${IN_LIST} AND type = ? AND from_kind = ? AND to_kind = ?`
    return this.connection.all(sql, JSON.stringify(ids), type, kind, otherKind).map(relationshipOf)
  }

  async linksAfter(cursor: string, limit: number): Promise<RelationshipPage> {
    const sql = 'SELECT * FROM relationship WHERE id > ? ORDER BY id LIMIT ?'
    const relationships = this.connection.all(sql, cursor, limit).map(relationshipOf)
    return { relationships, next: relationships.length < limit ? null : (relationships.at(-1)?.id ?? null) }
  }

  async endlessAfter(cursor: string, limit: number): Promise<RelationshipPage> {
    const end = (side: 'from' | 'to'): string =>
      `(SELECT key FROM node WHERE kind = ${side}_kind AND id = ${side}_id) AS ${side}_key`
    const sql = `SELECT *, ${end('from')}, ${end('to')} FROM relationship WHERE key > ? ORDER BY key LIMIT ?`
    const rows = this.connection.all(sql, Number(cursor), limit)
    const endless = rows.filter((row) => row['from_key'] === null || row['to_key'] === null)
    return {
      relationships: endless.map(relationshipOf),
      next: rows.length < limit ? null : String(rows.at(-1)?.['key']),
    }
  }

  async tally(kind: NodeKind, properties: readonly string[]): Promise<{ values: Value[]; count: number }[]> {
    const [only] = properties
    if (only !== undefined && properties.length === 1 && INDEXED[kind].includes(only)) {
      // Indexed properties are strings, so the index alone answers.
      const [index, isSeldom] = [indexName(kind, only), SELDOM.has(only)]
      const sql = `SELECT ${extract(only)} AS value, count(*) AS count FROM node INDEXED BY ${index}
        WHERE kind = '${kind}' ${isSeldom ? `AND ${extract(only)} IS NOT NULL` : ''} GROUP BY 1`
      const rows = this.connection.all(sql)
      const groups = rows.map((row) => ({ values: [row['value'] as Value], count: Number(row['count']) }))
      if (!isSeldom) return groups
      // Those that have none are not in the index.
      const all = Number(this.connection.get('SELECT count(*) AS count FROM node WHERE kind = ?', kind)?.['count'])
      const without = all - groups.reduce((sum, { count }) => sum + count, 0)
      return without === 0 ? groups : [...groups, { values: [null], count: without }]
    }
    // As JSON, where `true` is not 1.
    const columns = properties.map((property, index) => `properties -> '$.${checked(property)}' AS value${index}`)
    const sql = `SELECT ${[...columns, 'count(*) AS count'].join(', ')} FROM node WHERE kind = ?
      ${columns.length === 0 ? '' : `GROUP BY ${columns.map((_, index) => index + 1).join(', ')}`}`
    return this.connection.all(sql, kind).map((row) => ({
      values: properties.map((_, index) => valueOf(row[`value${index}`])),
      count: Number(row['count']),
    }))
  }

  async sum(kind: NodeKind, by: readonly string[], properties: readonly string[]): Promise<Sum[]> {
    const columns = [
      ...by.map((_, index) => `list -> '$[${index}]' AS value${index}`),
      'count(*) AS count',
      ...properties.flatMap((_, index) => {
        const value = `json_extract(list, '$[${by.length + index}]')`
        return [
          `count(${value}) AS count${index}`,
          `total(${value}) AS sum${index}`,
          `max(${value}) AS greatest${index}`,
        ]
      }),
    ]
    // A node's properties may be long: they are parsed once, into a short list (which one path alone would not give).
    const paths = [...by, ...properties, 'id'].map((property) => `'$.${checked(property)}'`)
    const groups = by.length === 0 ? '' : `GROUP BY ${by.map((_, index) => index + 1).join(', ')}`
    const sql = `WITH part AS MATERIALIZED (SELECT json_extract(properties, ${paths.join(', ')}) AS list FROM node WHERE kind = ?)
      SELECT ${columns.join(', ')} FROM part ${groups}`
    return this.connection.all(sql, kind).map((row) => ({
      values: by.map((_, index) => valueOf(row[`value${index}`])),
      count: Number(row['count']),
      figures: properties.map((_, index) => ({
        count: Number(row[`count${index}`]),
        sum: Number(row[`sum${index}`]),
        greatest: Number(row[`greatest${index}`] ?? 0),
      })),
    }))
  }

  async byPrefix(prefix: string, limit: number): Promise<NodeKey[]> {
    const sql = `SELECT id FROM node WHERE kind = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?`
    return NODE_KINDS.flatMap((kind) =>
      this.connection
        .all(sql, kind, prefix, `${prefix}\u{10ffff}`, limit)
        .map((row): NodeKey => ({ kind, id: String(row['id']) })),
    ).slice(0, limit)
  }

  async findEach(kind: NodeKind, property: string, values: readonly string[], limit: number): Promise<GraphNode[]> {
    const found = [...new Set(values)].map((value) => this.find(kind, property, [value], { limit }))
    return (await Promise.all(found)).flat()
  }

  async search(index: WordIndex, searches: readonly WordSearch[]): Promise<Hit[][]> {
    return searches.map((search) => this.#search(index, search))
  }

  async findByNameKeys(keys: readonly number[], most: number): Promise<ReadonlyMap<number, Bearers>> {
    return findByNameKeys(this.connection, keys, most)
  }

  async countByNameKeys(keys: readonly number[], most: number): Promise<ReadonlyMap<number, number>> {
    return countByNameKeys(this.connection, keys, most)
  }

  async nameKeys(ids: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
    return nameKeysOf(this.connection, ids)
  }

  async strayKeysAfter(cursor: string, limit: number): Promise<StrayKeyPage> {
    return strayKeysAfter(this.connection, cursor, limit)
  }

  #search(index: WordIndex, { words, limit }: WordSearch): Hit[] {
    const { table, kind } = WORD_TABLES[index]
    if (words.length === 0) return []
    // FTS5's bm25 is the better the smaller (it is negative).
    const name = kind === 'Entity' ? ", node.properties ->> '$.name' AS name" : ''
    const sql = `SELECT node.id, -${table}.rank AS score${name} FROM ${table} JOIN node ON node.key = ${table}.rowid
      WHERE ${table} MATCH ? ORDER BY ${table}.rank, node.id LIMIT ?`
    return this.connection.all(sql, matchAny(words), limit).map(hitOf)
  }
}

/** Names of properties stand in SQL as they are. */
function checked(property: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]*$/.test(property)) return property
  throw new StoreError('bad-property', `"${property}" is no name of a property.`)
}

function isSorted({ order, descending, limit }: Page): boolean {
  return order !== undefined && descending !== true && limit !== undefined
}

function sortedBy(page: Page): string {
  return `${orderOfRows(page)} LIMIT ? OFFSET ?`
}

function orderOfRows(page: Page): string {
  const order = page.order ?? 'id'
  const direction = page.descending === true ? 'DESC' : 'ASC'
  const terms = order === 'id' ? `id ${direction}` : `${extract(checked(order))} ${direction} NULLS LAST, id`
  return `ORDER BY ${terms}`
}

/** A limit of -1 is none. */
function rangeOf(page: Page): [number, number] {
  return [page.limit ?? -1, page.skip ?? 0]
}

function nodeOf(kind: NodeKind, row: Row): GraphNode {
  const properties = JSON.parse(String(row['properties'])) as Properties
  return { kind, id: String(properties['id']), properties }
}

function hitOf(row: Row): Hit {
  const hit = { id: String(row['id']), score: Number(row['score']) }
  return typeof row['name'] === 'string' ? { ...hit, name: row['name'] } : hit
}

function relationshipOf(row: Row): GraphRelationship {
  return {
    type: String(row['type']),
    id: row['id'] === null ? null : String(row['id']),
    from: { kind: row['from_kind'] as NodeKind, id: String(row['from_id']) },
    to: { kind: row['to_kind'] as NodeKind, id: String(row['to_id']) },
    properties: JSON.parse(String(row['properties'])) as Properties,
  }
}

function valueOf(json: Row[string] | undefined): Value {
  return typeof json === 'string' ? (JSON.parse(json) as Value) : null
}
