import type { NamedThing, Posting } from '../../model/name-index.ts'
import type { NameKeys } from '../database.ts'
import type { Connection } from './sqlite.ts'

/**
 * The index of names: `name_key` is the B-tree that finds entities, whole, so that it is right again when a key that
 * many bear loses some; `entity_keys` says which keys to take out of it.
 *
 * Tried against FTS5 with keys for words (without positions), 20 entities a transaction, up to 100 thousand of 28 keys
 * each: that writes 6 KB an entity where a page of the B-tree for each key makes 250 KB, in a fifth of the computing; but
 * to look up the keys of a name took it 7 times the computing, and twice as much as among 10 thousand, where the B-tree
 * takes 1.3 times as much.
 */

const KEY_BYTES = 6

/** Reads no more than one bearer too many of a key. */
export function findByNameKeys(connection: Connection, keys: readonly number[], most: number): Map<number, Posting> {
  const sql = `SELECT value AS key, (
      SELECT json_group_array(node) FROM (SELECT node FROM name_key WHERE key = wanted.value LIMIT ?)
    ) AS nodes FROM json_each(?) AS wanted`
  const bearers = new Map(
    connection.all(sql, most + 1, JSON.stringify([...new Set(keys)])).flatMap((row): [number, number[]][] => {
      const nodes = JSON.parse(String(row['nodes'])) as number[]
      return nodes.length === 0 ? [] : [[Number(row['key']), nodes]]
    }),
  )
  const few = [...bearers.values()].filter((nodes) => nodes.length <= most)
  const things = readThings(connection, [...new Set(few.flat())])
  return new Map(
    [...bearers].map(([key, nodes]) => {
      const found = nodes.length > most ? [] : nodes.flatMap((node) => things.get(node) ?? [])
      return [key, { things: found, count: nodes.length }]
    }),
  )
}

export function countByNameKeys(connection: Connection, keys: readonly number[], most: number): Map<number, number> {
  const sql = `SELECT value AS key, (
      SELECT count(*) FROM (SELECT 1 FROM name_key WHERE key = wanted.value LIMIT ?)
    ) AS count FROM json_each(?) AS wanted`
  const rows = connection.all(sql, most + 1, JSON.stringify(keys))
  return new Map(rows.map((row) => [Number(row['key']), Number(row['count'])]))
}

function readThings(connection: Connection, nodes: readonly number[]): Map<number, NamedThing> {
  const sql = `SELECT key, json_extract(properties, '$.id', '$.type', '$.name', '$.aliases') AS parts
    FROM node WHERE key IN (SELECT value FROM json_each(?))`
  return new Map(
    connection.all(sql, JSON.stringify(nodes)).map((row) => {
      const [id, type, name, aliases] = JSON.parse(String(row['parts'])) as [string, string, string, string[] | null]
      return [Number(row['key']), { id, type, names: [name, ...(aliases ?? [])] }]
    }),
  )
}

export function nameKeysOf(connection: Connection, ids: readonly string[]): Map<string, number[]> {
  const sql = `SELECT node.id, keys FROM node JOIN entity_keys ON entity_keys.node = node.key
    WHERE kind = 'Entity' AND node.id IN (SELECT value FROM json_each(?))`
  return new Map(connection.all(sql, JSON.stringify(ids)).map((row) => [String(row['id']), unpack(row['keys'])]))
}

/** In the order of the keys, so that neighbours in the B-tree are written together. */
export function setNameKeys(connection: Connection, entities: readonly NameKeys[]): void {
  const added: [key: number, node: number][] = []
  for (const { id, keys } of entities) {
    const row = connection.get(`SELECT key FROM node WHERE kind = 'Entity' AND id = ?`, id)
    if (row === undefined) continue
    const node = Number(row['key'])
    const before = keysOfNode(connection, node)
    const [had, has] = [new Set(before), new Set(keys)]
    const [lost, won] = [before.filter((key) => !has.has(key)), keys.filter((key) => !had.has(key))]
    if (lost.length + won.length === 0) continue
    removeKeys(connection, node, lost)
    for (const key of won) added.push([key, node])
    if (keys.length === 0) connection.run('DELETE FROM entity_keys WHERE node = ?', node)
    else connection.run('INSERT OR REPLACE INTO entity_keys VALUES (?, ?)', node, pack(keys))
  }
  if (added.length === 0) return
  const sql = "INSERT INTO name_key SELECT value ->> '$[0]', value ->> '$[1]' FROM json_each(?)"
  connection.run(sql, JSON.stringify(added.toSorted(([a], [b]) => a - b)))
}

/** Nothing leads to a node any more that is about to go: its number may be given to another. */
export function forgetNameKeys(connection: Connection, node: number): void {
  removeKeys(connection, node, keysOfNode(connection, node))
  connection.run('DELETE FROM entity_keys WHERE node = ?', node)
}

function removeKeys(connection: Connection, node: number, keys: readonly number[]): void {
  for (const key of keys) connection.run('DELETE FROM name_key WHERE key = ? AND node = ?', key, node)
}

function keysOfNode(connection: Connection, node: number): number[] {
  return unpack(connection.get('SELECT keys FROM entity_keys WHERE node = ?', node)?.['keys'])
}

function pack(keys: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(keys.length * KEY_BYTES)
  for (const [index, key] of keys.entries()) bytes.writeUIntBE(key, index * KEY_BYTES, KEY_BYTES)
  return bytes
}

function unpack(value: unknown): number[] {
  if (!(value instanceof Uint8Array)) return []
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return Array.from({ length: bytes.length / KEY_BYTES }, (_, index) => bytes.readUIntBE(index * KEY_BYTES, KEY_BYTES))
}
