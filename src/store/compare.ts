import type { Database, NodeKind, Properties } from './database.ts'
import { isRelationship, PARTS, sideBySide, type Item, type Part } from './side-by-side.ts'

/** How many there are of a kind of node, or of a type of relationship. */
export interface ComparedKind {
  readonly what: 'node' | 'relationship'
  /** A kind of node or a type of relationship. */
  readonly name: string
  readonly one: number
  readonly other: number
  /** Of them: in one only, in the other only, and in both with other properties. */
  readonly missing: number
  readonly extra: number
  readonly different: number
}

export interface Difference {
  readonly what: 'node' | 'relationship'
  readonly name: string
  /** Of a relationship of the record, its ends: `a → b`. */
  readonly id: string
  readonly in: 'one' | 'other' | 'both'
  /** Names of the properties that differ, where it is in both. */
  readonly properties: readonly string[]
}

export interface Comparison {
  readonly equal: boolean
  readonly kinds: readonly ComparedKind[]
  /** The first of them, those in what was read and made of it before {@link ofRuns}. */
  readonly differences: readonly Difference[]
  /** What the sources of its documents are called, in one and in the other: a document's id comes of it, and all that is in it. */
  readonly sources: { readonly one: readonly string[]; readonly other: readonly string[] }
  /** How many of all differences are only in when, and in which run, the same was read: runs, and times of day. */
  readonly ofRuns: number
  /** The signal came first: only a part was compared. */
  readonly interrupted: boolean
}

export interface CompareOptions {
  readonly signal: AbortSignal
  /** How many differences are named. */
  readonly most: number
  readonly progress: (part: Part, done: number) => void
}

/**
 * Compares two databases node by node and relationship by relationship, with all properties, page by page. What is
 * written meanwhile may appear as a difference.
 */
export async function compareDatabases(one: Database, other: Database, options: CompareOptions): Promise<Comparison> {
  const kinds = new Map<string, Counts>()
  const [differences, inRuns]: [Difference[], Difference[]] = [[], []]
  const sources = { one: new Set<string>(), other: new Set<string>() }
  let ofRuns = 0
  const result = (interrupted: boolean): Comparison => {
    const first = [...differences, ...inRuns].slice(0, options.most)
    const all = [...kinds.values()]
    const equal = !interrupted && all.every(({ missing, extra, different }) => missing + extra + different === 0)
    const named = { one: [...sources.one].toSorted(), other: [...sources.other].toSorted() }
    return { equal, kinds: all, differences: first, sources: named, ofRuns, interrupted }
  }
  for (const part of PARTS) {
    let done = 0
    for await (const stretch of sideBySide(one, other, part)) {
      if (part.what === 'node' && part.kind === 'Document')
        for (const which of ['one', 'other'] as const)
          for (const { properties } of stretch[which]) sources[which].add(String(properties['source']))
      count(kinds, part, stretch.one, 'one')
      count(kinds, part, stretch.other, 'other')
      count(kinds, part, stretch.missing, 'missing')
      count(kinds, part, stretch.extra, 'extra')
      count(
        kinds,
        part,
        stretch.different.map(([item]) => item),
        'different',
      )
      const found = [
        ...stretch.missing.map((item) => describe(item, 'one')),
        ...stretch.extra.map((item) => describe(item, 'other')),
        ...stretch.different.map(([item, twin]) => describe(item, 'both', otherProperties(item, twin))),
      ]
      for (const difference of found) {
        const list = isOfRuns(difference) ? inRuns : differences
        if (list === inRuns) ofRuns++
        if (list.length < options.most) list.push(difference)
      }
      done += stretch.one.length
      options.progress(part, done)
      if (options.signal.aborted) return result(true)
    }
  }
  return result(false)
}

/** What is another each time that the same is read. */
const OF_RUNS: ReadonlySet<string> = new Set(['createdAt', 'at', 'runId', 'milliseconds'])

function isOfRuns({ name, in: where, properties }: Difference): boolean {
  return name === 'Run' || (where === 'both' && properties.every((property) => OF_RUNS.has(property)))
}

type Counts = { -readonly [Name in keyof ComparedKind]: ComparedKind[Name] }
type CountName = 'one' | 'other' | 'missing' | 'extra' | 'different'

function count(kinds: Map<string, Counts>, { what, kind }: Part, items: readonly Item[], name: CountName): void {
  for (const item of items) {
    const own = nameOf(item, kind)
    const key = `${what} ${own}`
    const counts = kinds.get(key) ?? { what, name: own, one: 0, other: 0, missing: 0, extra: 0, different: 0 }
    counts[name]++
    kinds.set(key, counts)
  }
}

function nameOf(item: Item, kind: NodeKind): string {
  return isRelationship(item) ? item.type : kind
}

function describe(item: Item, where: Difference['in'], properties: readonly string[] = []): Difference {
  if (!isRelationship(item)) return { what: 'node', name: item.kind, id: item.id, in: where, properties }
  const { type, id, from, to } = item
  return { what: 'relationship', name: type, id: id ?? `${from.id} → ${to.id}`, in: where, properties }
}

function otherProperties(a: Item, b: Item): string[] {
  const value = (properties: Properties, name: string): string => JSON.stringify(properties[name] ?? null)
  const names = new Set([...Object.keys(a.properties), ...Object.keys(b.properties)])
  return [...names].filter((name) => value(a.properties, name) !== value(b.properties, name)).toSorted()
}
