import { StoreError } from '../../model/errors.ts'
import { RESERVED_LABELS } from '../../model/schema.ts'
import type { GraphNode, GraphRelationship, GraphWriter, NodeKind, Properties, RelationshipKey } from '../database.ts'
import { cypher } from './cypher.ts'
import type { RunCypher } from './driver.ts'
import { Neo4jReader } from './reader.ts'
import type { LinkTypes } from './schema.ts'
import { encode, labelOf, portions, typeOf } from './values.ts'

/** Types are looked up so many at a time; more would take the planner longer than the query. */
const TYPES_AT_ONCE = 16

export class Neo4jWriter extends Neo4jReader implements GraphWriter {
  readonly #types: LinkTypes
  /** Nodes that `lock` made because they were not there. */
  readonly #made = new Map<NodeKind, string[]>()

  constructor(run: RunCypher, types: LinkTypes) {
    super(run)
    this.#types = types
  }

  async lock(kind: NodeKind, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const sorted = [...new Set(ids)].toSorted()
    const [row] = await this.run(cypher('hold-nodes', { label: labelOf(kind) }), { ids: sorted })
    if (Number(row?.['made']) > 0) this.#made.set(kind, [...(this.#made.get(kind) ?? []), ...sorted])
  }

  /** Removes what was made to be held and was not put since. The last step of a transaction. */
  async release(): Promise<void> {
    for (const [kind, ids] of this.#made) await this.run(cypher('release-nodes', { label: labelOf(kind) }), { ids })
  }

  async putNodes(nodes: readonly GraphNode[]): Promise<void> {
    for (const [kind, ofKind] of Map.groupBy(nodes, (node) => node.kind)) {
      if (kind === 'Entity') await this.#putEntities(ofKind)
      else {
        const text = cypher('put-nodes', { label: labelOf(kind) })
        for (const rows of portions(ofKind.map(nodeRow))) await this.run(text, { rows })
      }
    }
  }

  async patchNodes(kind: NodeKind, patches: readonly { id: string; properties: Properties }[]): Promise<void> {
    if (kind === 'Entity' && patches.some(({ properties }) => 'type' in properties)) {
      throw new StoreError('type-patch', 'The type of an entity is a label: put the entity again to change it.')
    }
    const text = cypher('patch-nodes', { label: labelOf(kind) })
    const encoded = patches.map(({ id, properties }) => ({ id, properties: encode(properties) }))
    for (const rows of portions(encoded)) await this.run(text, { rows })
  }

  async putRelationships(relationships: readonly GraphRelationship[]): Promise<void> {
    const links = relationships.filter(({ id }) => id !== null)
    for (const { type } of links) this.#types.noteUse(type)
    // Sent all together, answered in this order.
    const places = this.#findPlaces(links)
    const puts = alike(relationships).flatMap(({ names, isLink, relationships: group }) => {
      const text = cypher(isLink ? 'put-links' : 'put-relationships', names)
      return portions(group.map(relationshipRow)).map((rows) => this.#putRows(names, text, rows))
    })
    const [former] = await Promise.all([places, ...puts])
    await this.#removeFromFormerPlaces(links, former)
  }

  async removeNodes(kind: NodeKind, ids: readonly string[]): Promise<void> {
    const text = cypher('remove-nodes', { label: labelOf(kind) })
    for (const some of portions(ids)) await this.run(text, { ids: some })
  }

  async removeRelationships(keys: readonly RelationshipKey[]): Promise<void> {
    for (const { names, isLink, relationships } of alike(keys)) {
      const text = cypher(isLink ? 'remove-links' : 'remove-relationships', names)
      for (const some of portions(relationships)) {
        const ends = some.map(({ from, to }) => ({ from: from.id, to: to.id }))
        await this.run(text, isLink ? { ids: some.map(({ id }) => id) } : { rows: ends })
      }
    }
  }

  async #putEntities(nodes: readonly GraphNode[]): Promise<void> {
    for (const [type, ofType] of Map.groupBy(nodes, typeOf)) {
      if (RESERVED_LABELS.has(type)) {
        throw new StoreError('reserved-type', `${type} cannot be the type of an entity: whygraph's own record has it.`)
      }
      const text = cypher('put-entities', { label: type })
      for (const rows of portions(ofType.map(nodeRow))) {
        for (const { before, ids } of await this.run(text, { rows, type })) {
          await this.run(cypher('remove-entity-type', { label: before as string }), { ids })
        }
      }
    }
  }

  async #putRows(names: RelationshipNames, text: string, rows: readonly RelationshipRow[]): Promise<void> {
    const [answer] = await this.run(text, { rows })
    if (answer?.['count'] !== rows.length) await this.#refuseMissingEnds(names, rows)
  }

  async #findPlaces(links: readonly GraphRelationship[]): Promise<Place[]> {
    if (links.length === 0) return []
    const ids = links.map(({ id }) => id)
    const types = this.#types.used()
    const starts = Array.from({ length: Math.ceil(types.length / TYPES_AT_ONCE) }, (_, index) => index * TYPES_AT_ONCE)
    const texts = starts.map((start) => {
      return cypher('find-link-places', { types: types.slice(start, start + TYPES_AT_ONCE) })
    })
    const found = await Promise.all(texts.map((text) => this.run(text, { ids })))
    return found.flat() as unknown as Place[]
  }

  /** A link is known by its id alone, so one that was put somewhere else must go from where it was. */
  async #removeFromFormerPlaces(links: readonly GraphRelationship[], former: readonly Place[]): Promise<void> {
    const now = new Map(links.map((link) => [link.id as string, link]))
    const moved = former.filter(({ id, type, from, to }) => {
      const link = now.get(id)
      return link?.type !== type || link.from.id !== from || link.to.id !== to
    })
    for (const [type, rows] of Map.groupBy(moved, (place) => place.type)) {
      await this.run(cypher('remove-moved-links', { type }), { rows })
    }
  }

  async #refuseMissingEnds(names: RelationshipNames, rows: readonly RelationshipRow[]): Promise<never> {
    const ends = rows.map(({ from, to }) => ({ from, to }))
    const missing = (await this.run(cypher('find-missing-ends', names), { rows: ends })).map((row) => row['id'])
    throw new StoreError('missing-end', `${names.type} cannot be put: there is no node ${missing.join(', ')}.`)
  }
}

type RelationshipNames = { readonly type: string; readonly fromLabel: string; readonly toLabel: string }
type RelationshipRow = ReturnType<typeof relationshipRow>
type Place = { readonly id: string; readonly type: string; readonly from: string; readonly to: string }

function nodeRow({ id, properties }: GraphNode) {
  return { id, properties: encode({ ...properties, id }) }
}

function relationshipRow({ id, from, to, properties }: GraphRelationship) {
  return { id, from: from.id, to: to.id, properties: encode(id === null ? properties : { ...properties, id }) }
}

/**
 * Relationships that one text can handle. Types and labels stand in the text: with a dynamic type Neo4j may look at
 * every relationship there is for each row.
 */
function alike<T extends RelationshipKey>(
  relationships: readonly T[],
): { names: RelationshipNames; isLink: boolean; relationships: T[] }[] {
  const groups = Map.groupBy(relationships, ({ type, id, from, to }) =>
    [type, from.kind, to.kind, id === null].join(' '),
  )
  return [...groups.values()].map((group) => {
    const { type, id, from, to } = group[0] as T
    return {
      names: { type, fromLabel: labelOf(from.kind), toLabel: labelOf(to.kind) },
      isLink: id !== null,
      relationships: group,
    }
  })
}
