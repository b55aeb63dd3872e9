import { findLinkType, type LinkType, type Schema } from './schema.ts'

/** What a schema says of the links of one type: which cannot hold beside each other, and who decides. */
export interface LinkRule {
  /** One object for each subject, one subject for each object, both; `either` end of a link without direction. */
  readonly single: 'to' | 'from' | 'both' | 'either' | null
  /** Types whose links to the same object take one back; from the same subject only, where it says so. */
  readonly reversedBy: readonly { readonly type: string; readonly sameSubject: boolean }[]
  /** What is said later ends what was said before, without a person's word. */
  readonly retiresEarlier: boolean
  /** A verdict counts when a second person says the same. Absent: each counts. */
  readonly fourEyes?: true
}

/** By link type; those that are not named have no rule. */
export type LinkRules = Readonly<Record<string, LinkRule>>

/**
 * The rules by which links are compared once some schemas are in use: theirs for the types that they name, those of
 * before for all others. Where several name a type, the first that rules it counts.
 */
export function rulesOf(schemas: readonly Schema[], before: LinkRules): LinkRules {
  const rules = new Map(Object.entries(before))
  for (const type of schemas.flatMap((schema) => schema.linkTypes)) rules.delete(type.name)
  for (const schema of schemas)
    for (const type of schema.linkTypes) {
      const rule = ruleOf(type, schema)
      if (rule !== null && !rules.has(type.name)) rules.set(type.name, rule)
    }
  return Object.fromEntries([...rules].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function ruleOf(type: LinkType, schema: Schema): LinkRule | null {
  const { singleValued = false, reversedBy = [], supersedes, symmetric, fourEyes = false } = type
  const single = singleValued === true ? 'to' : singleValued === false ? null : singleValued
  if (single === null && reversedBy.length === 0 && supersedes !== 'later' && !fourEyes) return null
  return {
    single: single !== null && symmetric ? 'either' : single,
    reversedBy: reversedBy.map((reversal) => {
      const { type, sameSubject } = typeof reversal === 'string' ? { type: reversal, sameSubject: false } : reversal
      return { type: findLinkType(schema, type)?.type.name ?? type, sameSubject }
    }),
    retiresEarlier: supersedes === 'later',
    ...(fourEyes ? { fourEyes } : {}),
  }
}

const NOT_ASKED: ReadonlySet<string> = new Set(['singleValued', 'reversedBy', 'supersedes', 'fourEyes'])

/** The part of a schema that an engine is asked by: what contradicts what, and who decides, is nobody's question. */
export function askedPart(schema: Schema): Schema {
  const linkTypes = schema.linkTypes.map((type) => {
    return Object.fromEntries(Object.entries(type).filter(([name]) => !NOT_ASKED.has(name))) as LinkType
  })
  return { ...schema, linkTypes }
}

/** Types of which the links may contradict each other differently under other rules. */
export function typesOtherwise(one: LinkRules, other: LinkRules): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  const otherwise = [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]))
  const reversing = otherwise.flatMap((name) => [one[name], other[name]].flatMap((rule) => rule?.reversedBy ?? []))
  return [...new Set([...otherwise, ...reversing.map(({ type }) => type)])].toSorted()
}

/**
 * What links share that may contradict each other, by which one finds the others: those of a single-valued type their
 * subject or object; those that are taken back and those that take back their object. Null: nothing of the kind.
 */
export interface Rivals {
  readonly rivalsFrom: string | null
  readonly rivalsTo: string | null
}

interface Ends {
  readonly type: string
  /** What the ends are known by: two names of one thing are to be the same here. */
  readonly subjectId: string
  readonly objectId: string
}

export function rivalsOf({ type, subjectId, objectId }: Ends, rules: LinkRules): Rivals {
  const single = rules[type]?.single ?? null
  const family = familiesOf(rules).get(type)
  const byObject = single === 'from' || single === 'both' || single === 'either' || family !== undefined
  return {
    rivalsFrom: single === null || single === 'from' ? null : `${type} ${subjectId}`,
    rivalsTo: byObject ? `${family ?? type} ${objectId}` : null,
  }
}

/** The values by which the rivals of a link are found. One without direction may share either end by either. */
export function slotsOf(link: Ends, rules: LinkRules): Readonly<Record<keyof Rivals, readonly string[]>> {
  const turned = { ...link, subjectId: link.objectId, objectId: link.subjectId }
  const ways = rules[link.type]?.single === 'either' ? [link, turned] : [link]
  const each = ways.map((way) => rivalsOf(way, rules))
  return {
    rivalsFrom: each.flatMap(({ rivalsFrom }) => rivalsFrom ?? []),
    rivalsTo: each.flatMap(({ rivalsTo }) => rivalsTo ?? []),
  }
}

const known = new WeakMap<LinkRules, ReadonlyMap<string, string>>()

/** For each type that takes back or is taken back, the first of all that have to do with it by that. */
function familiesOf(rules: LinkRules): ReadonlyMap<string, string> {
  const before = known.get(rules)
  if (before !== undefined) return before
  const families = new Map<string, string>()
  for (const [name, { reversedBy }] of Object.entries(rules)) {
    if (reversedBy.length === 0) continue
    const types = [name, ...reversedBy.map(({ type }) => type)]
    const joined = new Set(types.map((type) => families.get(type) ?? type))
    const members = [...types, ...[...families].filter(([, first]) => joined.has(first)).map(([type]) => type)]
    const [first = name] = members.toSorted()
    for (const type of members) families.set(type, first)
  }
  known.set(rules, families)
  return families
}
