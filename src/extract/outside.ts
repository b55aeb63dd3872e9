import { SAME_AS } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import { holdsOutside, type Schema } from '../model/schema.ts'

/** A type that the schema does not name, of links or of ends of links, and what became of these. */
export interface OutsideType {
  readonly kind: 'entity' | 'link'
  readonly type: string
  readonly fate: 'held' | 'kept'
  /** Links that are of it, or that have an end which is. */
  readonly links: number
}

/** What was said in types that the schema does not name. One that names none of a kind allows any, unless it holds others. */
export function outsideSchema(
  proposals: readonly Pick<Proposal, 'subject' | 'type' | 'object'>[],
  schema: Schema,
): OutsideType[] {
  const holds = holdsOutside(schema)
  const types = { entity: named(schema.entityTypes), link: named(schema.linkTypes) }
  const isOutside = {
    entity: (type: string): boolean => types.entity.size > 0 && !types.entity.has(type),
    link: (type: string): boolean =>
      (types.link.size > 0 || holds.linkTypes) && !types.link.has(type) && type !== SAME_AS,
  }
  const said = proposals.flatMap(({ subject, type, object }) => [
    ...(isOutside.link(type) ? [{ kind: 'link' as const, type }] : []),
    ...[...new Set([subject.type, object.type])]
      .filter(isOutside.entity)
      .map((end) => ({ kind: 'entity' as const, type: end })),
  ])
  const fates = {
    entity: holds.entityTypes ? ('held' as const) : ('kept' as const),
    link: holds.linkTypes ? ('held' as const) : ('kept' as const),
  }
  return [...Map.groupBy(said, ({ kind, type }) => `${kind} ${type}`).values()].flatMap((same) =>
    same.slice(0, 1).map(({ kind, type }) => ({ kind, type, fate: fates[kind], links: same.length })),
  )
}

function named(types: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(types.map(({ name }) => name))
}
