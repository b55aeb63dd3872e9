import { findLinkType, inversesOf, RESERVED_LINK_TYPES, type LinkType, type Schema } from '../model/schema.ts'

/** What a schema says that may be meant, and seldom is. */
export interface SchemaRemark {
  /** The link type that says it. */
  readonly what: string
  readonly message: string
}

export function schemaRemarks(schema: Schema): SchemaRemark[] {
  const known = new Set(schema.entityTypes.map(({ name }) => name))
  return schema.linkTypes.flatMap((type) =>
    [
      ...unknownEnds(type, known),
      ...unlikeEnds(type),
      ...idleRules(type, schema),
      ...[...type.aliases, ...inversesOf(type)].filter(isOnlyOurs).map(ownName),
    ].map((message) => ({ what: type.name, message: `${type.name}: ${message}` })),
  )
}

/** Where other entity types are held, these are refused. */
function unknownEnds({ from = [], to = [] }: LinkType, known: ReadonlySet<string>): string[] {
  const unknown = [...new Set([...from, ...to])].filter((name) => known.size > 0 && !known.has(name))
  return unknown.map(
    (name) => `from or to names ${name}, which is no entity type of the schema: no model is told of it`,
  )
}

function unlikeEnds({ symmetric, from = [], to = [] }: LinkType): string[] {
  const isAlike = from.length === to.length && from.every((name) => to.includes(name))
  return symmetric && !isAlike ? ['it is symmetric, and from and to differ: its links go either way between them'] : []
}

function idleRules({ singleValued = false, reversedBy = [], supersedes }: LinkType, schema: Schema): string[] {
  const named = reversedBy.map((reversal) => (typeof reversal === 'string' ? reversal : reversal.type))
  return [
    ...(supersedes === 'later' && singleValued === false && named.length === 0
      ? ['supersedes: later without singleValued or reversedBy lets only later denials end its links']
      : []),
    ...named
      .filter((name) => findLinkType(schema, name) === null)
      .map((name) => `reversedBy names ${name}, which is no link type of the schema: no model is told of it`),
  ]
}

/** Verbs that texts have, too, so that models say them of what a text says. */
const ALSO_SAID: ReadonlySet<string> = new Set(['PROPOSES', 'DECIDES', 'ATTACHED_TO', 'CONTRADICTS', 'SUPERSEDES'])

function isOnlyOurs(name: string): boolean {
  return RESERVED_LINK_TYPES.has(name) && !ALSO_SAID.has(name)
}

function ownName(name: string): string {
  return `${name} is what whygraph calls links of its own: what models call so is read as this type, and queries for ${name} find whygraph’s`
}
