import { RefusedError } from '../model/errors.ts'
import { LINK_TYPE, RESERVED_LINK_TYPES, type LinkType, type Schema } from '../model/schema.ts'

interface TypedEnds {
  readonly subject: string
  readonly object: string
}

/**
 * The schema's name of a link type that a person gives, by name or alias, once it is sure that such links may go from the
 * one type of entity to the other.
 * @throws RefusedError that says what may go between them instead
 */
export function checkType(type: string, ends: TypedEnds, schema: Schema): string {
  const known = schema.linkTypes.find(({ name, aliases }) => name === type || aliases.includes(type))
  const name = known?.name ?? type
  const between = `from ${ends.subject} to ${ends.object}`
  const fitting = typesBetween(ends, schema)
  const instead =
    fitting.length === 0 ? `The schema has no type ${between}.` : `What may go ${between}: ${fitting.join(', ')}.`
  if (!LINK_TYPE.test(name) || RESERVED_LINK_TYPES.has(name))
    throw new RefusedError('bad-type', `'${type}' cannot be the type of a link between entities`, {
      hint: 'A type is written like REPORTS_TO, and is none of the names that whygraph uses for its own record.',
    })
  if (known === undefined && !schema.open)
    throw new RefusedError('type-outside-schema', `${name} is no link type of the schema`, { hint: instead })
  if (known !== undefined && !fits(known, ends))
    throw new RefusedError('ends-not-allowed', `${name} does not go ${between}`, { hint: instead })
  return name
}

/** Link types that the schema lets go between two types of entity, in its order. */
export function typesBetween(ends: TypedEnds, schema: Schema): string[] {
  return schema.linkTypes.filter((type) => fits(type, ends)).map(({ name }) => name)
}

/** Whether links of this type have no direction. */
export function isSymmetric(type: string, schema: Schema): boolean {
  return schema.linkTypes.some(({ name, symmetric }) => name === type && symmetric)
}

function fits({ from, to, symmetric }: LinkType, { subject, object }: TypedEnds): boolean {
  const goes = (one: string, other: string): boolean => (from?.includes(one) ?? true) && (to?.includes(other) ?? true)
  return goes(subject, object) || (symmetric && goes(object, subject))
}
