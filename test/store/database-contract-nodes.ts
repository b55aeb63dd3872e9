import type { Database, GraphNode, GraphRelationship, NodeKind, Properties } from '../../src/store/database.ts'

export function node(kind: NodeKind, id: string, properties: Properties = {}): GraphNode {
  return { kind, id, properties: { id, ...properties } }
}

/** A relationship of the record, known by type and ends. */
export function join(
  type: string,
  fromKind: NodeKind,
  from: string,
  toKind: NodeKind,
  to: string,
  properties: Properties = {},
): GraphRelationship {
  return { type, id: null, from: { kind: fromKind, id: from }, to: { kind: toKind, id: to }, properties }
}

/** A relationship between entities that is known by its id. */
export function link(
  id: string,
  type: string,
  from: string,
  to: string,
  properties: Properties = {},
): GraphRelationship {
  return { ...join(type, 'Entity', from, 'Entity', to, properties), id }
}

export async function put(database: Database, ...nodes: GraphNode[]): Promise<void> {
  await database.write((writer) => writer.putNodes(nodes))
}

export async function relate(database: Database, ...relationships: GraphRelationship[]): Promise<void> {
  await database.write((writer) => writer.putRelationships(relationships))
}

export async function all(database: Database, kind: NodeKind): Promise<GraphNode[]> {
  return database.read((reader) => reader.list(kind))
}

export async function one(database: Database, kind: NodeKind, id: string): Promise<GraphNode> {
  const [found] = await database.read((reader) => reader.get(kind, [id]))
  if (found === undefined) throw new Error(`There is no ${kind} ${id}.`)
  return found
}

export async function ids(database: Database, kind: NodeKind, property: string, values: string[]): Promise<string[]> {
  return (await database.read((reader) => reader.find(kind, property, values))).map(({ id }) => id)
}

/** Links of a type from one entity to others. */
export async function links(database: Database, type: string, from: string): Promise<GraphRelationship[]> {
  return database.read((reader) => reader.relationships(type, 'from', 'Entity', 'Entity', [from]))
}
