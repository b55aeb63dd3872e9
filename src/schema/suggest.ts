import {
  DEFAULT_SCHEMA,
  foldEntityType,
  RESERVED_LABELS,
  RESERVED_LINK_TYPES,
  schemaFile,
  type Schema,
} from '../model/schema.ts'
import { SAME_AS } from '../model/link.ts'
import { ENTITY_WORDS } from '../model/type-words.ts'
import type { Example, Gathered } from './gather.ts'
import { joinNames, type Group } from './join.ts'
import { nearEntityTypes, nearLinkTypes, type Nearness } from './near.ts'
import { seenEntities, seenLinks, type SeenEntities, type SeenLink, type SeenLinks } from './seen.ts'

/** Why an entity type is proposed. */
export interface EntityReason {
  readonly name: string
  /** Different names of things. */
  readonly count: number
  readonly documents: number
  readonly examples: readonly { readonly name: string; readonly place: string }[]
  /** Other names of the type that were joined to it. */
  readonly joined: readonly JoinedName[]
  /** Types that may be the same and were left apart: one reply uses both, or they go between other things. */
  readonly apart: readonly string[]
}

/** Why a link type is proposed. */
export interface LinkReason {
  readonly name: string
  /** Links, each once for each chunk. */
  readonly count: number
  readonly documents: number
  readonly examples: readonly Example[]
  readonly joined: readonly JoinedName[]
  readonly apart: readonly string[]
  /** Which types of entities it goes between, the most frequent first. */
  readonly ends: readonly { readonly from: string; readonly to: string; readonly count: number }[]
  /** Pairs of things of which it is said from both ends. */
  readonly bothWays: number
  /** In the sample no subject has two objects, no object two subjects; of how many. Null: some have, or too few are seen. */
  readonly oneObject: number | null
  readonly oneSubject: number | null
}

export interface JoinedName {
  readonly name: string
  readonly count: number
  readonly by: Nearness['by']
  readonly turned: boolean
}

export interface Suggestion {
  readonly schema: Schema
  readonly entityTypes: readonly EntityReason[]
  readonly linkTypes: readonly LinkReason[]
  /** Names that were seen too seldom. */
  readonly seldom: { readonly entityTypes: readonly SeldomName[]; readonly linkTypes: readonly SeldomName[] }
}

export interface SeldomName {
  readonly name: string
  readonly count: number
}

const MOST_EXAMPLES = 3
/** From so many subjects or objects on it is told that each has one. */
const TELLING = 3

/**
 * A schema that names what replies name, near-synonyms joined, and why; the same for the same replies. `least`: how often
 * a type must be seen. `inForce`: a schema from which types of the same name have their hints.
 */
export function suggestSchema(
  { heard }: Pick<Gathered, 'heard'>,
  least: number,
  inForce: Schema = DEFAULT_SCHEMA,
): Suggestion {
  const entities = new Map(seenEntities(heard).map((seen) => [seen.name, seen]))
  const entityGroups = joinNames([...entities.keys()], (group, name) => joinEntity(entities, group, name))
  const typeOf = new Map<string, string>()
  const entityReasons = entityGroups.map((group) => {
    const reason = entityReason(group, entities)
    for (const name of [group.name, ...group.others.map(({ name }) => name)]) typeOf.set(name, reason.name)
    return reason
  })
  const links = new Map(
    seenLinks(heard)
      .filter(({ name }) => name !== SAME_AS)
      .map((seen) => [seen.name, inTypes(seen, typeOf)]),
  )
  const linkGroups = joinNames([...links.keys()], (group, name) => joinLink(links, group, name))
  const linkReasons = linkGroups.map((group) => linkReason(group, links))

  const [often, seldomLinks] = split(linkReasons, ({ count }) => count >= least)
  const atEnds = new Set(often.flatMap(({ ends }) => ends.flatMap(({ from, to }) => [from, to])))
  const [named, seldomEntities] = split(entityReasons, ({ count, name }) => count >= least || atEnds.has(name))
  const proposed = {
    open: true,
    entityTypes: named.map(({ name, joined }) => {
      const known = [...inForce.entityTypes, ...DEFAULT_SCHEMA.entityTypes]
      return { name, hint: hintOf(name, known), aliases: aliasesOf(name, joined) }
    }),
    linkTypes: often.map((reason) => ({ ...linkTypeOf(reason), hint: hintOf(reason.name, inForce.linkTypes) })),
  }
  return {
    schema: schemaFile.parse(proposed),
    entityTypes: named,
    linkTypes: often,
    seldom: { entityTypes: seldomEntities.map(nameAndCount), linkTypes: seldomLinks.map(nameAndCount) },
  }
}

type Why = Pick<JoinedName, 'by' | 'turned'>

/** A word that may mean something beside it is another type for whoever uses both at once. */
function joinEntity(seen: ReadonlyMap<string, SeenEntities>, group: string, name: string): Why | null {
  const by = nearEntityTypes(group, name)
  if (by === null || (by === 'kin' && usedTogether(seen.get(group), seen.get(name)))) return null
  return { by, turned: false }
}

/** The same; and another word must go between the same types of entities, as it is told from either end. */
function joinLink(seen: ReadonlyMap<string, SeenLinks>, group: string, name: string): Why | null {
  const near = nearLinkTypes(group, name)
  if (near === null || near.by === 'form') return near
  const [one, other] = [seen.get(group), seen.get(name)]
  if (one === undefined || other === undefined || (near.by === 'kin' && usedTogether(one, other))) return null
  const ends = new Set(one.links.map(({ from, to }) => `${from} ${to}`))
  const isBetween = other.links.some(({ from, to }) => ends.has(near.turned ? `${to} ${from}` : `${from} ${to}`))
  return isBetween ? near : null
}

type Used = { readonly replies: ReadonlySet<string> } | undefined

function usedTogether(one: Used, other: Used): boolean {
  return [...(one?.replies ?? [])].some((reply) => other?.replies.has(reply))
}

/** With the entity types as they were joined. */
function inTypes(seen: SeenLinks, typeOf: ReadonlyMap<string, string>): SeenLinks {
  const named = (type: string): string => typeOf.get(type) ?? type
  return { ...seen, links: seen.links.map((link) => ({ ...link, from: named(link.from), to: named(link.to) })) }
}

function entityReason({ name, others }: Group<Why>, seen: ReadonlyMap<string, SeenEntities>): EntityReason {
  const all = [name, ...others.map((other) => other.name)].flatMap((one) => seen.get(one) ?? [])
  const things = new Map(all.toReversed().flatMap(({ entities }) => [...entities]))
  const [own] = all
  const label = usableLabel({ name, others }, new Set(seen.keys()))
  const names = [{ name, why: { by: 'synonym', turned: false } as const }, ...others].filter(
    (one) => one.name !== label,
  )
  return {
    name: label,
    count: things.size,
    documents: new Set(all.flatMap(({ documents }) => [...documents])).size,
    examples: [...(own?.entities.values() ?? [])].slice(0, MOST_EXAMPLES),
    joined: names.map((one) => ({ name: one.name, count: seen.get(one.name)?.entities.size ?? 0, ...one.why })),
    apart: [...seen.keys()].filter(
      (other) => nearEntityTypes(name, other) !== null && !others.some((one) => one.name === other),
    ),
  }
}

function linkReason({ name, others }: Group<Why>, seen: ReadonlyMap<string, SeenLinks>): LinkReason {
  const turned = (link: SeenLink): SeenLink => {
    return { ...link, from: link.to, to: link.from, subject: link.object, object: link.subject }
  }
  const straight = seen.get(name)?.links ?? []
  const joined = others.flatMap(({ name: other, why }) => {
    const links = seen.get(other)?.links ?? []
    return why.turned ? links.map(turned) : links
  })
  const links = [...new Map([...joined, ...straight].map((link) => [keyOf(link), link])).values()]
  const pairs = new Set(links.map(({ subject, object }) => JSON.stringify([subject, object])))
  const bothWays = [...pairs].filter((pair) => {
    const [subject, object] = JSON.parse(pair) as [string, string]
    return subject < object && pairs.has(JSON.stringify([object, subject]))
  })
  const ends = [...Map.groupBy(links, ({ from, to }) => JSON.stringify([from, to])).values()].flatMap((same) =>
    same.slice(0, 1).map(({ from, to }) => ({ from, to, count: same.length })),
  )
  return {
    name: RESERVED_LINK_TYPES.has(name) ? `${name}_LINK` : name,
    count: links.length,
    documents: new Set(links.map(({ document }) => document)).size,
    examples: [
      ...new Map(links.flatMap(({ example }) => (example === null ? [] : [[example.quote, example]]))).values(),
    ]
      .toSorted((a, b) => (a.place < b.place ? -1 : 1))
      .slice(0, MOST_EXAMPLES),
    joined: others.map((other) => ({ name: other.name, count: seen.get(other.name)?.links.length ?? 0, ...other.why })),
    apart: [...seen.keys()].filter(
      (other) => nearLinkTypes(name, other) !== null && !others.some((one) => one.name === other),
    ),
    ends: ends.toSorted((a, b) => b.count - a.count || (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1)),
    bothWays: bothWays.length,
    oneObject: oneEach(links, 'subject', 'object'),
    oneSubject: oneEach(links, 'object', 'subject'),
  }
}

function keyOf({ chunk, subject, object }: SeenLink): string {
  return JSON.stringify([chunk, subject, object])
}

/** How many have one of the others each; null where one has two, or they are too few to tell anything. */
function oneEach(links: readonly SeenLink[], of: 'subject' | 'object', other: 'subject' | 'object'): number | null {
  const groups = Map.groupBy(links, (link) => link[of])
  const isOne = [...groups.values()].every((same) => new Set(same.map((link) => link[other])).size === 1)
  return isOne && groups.size >= TELLING ? groups.size : null
}

/** From both ends of a pair: then it has no direction, if the types of its ends allow that. */
function isSymmetric({ bothWays, ends }: LinkReason): boolean {
  return bothWays > 0 && ends.every(({ from, to }) => ends.some((end) => end.from === to && end.to === from))
}

function linkTypeOf(reason: LinkReason) {
  const { name, joined, ends } = reason
  const symmetric = isSymmetric(reason)
  const own = RESERVED_LINK_TYPES.has(name.replace(/_LINK$/, '')) ? [name.replace(/_LINK$/, '')] : []
  const aliases = [...own, ...joined.filter(({ turned }) => symmetric || !turned).map((one) => one.name)]
  const inverse = joined.filter(({ turned }) => !symmetric && turned).map((one) => one.name)
  return {
    name,
    from: [...new Set(ends.map(({ from }) => from))],
    to: [...new Set(ends.map(({ to }) => to))],
    aliases,
    ...(inverse.length === 0 ? {} : { inverse: inverse.length === 1 ? inverse[0] : inverse }),
    symmetric,
  }
}

/** A label that whygraph does not use itself (`Decision` is a record of its own): of the group, else another word for it. */
function usableLabel({ name, others }: Group<Why>, taken: ReadonlySet<string>): string {
  const own = [name, ...others.map((other) => other.name)].find((one) => !RESERVED_LABELS.has(one))
  if (own !== undefined) return own
  const words = Object.entries<readonly string[]>(ENTITY_WORDS).find(([word]) => word === name)?.[1] ?? []
  return words.find((word) => !taken.has(word)) ?? `${name}Entity`
}

/** Names that differ in case and signs only are the same anyway. */
function aliasesOf(name: string, joined: readonly JoinedName[]): string[] {
  return joined.map((one) => one.name).filter((alias) => foldEntityType(alias) !== foldEntityType(name))
}

function hintOf(name: string, known: readonly { readonly name: string; readonly hint: string }[]): string {
  return known.find((type) => type.name === name)?.hint ?? ''
}

function nameAndCount({ name, count }: SeldomName): SeldomName {
  return { name, count }
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}
