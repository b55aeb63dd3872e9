import { z } from 'zod'

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

/** As it was read once: names that were taken for whygraph's own later may stand in it. */
export const storedSchema = z.strictObject({
  open: z.boolean().default(true),
  entityTypes: z.array(entityType).default([]),
  linkTypes: z.array(linkType).default([]),
})

/** What to look for, as read from a schema file. `open: true` allows other link types. */
export const schemaFile = storedSchema.superRefine(({ open, entityTypes, linkTypes }, context) => {
  const wrong = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message })
  }
  for (const [index, { name }] of entityTypes.entries())
    if (RESERVED_LABELS.has(name)) wrong(['entityTypes', index, 'name'], RESERVED)
  for (const [index, { name, reversedBy = [] }] of linkTypes.entries()) {
    const first = linkTypes.findIndex((type) => type.name === name)
    if (first < index) wrong(['linkTypes', index, 'name'], `is the name of type ${first + 1} too`)
    if (RESERVED_LINK_TYPES.has(name)) wrong(['linkTypes', index, 'name'], RESERVED)
    for (const reversal of reversedBy) {
      const wanted = typeof reversal === 'string' ? reversal : reversal.type
      const type = linkTypes.find((one) => one.name === wanted || one.aliases.includes(wanted))?.name
      const path = ['linkTypes', index, 'reversedBy']
      if (type === name) wrong(path, `names ${name}, which cannot take itself back`)
      else if (type === undefined && !open) wrong(path, `names ${wanted}, which is no link type of the schema`)
    }
  }
})

const RESERVED = 'is a name that whygraph uses for its own record; take another'

export type Schema = z.infer<typeof schemaFile>
export type LinkType = Schema['linkTypes'][number]

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
