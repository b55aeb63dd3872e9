import { INTEGERS } from '../database.ts'
import type { NodeKind, Properties } from '../database.ts'
import type { Connection, Row } from './sqlite.ts'

/** A node as the Cypher graph shows it. */
export interface ShownNode {
  readonly kind: NodeKind
  readonly id: string
  readonly labels: readonly string[]
  readonly properties: Properties
}

export interface ShownEnd {
  /** The label that has an index on `id`. */
  readonly label: string
  readonly id: string
}

/** Where a relationship is. */
export interface Place {
  readonly type: string
  /** Empty for a relationship of the record. */
  readonly id: string
  readonly from: ShownEnd
  readonly to: ShownEnd
}

export interface ShownRelationship extends Place {
  readonly properties: Properties
}

export interface Removal {
  readonly nodes: readonly ShownEnd[]
  readonly relationships: readonly Place[]
}

/** Number of the newest change, and the store that it is of. */
export function newest(connection: Connection): { sequence: number; store: string } {
  const values = new Map(connection.all('SELECT name, value FROM meta').map((row) => [row['name'], row['value']]))
  return { sequence: Number(values.get('sequence')), store: String(values.get('store')) }
}

/** How many nodes and relationships there are, and how many changed after a sequence. */
export function countChanges(connection: Connection, after: number): { changed: number; total: number } {
  const count = (table: string, condition = ''): number =>
    Number(connection.get(`SELECT count(*) AS count FROM ${table} ${condition}`)?.['count'])
  const since = `WHERE sequence > ${after}`
  return {
    changed: count('node', since) + count('relationship', since) + count('removed', since),
    total: count('node') + count('relationship'),
  }
}

export function* changedNodes(connection: Connection, after: number): Generator<ShownNode> {
  const sql = `SELECT kind, id, properties FROM node WHERE sequence > ? AND kind <> 'Lease'`
  for (const row of connection.iterate(sql, after)) {
    const kind = row['kind'] as NodeKind
    const properties = propertiesOf(row)
    yield { kind, id: String(row['id']), labels: labelsOf(kind, properties), properties }
  }
}

export function* changedRelationships(connection: Connection, after: number): Generator<ShownRelationship> {
  for (const row of connection.iterate('SELECT * FROM relationship WHERE sequence > ?', after)) {
    yield { ...placeOf(row), properties: propertiesOf(row) }
  }
}

/** What was removed or moved away, be it that something else stands there again. */
export function removals(connection: Connection, after: number): Removal {
  const rows = connection.all('SELECT * FROM removed WHERE sequence > ?', after)
  return {
    nodes: rows
      .filter((row) => row['what'] === 'node' && row['type'] !== 'Lease')
      .map((row) => ({ label: idLabel(String(row['type'])), id: String(row['id']) })),
    relationships: rows.filter((row) => row['what'] === 'relationship').map(placeOf),
  }
}

/** The label by which a node of a kind is found. */
export function idLabel(kind: string): string {
  return kind === 'Entity' ? '__Entity__' : kind
}

function labelsOf(kind: NodeKind, properties: Properties): string[] {
  if (kind !== 'Entity') return [kind]
  const type = properties['type']
  return ['__Entity__', '__KGBuilder__', ...(typeof type === 'string' ? [type] : [])]
}

function placeOf(row: Row): Place {
  return {
    type: String(row['type']),
    id: String(row['id'] ?? ''),
    from: { label: idLabel(String(row['from_kind'])), id: String(row['from_id']) },
    to: { label: idLabel(String(row['to_kind'])), id: String(row['to_id']) },
  }
}

function propertiesOf(row: Row): Properties {
  return JSON.parse(String(row['properties'])) as Properties
}

/** Properties that would become integers, though they are floats: Grafeo takes 1 for a whole number. */
export function wholeFloats(properties: Properties): string[] {
  return Object.keys(properties).filter((name) => {
    const value = properties[name]
    if (INTEGERS.has(name) || !/^\w+$/.test(name)) return false
    return Array.isArray(value) ? value.some(Number.isInteger) : Number.isInteger(value)
  })
}
