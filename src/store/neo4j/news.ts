import type { GraphRelationship, NodeKey, NodeKind } from '../database.ts'

/**
 * What one transaction knows to be new, so that it need not be looked for: the nodes that it made, and therefore
 * whatever it is the first to draw from or to one of them. Nobody else sees such a node before the end.
 */
export class News {
  readonly #nodes = new Set<string>()
  readonly #drawn = new Set<string>()

  addNode(kind: NodeKind, id: string): void {
    this.#nodes.add(`${kind} ${id}`)
  }

  /** Whether a relationship that is about to be put is known not to be there. */
  isFirst({ id, type, from, to }: GraphRelationship): boolean {
    // A link that had no node had no relationship either.
    const isNew = id === null ? this.#has(from) || this.#has(to) : this.#has({ kind: 'Link', id })
    if (!isNew) return false
    const key = id ?? [type, from.kind, from.id, to.kind, to.id].join(' ')
    if (this.#drawn.has(key)) return false
    this.#drawn.add(key)
    return true
  }

  #has({ kind, id }: NodeKey): boolean {
    return this.#nodes.has(`${kind} ${id}`)
  }
}
