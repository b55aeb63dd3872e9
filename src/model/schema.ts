import { z } from 'zod'
import { collisions, type Fault } from './name-collisions.ts'
import { labelVocabulary } from './vocabulary.ts'

/** What the database accepts as an entity label (`Person`) and as a relationship type (`REPORTS_TO`). */
export const ENTITY_TYPE = /^[A-Z][A-Za-z0-9]*$/
export const LINK_TYPE = /^[A-Z][A-Z0-9_]*$/

/** Labels and relationship types that have a meaning of whygraph's own: schemas must not take them. */
export const RESERVED_LABELS: ReadonlySet<string> = new Set([
  'Document',
  'Chunk',
  'Reply',
  'Proposal',
  'Decision',
  'Link',
  'Run',
  'Schema',
  'Chain',
  'Label',
  'Dataset',
  'Column',
  'Redirect',
])
export const RESERVED_LINK_TYPES: ReadonlySet<string> = new Set([
  'FROM_DOCUMENT',
  'NEXT_CHUNK',
  'FROM_CHUNK',
  'REPLY_TO',
  'FROM_REPLY',
  'PROPOSES',
  'DECIDES',
  'LABELLED',
  'ATTACHED_TO',
  'HAS_COLUMN',
  'MAPS_TO',
  'SAME_AS',
  'DISPLAYED_AS',
  'CONTRADICTS',
  'SUPERSEDES',
])

const entityType = z.strictObject({
  name: z.string().regex(ENTITY_TYPE, 'must be written like Person or ActionItem'),
  hint: z.string().default(''),
  aliases: z.array(z.string()).default([]),
})

const typeName = z.string().regex(LINK_TYPE, 'must be written like REPORTS_TO')

/** What takes a link back: a link of this type to the same object, from whoever or from the same subject only. */
const reversal = z.union([typeName, z.strictObject({ type: typeName, sameSubject: z.boolean().default(false) })])

const linkType = z.strictObject({
  name: typeName,
  hint: z.string().default(''),
  /** Entity types that may stand at either end; absent: any. */
  from: z.array(z.string()).optional(),
  to: z.array(z.string()).optional(),
  aliases: z.array(z.string().regex(LINK_TYPE, 'must be written like a link type, as REPORTS_TO')).default([]),
  /** Names of the same link told from its other end: one that comes so is turned round. Absent: none. */
  inverse: z.union([typeName, z.array(typeName)]).optional(),
  symmetric: z.boolean().default(false),
  /**
   * Holds for one at a time: `to` (or `true`) one object for each subject, `from` one subject for each object, `both`.
   * Absent: for any number. The three from here on say what contradicts what; see `link-rules.ts`.
   */
  singleValued: z.union([z.boolean(), z.enum(['to', 'from', 'both'])]).optional(),
  /** Types, or aliases of them, whose links to the same object take one back. */
  reversedBy: z.array(reversal).optional(),
  /** `later`: a later statement that contradicts a link ends it by itself. Absent, `never`: a person decides. */
  supersedes: z.enum(['later', 'never']).optional(),
  /** What is decided about its links takes two people who say the same. */
  fourEyes: z.boolean().optional(),
})

const fate = z.enum(['hold', 'keep'])

/** As it was read once: names that were taken for whygraph's own later may stand in it. */
export const storedSchema = z.strictObject({
  /** Whether a model is told that it may name other link types, and what becomes of other types where `outside` is silent. */
  open: z.boolean().default(true),
  /** What becomes of links of other types, and of links that have an end of another: they wait for a person, or stand. */
  outside: z.strictObject({ entityTypes: fate.optional(), linkTypes: fate.optional() }).optional(),
  entityTypes: z.array(entityType).default([]),
  linkTypes: z.array(linkType).default([]),
  /** Absent: documents have whatever labels models give them. */
  labels: labelVocabulary.optional(),
})

/** What to look for, as read from a schema file. `open: true` allows other link types. */
export const schemaFile = storedSchema.superRefine((schema, context) => {
  for (const { path, message } of [...nameCollisions(schema), ...faultsIn(schema)])
    context.addIssue({ code: 'custom', path: [...path], message })
})

/** What of a schema cannot be meant, and where it stands. */
function faultsIn(schema: Schema): Fault[] {
  const { entityTypes, linkTypes, labels } = schema
  const faults: Fault[] = []
  for (const [index, { name }] of entityTypes.entries())
    if (RESERVED_LABELS.has(name)) faults.push({ path: ['entityTypes', index, 'name'], message: RESERVED })
  for (const [index, type] of linkTypes.entries())
    for (const { path, message } of linkTypeFaults(type, schema))
      faults.push({ path: ['linkTypes', index, ...path], message })
  if (labels?.fixed === true && labels.names.length === 0)
    faults.push({ path: ['labels'], message: 'is fixed and names no label, so that all would be held' })
  return faults
}

const RESERVED = 'is a name that whygraph uses for its own record; take another'

function linkTypeFaults(type: LinkType, schema: Schema): Fault[] {
  const { name, reversedBy = [], symmetric, inverse, singleValued } = type
  const faults: Fault[] = []
  const wrong = (path: Fault['path'], message: string): void => void faults.push({ path, message })
  if (RESERVED_LINK_TYPES.has(name)) wrong(['name'], RESERVED)
  if (symmetric && inverse !== undefined) wrong(['inverse'], `is of no use: ${name} is symmetric; make it an alias`)
  if (symmetric && (singleValued === 'from' || singleValued === 'to'))
    wrong(['singleValued'], `names one end, and ${name} is symmetric: true says that it holds for one at a time`)
  for (const side of ['from', 'to'] as const)
    for (const [place, end] of (type[side] ?? []).entries()) {
      const known = findEntityType(schema, end)
      if (known !== null && known.name !== end) wrong([side, place], `names ${end}, which goes by ${known.name} here`)
      else if (known === null && holdsOutside(schema).entityTypes)
        wrong(
          [side, place],
          `names ${end}, which is no entity type of the schema, and links with ends of others are held`,
        )
    }
  for (const reversal of reversedBy) {
    const wanted = typeof reversal === 'string' ? reversal : reversal.type
    const found = findLinkType(schema, wanted)
    if (found?.type.name === name) wrong(['reversedBy'], `names ${name}, which cannot take itself back`)
    else if (found?.turned === true)
      wrong(['reversedBy'], `names ${wanted}, which is read as ${found.type.name} turned round`)
    else if (found === null && !schema.open)
      wrong(['reversedBy'], `names ${wanted}, which is no link type of the schema`)
  }
  return faults
}

/** Names by which a type could not be told from another, or from itself turned round. */
function nameCollisions({ entityTypes, linkTypes }: Schema): Fault[] {
  const ofEntities = entityTypes.map(({ name, aliases }) => ({ name, aliases, inverse: undefined }))
  return [
    ...collisions('entityTypes', ofEntities, foldEntityType),
    ...collisions('linkTypes', linkTypes, (name) => name),
  ]
}

/** Names of entity types are the same whatever their case and signs. */
export function foldEntityType(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

type EntityType = z.infer<typeof entityType>
export type LinkType = z.infer<typeof linkType>
export type Schema = z.infer<typeof storedSchema>

/** Names under which links of a type come the other way round. */
export function inversesOf({ inverse = [] }: Pick<LinkType, 'inverse'>): readonly string[] {
  return typeof inverse === 'string' ? [inverse] : inverse
}

/** The type that a name stands for. `turned`: a link that goes by it goes from the object to the subject. */
export function findLinkType(
  { linkTypes }: Pick<Schema, 'linkTypes'>,
  name: string,
): { readonly type: LinkType; readonly turned: boolean } | null {
  const straight =
    linkTypes.find((type) => type.name === name) ?? linkTypes.find(({ aliases }) => aliases.includes(name))
  if (straight !== undefined) return { type: straight, turned: false }
  const turned = linkTypes.find((type) => inversesOf(type).includes(name))
  return turned === undefined ? null : { type: turned, turned: true }
}

/** Whether a schema lets links of a type go between two types of entity. */
export function fitsEnds(
  { from, to, symmetric }: LinkType,
  ends: { readonly from: string; readonly to: string },
): boolean {
  const goes = (one: string, other: string): boolean => (from?.includes(one) ?? true) && (to?.includes(other) ?? true)
  return goes(ends.from, ends.to) || (symmetric && goes(ends.to, ends.from))
}

/** The entity type that a name stands for, by its own or another spelling or an alias. */
export function findEntityType({ entityTypes }: Pick<Schema, 'entityTypes'>, name: string): EntityType | null {
  const wanted = foldEntityType(name)
  return (
    entityTypes.find((type) => [type.name, ...type.aliases].some((known) => foldEntityType(known) === wanted)) ?? null
  )
}

/** Whether links of types that the schema does not name wait for a person, and links whose ends are of such types. */
export function holdsOutside({
  open,
  outside = {},
  entityTypes,
}: Schema): Record<'entityTypes' | 'linkTypes', boolean> {
  const otherwise = open ? 'keep' : 'hold'
  return {
    // A schema that names no entity types allows any.
    entityTypes: entityTypes.length > 0 && (outside.entityTypes ?? otherwise) === 'hold',
    linkTypes: (outside.linkTypes ?? otherwise) === 'hold',
  }
}

/** What holds where nobody wrote a schema: a few entity types of general use, and any link type. */
export const DEFAULT_SCHEMA: Schema = schemaFile.parse({
  open: true,
  entityTypes: [
    { name: 'Person', hint: 'a named human' },
    { name: 'Organization', hint: 'company, institution, team, committee' },
    { name: 'Project' },
    { name: 'System', hint: 'software, product, service' },
    { name: 'Place' },
    { name: 'Event', hint: 'meeting, release, happening' },
    { name: 'Resolution', hint: 'what was decided, proposed, turned down' },
    { name: 'Task', hint: 'what somebody has to do' },
    { name: 'Concept', hint: 'other named idea, document, rule, topic' },
  ],
  linkTypes: [],
})
