import { INVISIBLE, normaliseName } from '../model/entity.ts'

/**
 * The name that an entity goes by, and its other forms, from all forms seen. Among the spellings of its own name
 * (`Dr. Amara Okafor`, `Amara Okafor`) the longest wins that one can see all of, then the one with more accents, then the one with less
 * that is shouted (`Robert Miller`, not `Robert MILLER`), then capitals before small letters, so that the result does not depend on what was read first and can be brought up to date form by form.
 */
export function nameEntity(ownName: string, forms: readonly string[]): { name: string; aliases: string[] } {
  const normalised = normaliseName(ownName)
  const all = [...new Set([ownName, ...forms])]
  const own = all.filter((form) => normaliseName(form) === normalised)
  const name = own.toSorted(byFullness)[0] ?? ownName
  return { name, aliases: all.filter((form) => form !== name).toSorted() }
}

/** What several that are one thing go by together: the fullest of their names, by the same rule; all else is an alias. */
export function nameTogether(named: readonly { name: string; aliases: readonly string[] }[]): {
  name: string
  aliases: string[]
} {
  const name = named.map((one) => one.name).toSorted(byFullness)[0] ?? ''
  const all = new Set(named.flatMap((one) => [one.name, ...one.aliases]))
  return { name, aliases: [...all].filter((form) => form !== name).toSorted() }
}

function byFullness(a: string, b: string): number {
  return (
    hidden(a) - hidden(b) ||
    b.length - a.length ||
    accents(b) - accents(a) ||
    shouted(a) - shouted(b) ||
    (a < b ? -1 : 1)
  )
}

function hidden(form: string): number {
  return form.length - form.replace(INVISIBLE, '').length
}

function accents(form: string): number {
  return form.normalize('NFD').match(/\p{M}/gu)?.length ?? 0
}

/** Words in capitals of a name of several words; short ones may be acronyms, where not all of it is in capitals. */
function shouted(form: string): number {
  const words = form.split(/\s+/)
  if (words.length < 2) return 0
  const isAll = !/\p{Ll}/u.test(form)
  return words.filter((word) => !/\p{Ll}/u.test(word) && (word.match(/\p{Lu}/gu)?.length ?? 0) >= (isAll ? 1 : 5))
    .length
}
