/**
 * The port that a database implements: nodes and relationships with properties, in transactions, with a few indexed
 * look-ups. What the graph means stands above it in `store.ts`, written once for all databases.
 */

/** Kinds of node that make up the graph and the record. An `Entity` carries the labels `__Entity__`, `__KGBuilder__` and its type; all others their kind. */
export const NODE_KINDS = [
  'Document',
  'Chunk',
  'Dataset',
  'Column',
  'Entity',
  'Redirect',
  'Label',
  'Link',
  'Reply',
  'Proposal',
  'Decision',
  'Chain',
  'Run',
  'Schema',
] as const
/**
 * A `Lease` is kept beside them: who looks at which links just now. What walks all kinds (copying, comparing, checking,
 * rebuilding, looking up by prefix, the local Cypher graph) passes over it.
 */
export type NodeKind = (typeof NODE_KINDS)[number] | 'Lease'

export type Value = string | number | boolean | null | readonly string[] | readonly number[]
/** A property that is null is absent. */
export type Properties = Readonly<Record<string, Value>>

export interface NodeKey {
  readonly kind: NodeKind
  readonly id: string
}

/** A node; `properties` hold its `id` too. An entity's type is its property `type`. */
export interface GraphNode extends NodeKey {
  readonly properties: Properties
}

/**
 * A relationship. Links of the graph have an `id` and are known by it; those of the record (`FROM_CHUNK` …) have
 * none and are known by type and ends, of which there is one each.
 */
export interface GraphRelationship {
  readonly type: string
  readonly id: string | null
  readonly from: NodeKey
  readonly to: NodeKey
  readonly properties: Properties
}

export type RelationshipKey = Pick<GraphRelationship, 'type' | 'id' | 'from' | 'to'>

/** What relationships that start from one kind of node are ordered by, as strings that compare part by part. */
export function orderOf({ type, id, from, to }: RelationshipKey): string[] {
  return [from.id, type, to.kind, to.id, id ?? '']
}

/** Properties by which nodes are looked up; each has an index. `Document.path` and so on. */
export const INDEXED: Readonly<Record<NodeKind, readonly string[]>> = {
  Document: ['path', 'source', 'unresolved'],
  Chunk: ['documentId', 'state', 'unresolved'],
  Dataset: ['documentId'],
  Column: ['datasetId', 'documentId'],
  Entity: ['name'],
  Redirect: ['to'],
  Label: ['name'],
  Link: [
    'status',
    'subjectId',
    'objectId',
    'type',
    'drawnAs',
    'bond',
    'bondOne',
    'bondOther',
    'rivalsFrom',
    'rivalsTo',
    'uncompared',
    'awaits',
    'flagged',
  ],
  Reply: ['chunkId', 'requestHash', 'documentId'],
  Proposal: ['linkId', 'chunkId', 'replyId', 'ownDocumentId', 'judgedFor', 'judgedWith', 'ruledType'],
  Decision: ['linkId', 'requestId', 'batch'],
  Chain: [],
  Run: [],
  Schema: [],
  Lease: [],
}

/** Those that most nodes of their kind do not have. */
export const SELDOM: ReadonlySet<string> = new Set([
  'unresolved',
  'drawnAs',
  'bond',
  'bondOne',
  'bondOther',
  'rivalsFrom',
  'rivalsTo',
  'uncompared',
  'awaits',
  'flagged',
  'ownDocumentId',
  'judgedFor',
  'judgedWith',
  'ruledType',
  'batch',
])

/** Properties that are whole numbers in every database (JavaScript does not tell 1 from 1.0). */
export const INTEGERS: ReadonlySet<string> = new Set([
  'index',
  'start',
  'end',
  'page',
  'supports',
  'denials',
  'hedges',
  'rev',
  'decisions',
  'remarks',
  'sequence',
  'milliseconds',
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
  'reasoningTokensEstimate',
  'tables',
  'chunkCount',
  'rows',
  'headerRow',
  'position',
  'empty',
  'distinct',
  'joined',
])

export interface Page {
  /** At most so many, default: all. */
  readonly limit?: number
  readonly skip?: number
  /** Property to sort by (ties by id, those that lack it last), default `id`. */
  readonly order?: string
  readonly descending?: boolean
  /** Properties that are enough, where nodes are found; as in `get`, a database may give more. */
  readonly only?: readonly string[]
}

/** Nodes that have the same values in some properties, and figures of others: one for each, in their order. */
export interface Sum {
  readonly values: readonly Value[]
  readonly count: number
  readonly figures: readonly Figures[]
}

export interface Figures {
  /** Nodes that have the property. */
  readonly count: number
  /** Of them; 0 where there are none. */
  readonly sum: number
  readonly greatest: number
}

export interface WordSearch {
  readonly words: readonly string[]
  readonly limit: number
}

export interface Hit {
  readonly id: string
  readonly score: number
  /** Of an entity: the name it goes by. */
  readonly name?: string
}

/** By what an entity is found in the index of names: different whole numbers below 2^48, in ascending order. */
export interface NameKeys {
  readonly id: string
  readonly keys: readonly number[]
}

/** Ids of the entities that bear a key; none of them where more do than was asked for. */
export interface Bearers {
  readonly ids: readonly string[]
  readonly count: number
}

export interface RelationshipPage {
  readonly relationships: readonly GraphRelationship[]
  readonly next: string | null
}

/** What is searched by words: `Chunk.text`, `Chunk.summary` (which finds chunks), `Label.name`, or `Entity.name` and `aliases`. */
export type WordIndex = 'Chunk' | 'Summary' | 'Label' | 'Entity'

/** An entry of the index of names that leads to no entity, or to one that keeps no such key. */
export interface StrayKey {
  /** The entity, as the database's index knows it. */
  readonly bearer: string
  /** Null: all of this bearer. */
  readonly key: number | null
}

export interface StrayKeyPage {
  readonly strays: readonly StrayKey[]
  readonly next: string | null
}

export interface GraphReader {
  /**
   * Those of the ids that exist, in no particular order. Where some properties are enough, `only` names them: what is
   * large then need not travel. A database may give more.
   */
  get(kind: NodeKind, ids: readonly string[], only?: readonly string[]): Promise<GraphNode[]>
  /** Nodes whose indexed property has one of the values. */
  find(kind: NodeKind, property: string, values: readonly string[], page?: Page): Promise<GraphNode[]>
  /** The same with at most so many of each value, the first by id; ordered among those of one value only. */
  findEach(kind: NodeKind, property: string, values: readonly string[], limit: number): Promise<GraphNode[]>
  /** All nodes of a kind. */
  list(kind: NodeKind, page?: Page): Promise<GraphNode[]>
  /** The next nodes of a kind by id, from the first one behind `after` ('': the first of all): all, page by page. */
  listAfter(kind: NodeKind, after: string, limit: number): Promise<GraphNode[]>
  /** Relationships of a record type that start from (or end at: `to`) one of the nodes of a kind; at the other end, `otherKind`. */
  relationships(
    type: string,
    side: 'from' | 'to',
    kind: NodeKind,
    otherKind: NodeKind,
    ids: readonly string[],
  ): Promise<GraphRelationship[]>
  /**
   * The next relationships of any type that start from nodes of a kind, behind `after` (null: from the first on), in
   * the order of {@link orderOf}: all, page by page.
   */
  relationshipsAfter(kind: NodeKind, after: RelationshipKey | null, limit: number): Promise<GraphRelationship[]>
  /** Those of the ids that are links of a relationship type, between two nodes of a kind, or from it to another one. */
  links(type: string, kind: NodeKind, ids: readonly string[], otherKind?: NodeKind): Promise<GraphRelationship[]>
  /** The next links of the graph in an order of the database's own, from the first (cursor '') on; `next` null: no more. */
  linksAfter(cursor: string, limit: number): Promise<RelationshipPage>
  /** The same of relationships that lack an end. Some databases cannot have any. */
  endlessAfter(cursor: string, limit: number): Promise<RelationshipPage>
  /** How many nodes of a kind there are for each combination of the properties' values. */
  tally(kind: NodeKind, properties: readonly string[]): Promise<{ values: Value[]; count: number }[]>
  /** Figures of numeric properties over nodes of a kind, for each combination of the values of `by`. */
  sum(kind: NodeKind, by: readonly string[], properties: readonly string[]): Promise<Sum[]>
  /** Nodes of any kind whose id starts with the prefix. */
  byPrefix(prefix: string, limit: number): Promise<NodeKey[]>
  /** Full-text searches; for each any of its words, best first. */
  search(index: WordIndex, searches: readonly WordSearch[]): Promise<Hit[][]>
  /**
   * Entities by keys of their names. Of a key that more than `most` bear, `ids` is empty and `count` is one more: it
   * costs no more than another. Keys that nobody bears are left out.
   */
  findByNameKeys(keys: readonly number[], most: number): Promise<ReadonlyMap<number, Bearers>>
  /** How many bear each key, counted no further than one more than `most`. Keys that nobody bears may be left out. */
  countByNameKeys(keys: readonly number[], most: number): Promise<ReadonlyMap<number, number>>
  /** The keys by which each of the entities is found; those that have none may be left out. */
  nameKeys(ids: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>>
  /**
   * What the index of names keeps and should not, among its next entries in an order of the database's own, from the first
   * (cursor '') on; `next` null: no more.
   */
  strayKeysAfter(cursor: string, limit: number): Promise<StrayKeyPage>
}

/** Inside one transaction; reads see its own writes. */
export interface GraphWriter extends GraphReader {
  /**
   * Makes this transaction wait for others that hold the same nodes, and others for it; nodes that are not there are
   * held too. To be called before reading what is then changed. Returns what `get` would, once they are held.
   */
  lock(kind: NodeKind, ids: readonly string[], only?: readonly string[]): Promise<GraphNode[]>
  /** Creates nodes that are known not to be there. */
  createNodes(nodes: readonly GraphNode[]): Promise<void>
  /** Creates nodes or replaces all their properties. */
  putNodes(nodes: readonly GraphNode[]): Promise<void>
  /** Sets some properties of nodes that exist; null removes one. */
  patchNodes(kind: NodeKind, patches: readonly { id: string; properties: Properties }[]): Promise<void>
  /**
   * Creates relationships or replaces their properties. Both ends must exist. A link stays where it is: to give it
   * another type or other ends, remove it first.
   */
  putRelationships(relationships: readonly GraphRelationship[]): Promise<void>
  /** Creates relationships that are known not to be there. Both ends must exist. */
  createRelationships(relationships: readonly GraphRelationship[]): Promise<void>
  /** Removes nodes with all their relationships. */
  removeNodes(kind: NodeKind, ids: readonly string[]): Promise<void>
  removeRelationships(keys: readonly RelationshipKey[]): Promise<void>
  /**
   * Keeps these keys of entities, and no others; of those that are not there, none. They go with the entity, and are no
   * part of the graph: what lists, copies or compares nodes does not see them.
   */
  setNameKeys(entities: readonly NameKeys[]): Promise<void>
  /** Takes entries out of the index of names. */
  removeStrayKeys(strays: readonly StrayKey[]): Promise<void>
}

export interface QueryResult {
  readonly columns: readonly string[]
  /** Values as JSON: nodes and relationships as `{id, labels|type, properties}`-like objects of the database. */
  readonly rows: readonly (readonly unknown[])[]
}

export interface DatabaseInfo {
  /** `local` or `neo4j`. */
  readonly kind: string
  /** Where it is, without credentials. */
  readonly location: string
  readonly version: string
}

export interface Database {
  /**
   * How many replies that come at the same time had best be taken in one transaction: many where each one costs its journeys to
   * a server, few where nobody else can write meanwhile.
   */
  readonly groupSize: number
  info(): Promise<DatabaseInfo>
  /** Makes what writing links of these types needs (indexes); outside of any transaction, harmless when repeated. */
  prepare(linkTypes: readonly string[]): Promise<void>
  read<T>(work: (reader: GraphReader) => Promise<T>): Promise<T>
  /**
   * One transaction: all of it or nothing, durable when it returns. `work` may be run again after a transient
   * failure, so it must not change anything outside.
   */
  write<T>(work: (writer: GraphWriter) => Promise<T>): Promise<T>
  /**
   * Read-only Cypher, checked by plan before it runs.
   * @throws RefusedError for a write, a file read or an unknown procedure; UsageError for a syntax error
   */
  query(text: string, parameters: Readonly<Record<string, unknown>>, limits: { seconds: number }): Promise<QueryResult>
  /**
   * Leaves nothing of what was removed before in the database's files, as far as that is in our hands.
   * @throws StoreError where somebody else still reads it
   */
  scrub(): Promise<void>

  /**
   * What the database itself finds wrong with its files, in words; null where only its own tools can tell, or the signal
   * came first.
   */
  checkFiles(signal: AbortSignal): Promise<readonly string[] | null>
  close(): Promise<void>
}
