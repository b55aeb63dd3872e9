import { found, type Rule } from './finding.ts'
import type { NameForms } from './name-forms.ts'
import { type PersonName, sameGiven, samePerson } from './person-name.ts'

/** Rules for people's names. A lone part (`Okafor`, `Amara`, `AO`) never joins across documents: other people have it. */
export const PERSON_RULES: readonly Rule[] = [
  function sameFullName(a, b, { scope }) {
    if (a.person === null || b.person === null) return null
    const agreement = samePerson(a.person, b.person)
    if (agreement === null) return null
    const joins = scope === 'document'
    const short = lessTelling(a.person, b.person)
    if (agreement === 'nickname') return found('nickname', 0.75, joins, null, 'the given name is short for the other')
    if (agreement === 'initial') return found('initials', 0.85, joins, short, 'the surname, and initials that agree')
    return found('middle-name', 0.9, joins, short, 'given name and surname, with more or fewer names between')
  },
  leaning('surname', 0.9, true, (part, { surname }) => part === surname),
  leaning('given-name', 0.7, true, (part, { given }) => given !== null && sameGiven(part, given) === 'same'),
  leaning(
    'nickname-alone',
    0.5,
    false,
    (part, { given, nickname }) =>
      part === nickname || (given !== null && part.length > 1 && sameGiven(part, given) === 'nickname'),
  ),
  leaning(
    'part-of-name',
    0.6,
    false,
    (part, { middle, surname }) => middle.includes(part) || surname.split(' ').includes(part),
  ),
  function samePart(a, b, { scope }) {
    if (a.person === null || a.person.given !== null || b.person?.given !== null) return null
    if (a.person.surname !== b.person.surname) return null
    return found('same-part', scope === 'document' ? 0.6 : 0.3, false, null, `both are ${a.person.surname}`)
  },
  function personInitials(a, b) {
    const short = areInitialsOf(a, b) ? 'a' : areInitialsOf(b, a) ? 'b' : null
    return short === null ? null : found('person-initials', 0.5, false, short, 'the initials of the other')
  },
]

/** Which of two full names leans on the other: `B. Okafor` may be anybody whose name begins so. Null where both say as much. */
function lessTelling(a: PersonName, b: PersonName): 'a' | 'b' | null {
  const lettersOf = ({ given, middle }: PersonName): number[] => [given?.length ?? 0, middle.join('').length]
  const [[left = 0, leftMiddle = 0], [right = 0, rightMiddle = 0]] = [lettersOf(a), lettersOf(b)]
  const more = left === right ? rightMiddle - leftMiddle : right - left
  return more === 0 ? null : more > 0 ? 'a' : 'b'
}

/** A rule by which a name of one part leans on a full one. */
function leaning(
  rule: string,
  confidence: number,
  joinsWithin: boolean,
  fits: (part: string, full: PersonName) => boolean,
): Rule {
  return (a, b, { scope }) => {
    const [left, right] = [a.person, b.person]
    if (left === null || right === null) return null
    const short = left.given === null ? 'a' : 'b'
    const [part, full] = short === 'a' ? [left, right] : [right, left]
    if (part.given !== null || full.given === null || !fits(part.surname, full)) return null
    const isNear = scope === 'document'
    return found(
      rule,
      isNear ? confidence : confidence / 2,
      isNear && joinsWithin,
      short,
      `${part.surname} is a part of it`,
    )
  }
}

function areInitialsOf(short: NameForms, full: NameForms): boolean {
  return short.acronym !== null && full.person?.given != null && full.acronyms.includes(short.acronym)
}
