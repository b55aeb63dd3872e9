import { normaliseName } from '../model/entity.ts'

/**
 * The name that an entity goes by, and its other forms, from all forms seen. Among the spellings of its own name
 * (`Dr. Amara Okafor`, `Amara Okafor`) the longest wins, then the one with more accents, then capitals before small
 * letters, so that the result does not depend on what was read first and can be brought up to date form by form.
 */
export function nameEntity(ownName: string, forms: readonly string[]): { name: string; aliases: string[] } {
  const normalised = normaliseName(ownName)
  const all = [...new Set([ownName, ...forms])]
  const own = all.filter((form) => normaliseName(form) === normalised)
  const name = own.toSorted((a, b) => b.length - a.length || accents(b) - accents(a) || (a < b ? -1 : 1))[0] ?? ownName
  return { name, aliases: all.filter((form) => form !== name).toSorted() }
}

function accents(form: string): number {
  return form.normalize('NFD').match(/\p{M}/gu)?.length ?? 0
}
