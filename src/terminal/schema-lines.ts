import { inversesOf, type LinkType, type Schema } from '../model/schema.ts'
import type { SchemaRemark } from '../schema/remarks.ts'
import type { LinkUse } from '../schema/use.ts'
import { printable } from './printable.ts'
import { renderTable } from './table.ts'

type EntityType = Schema['entityTypes'][number]

/** A schema with how much there is of each type: the JSON of `schema show --json`. Counts are null without a store. */
export interface SchemaShown {
  readonly version: 1
  /** Its file, null where it is the built-in one, and who names it: a settings file, a variable, a flag. */
  readonly from: { readonly file: string | null; readonly by: string }
  readonly open: boolean
  readonly outside: NonNullable<Schema['outside']>
  readonly entityTypes: readonly (EntityType & { readonly entities: number | null })[]
  readonly linkTypes: readonly (LinkType & { readonly links: LinkUse | null })[]
  /** What the schema says that may be meant, and seldom is. */
  readonly remarks: readonly SchemaRemark[]
  /** What the store has and the schema does not name. */
  readonly others: {
    readonly entityTypes: readonly { readonly name: string; readonly entities: number }[]
    readonly linkTypes: readonly { readonly name: string; readonly links: LinkUse }[]
  } | null
}

/** Of the types that the schema does not name. */
const MOST_OTHERS = 20

export function renderSchema(shown: SchemaShown, width: number): string {
  const { from, open, outside, entityTypes, linkTypes, remarks, others } = shown
  const otherwise = open ? 'keep' : 'hold'
  const [ofEntities, ofLinks] = [outside.entityTypes ?? otherwise, outside.linkTypes ?? otherwise]
  const fate = (what: 'keep' | 'hold'): string => (what === 'keep' ? 'kept' : 'held for a person')
  const lines = [
    `schema     ${from.file === null ? from.by : `${printable(from.file)} (${printable(from.by)})`}`,
    `outside    other link types are ${fate(ofLinks)}, links with ends of other types ${fate(ofEntities)}`,
    ...(others === null ? ['store      there is none yet, so nothing is counted'] : []),
    '',
  ]
  const counted = (count: number | null): string => (count === null ? '–' : String(count))
  const entityRows = entityTypes.map((type) => [type.name, counted(type.entities), remarksOf(type)])
  lines.push(renderTable(['entity type', 'entities', ''], entityRows, width), '')
  const linkRows = linkTypes.map((type) => [type.name, endsOf(type), ...usesOf(type.links), remarksOf(type)])
  lines.push(renderTable(['link type', 'goes from > to', 'links', 'held', ''], linkRows, width))
  if (remarks.length > 0) lines.push('', ...remarks.map(({ message }) => `note  ${printable(message)}`))
  if (others === null || others.entityTypes.length + others.linkTypes.length === 0) return lines.join('\n')
  lines.push('', 'in the store, and not in the schema')
  for (const { name, entities } of others.entityTypes.slice(0, MOST_OTHERS))
    lines.push(`  ${printable(name)}: ${entities === 1 ? '1 entity' : `${entities} entities`}`)
  for (const { name, links } of others.linkTypes.slice(0, MOST_OTHERS))
    lines.push(
      `  ${printable(name)}: ${links.inGraph + links.held === 1 ? '1 link' : `${links.inGraph + links.held} links`}, ${links.held} of them held`,
    )
  const more = [others.entityTypes, others.linkTypes].reduce(
    (sum, all) => sum + Math.max(0, all.length - MOST_OTHERS),
    0,
  )
  if (more > 0) lines.push(`  … ${more} more: --json lists them`)
  return lines.join('\n')
}

function usesOf(use: LinkUse | null): [string, string] {
  return use === null ? ['–', '–'] : [String(use.inGraph), String(use.held)]
}

function endsOf({ from, to }: LinkType): string {
  return from === undefined && to === undefined
    ? 'any'
    : `${(from ?? ['any']).join('|')} > ${(to ?? ['any']).join('|')}`
}

/** `or HEADS, RUNS · from the other end LED_BY · one at a time (from) · hint` */
function remarksOf(type: EntityType | LinkType): string {
  const isLink = 'symmetric' in type
  const inverses = isLink ? inversesOf(type) : []
  return [
    ...(type.aliases.length > 0 ? [`or ${type.aliases.join(', ')}`] : []),
    ...(inverses.length > 0 ? [`from the other end ${inverses.join(', ')}`] : []),
    ...(isLink && type.symmetric ? ['no direction'] : []),
    ...(isLink && type.singleValued
      ? [`one at a time (${type.singleValued === true ? 'to' : type.singleValued})`]
      : []),
    ...(type.hint === '' ? [] : [type.hint]),
  ].join(' · ')
}
