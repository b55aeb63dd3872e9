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
])

const entityType = z.strictObject({
  name: z
    .string()
    .regex(ENTITY_TYPE, 'an entity type is written like Person or ActionItem')
    .refine((name) => !RESERVED_LABELS.has(name), 'whygraph uses this name for its own record; take another'),
  hint: z.string().default(''),
  aliases: z.array(z.string()).default([]),
})

const linkType = z.strictObject({
  name: z
    .string()
    .regex(LINK_TYPE, 'a link type is written like REPORTS_TO')
    .refine((name) => !RESERVED_LINK_TYPES.has(name), 'whygraph uses this name for its own record; take another'),
  hint: z.string().default(''),
  /** Entity types that may stand at either end; absent: any. */
  from: z.array(z.string()).optional(),
  to: z.array(z.string()).optional(),
  aliases: z.array(z.string().regex(LINK_TYPE, 'an alias is written like a link type')).default([]),
  symmetric: z.boolean().default(false),
})

/** What to look for, as read from a schema file. `open: true` allows other link types. */
export const schemaFile = z.strictObject({
  open: z.boolean().default(true),
  entityTypes: z.array(entityType).default([]),
  linkTypes: z.array(linkType).default([]),
})

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
