import { StoreError } from '../../model/errors.ts'
import { RESERVED_LABELS } from '../../model/schema.ts'
import type {
  GraphNode,
  GraphRelationship,
  GraphWriter,
  NameKeys,
  NodeKind,
  Properties,
  RelationshipKey,
  StrayKey,
} from '../database.ts'
import { checkName, cypher } from './cypher.ts'
import type { Row, RunCypher } from './driver.ts'
import { removeNameKeys, setNameKeys } from './names.ts'
import { News } from './news.ts'
import { Neo4jReader, partOf } from './reader.ts'
import { encode, encodeAll, labelOf, nodeOf, portions, typeOf } from './values.ts'

/** Types of link that one text knows. */
const MOST_TYPES = 32

export class Neo4jWriter extends Neo4jReader implements GraphWriter {
  /** Nodes that `lock` made because they were not there, and that have not been put since. */
  readonly #made = new Map<NodeKind, Set<string>>()
  readonly #news = new News()
  readonly #linkTypes: readonly string[]

  /** `linkTypes`: those that are known to have their indexes. */
  constructor(run: RunCypher, linkTypes: readonly string[]) {
    super(run)
    this.#linkTypes = linkTypes
  }

  async lock(kind: NodeKind, ids: readonly string[], only?: readonly string[]): Promise<GraphNode[]> {
    if (ids.length === 0) return []
    const sorted = [...new Set(ids)].toSorted()
    const rows = await this.run(cypher('hold-nodes', { label: labelOf(kind) }), { ids: sorted, names: only ?? null })
    const made = rows.filter((row) => row['isMade'] === true).map((row) => row['id'] as string)
    this.#made.set(kind, new Set([...(this.#made.get(kind) ?? []), ...made]))
    for (const id of made) this.#news.addNode(kind, id)
    return rows
      .filter((row) => row['isMade'] !== true)
      .map((row) => (only === undefined ? nodeOf(kind, row['properties']) : partOf(kind, only, row)))
  }

  /** Removes what was made to be held and was not put since. The last step of a transaction. */
  async release(): Promise<void> {
    for (const [kind, ids] of this.#made)
      if (ids.size > 0) await this.run(cypher('release-nodes', { label: labelOf(kind) }), { ids: [...ids] })
  }

  async putNodes(nodes: readonly GraphNode[]): Promise<void> {
    // All sent together, without waiting for each answer.
    await Promise.all(
      [...Map.groupBy(nodes, (node) => node.kind)].flatMap(([kind, ofKind]) => {
        for (const { id } of ofKind) this.#made.get(kind)?.delete(id)
        return kind === 'Entity' ? [this.#putEntities(ofKind)] : this.#putAlike('put-nodes', kind, ofKind)
      }),
    )
  }

  async createNodes(nodes: readonly GraphNode[]): Promise<void> {
    // Entities get their labels where they are put, and those that are held have a node already.
    const isPut = ({ kind, id }: GraphNode): boolean => kind === 'Entity' || this.#made.get(kind)?.has(id) === true
    const created = Map.groupBy(
      nodes.filter((node) => !isPut(node)),
      (node) => node.kind,
    )
    await Promise.all([
      this.putNodes(nodes.filter(isPut)),
      ...[...created].flatMap(([kind, ofKind]) => {
        for (const { id } of ofKind) this.#news.addNode(kind, id)
        return this.#putAlike('create-nodes', kind, ofKind)
      }),
    ])
  }

  async patchNodes(kind: NodeKind, patches: readonly { id: string; properties: Properties }[]): Promise<void> {
    if (kind === 'Entity' && patches.some(({ properties }) => 'type' in properties)) return this.#patchEntities(patches)
    const text = cypher('patch-nodes', { label: labelOf(kind) })
    const encoded = patches.map(({ id, properties }) => ({ id, properties: encode(properties) }))
    for (const rows of portions(encoded)) await this.run(text, { rows })
  }

  async putRelationships(relationships: readonly GraphRelationship[]): Promise<void> {
    const { fresh = [], known = [] } = Object.groupBy(relationships, (one) => {
      return this.#news.isFirst(one) ? 'fresh' : 'known'
    })
    const [links, others] = byIdentity(known)
    await Promise.all([
      this.createRelationships(fresh),
      this.#putLinks(links),
      ...this.#putGroups('put-relationships', alike(others)),
    ])
  }

  async createRelationships(relationships: readonly GraphRelationship[]): Promise<void> {
    const [links, others] = byIdentity(relationships)
    await Promise.all([
      ...this.#putGroups('create-links', byEnds(links)),
      ...this.#putGroups('create-relationships', alike(others)),
    ])
  }

  async removeNodes(kind: NodeKind, ids: readonly string[]): Promise<void> {
    const text = cypher('remove-nodes', { label: labelOf(kind) })
    for (const some of portions(ids)) await this.run(text, { ids: some })
    if (kind === 'Entity') await removeNameKeys(this.run, ids)
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

  setNameKeys(entities: readonly NameKeys[]): Promise<void> {
    return setNameKeys(this.run, entities)
  }

  removeStrayKeys(strays: readonly StrayKey[]): Promise<void> {
    return removeNameKeys(
      this.run,
      strays.map(({ bearer }) => bearer),
    )
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

  #putAlike(query: string, kind: NodeKind, nodes: readonly GraphNode[]): Promise<void>[] {
    const text = cypher(query, { label: labelOf(kind) })
    return portions(nodes.map(nodeRow)).map(async (rows) => void (await this.run(text, { rows })))
  }

  async #putEntities(nodes: readonly GraphNode[]): Promise<void> {
    for (const type of new Set(nodes.map(typeOf))) {
      checkName('label', type)
      if (RESERVED_LABELS.has(type))
        throw new StoreError('reserved-type', `${type} cannot be the type of an entity: whygraph's own record has it.`)
    }
    const text = cypher('put-entities')
    for (const rows of portions(nodes.map(nodeRow)))
      for (const { before, ids } of await this.run(text, { rows }))
        await this.run(cypher('remove-entity-type', { label: before as string }), { ids })
  }

  /** Most links that are not new are there already, and one text finds them whatever their types. */
  async #putLinks(links: readonly GraphRelationship[]): Promise<void> {
    const found = new Set<unknown>()
    await Promise.all(
      portions(this.#linkTypes, MOST_TYPES).flatMap((types) => {
        // All of them, so that it stays one text, which is planned once.
        const text = types.map((type) => cypher('set-links', { type })).join(' UNION ALL ')
        const some = links.filter(({ type }) => types.includes(type)).map(linkRow)
        return portions(some).map(async (portion) => {
          const rows = Object.fromEntries(Map.groupBy(portion, ({ type }) => type))
          for (const { id } of await this.run(text, { rows })) found.add(id)
        })
      }),
    )
    await Promise.all(this.#putGroups('put-links', alike(links.filter(({ id }) => !found.has(id)))))
  }

  #putGroups(query: string, groups: readonly Group<GraphRelationship>[]): Promise<void>[] {
    return groups.flatMap((group) => this.#putRows(query, group))
  }

  #putRows(query: string, { names, isLink, relationships }: Group<GraphRelationship>): Promise<void>[] {
    for (const { type } of relationships) checkName('type', type)
    const text = cypher(query, names)
    return portions<Ends>(relationships.map(isLink ? linkRow : relationshipRow)).map(async (rows) => {
      const [answer] = await this.run(text, { rows })
      if (answer?.['count'] !== rows.length) await this.#refuseMissingEnds(names, rows)
    })
  }

  async #refuseMissingEnds(names: RelationshipNames, rows: readonly Ends[]): Promise<never> {
    const ends = rows.map(({ from, to }) => ({ from, to }))
    const missing = (await this.run(cypher('find-missing-ends', names), { rows: ends })).map((row) => row['id'])
    throw new StoreError('missing-end', `${names.type} cannot be put: there is no node ${missing.join(', ')}.`)
  }
}

interface Ends {
  readonly from: string
  readonly to: string
}
type RelationshipNames = { readonly type: string; readonly fromLabel: string; readonly toLabel: string }
function nodeRow({ id, properties }: GraphNode): Row {
  return encodeAll({ ...properties, id })
}

/** One that is known by type and ends, where the text says the type. */
function relationshipRow({ from, to, properties }: GraphRelationship) {
  return { from: from.id, to: to.id, properties: encodeAll(properties) }
}

function linkRow({ id, type, from, to, properties }: GraphRelationship) {
  return { id, type, from: from.id, to: to.id, properties: encodeAll({ ...properties, id }) }
}

/** Links, which are known by id, and those that are known by type and ends. */
function byIdentity(relationships: readonly GraphRelationship[]): [GraphRelationship[], GraphRelationship[]] {
  const { links = [], others = [] } = Object.groupBy(relationships, ({ id }) => (id === null ? 'others' : 'links'))
  return [links, others]
}

interface Group<T> {
  readonly names: RelationshipNames
  readonly isLink: boolean
  readonly relationships: readonly T[]
}

/**
 * Relationships that one text can handle. Types and labels stand in the text: with a type that comes with the row
 * Neo4j may look at every relationship there is for each.
 */
function alike<T extends RelationshipKey>(relationships: readonly T[]): Group<T>[] {
  return groupBy(relationships, ({ type, id, from, to }) => [type, from.kind, to.kind, id === null].join(' '))
}

/** The same for creating, where the type may come with the row. */
function byEnds<T extends RelationshipKey>(relationships: readonly T[]): Group<T>[] {
  return groupBy(relationships, ({ from, to }) => `${from.kind} ${to.kind}`)
}

function groupBy<T extends RelationshipKey>(relationships: readonly T[], key: (one: T) => string): Group<T>[] {
  return [...Map.groupBy(relationships, key).values()].map((group) => {
    const { type, id, from, to } = group[0] as T
    const names = { type, fromLabel: labelOf(from.kind), toLabel: labelOf(to.kind) }
    return { names, isLink: id !== null, relationships: group }
  })
}
