import type { Database, GraphNode, GraphRelationship, NodeKind, StrayKey } from './database.ts'

/** Nodes that are looked at in one go, and written in one transaction where something is to be written. */
const PAGE = 100

export interface Walk {
  readonly progress: (what: string, done: number) => void
  readonly signal: AbortSignal
}

/** All nodes of a kind, a page at a time, until the signal is given. */
export async function eachPage(
  database: Database,
  kind: NodeKind,
  { signal, progress }: Walk,
  look: (nodes: readonly GraphNode[]) => Promise<void>,
): Promise<void> {
  let done = 0
  for (let after = ''; !signal.aborted;) {
    const from = after
    const nodes = await database.read((reader) => reader.listAfter(kind, from, PAGE))
    const last = nodes.at(-1)
    if (last === undefined) return
    await look(nodes)
    after = last.id
    done += nodes.length
    progress(kind.toLowerCase(), done)
  }
}

/** All links of the graph, or all relationships that lack an end, a page at a time, until the signal is given. */
export async function eachRelationshipPage(
  database: Database,
  which: 'linksAfter' | 'endlessAfter',
  { signal, progress }: Walk,
  look: (relationships: readonly GraphRelationship[]) => Promise<void>,
): Promise<void> {
  let done = 0
  for (let cursor: string | null = ''; cursor !== null && !signal.aborted;) {
    const from: string = cursor
    const { relationships, next } = await database.read((reader) => reader[which](from, PAGE))
    if (relationships.length > 0) await look(relationships)
    cursor = next
    done += relationships.length
    if (relationships.length > 0) progress('relationship', done)
  }
}

/** Entries of the index of names that are looked at in one go. */
const KEYS_AT_ONCE = 5_000

/** What the index of names keeps and should not, some at a time, until the signal is given. */
export async function eachStrayKeyPage(
  database: Database,
  { signal }: Pick<Walk, 'signal'>,
  look: (strays: readonly StrayKey[]) => Promise<void>,
): Promise<void> {
  for (let cursor: string | null = ''; cursor !== null && !signal.aborted;) {
    const from: string = cursor
    const { strays, next } = await database.read((reader) => reader.strayKeysAfter(from, KEYS_AT_ONCE))
    for (let at = 0; at < strays.length; at += PAGE) await look(strays.slice(at, at + PAGE))
    cursor = next
  }
}
