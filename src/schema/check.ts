import type { Schema } from '../model/schema.ts'
import {
  findEntityType,
  findLinkType,
  fitsEnds,
  foldEntityType,
  holdsOutside,
  inversesOf,
  RESERVED_LINK_TYPES,
  type LinkType,
} from '../model/schema.ts'
import { rulesOf, type LinkRules } from '../model/link-rules.ts'
import { spellLinkType } from '../extract/conform.ts'
import type { GraphNode, GraphReader } from '../store/database.ts'
import { derivedLinks } from '../store/links.ts'
import { eachPage, type Walk } from '../store/pages.ts'
import { drawnEnds, type StoredLink } from '../store/records.ts'
import { readReply } from '../store/reply-records.ts'
import type { Store } from '../store/store.ts'
import { Findings, type Finding } from './findings.ts'
import { nearEntityTypes, nearLinkTypes } from './near.ts'
import { schemaRemarks } from './remarks.ts'
import { saidIn, tellsLinks } from './said.ts'
import { IN_GRAPH, readTypeUse, UNUSED } from './use.ts'

/** What was looked at, and what was found. */
export interface SchemaCheck {
  /** Links of the graph and held ones. */
  readonly links: number
  readonly replies: number
  readonly findings: readonly Finding[]
}

/**
 * Holds what is in a store against a schema, page by page, and writes nothing. What contradicts what was found when links
 * were compared: it is told here, not found again.
 */
export async function checkSchema(store: Store, schema: Schema, walk: Walk): Promise<SchemaCheck> {
  const findings = new Findings()
  const { database } = store
  const rules = rulesOf([schema], {})
  for (const { type, before, now } of await store.useSchemas([schema], { dryRun: true }))
    findings.tell({
      code: 'rules',
      isFault: false,
      what: type,
      message: `links of ${type} are compared by “${before}”, and the schema says “${now}”`,
      remedy: 'The next ingest with this schema compares them anew, or: whygraph rebuild --schema FILE.',
    })
  for (const { what, message } of schemaRemarks(schema))
    findings.tell({ code: 'remark', isFault: false, what, message, remedy: 'Is it meant? Else change the schema.' })
  let links = 0
  await eachPage(database, 'Link', walk, async (nodes) => {
    const own = derivedLinks(nodes).filter(isSaid)
    links += own.length
    await database.read(async (reader) => {
      const typeOf = await entityTypes(reader, own)
      const others = await rivalsOf(reader, own)
      for (const link of own) {
        checkLink(link, { subject: typeOf(link, 'subject'), object: typeOf(link, 'object') }, schema, findings)
        checkRivals(link, others, rules, findings)
      }
    })
  })
  const names = namesBeside(schema)
  let replies = 0
  await eachPage(database, 'Reply', walk, (nodes) => {
    replies += nodes.length
    dropSaid(nodes, names)
    return Promise.resolve()
  })
  if (!walk.signal.aborted) await tellUnused(store, schema, names, findings)
  return { links, replies, findings: findings.all() }
}

/** In the graph or held back; whygraph's own links between names and between links have no place in a schema. */
function isSaid({ status, type }: StoredLink): boolean {
  return (IN_GRAPH.has(status) || status === 'held') && !RESERVED_LINK_TYPES.has(type)
}

/** Entity types at the ends of links: of what stands for them, else of a mapping's columns. Null: it is not there. */
async function entityTypes(reader: GraphReader, links: readonly StoredLink[]) {
  const ids = links.filter(({ mapsFrom }) => mapsFrom === null).flatMap((link) => idsOf(link))
  const nodes = await reader.get('Entity', [...new Set(ids)], ['type'])
  const types = new Map(nodes.map(({ id, properties }) => [id, String(properties['type'])]))
  return (link: StoredLink, side: 'subject' | 'object'): string | null => {
    if (link.mapsFrom !== null) return side === 'subject' ? link.mapsFrom : link.mapsTo
    return types.get(idsOf(link)[side === 'subject' ? 0 : 1]) ?? null
  }
}

function idsOf(link: StoredLink): [string, string] {
  const { subjectId, objectId } = drawnEnds(link)
  return [subjectId, objectId]
}

type Ends = Readonly<Record<'subject' | 'object', string | null>>

function checkLink(link: StoredLink, ends: Ends, schema: Schema, findings: Findings): void {
  const holds = holdsOutside(schema)
  const found = findLinkType(schema, link.type)
  if (found === null) {
    if (schema.linkTypes.length > 0 || holds.linkTypes)
      findings.link({ ...outside(link.type, nearIn(link.type, schema)), isFault: holds.linkTypes }, link)
  } else if (found.type.name !== link.type) findings.link(formerName(link.type, found), link)
  const types = [...new Set([ends.subject, ends.object])].filter((type) => type !== null)
  for (const type of types) {
    if (schema.entityTypes.length === 0 || schema.entityTypes.some(({ name }) => name === type)) continue
    const known = findEntityType(schema, type)
    if (known === null) findings.link({ ...outsideEnd(type, schema), isFault: holds.entityTypes }, link)
    else findings.link(formerEnd(type, known.name), link)
  }
  const { subject, object } = ends
  if (found === null || found.type.name !== link.type || subject === null || object === null) return
  if (!fitsEnds(found.type, { from: subject, to: object })) findings.link(wrongEnds(found.type, subject, object), link)
}

const BY_SCHEMA = 'whygraph rebuild --from replies --by-schema reads the stored replies by this schema, for nothing.'

function wrongEnds({ name, from = ['any'], to = ['any'] }: LinkType, subject: string, object: string) {
  return {
    code: 'ends',
    isFault: true,
    what: name,
    message: `${name} goes from ${subject} to ${object}, and the schema says ${from.join('|')} > ${to.join('|')}`,
    remedy: `Let the schema allow it, fix the links (whygraph review fix), or hold them: ${BY_SCHEMA}`,
  } as const
}

function formerName(type: string, { type: { name }, turned }: NonNullable<ReturnType<typeof findLinkType>>) {
  return {
    code: 'former-name',
    isFault: true,
    what: type,
    message: `${type} is ${turned ? `${name} told from its other end` : `an alias of ${name}`}, and links are of it`,
    remedy: BY_SCHEMA,
  } as const
}

function formerEnd(type: string, name: string) {
  const message = `${type} is an alias of ${name}, and ends of links are of it`
  return { code: 'former-name', isFault: true, what: type, message, remedy: BY_SCHEMA } as const
}

function outside(type: string, near: string) {
  return unnamed(type, `${type} is no link type of the schema${near}`)
}

function outsideEnd(type: string, { entityTypes }: Schema) {
  const near = entityTypes.find(({ name, aliases }) =>
    [name, ...aliases].some((known) => nearEntityTypes(type, known) !== null),
  )
  const beside = near === undefined ? '' : `; it may be ${near.name}`
  return unnamed(type, `${type}, at an end of links, is no entity type of the schema${beside}`)
}

function unnamed(what: string, message: string) {
  const remedy = `Name it there, as a type or as an alias of one. ${BY_SCHEMA}`
  return { code: 'outside', what, message, remedy } as const
}

/** `; it may be LEADS`, where the schema has a type under a name that is near. */
function nearIn(type: string, { linkTypes }: Schema): string {
  for (const known of linkTypes) {
    const straight = [known.name, ...known.aliases].map((name) => nearLinkTypes(type, name)).find((one) => one !== null)
    const turned = inversesOf(known)
      .map((name) => nearLinkTypes(type, name))
      .find((one) => one !== null)
    const isTurned = straight?.turned ?? (turned === undefined ? null : !turned.turned)
    if (isTurned !== null) return `; it may be ${known.name}${isTurned ? ' told from its other end' : ''}`
  }
  return ''
}

/** The links that some cannot hold beside, by id. */
async function rivalsOf(reader: GraphReader, links: readonly StoredLink[]): Promise<ReadonlyMap<string, GraphNode>> {
  const ids = [...new Set(links.flatMap(({ conflictsWith = [] }) => conflictsWith))]
  return new Map((await reader.get('Link', ids, ['type', 'subject', 'object'])).map((node) => [node.id, node]))
}

/** Of two that cannot hold beside each other, the lesser id tells it. */
function checkRivals(
  link: StoredLink,
  others: ReadonlyMap<string, GraphNode>,
  rules: LinkRules,
  findings: Findings,
): void {
  if ((rules[link.type]?.single ?? null) === null) return
  for (const id of link.conflictsWith ?? []) {
    const other = others.get(id)
    if (other?.properties['type'] !== link.type || id <= link.id) continue
    const message = `${link.type} holds for one at a time, and several are said; nobody has settled which`
    const remedy =
      'whygraph show ID names what a link cannot hold beside; whygraph review --order contradict shows them side by side.'
    findings.link({ code: 'conflict', isFault: true, what: link.type, message, remedy }, link)
  }
}

/** Names that a schema has beside those of its types, as they are looked for in replies. */
function namesBeside({ entityTypes, linkTypes }: Schema): Map<string, BesideName> {
  return new Map([
    ...entityTypes.flatMap(({ name, aliases }) =>
      aliases.map((alias) => [`entity ${foldEntityType(alias)}`, { name: alias, of: name }] as const),
    ),
    ...linkTypes.flatMap((type) =>
      [...type.aliases, ...inversesOf(type)].map((alias) => [`link ${alias}`, { name: alias, of: type.name }] as const),
    ),
  ])
}

/** An alias or an inverse, and the type that it is one of. */
interface BesideName {
  readonly name: string
  readonly of: string
}

/** Drops those that a reply has used. */
function dropSaid(nodes: readonly GraphNode[], names: Map<string, BesideName>): void {
  if (names.size === 0) return
  for (const reply of nodes.map(readReply).filter(tellsLinks)) {
    const { entities, links } = saidIn(reply.content)
    for (const { type } of entities) names.delete(`entity ${foldEntityType(type)}`)
    for (const { type } of links) names.delete(`link ${spellLinkType(type)}`)
  }
}

async function tellUnused(
  { database }: Store,
  schema: Schema,
  names: ReadonlyMap<string, BesideName>,
  findings: Findings,
): Promise<void> {
  const use = await readTypeUse(database)
  const unused = (what: string, message: string): void =>
    findings.tell({ code: 'unused', isFault: false, what, message, remedy: 'It may be left out, or is still to come.' })
  for (const { name } of schema.linkTypes) {
    const { inGraph, held } = use.links.get(name) ?? UNUSED
    if (inGraph + held === 0) unused(name, `no link is of type ${name}`)
  }
  for (const { name } of schema.entityTypes) if (!use.entities.has(name)) unused(name, `no entity is of type ${name}`)
  for (const [of, own] of Map.groupBy(names.values(), ({ of }) => of))
    unused(of, `no stored reply uses these names of ${of}: ${own.map(({ name }) => name).join(', ')}`)
}
