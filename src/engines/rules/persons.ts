import { looksLikePerson } from './cast.ts'
import { FIRST_NAMES } from './first-names.ts'
import type { Linguist } from './linguist.ts'
import { BODY_TAILS } from './lexicon.ts'
import * as names from './names.ts'

const PART =
  /^(?:\p{Lu}\.?|(?:Mc|Mac|De|Di|Le|La|O['’]|D['’])?\p{Lu}[\p{Ll}'’]+(?:-\p{Lu}[\p{Ll}]+)?\.?|de|van|der|von|la|da|di|el|bin|dos|den)$/u

/**
 * Whether a name of several words would pass for a person's, where the rule asks for a person: "Ivo Tarn" does, though
 * no list has it; "Golden Gate" and "Red Hat" do not, because a dictionary has every word of them.
 */
export function looksPersonal(name: string, linguist: Linguist): boolean {
  const parts = name.split(' ')
  if (parts.length < 2 || parts.length > 4 || !looksLikePerson(name) || !parts.every((part) => PART.test(part))) {
    return false
  }
  const lower = parts.map((part) => part.toLowerCase())
  const last = lower[lower.length - 1] ?? ''
  if (lower.some((part) => names.IMPERSONAL.has(part) || BODY_TAILS.has(part))) return false
  if (names.COMPANY_HEADS.has(last) || names.PLACE_HEADS.has(last) || names.EVENT_HEADS.has(last)) return false
  if (names.PLACE_FIRST.has(lower[0] ?? '') || names.KNOWN_BODIES.has(name) || names.KNOWN_PLACES.has(name))
    return false
  if (parts.some((part) => names.KNOWN_BODIES.has(part))) return false
  if (FIRST_NAMES.has(lower[0] ?? '') || names.COMMON_GIVEN.has(lower[0] ?? '')) return true
  return parts.some((part) => part.length > 2 && !linguist.isCommon(part))
}

const NAME = "(\\p{Lu}[\\p{L}'’-]+(?: \\p{Lu}\\.)?(?: (?:de|van|der|von|da|di|den))?(?: \\p{Lu}[\\p{L}'’-]+){1,2})"
/** What people are by trade, without brackets that capture. */
export const PROFESSION =
  '(?:CEO|CTO|CFO|COO|CIO|engineer|developer|manager|director|president|chair(?:man|woman|person)?|lawyer|politician|' +
  'writer|author|novelist|poet|actor|actress|singer|musician|composer|painter|artist|scientist|physicist|chemist|' +
  'mathematician|historian|professor|teacher|journalist|footballer|player|coach|officer|analyst|architect|designer|' +
  'consultant|secretary|treasurer|accountant|researcher|economist|philosopher|songwriter|producer|filmmaker|racer|driver|' +
  'swimmer|cyclist|skater|boxer|golfer|bishop|priest|general|diplomat|businessman|businesswoman|entrepreneur|activist)'
/** What only people do, are or have done to them: the name before it is a person's, whatever it looks like. */
const PERSON_BEFORE = new RegExp(
  `(?<!\\p{Lu}[\\p{L}'’-]{0,20} )(?<![\\p{L}\\p{N}-])${NAME}(?: \\([^()]{1,80}\\))?,? (?:works? (?:for|at)|worked (?:for|at)|(?:also |still )?reports to|supervises|` +
    `chairs|chaired|was born|born in|died|retired|resigned|studied|graduated|was educated|lives in|leads Project|` +
    `(?:who )?(?:is|was) (?:an? |the )?(?:[\\p{L}-]+ ){0,4}?${PROFESSION}\\b|(?:the |an? |our )?(?:[\\p{Ll}-]+ ){0,2}${PROFESSION}\\b)`,
  'gu',
)
const PERSON_AFTER = new RegExp(
  `\\b(?:reports to|reporting to|chaired by|headed by|moderated by|married|${PROFESSION}) ${NAME}`,
  'gu',
)

const CUE = new RegExp(
  `\\b(?:works?|worked|reports|reporting|supervises|chair(?:s|ed)|born|died|retired|resigned|studied|graduated|educated|lives|leads|headed|moderated|married|${PROFESSION})\\b`,
  'u',
)

/** Full names that their sentences give to people. */
export function findPersons(text: string, linguist: Linguist): string[] {
  const found: string[] = []
  if (!CUE.test(text)) return found
  for (const pattern of [PERSON_BEFORE, PERSON_AFTER]) {
    for (const match of text.matchAll(pattern)) {
      const name = (match[1] ?? '').replace(/['’]s$/, '')
      if (looksPersonal(name, linguist)) found.push(name)
    }
  }
  return found
}
