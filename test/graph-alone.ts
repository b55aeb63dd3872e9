import type { Store } from '../src/store/store.ts'

/** The graph without its record, as analysts see it; how many decisions there were about a link is a matter of the record. */
export async function graphAlone(store: Store): Promise<string> {
  const queries = [
    'MATCH (a:__Entity__) RETURN a ORDER BY a.id',
    'MATCH (a:__Entity__)-[r]->(b) RETURN a.id, r, b.id ORDER BY a.id, b.id, r.id',
  ]
  const results = []
  for (const text of queries) results.push((await store.database.query(text, {}, { seconds: 30 })).rows)
  return JSON.stringify(results, (_, value: unknown) =>
    // Databases give properties in any order.
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  ).replaceAll(/"rev":\d+/g, '"rev":0')
}
