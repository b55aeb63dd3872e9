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
    const made = row?.['made'] as string[]
    if (made.length > 0) this.#made.set(kind, [...(this.#made.get(kind) ?? []), ...made])
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
    if (kind === 'Entity' && patches.some(({ properties }) => 'type' in properties)) return this.#patchEntities(patches)
    const text = cypher('patch-nodes', { label: labelOf(kind) })
    const encoded = patches.map(({ id, properties }) => ({ id, properties: encode(properties) }))
    for (const rows of portions(encoded)) await this.run(text, { rows })
  }

  async putRelationships(relationships: readonly GraphRelationship[]): Promise<void> {
    const puts = alike(relationships).flatMap(({ names, isLink, relationships: group }) => {
      if (isLink) this.#types.noteUse(names.type)
      const text = cypher(isLink ? 'put-links' : 'put-relationships', names)
      return portions(group.map(relationshipRow)).map((rows) => this.#putRows(names, text, rows))
    })
    // Sent all together, without waiting for each answer.
    await this.#removeFromFormerPlaces((await Promise.all(puts)).flat())
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

  /** The type of an entity is a label too, and `#putEntities` knows how to change it. */
  async #patchEntities(patches: readonly { id: string; properties: Properties }[]): Promise<void> {
    const changes = Map.groupBy(patches, ({ id }) => id)
    const nodes = await this.get('Entity', [...changes.keys()])
    await this.#putEntities(
      nodes.map((node) => {
        const patched = (changes.get(node.id) ?? []).map(({ properties }) => properties)
        return { ...node, properties: Object.assign({}, node.properties, ...patched) as Properties }
      }),
    )
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

  /** Gives back the links that were made. */
  async #putRows(names: RelationshipNames, text: string, rows: RelationshipRow[]): Promise<RelationshipRow[]> {
    const [answer] = await this.run(text, { rows })
    if (answer?.['count'] !== rows.length) await this.#refuseMissingEnds(names, rows)
    const made = new Set((answer?.['made'] as string[] | undefined) ?? [])
    return rows.filter((row) => row.id !== null && made.has(row.id))
  }

  /**
   * A link is known by its id alone, so one that was put somewhere else must go from where it was. Asking for that
   * costs the more the more types there are; a link whose node was not there before `lock` is new, and need not ask.
   */
  async #removeFromFormerPlaces(made: readonly RelationshipRow[]): Promise<void> {
    const fresh = new Set(this.#made.get('Link'))
    const places = made
      .filter(({ id }) => id !== null && !fresh.has(id))
      .map(({ id, type, from, to }) => ({ id, type, from, to }))
    if (places.length === 0) return
    const types = this.#types.used()
    for (let start = 0; start < types.length; start += TYPES_AT_ONCE) {
      const text = cypher('remove-moved-links', { types: types.slice(start, start + TYPES_AT_ONCE) })
      await this.run(text, { rows: places })
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

function nodeRow({ id, properties }: GraphNode) {
  return { id, properties: encode({ ...properties, id }) }
}

function relationshipRow({ id, type, from, to, properties }: GraphRelationship) {
  return { id, type, from: from.id, to: to.id, properties: encode(id === null ? properties : { ...properties, id }) }
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
