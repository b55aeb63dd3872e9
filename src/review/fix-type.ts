import { didYouMean } from '../model/did-you-mean.ts'
import { RefusedError } from '../model/errors.ts'
import { findLinkType, fitsEnds, holdsOutside, LINK_TYPE, RESERVED_LINK_TYPES, type Schema } from '../model/schema.ts'
import type { Store } from '../store/store.ts'

interface TypedEnds {
  readonly subject: string
  readonly object: string
}

/** A link type by the schema's name. `turned`: it was named from the other end, so the link is to be turned round. */
interface CheckedType {
  readonly name: string
  readonly turned: boolean
}

/**
 * The schema's name of a link type that a person gives, by name, alias or inverse, once it is sure that such links may go
 * from the one type of entity to the other.
 * @throws RefusedError that says what may go between them instead
 */
export function checkType(type: string, ends: TypedEnds, schema: Schema): CheckedType {
  const { type: known, turned } = findLinkType(schema, type) ?? { type: undefined, turned: false }
  const name = known?.name ?? type
  const own = turned ? { subject: ends.object, object: ends.subject } : ends
  const between = `from ${own.subject} to ${own.object}`
  const fitting = typesBetween(own, schema)
  const instead =
    fitting.length === 0 ? `The schema has no type ${between}.` : `What may go ${between}: ${fitting.join(', ')}.`
  if (!LINK_TYPE.test(name) || RESERVED_LINK_TYPES.has(name))
    throw new RefusedError('bad-type', `'${type}' cannot be the type of a link between entities`, {
      hint: 'A type is written like REPORTS_TO, and is none of the names that whygraph uses for its own record.',
    })
  if (known === undefined && holdsOutside(schema).linkTypes)
    throw new RefusedError('type-outside-schema', `${name} is no link type of the schema`, { hint: instead })
  if (known !== undefined && !fitsEnds(known, { from: own.subject, to: own.object }))
    throw new RefusedError('ends-not-allowed', `${name} does not go ${between}`, { hint: instead })
  return { name, turned }
}

/** That a type, which an open schema takes as any, is named by nobody yet: it may be misspelt. */
export async function newTypeNotes(store: Store, type: string, schema: Schema): Promise<string[]> {
  if (findLinkType(schema, type) !== null) return []
  return store.database.read(async (reader) => {
    if ((await reader.findEach('Link', 'type', [type], 1)).length > 0) return []
    const counts = await reader.tally('Link', ['type'])
    const known = [...schema.linkTypes.map(({ name }) => name), ...counts.map(({ values }) => String(values[0]))]
    const others = known.filter((name) => !RESERVED_LINK_TYPES.has(name))
    return [
      `${type} is a new type: no link of the graph is of it, and the schema does not name it.${didYouMean(type, others)}`,
    ]
  })
}

/** Link types that the schema lets go between two types of entity, in its order. */
export function typesBetween({ subject, object }: TypedEnds, schema: Schema): string[] {
  return schema.linkTypes.filter((type) => fitsEnds(type, { from: subject, to: object })).map(({ name }) => name)
}

/** Whether links of this type have no direction. */
export function isSymmetric(type: string, schema: Schema): boolean {
  return schema.linkTypes.some(({ name, symmetric }) => name === type && symmetric)
}
