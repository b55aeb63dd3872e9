import type { Circumstances, Guard } from './judgement.ts'
import type { NameForms } from './name-forms.ts'
import { type PersonName, readPersonName, sameGiven, samePerson } from './person-name.ts'

/** What in two names speaks against one thing; symmetric. */
export type NameGuard = (a: NameForms, b: NameForms, circumstances: Circumstances) => Guard | null

export const veto = (guard: string, why: string): Guard => ({ guard, weight: 'veto', why })
export const doubt = (guard: string, why: string): Guard => ({ guard, weight: 'doubt', why })

/** Guards for people: fathers and sons, namesakes, and first names that somebody else in the text may bear. */
export const PERSON_GUARDS: readonly NameGuard[] = [
  function generationsDiffer(a, b) {
    const [left, right] = [a.person?.generation ?? null, b.person?.generation ?? null]
    if (left === right) return null
    if (left !== null && right !== null) return veto('generations-differ', `${left} is not ${right}`)
    return doubt('generation-in-one', `${left ?? right} stands in one of the names only`)
  },
  function fullNamesDiffer(a, b) {
    const [left, right] = [a.person, b.person]
    if (left?.isFull !== true || right?.isFull !== true || samePerson(left, right) !== null) return null
    if (isWithin(a.tokens, b.tokens) || isWithin(b.tokens, a.tokens))
      return doubt('full-names-differ', 'one name has words that the other lacks')
    if (left.surname === right.surname) return doubt('one-surname', `two given names with ${left.surname}`)
    if (left.given === right.given)
      return veto('one-first-name', `two people called ${left.given}: ${left.surname} and ${right.surname}`)
    return doubt('full-names-differ', 'both names are full, and differ')
  },
  function middleNamesDiffer(a, b) {
    const [left, right] = [a.person, b.person]
    if (left === null || right === null || left.surname !== right.surname) return null
    const [few, many] = left.middle.length <= right.middle.length ? [left, right] : [right, left]
    const other = few.middle.find((part) => many.middle.every((name) => name.charAt(0) !== part.charAt(0)))
    if (other === undefined) return null
    return veto('middle-names-differ', `${other} is not ${many.middle.join(' ')}, and both are ${left.surname}`)
  },
  function usedBeforeFullName(a, b, { context }) {
    const [part, full] = a.person?.given === null ? [a, b] : [b, a]
    if (part.person?.given !== null || full.person?.given == null) return null
    const [used, introduced] = [context.firstAt.get(part.name), context.firstAt.get(full.name)]
    if (used === undefined || introduced === undefined || used > introduced) return null
    return doubt('used-before', `${part.name} is met before ${full.name}`)
  },
  function knownBySurname(a, b, { context }) {
    const [part, full] = a.person?.given === null ? [a, b] : [b, a]
    if (full.person?.given == null || part.person?.surname !== full.person.given) return null
    const { surname } = full.person
    return context.met.has(surname) ? doubt('known-by-surname', `the text also says ${surname} alone`) : null
  },
  function familyNamed(a, b, { context }) {
    const [left, right] = [a.person, b.person]
    if (left?.given == null || right?.given == null || left.surname !== right.surname) return null
    if (left.given !== right.given || left.middle.join(' ') === right.middle.join(' ')) return null
    const relative = [...context.met].find((name) => isRelative(name, left))
    return relative === undefined ? null : doubt('family-named', `the text also names ${relative}`)
  },
]

/** Whether a name that was met is that of somebody else with this surname. */
function isRelative(met: string, { given, surname }: PersonName): boolean {
  const other = met.endsWith(surname) ? readPersonName(met) : null
  if (other?.isFull !== true || other.given === null || given === null) return false
  return other.surname === surname && sameGiven(other.given, given) === null
}

function isWithin(few: readonly string[], many: readonly string[]): boolean {
  return few.every((token) => many.includes(token))
}
