import type { GraphRelationship } from './database.ts'

/** A form under which a chunk mentions something, and the id at birth of what goes by it. */
export interface NamedForm {
  readonly id: string
  readonly name: string
}

/** The forms under which an entity is mentioned in a chunk. */
export function formsIn({ from, properties }: GraphRelationship): NamedForm[] {
  const ids = properties['ids'] as readonly string[] | null | undefined
  return (properties['names'] as readonly string[]).map((name, index) => ({ name, id: ids?.[index] ?? from.id }))
}

/** Draws them; whose each is, only where not all are the entity's own. */
export function mentionLine(entityId: string, chunkId: string, forms: readonly NamedForm[]): GraphRelationship {
  const sorted = forms.toSorted((a, b) => compare(a.name, b.name) || compare(a.id, b.id))
  const ids = sorted.every(({ id }) => id === entityId) ? null : sorted.map(({ id }) => id)
  return {
    type: 'FROM_CHUNK',
    id: null,
    from: { kind: 'Entity', id: entityId },
    to: { kind: 'Chunk', id: chunkId },
    properties: { names: sorted.map(({ name }) => name), ids },
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
