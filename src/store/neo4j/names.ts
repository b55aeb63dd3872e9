import type { NamedThing, Posting } from '../../model/name-index.ts'
import type { NameKeys } from '../database.ts'
import { cypher } from './cypher.ts'
import { toInteger, type RunCypher } from './driver.ts'
import { portions } from './values.ts'

/** Keys are words of a full-text index: digits and small letters, which mean nothing else to Lucene. */
const RADIX = 36

export async function findByNameKeys(
  run: RunCypher,
  keys: readonly number[],
  most: number,
): Promise<Map<number, Posting>> {
  if (keys.length === 0) return new Map()
  const words = [...new Set(keys)].map((key) => key.toString(RADIX))
  const rows = await run(cypher('find-by-name-keys'), { keys: words, limit: toInteger(most + 1) })
  const bearers = new Map(rows.map(({ key, ids }) => [key as string, ids as string[]]))
  const few = [...bearers.values()].filter((ids) => ids.length <= most)
  const things = await readThings(run, [...new Set(few.flat())])
  return new Map(
    [...bearers].map(([key, ids]) => {
      const found = ids.length > most ? [] : ids.flatMap((id) => things.get(id) ?? [])
      return [Number.parseInt(key, RADIX), { things: found, count: ids.length }]
    }),
  )
}

async function readThings(run: RunCypher, ids: readonly string[]): Promise<Map<string, NamedThing>> {
  if (ids.length === 0) return new Map()
  const rows = await run(cypher('get-properties', { label: '__Entity__' }), { ids, names: ['type', 'name', 'aliases'] })
  return new Map(
    rows.map((row) => {
      const [id, [type, name, aliases]] = [row['id'] as string, row['values'] as [string, string, string[] | null]]
      return [id, { id, type, names: [name, ...(aliases ?? [])] }]
    }),
  )
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
