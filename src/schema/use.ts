import { RESERVED_LINK_TYPES } from '../model/schema.ts'
import type { Database, GraphReader } from '../store/database.ts'

/** What there is of each type in a store. */
export interface TypeUse {
  /** Entities by type. */
  readonly entities: ReadonlyMap<string, number>
  /** Links by type: in the graph, and such as wait outside of it. Links between links, and of names, are none. */
  readonly links: ReadonlyMap<string, LinkUse>
}

export interface LinkUse {
  readonly inGraph: number
  readonly held: number
}

export const UNUSED: LinkUse = { inGraph: 0, held: 0 }

export const IN_GRAPH: ReadonlySet<unknown> = new Set(['proposed', 'accepted'])

export function readTypeUse(database: Database): Promise<TypeUse> {
  return database.read(async (reader) => ({
    entities: await entitiesByType(reader),
    links: await linksByType(reader),
  }))
}

async function entitiesByType(reader: GraphReader): Promise<ReadonlyMap<string, number>> {
  return new Map((await reader.tally('Entity', ['type'])).map(({ values, count }) => [String(values[0]), count]))
}

/** Of a mapping of columns, what it says of the rows is its type. */
async function linksByType(reader: GraphReader): Promise<ReadonlyMap<string, LinkUse>> {
  const links = new Map<string, LinkUse>()
  for (const { values, count } of await reader.tally('Link', ['type', 'status'])) {
    const [type, status] = values
    if (typeof type !== 'string' || RESERVED_LINK_TYPES.has(type)) continue
    const before = links.get(type) ?? UNUSED
    if (IN_GRAPH.has(status)) links.set(type, { ...before, inGraph: before.inGraph + count })
    else if (status === 'held') links.set(type, { ...before, held: before.held + count })
  }
  return links
}
