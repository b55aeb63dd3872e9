import { pairOf } from './context.ts'
import type { Circumstances, Guard, ReadThing } from './judgement.ts'
import { type NameForms, shareStems } from './name-forms.ts'
import { doubt, type NameGuard, PERSON_GUARDS, veto } from './person-guards.ts'

type ThingGuard = (a: ReadThing, b: ReadThing, circumstances: Circumstances) => Guard | null

/** Attributes of which a thing has one for life: two values are two things. */
const IDENTIFYING =
  /^(?:date_?of_?birth|birth_?date|born|e-?mail|ssn|soc_?sec_?id|social_security_number|tax_?id|vat_?id|iban|isbn|doi|lei|duns|employee_?(?:id|number)|customer_?(?:id|number)|personal_?number|serial_?number)$/i

const THING_GUARDS: readonly ThingGuard[] = [
  function unlikeTypes(a, b) {
    return a.type === b.type ? null : veto('unlike-types', `${a.type} is not ${b.type}`)
  },
  function rejected(a, b, { cannot }) {
    return cannot.has(pairOf(a.id, b.id)) ? veto('rejected', 'a person said that these are two') : null
  },
  function speakersOfOneMeeting(a, b) {
    const meeting = a.speaksIn?.find((id) => b.speaksIn?.includes(id))
    if (meeting === undefined || a.names[0]?.letters === b.names[0]?.letters) return null
    return veto('one-meeting', `both speak in ${meeting}`)
  },
  function attributesConflict(a, b) {
    for (const [key, value] of Object.entries(a.attributes ?? {})) {
      const other = b.attributes?.[key] ?? ''
      if (!IDENTIFYING.test(key) || value.trim() === '' || other.trim() === '') continue
      if (value.trim().toLowerCase() !== other.trim().toLowerCase())
        return veto('attributes-conflict', `${key} is ${value} and ${other}`)
    }
    return null
  },
]

const NAME_GUARDS: readonly NameGuard[] = [
  function numbersDiffer(a, b) {
    const [left, right] = [a.numbers.join(', '), b.numbers.join(', ')]
    if (left === right) return null
    const say = `numbers ${left || 'none'} and ${right || 'none'}`
    return left !== '' && right !== '' ? veto('numbers-differ', say) : doubt('number-in-one', say)
  },
  ...PERSON_GUARDS,
  function legalFormsDiffer(a, b) {
    const [left, right] = [a.legalForm, b.legalForm]
    return left === null || right === null || left === right
      ? null
      : doubt('legal-forms-differ', `${left} and ${right}`)
  },
  function setAgainstEachOther(a, b, { context }) {
    const contrast = context.nearness.get(pairOf(a.name, b.name))?.find(({ sort }) => sort === 'contrast')
    if (contrast === undefined) return null
    const say = `the text names both: “${contrast.words.slice(0, 120)}”`
    return shareStems(a, b) || (a.country !== null && a.country === b.country)
      ? doubt('contrast', say)
      : veto('contrast', say)
  },
]

/**
 * All that speaks against two things being one, in a fixed order. Vetoes come from any of their names; doubts only from
 * the two names at hand, which are their own names where no rule has chosen others.
 */
export function guardsOf(
  a: ReadThing,
  b: ReadThing,
  circumstances: Circumstances,
  compared: readonly [NameForms | undefined, NameForms | undefined] = [a.names[0], b.names[0]],
): Guard[] {
  const found = THING_GUARDS.flatMap((guard) => guard(a, b, circumstances) ?? [])
  for (const guard of NAME_GUARDS) {
    const all = a.names.flatMap((left) =>
      b.names.flatMap((right) => {
        const says = guard(left, right, circumstances)
        const isAtHand = left === compared[0] && right === compared[1]
        return says !== null && (says.weight === 'veto' || isAtHand) ? [says] : []
      }),
    )
    const first = all.toSorted((x, y) =>
      x.weight === y.weight ? (x.why < y.why ? -1 : 1) : x.weight === 'veto' ? -1 : 1,
    )[0]
    if (first !== undefined) found.push(first)
  }
  return found
}

export function isVetoed(guards: readonly Guard[]): boolean {
  return guards.some(({ weight }) => weight === 'veto')
}
