import { StoreError } from '../../model/errors.ts'
import { LINK_TYPE } from '../../model/schema.ts'
import {
  INDEXED,
  NODE_KINDS,
  orderOf,
  type Bearers,
  type GraphNode,
  type GraphReader,
  type GraphRelationship,
  type Hit,
  type NodeKey,
  type NodeKind,
  type Page,
  type Properties,
  type RelationshipPage,
  type RelationshipKey,
  type StrayKeyPage,
  type Sum,
  type Value,
  type WordIndex,
  type WordSearch,
} from '../database.ts'
import { cypher } from './cypher.ts'
import { toInteger, type Row, type RunCypher } from './driver.ts'
import { countByNameKeys, findByNameKeys, nameKeysOf, strayKeysAfter } from './names.ts'
import { kindOf, labelOf, nodeOf } from './values.ts'

/**
 * All our texts find what they want through an index, on an empty store too (a test sees to it), so a plan once made
 * stays good. Left to itself the server plans each anew whenever the graph has grown by some: in a store that is being
 * filled, that was half of its work.
 */
const KEEP_PLAN = 'CYPHER replan=skip '

/** `LIMIT` takes no infinity. */
const ALL = 2_147_483_647

/** Looks at what somebody is just removing; each one more takes another removal at the same moment. */
const MOST_LOOKS = 10

/**
 * Neo4j finds what is committed and only then looks at it: of a node or relationship that somebody removes in between
 * nothing is left but nulls. Where there is such a row, it is looked for once more: it took the place of another on a page,
 * and a page that is not full is the last.
 */
export class Neo4jReader implements GraphReader {
  protected readonly run: RunCypher

  constructor(run: RunCypher) {
    this.run = (text, parameters) => run(`${KEEP_PLAN}${text}`, parameters)
  }

  async get(kind: NodeKind, ids: readonly string[], only?: readonly string[]): Promise<GraphNode[]> {
    if (ids.length === 0) return []
    if (only === undefined) return this.#nodes(kind, cypher('get-nodes', { label: labelOf(kind) }), { ids })
    const text = cypher('get-properties', { label: labelOf(kind) })
    const rows = await this.#rows(text, { ids, names: only }, (row) => row['id'] !== null)
    return rows.map((row) => partOf(kind, only, row))
  }

  async find(kind: NodeKind, property: string, values: readonly string[], page: Page = {}): Promise<GraphNode[]> {
    if (!INDEXED[kind].includes(property)) throw new StoreError('no-index', `${kind}.${property} has no index.`)
    if (values.length === 0) return []
    const [status] = values
    if (kind === 'Link' && property === 'status' && values.length === 1 && isByConfidence(page)) {
      const found = await this.#linksByConfidence(status, page)
      // A page that is not full may go on with links of no confidence, which that leaves out.
      if (found.length === page.limit) return found
      if ((await this.run(cypher('find-link-without-confidence'), { status })).length === 0) return found
    }
    const text = ordered('find-nodes', page, { label: labelOf(kind), property })
    return this.#nodes(kind, text, { values, ...span(page) })
  }

  async findEach(kind: NodeKind, property: string, values: readonly string[], limit: number): Promise<GraphNode[]> {
    if (!INDEXED[kind].includes(property)) throw new StoreError('no-index', `${kind}.${property} has no index.`)
    if (values.length === 0) return []
    const text = cypher('find-nodes-each', { label: labelOf(kind), property })
    return this.#nodes(kind, text, { values: [...new Set(values)], limit: toInteger(limit) })
  }

  async list(kind: NodeKind, page: Page = {}): Promise<GraphNode[]> {
    return this.#nodes(kind, ordered('list-nodes', page, { label: labelOf(kind) }), span(page))
  }

  async listAfter(kind: NodeKind, after: string, limit: number): Promise<GraphNode[]> {
    return this.#nodes(kind, cypher('list-nodes-after', { label: labelOf(kind) }), { after, limit: toInteger(limit) })
  }

  async relationships(
    type: string,
    side: 'from' | 'to',
    kind: NodeKind,
    otherKind: NodeKind,
    ids: readonly string[],
  ): Promise<GraphRelationship[]> {
    if (ids.length === 0) return []
    const names = { type, label: labelOf(kind), otherLabel: labelOf(otherKind) }
    const rows = await this.#rows(cypher(`find-relationships-${side}`, names), { ids }, hasEnds)
    const [fromKind, toKind] = side === 'from' ? [kind, otherKind] : [otherKind, kind]
    return rows.map((row) => relationshipOf(type, fromKind, toKind, row))
  }

  async relationshipsAfter(kind: NodeKind, after: RelationshipKey | null, limit: number): Promise<GraphRelationship[]> {
    const [from = '', ...rest] = after === null ? [] : orderOf(after)
    const labels = NODE_KINDS.map(labelOf)
    const text = cypher('list-relationships-after', { label: labelOf(kind), otherLabel: labels })
    const isWhole = (row: Row): boolean => hasEnds(row) && row['type'] !== null
    const rows = await this.#rows(text, { from, key: rest.join(' '), labels, limit: toInteger(limit) }, isWhole)
    return rows.map((row) => relationshipOf(row['type'] as string, kind, kindOf(row['labels'] as string[]), row))
  }

  async links(
    type: string,
    kind: NodeKind,
    ids: readonly string[],
    otherKind: NodeKind = kind,
  ): Promise<GraphRelationship[]> {
    if (ids.length === 0) return []
    const names = { type, label: labelOf(kind), otherLabel: labelOf(otherKind) }
    const rows = await this.#rows(cypher('find-links', names), { ids }, isWholeLink)
    return rows.map((row) => relationshipOf(type, kind, otherKind, row))
  }

  /** One type after the other, as an index belongs to one; the cursor is the type and an id. */
  async linksAfter(cursor: string, limit: number): Promise<RelationshipPage> {
    const [current = '', after = ''] = cursor.split(' ')
    const types = (await this.run(cypher('list-relationship-types'))).map((row) => row['type'] as string)
    const left = types.filter((type) => LINK_TYPE.test(type) && type >= current).toSorted()
    for (const [index, type] of left.entries()) {
      const page = { after: type === current ? after : '', limit: toInteger(limit) }
      const rows = await this.#rows(cypher('list-links-after', { type }), page, isWholeLink)
      const found = rows.map((row) =>
        relationshipOf(type, kindOf(row['fromLabels'] as string[]), kindOf(row['toLabels'] as string[]), row),
      )
      if (found.length === limit) {
        // Neo4j does not keep two from having one id: what has the last one may go on behind the page.
        const whole = found.filter(({ id }) => id !== found.at(-1)?.id)
        const relationships = whole.length > 0 ? whole : found
        return { relationships, next: `${type} ${relationships.at(-1)?.id}` }
      }
      const following = left[index + 1]
      if (found.length > 0) return { relationships: found, next: following === undefined ? null : `${following} ` }
    }
    return { relationships: [], next: null }
  }

  /** Neo4j removes no node that has relationships. */
  async endlessAfter(): Promise<RelationshipPage> {
    return { relationships: [], next: null }
  }

  async tally(kind: NodeKind, properties: readonly string[]): Promise<{ values: Value[]; count: number }[]> {
    const rows = await this.run(cypher('tally-nodes', { label: labelOf(kind) }), { properties })
    return rows.map((row) => ({ values: row['values'] as Value[], count: row['count'] as number }))
  }

  async sum(kind: NodeKind, by: readonly string[], properties: readonly string[]): Promise<Sum[]> {
    if (properties.length === 0) return (await this.tally(kind, by)).map((group) => ({ ...group, figures: [] }))
    const rows = await this.run(cypher('sum-nodes', { label: labelOf(kind) }), { by, properties })
    return [...Map.groupBy(rows, (row) => JSON.stringify(row['values'])).values()].map((group) => {
      const byProperty = new Map(group.map((row) => [row['property'], row]))
      const figure = (property: string, name: string): number => (byProperty.get(property)?.[name] as number) ?? 0
      return {
        values: group[0]?.['values'] as Value[],
        count: group[0]?.['nodes'] as number,
        figures: properties.map((property) => ({
          count: figure(property, 'count'),
          sum: figure(property, 'sum'),
          greatest: figure(property, 'greatest'),
        })),
      }
    })
  }

  async byPrefix(prefix: string, limit: number): Promise<NodeKey[]> {
    const rows = await this.run(cypher('find-ids-by-prefix'), { prefix, limit: toInteger(limit) })
    return rows.map((row) => ({ kind: row['kind'] as NodeKind, id: row['id'] as string }))
  }

  async search(index: WordIndex, searches: readonly WordSearch[]): Promise<Hit[][]> {
    const all = searches.map(({ words, limit }, index) => {
      const phrases = words.map(quotePhrase).filter((phrase) => phrase !== '')
      return { index: toInteger(index), words: phrases.join(' OR '), limit: toInteger(limit) }
    })
    const some = all.filter(({ words }) => words !== '')
    const text = cypher(SEARCHES[index])
    const rows = some.length === 0 ? [] : await this.run(text, { searches: some })
    const hits = Map.groupBy(rows, (row) => row['index'])
    return searches.map((_, index) => (hits.get(index) ?? []).map(hitOf))
  }

  findByNameKeys(keys: readonly number[], most: number): Promise<ReadonlyMap<number, Bearers>> {
    return findByNameKeys(this.run, keys, most)
  }

  countByNameKeys(keys: readonly number[], most: number): Promise<ReadonlyMap<number, number>> {
    return countByNameKeys(this.run, keys, most)
  }

  nameKeys(ids: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
    return nameKeysOf(this.run, ids)
  }

  strayKeysAfter(cursor: string, limit: number): Promise<StrayKeyPage> {
    return strayKeysAfter(this.run, cursor, limit)
  }

  async #linksByConfidence(status: string | undefined, page: Page): Promise<GraphNode[]> {
    const { only, descending = false } = page
    const names = { direction: descending ? 'DESC' : 'ASC' }
    const asked = { status, ...span(page) }
    if (only === undefined) return this.#nodes('Link', cypher('find-links-by-confidence', names), asked)
    const rows = await this.run(cypher('find-link-parts-by-confidence', names), { ...asked, names: only })
    return rows.filter((row) => row['id'] !== null).map((row) => partOf('Link', only, row))
  }

  async #nodes(kind: NodeKind, text: string, parameters: Row): Promise<GraphNode[]> {
    const rows = await this.#rows(text, parameters, (row) => (row['properties'] as Properties)['id'] !== undefined)
    return rows.map((row) => nodeOf(kind, row['properties']))
  }

  async #rows(text: string, parameters: Row, isWhole: (row: Row) => boolean): Promise<Row[]> {
    for (let looks = 1; ; looks++) {
      const rows = await this.run(text, parameters)
      if (looks === MOST_LOOKS || rows.every(isWhole)) return rows.filter(isWhole)
    }
  }
}

const SEARCHES: Readonly<Record<WordIndex, string>> = {
  Chunk: 'search-chunks',
  Summary: 'search-summaries',
  Label: 'search-labels',
  Entity: 'search-entities',
}

function hitOf({ id, score, name }: Row): Hit {
  const hit = { id: id as string, score: score as number }
  return typeof name === 'string' ? { ...hit, name } : hit
}

/** A node with some of its properties, from its `id` and their `values`. */
export function partOf(kind: NodeKind, names: readonly string[], row: Row): GraphNode {
  const [id, values] = [row['id'] as string, row['values'] as Value[]]
  const present = names.map((name, index) => [name, values[index] ?? null] as const)
  return nodeOf(kind, { ...Object.fromEntries(present.filter(([, value]) => value !== null)), id })
}

function hasEnds(row: Row): boolean {
  return row['from'] !== null && row['to'] !== null
}

function isWholeLink(row: Row): boolean {
  return hasEnds(row) && (row['properties'] as Properties)['id'] !== undefined
}

function isByConfidence(page: Page): boolean {
  return page.order === 'confidence' && page.limit !== undefined
}

function relationshipOf(type: string, fromKind: NodeKind, toKind: NodeKind, row: Row): GraphRelationship {
  const properties = row['properties'] as Properties
  return {
    type,
    id: (properties['id'] as string | undefined) ?? null,
    from: { kind: fromKind, id: row['from'] as string },
    to: { kind: toKind, id: row['to'] as string },
    properties,
  }
}

function ordered(query: string, page: Page, names: Readonly<Record<string, string>>): string {
  const order = page.order ?? 'id'
  const direction = page.descending ? 'DESC' : 'ASC'
  return order === 'id'
    ? cypher(`${query}-by-id`, { ...names, direction })
    : cypher(query, { ...names, order, direction })
}

function span(page: Page): Row {
  return { skip: toInteger(page.skip ?? 0), limit: toInteger(page.limit ?? ALL) }
}

/** In double quotes nothing but the quote and the backslash means anything to Lucene. */
function quotePhrase(word: string): string {
  const text = word.trim()
  return text === '' ? '' : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}
