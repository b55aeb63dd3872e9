import { StoreError } from '../../model/errors.ts'
import { INTEGERS, NODE_KINDS, type GraphNode, type NodeKind, type Properties } from '../database.ts'
import { toInteger, type Row } from './driver.ts'

/** Rows are sent in portions, so that no message and no plan step grows without bound. */
const PORTION = 1_000

/** The label by which nodes of a kind are known. Entities may be of a type `Lease`. */
export function labelOf(kind: NodeKind): string {
  return kind === 'Entity' || kind === 'Lease' ? `__${kind}__` : kind
}

/** The kind of node that labels stand for. */
export function kindOf(labels: readonly string[]): NodeKind {
  return NODE_KINDS.find((kind) => labels.includes(labelOf(kind))) as NodeKind
}

/** Properties as Neo4j is to store them: JavaScript does not tell 1 from 1.0, Neo4j does. */
export function encode(properties: Properties): Row {
  const row: Record<string, unknown> = { ...properties }
  for (const key in row) if (INTEGERS.has(key)) row[key] = wholeNumbers(row[key])
  return row
}

/** The same where all properties are set at once: what is absent then need not be named. */
export function encodeAll(properties: Properties): Row {
  const row: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(properties))
    if (value !== null) row[key] = INTEGERS.has(key) ? wholeNumbers(value) : value
  return row
}

function wholeNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wholeNumbers)
  return Number.isSafeInteger(value) ? toInteger(value as number) : value
}

export function nodeOf(kind: NodeKind, properties: unknown): GraphNode {
  const { id } = properties as { id: string }
  return { kind, id, properties: properties as Properties }
}

/** The type of an entity, which becomes a label of its node. */
export function typeOf(node: GraphNode): string {
  const type = node.properties['type']
  if (typeof type === 'string') return type
  throw new StoreError('no-type', `The entity ${node.id} has no type.`)
}

export function portions<T>(rows: readonly T[], size = PORTION): T[][] {
  const count = Math.ceil(rows.length / size)
  return Array.from({ length: count }, (_, index) => rows.slice(index * size, (index + 1) * size))
}
