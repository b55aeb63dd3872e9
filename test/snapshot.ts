import type { Store } from '../src/store/store.ts'

/** The whole graph and record as the database has it, but for nodes with the labels that are left out. */
export async function snapshot(store: Store, leftOut: readonly string[] = []): Promise<string> {
  const queries = [
    `MATCH (n) WHERE NOT any(label IN labels(n) WHERE label IN $leftOut) RETURN n.id AS id, n AS node ORDER BY id`,
    'MATCH (a)-[r]->(b) RETURN a.id AS one, type(r) AS type, b.id AS other, r AS link ORDER BY one, type, other',
  ]
  const results = await Promise.all(
    queries.map((text) => store.database.query(text, text.includes('$') ? { leftOut } : {}, { seconds: 30 })),
  )
  return JSON.stringify(
    results.map(({ rows }) => sortedRows(rows)),
    sortedKeys,
    1,
  )
}

/** Nodes of different labels may share an id, and links their ends: then databases give them in any order. */
function sortedRows(rows: readonly (readonly unknown[])[]): unknown[] {
  const texts = new Map(rows.map((row) => [row, JSON.stringify(row, sortedKeys)]))
  return rows.toSorted((a, b) => ((texts.get(a) ?? '') < (texts.get(b) ?? '') ? -1 : 1))
}

/** Databases give properties in any order. */
function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
