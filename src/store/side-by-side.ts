import {
  NODE_KINDS,
  orderOf,
  type Database,
  type GraphNode,
  type GraphReader,
  type GraphRelationship,
  type NodeKind,
  type Properties,
  type RelationshipKey,
} from './database.ts'
import { sameProperties } from './same-properties.ts'

/** A part of a graph that every database lists in the same order: the nodes of a kind, or what starts from them. */
export type Part =
  | { readonly what: 'node'; readonly kind: NodeKind }
  | { readonly what: 'relationship'; readonly kind: NodeKind }

/** All of a graph; nodes first, so that relationships find their ends. */
export const PARTS: readonly Part[] = [
  ...NODE_KINDS.map((kind) => ({ what: 'node', kind }) as const),
  ...NODE_KINDS.map((kind) => ({ what: 'relationship', kind }) as const),
]

/** A node or a relationship. */
export type Item = GraphNode | GraphRelationship

/** Where in a part one is: behind a node, or behind a relationship. */
export type Position = { readonly id: string } | RelationshipKey

/** The next stretch of a part in two databases. */
export interface Stretch {
  readonly part: Part
  /** In the first only, and in the second only. */
  readonly missing: readonly Item[]
  readonly extra: readonly Item[]
  /** In both with other properties: as the first has it, and the second. */
  readonly different: readonly (readonly [Item, Item])[]
  /** In the first, and in the second: all of this stretch. */
  readonly one: readonly Item[]
  readonly other: readonly Item[]
  /** Where it ends; null at the end of the part. */
  readonly end: Position | null
}

/** What is in memory at a time: four pages of each database, of so many characters or so many items. */
const PAGE_CHARACTERS = 4_000_000
const LARGEST_PAGE = 2_000
const FIRST_PAGE = 250

/**
 * Goes through a part in two databases at once, in its order. The next pages are read while the caller does something
 * about the last.
 */
export async function* sideBySide(
  one: Database,
  other: Database,
  part: Part,
  from: Position | null = null,
): AsyncGenerator<Stretch> {
  let limit = FIRST_PAGE
  let reading = readBoth(one, other, part, from, limit)
  for (;;) {
    const pages = await reading
    const end = endOf(pages, limit)
    if (end !== null) {
      limit = nextLimit(limit, pages.flat())
      reading = readBoth(one, other, part, end, limit)
      // Its error is that of the next round.
      reading.catch(() => {})
    }
    yield compareStretch(part, pages, end)
    if (end === null) return
  }
}

function readBoth(one: Database, other: Database, part: Part, after: Position | null, limit: number) {
  return Promise.all([one, other].map((database) => database.read((reader) => readPage(reader, part, after, limit))))
}

async function readPage(
  reader: GraphReader,
  { what, kind }: Part,
  after: Position | null,
  limit: number,
): Promise<Item[]> {
  const items =
    what === 'node'
      ? await reader.listAfter(kind, after?.id ?? '', limit)
      : await reader.relationshipsAfter(kind, after as RelationshipKey | null, limit)
  return items.map((item) => ({ ...item, properties: ownValues(item.properties) }))
}

/** Others may have put what no property of ours is, a date or a point: it is no part of the graph. */
function ownValues(properties: Properties): Properties {
  const foreign = Object.entries(properties).filter(([, value]) => {
    const [first] = Array.isArray(value) ? value : [value]
    return typeof first === 'object' && first !== null
  })
  if (foreign.length === 0) return properties
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !foreign.some(([other]) => other === name)))
}

/** Up to where both databases are known: a page that is full may be followed by anything. */
function endOf(pages: readonly (readonly Item[])[], limit: number): Position | null {
  const lasts = pages.filter((page) => page.length >= limit).map((page) => page.at(-1) as Item)
  const [first] = lasts.toSorted(compare)
  return first === undefined ? null : positionOf(first)
}

function compareStretch(part: Part, pages: readonly (readonly Item[])[], end: Position | null): Stretch {
  const [one = [], other = []] = pages.map((page) => page.filter((item) => end === null || compare(item, end) <= 0))
  const twins = Map.groupBy(other, keyOf)
  const missing: Item[] = []
  const different: [Item, Item][] = []
  for (const item of one) {
    const twin = twins.get(keyOf(item))?.shift()
    if (twin === undefined) missing.push(item)
    else if (!sameProperties(item, twin)) different.push([item, twin])
  }
  return {
    part,
    missing,
    // Also what is there twice.
    extra: [...twins.values()].flat(),
    different,
    one,
    other,
    end,
  }
}

function keyOf(item: Item): string {
  return keysOf(item).join(' ')
}

export function isRelationship(item: Position): item is RelationshipKey {
  return 'from' in item
}

function positionOf(item: Item): Position {
  if (!isRelationship(item)) return { id: item.id }
  const { type, id, from, to } = item
  return { type, id, from, to }
}

function keysOf(position: Position): string[] {
  return isRelationship(position) ? orderOf(position) : [position.id]
}

function compare(a: Position, b: Position): number {
  const [one, other] = [keysOf(a), keysOf(b)]
  const at = one.findIndex((key, index) => key !== other[index])
  return at < 0 ? 0 : (one[at] as string) < (other[at] as string) ? -1 : 1
}

function nextLimit(limit: number, items: readonly Item[]): number {
  const characters = items.reduce((sum, item) => sum + sizeOf(item), 0)
  const fitting = Math.floor((PAGE_CHARACTERS * items.length) / Math.max(1, characters))
  // Not much more at once: what follows may be larger.
  return Math.max(1, Math.min(LARGEST_PAGE, limit * 4, fitting))
}

function sizeOf({ properties }: Item): number {
  return Object.values(properties).reduce<number>((sum, value) => {
    const texts = Array.isArray(value) ? value : [value]
    return sum + texts.reduce<number>((size, text) => size + (typeof text === 'string' ? text.length : 8), 0)
  }, 0)
}
