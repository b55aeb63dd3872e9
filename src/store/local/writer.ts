import { StoreError } from '../../model/errors.ts'
import type {
  GraphNode,
  GraphRelationship,
  GraphWriter,
  NameKeys,
  NodeKey,
  NodeKind,
  Properties,
  RelationshipKey,
  StrayKey,
} from '../database.ts'
import { forgetNameKeys, removeStrayKeys, setNameKeys } from './names.ts'
import { LocalReader } from './reader.ts'
import type { Connection, Row } from './sqlite.ts'
import { wordsIn, wordTablesOf } from './words.ts'

/** The labels and types that may stand in Cypher, on every database. */
const LABEL = /^[A-Z][A-Za-z0-9]*$/
const RELATIONSHIP_TYPE = /^[A-Z][A-Z0-9_]*$/

/** Reads and writes inside one transaction, which has the whole file to itself. */
export class LocalWriter extends LocalReader implements GraphWriter {
  /** Number of this transaction, taken with its first change. */
  #sequence: number | undefined

  /** Nothing to lock: the transaction began by locking the whole file. */
  async lock(kind: NodeKind, ids: readonly string[], only?: readonly string[]): Promise<GraphNode[]> {
    if (only?.length !== 0) return this.get(kind, ids)
    return ids.filter((id) => this.#row(kind, id) !== undefined).map((id) => ({ kind, id, properties: { id } }))
  }

  async createNodes(nodes: readonly GraphNode[]): Promise<void> {
    for (const node of nodes) this.#putNode(node, undefined)
  }

  async putNodes(nodes: readonly GraphNode[]): Promise<void> {
    for (const node of nodes) this.#putNode(node, this.#row(node.kind, node.id))
  }

  async patchNodes(kind: NodeKind, patches: readonly { id: string; properties: Properties }[]): Promise<void> {
    for (const { id, properties } of patches) {
      const row = this.#row(kind, id)
      if (row === undefined) continue
      this.#put(kind, id, row, withoutNull({ ...propertiesOf(row), ...properties, id }))
    }
  }

  async putRelationships(relationships: readonly GraphRelationship[]): Promise<void> {
    const found = new Set<string>()
    for (const relationship of relationships) {
      const { type, id, from, to } = relationship
      if (!RELATIONSHIP_TYPE.test(type)) {
        throw new StoreError('bad-type', `"${type}" cannot be the type of a relationship.`)
      }
      for (const end of [from, to]) {
        const key = `${end.kind} ${end.id}`
        if (found.has(key)) continue
        if (this.#row(end.kind, end.id) === undefined) throw missingEnd(relationship, end)
        found.add(key)
      }
      const ends = [type, from.kind, from.id, to.kind, to.id] as const
      const properties = JSON.stringify(
        withoutNull(id === null ? relationship.properties : { ...relationship.properties, id }),
      )
      const row = this.#relationshipRow(relationship)
      if (row === undefined) {
        this.connection.run(
          `INSERT INTO relationship (type, from_kind, from_id, to_kind, to_id, id, properties, sequence)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          ...ends,
          id,
          properties,
          this.#next(),
        )
        continue
      }
      if (ends.some((value, index) => value !== row[END_COLUMNS[index] ?? ''])) throw movedLink(relationship, row)
      if (row['properties'] === properties) continue
      this.connection.run(
        'UPDATE relationship SET properties = ?, sequence = ? WHERE key = ?',
        properties,
        this.#next(),
        Number(row['key']),
      )
    }
  }

  /** Looks for each all the same, in an index: the file keeps one of a kind whatever is known. */
  createRelationships(relationships: readonly GraphRelationship[]): Promise<void> {
    return this.putRelationships(relationships)
  }

  async removeNodes(kind: NodeKind, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const row = this.#row(kind, id)
      if (row === undefined) continue
      this.connection.run('DELETE FROM relationship WHERE from_kind = ? AND from_id = ?', kind, id)
      this.connection.run('DELETE FROM relationship WHERE to_kind = ? AND to_id = ?', kind, id)
      if (kind === 'Entity') forgetNameKeys(this.connection, Number(row['key']))
      this.connection.run('DELETE FROM node WHERE key = ?', Number(row['key']))
      for (const { table } of wordTablesOf(kind))
        this.connection.run(`DELETE FROM ${table} WHERE rowid = ?`, Number(row['key']))
      this.#remember('node', { type: kind, id })
    }
  }

  async removeRelationships(keys: readonly RelationshipKey[]): Promise<void> {
    for (const key of keys) {
      const row = this.#relationshipRow(key)
      if (row === undefined) continue
      this.connection.run('DELETE FROM relationship WHERE key = ?', Number(row['key']))
      this.#remember('relationship', row)
    }
  }

  async setNameKeys(entities: readonly NameKeys[]): Promise<void> {
    setNameKeys(this.connection, entities)
  }

  async removeStrayKeys(strays: readonly StrayKey[]): Promise<void> {
    removeStrayKeys(this.connection, strays)
  }

  #row(kind: NodeKind, id: string): Row | undefined {
    return this.connection.get('SELECT key, properties FROM node WHERE kind = ? AND id = ?', kind, id)
  }

  #relationshipRow({ type, id, from, to }: RelationshipKey): Row | undefined {
    if (id !== null) return this.connection.get('SELECT * FROM relationship WHERE id = ?', id)
    return this.connection.get(
      `SELECT * FROM relationship
       WHERE type = ? AND from_kind = ? AND from_id = ? AND to_kind = ? AND to_id = ? AND coalesce(id, '') = ''`,
      type,
      from.kind,
      from.id,
      to.kind,
      to.id,
    )
  }

  #putNode({ kind, id, properties }: GraphNode, row: Row | undefined): void {
    const type = kind === 'Entity' ? properties['type'] : undefined
    if (typeof type === 'string' && !LABEL.test(type)) {
      throw new StoreError('bad-label', `Entity ${id}: "${type}" cannot be a label.`)
    }
    this.#put(kind, id, row, withoutNull({ ...properties, id }))
  }

  #put(kind: NodeKind, id: string, row: Row | undefined, properties: Properties): void {
    const json = JSON.stringify(properties)
    // Running again changes nothing, so the projection has nothing to follow.
    if (row?.['properties'] === json) return
    let key = Number(row?.['key'])
    if (row === undefined) {
      key = this.connection.run(
        'INSERT INTO node (kind, id, properties, sequence) VALUES (?, ?, ?, ?)',
        kind,
        id,
        json,
        this.#next(),
      )
    } else {
      this.connection.run('UPDATE node SET properties = ?, sequence = ? WHERE key = ?', json, this.#next(), key)
    }
    const tables = wordTablesOf(kind)
    if (tables.length === 0) return
    const before = row === undefined ? {} : propertiesOf(row)
    for (const words of tables) {
      const [texts, old] = [wordsIn(words, properties), wordsIn(words, before)]
      if (texts.every((text, index) => text === old[index])) continue
      const columns = words.columns.join(', ')
      const places = words.columns.map(() => '?').join(', ')
      this.connection.run(
        `INSERT OR REPLACE INTO ${words.table} (rowid, ${columns}) VALUES (?, ${places})`,
        key,
        ...texts,
      )
    }
  }

  #remember(what: 'node' | 'relationship', row: Row): void {
    this.connection.run(
      'INSERT OR REPLACE INTO removed VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      what,
      row['type'] ?? '',
      row['id'] ?? '',
      row['from_kind'] ?? '',
      row['from_id'] ?? '',
      row['to_kind'] ?? '',
      row['to_id'] ?? '',
      this.#next(),
    )
  }

  #next(): number {
    this.#sequence ??= nextSequence(this.connection)
    return this.#sequence
  }
}

/** In the order in which a relationship's ends are written above. */
const END_COLUMNS = ['type', 'from_kind', 'from_id', 'to_kind', 'to_id']

function nextSequence(connection: Connection): number {
  const row = connection.get(`UPDATE meta SET value = value + 1 WHERE name = 'sequence' RETURNING value`)
  return Number(row?.['value'])
}

function propertiesOf(row: Row): Properties {
  return JSON.parse(String(row['properties'])) as Properties
}

function withoutNull(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null && value !== undefined))
}

function movedLink({ id, type, from, to }: GraphRelationship, row: Row): StoreError {
  const stored = `${row['from_kind']} ${row['from_id']} -${row['type']}-> ${row['to_kind']} ${row['to_id']}`
  const put = `${from.kind} ${from.id} -${type}-> ${to.kind} ${to.id}`
  return new StoreError('moved-link', `Link ${id} is ${stored}; it cannot be put as ${put} unless it is removed first.`)
}

function missingEnd({ type, from, to }: GraphRelationship, end: NodeKey): StoreError {
  const name = `${from.kind} ${from.id} -${type}-> ${to.kind} ${to.id}`
  return new StoreError('missing-end', `${name}: there is no ${end.kind} ${end.id}.`)
}
