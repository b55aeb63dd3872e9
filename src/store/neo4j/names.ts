import type { Bearers, NameKeys, StrayKeyPage } from '../database.ts'
import { cypher } from './cypher.ts'
import { toInteger, type RunCypher } from './driver.ts'
import { portions } from './values.ts'

/**
 * The index of names in Neo4j: beside each entity a node with its keys as words of one text, in a full-text index that
 * splits at blanks only. A word that all of 200 thousand nodes have took no longer to look up, with a limit, than one that
 * a single node has. Measured by `npm run bench:names`: a look-up among a million entities computes as much as among 100
 * thousand, where Lucene has as many parts to look into, and twice as much as among 10 thousand. Since then of keys that many
 * bear, of which there are more in a larger graph, only the count is read: a mention's look-up came to 56 hits of the database
 * among 10 thousand and 123 among 100 thousand, and comes to 41 and 45.
 *
 * Tried against nodes for keys, with relationships or capped lists of ids, over 50 thousand made-up entities in one
 * run: to put an entity took those eight and six times as long in bulk, 1.9 and 1.5 times with 20 in a transaction, and
 * to look up its keys 0.7 times. They would be over twenty nodes an entity.
 */

/** Digits and small letters mean nothing but themselves to Lucene. */
const RADIX = 36

export async function findByNameKeys(
  run: RunCypher,
  keys: readonly number[],
  most: number,
): Promise<Map<number, Bearers>> {
  if (keys.length === 0) return new Map()
  const words = [...new Set(keys)].map((key) => key.toString(RADIX))
  const rows = await run(cypher('find-by-name-keys'), { keys: words, limit: toInteger(most + 1) })
  return new Map(
    rows.map(({ key, ids, count }) => {
      return [Number.parseInt(key as string, RADIX), { ids: ids as string[], count: count as number }]
    }),
  )
}

export async function countByNameKeys(
  run: RunCypher,
  keys: readonly number[],
  most: number,
): Promise<Map<number, number>> {
  if (keys.length === 0) return new Map()
  const words = keys.map((key) => key.toString(RADIX))
  const rows = await run(cypher('count-by-name-keys'), { keys: words, limit: toInteger(most + 1) })
  return new Map(rows.map(({ key, count }) => [Number.parseInt(key as string, RADIX), count as number]))
}

export async function nameKeysOf(run: RunCypher, ids: readonly string[]): Promise<Map<string, number[]>> {
  if (ids.length === 0) return new Map()
  const rows = await run(cypher('get-name-keys'), { ids })
  return new Map(
    rows.map(({ id, keys }) => [id as string, (keys as string).split(' ').map((key) => Number.parseInt(key, RADIX))]),
  )
}

export async function setNameKeys(run: RunCypher, entities: readonly NameKeys[]): Promise<void> {
  const { none = [], some = [] } = Object.groupBy(entities, ({ keys }) => (keys.length === 0 ? 'none' : 'some'))
  await removeNameKeys(
    run,
    none.map(({ id }) => id),
  )
  const rows = some.map(({ id, keys }) => ({ id, keys: keys.map((key) => key.toString(RADIX)).join(' ') }))
  for (const portion of portions(rows)) await run(cypher('set-name-keys'), { rows: portion })
}

export async function removeNameKeys(run: RunCypher, ids: readonly string[]): Promise<void> {
  for (const some of portions(ids)) await run(cypher('remove-name-keys'), { ids: some })
}

/** Keys beside entities that are not there; the cursor is the id of the last that was looked at. */
export async function strayKeysAfter(run: RunCypher, cursor: string, limit: number): Promise<StrayKeyPage> {
  const rows = await run(cypher('list-stray-name-keys'), { after: cursor, limit: toInteger(limit) })
  return {
    strays: rows.filter(({ isStray }) => isStray === true).map(({ id }) => ({ bearer: id as string, key: null })),
    next: rows.length < limit ? null : (rows.at(-1)?.['id'] as string),
  }
}
