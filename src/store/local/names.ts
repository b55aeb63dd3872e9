import type { Bearers, NameKeys, StrayKey, StrayKeyPage } from '../database.ts'
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
export function findByNameKeys(connection: Connection, keys: readonly number[], most: number): Map<number, Bearers> {
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
  const ids = idsOf(connection, [...new Set(few.flat())])
  return new Map(
    [...bearers].map(([key, nodes]) => {
      const found = nodes.length > most ? [] : nodes.flatMap((node) => ids.get(node) ?? [])
      return [key, { ids: found, count: nodes.length }]
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

function idsOf(connection: Connection, nodes: readonly number[]): Map<number, string> {
  const sql = 'SELECT key, id FROM node WHERE key IN (SELECT value FROM json_each(?))'
  return new Map(connection.all(sql, JSON.stringify(nodes)).map((row) => [Number(row['key']), String(row['id'])]))
}

/** Without such as are kept and not in the B-tree, by which nothing is found. */
export function nameKeysOf(connection: Connection, ids: readonly string[]): Map<string, number[]> {
  const sql = `SELECT node.key, node.id, keys FROM node JOIN entity_keys ON entity_keys.node = node.key
    WHERE kind = 'Entity' AND node.id IN (SELECT value FROM json_each(?))`
  const kept = connection.all(sql, JSON.stringify(ids)).map((row) => {
    return { id: String(row['id']), node: Number(row['key']), keys: unpack(row['keys']) }
  })
  const absent = absentKeys(connection, kept)
  return new Map(
    kept.map(({ id, node, keys }) => {
      const without = absent.get(node)
      return [id, without === undefined ? keys : keys.filter((key) => !without.has(key))]
    }),
  )
}

/** By node, which of its keys are not in the B-tree: none, unless it was damaged. */
function absentKeys(
  connection: Connection,
  kept: readonly { readonly node: number; readonly keys: readonly number[] }[],
): ReadonlyMap<number, ReadonlySet<number>> {
  const pairs = kept.flatMap(({ node, keys }) => keys.map((key) => [key, node]))
  if (pairs.length === 0) return new Map()
  const sql = `WITH pair AS (SELECT value ->> '$[0]' AS key, value ->> '$[1]' AS node FROM json_each(?))
    SELECT key, node FROM pair
    WHERE NOT EXISTS (SELECT 1 FROM name_key WHERE name_key.key = pair.key AND name_key.node = pair.node)`
  const rows = connection.all(sql, JSON.stringify(pairs))
  const byNode = Map.groupBy(rows, (row) => Number(row['node']))
  return new Map([...byNode].map(([node, those]) => [node, new Set(those.map((row) => Number(row['key'])))]))
}

/** In the order of the keys, so that neighbours in the B-tree are written together. */
export function setNameKeys(connection: Connection, entities: readonly NameKeys[]): void {
  const added: [key: number, node: number][] = []
  for (const { id, keys } of entities) {
    const row = connection.get(`SELECT key FROM node WHERE kind = 'Entity' AND id = ?`, id)
    if (row === undefined) continue
    const node = Number(row['key'])
    const kept = keysOfNode(connection, node)
    const absent = absentKeys(connection, [{ node, keys: kept }]).get(node)
    const before = absent === undefined ? kept : kept.filter((key) => !absent.has(key))
    const [had, has] = [new Set(before), new Set(keys)]
    const [lost, won] = [before.filter((key) => !has.has(key)), keys.filter((key) => !had.has(key))]
    if (lost.length + won.length === 0) continue
    removeKeys(connection, node, lost)
    for (const key of won) added.push([key, node])
    if (keys.length === 0) connection.run('DELETE FROM entity_keys WHERE node = ?', node)
    else connection.run('INSERT OR REPLACE INTO entity_keys VALUES (?, ?)', node, pack(keys))
  }
  if (added.length === 0) return
  const sql = "INSERT OR IGNORE INTO name_key SELECT value ->> '$[0]', value ->> '$[1]' FROM json_each(?)"
  connection.run(sql, JSON.stringify(added.toSorted(([a], [b]) => a - b)))
}

/** Nothing leads to a node any more that is about to go: its number may be given to another. */
export function forgetNameKeys(connection: Connection, node: number): void {
  removeKeys(connection, node, keysOfNode(connection, node))
  connection.run('DELETE FROM entity_keys WHERE node = ?', node)
}

/**
 * Of the next entries of the B-tree, those of which the node is no entity, or keeps no such key. The cursor is the last
 * entry that was looked at.
 */
export function strayKeysAfter(connection: Connection, cursor: string, limit: number): StrayKeyPage {
  const [key = -1, node = -1] = cursor === '' ? [] : cursor.split(' ').map(Number)
  const sql = `SELECT key, node, keys, (SELECT kind FROM node AS one WHERE one.key = page.node) AS kind
    FROM (SELECT key, node FROM name_key WHERE (key, node) > (?, ?) ORDER BY key, node LIMIT ?) AS page
    LEFT JOIN entity_keys USING (node) ORDER BY key, node`
  const rows = connection.all(sql, key, node, limit)
  const strays = rows.filter((row) => row['kind'] !== 'Entity' || !holds(row['keys'], Number(row['key'])))
  const last = rows.at(-1)
  return {
    strays: strays.map((row) => ({ bearer: String(row['node']), key: Number(row['key']) })),
    next: rows.length < limit || last === undefined ? null : `${Number(last['key'])} ${Number(last['node'])}`,
  }
}

export function removeStrayKeys(connection: Connection, strays: readonly StrayKey[]): void {
  for (const { bearer, key } of strays) {
    const node = Number(bearer)
    if (key !== null) removeKeys(connection, node, [key])
    const isEntity = connection.get(`SELECT 1 FROM node WHERE key = ? AND kind = 'Entity'`, node) !== undefined
    if (!isEntity) forgetNameKeys(connection, node)
  }
}

/** Without unpacking them: of all entries of an index each comes by. */
function holds(keys: unknown, key: number): boolean {
  if (!(keys instanceof Uint8Array)) return false
  const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength)
  for (let at = 0; at < bytes.length; at += KEY_BYTES) if (bytes.readUIntBE(at, KEY_BYTES) === key) return true
  return false
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
