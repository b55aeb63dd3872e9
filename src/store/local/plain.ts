/**
 * Values of a result as JSON, in the one shape of all databases: a node is `{labels, properties}` (labels sorted), a
 * relationship `{type, properties}`, a path the list of both in turn; there are no internal ids. Whole numbers past
 * 2^53 and times are strings.
 */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value === undefined) return null
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(toPlain)
  const fields = value as Record<string, unknown>
  if (isPath(fields)) {
    return fields.nodes.flatMap((node, index) =>
      index === 0 ? [toPlain(node)] : [toPlain(fields.edges[index - 1]), toPlain(node)],
    )
  }
  if (Array.isArray(fields['_labels']))
    return { labels: fields['_labels'].toSorted(), properties: propertiesOf(fields) }
  if (typeof fields['_type'] === 'string' && '_source' in fields) {
    return { type: fields['_type'], properties: propertiesOf(fields) }
  }
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, toPlain(field)]))
}

const INTERNAL = new Set(['_id', '_labels', '_type', '_source', '_target'])

function propertiesOf(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !INTERNAL.has(name))
      .map(([name, field]) => [name, toPlain(field)]),
  )
}

function isPath(fields: Record<string, unknown>): fields is { nodes: unknown[]; edges: unknown[] } {
  const { nodes, edges } = fields
  if (!Array.isArray(nodes) || !Array.isArray(edges) || nodes.length !== edges.length + 1) return false
  return nodes.every((node) => typeof node === 'object' && node !== null && '_labels' in node)
}
