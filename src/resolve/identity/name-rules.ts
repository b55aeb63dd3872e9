import { type Context, type Nearness, pairOf } from './context.ts'
import { found, type Rule } from './finding.ts'
import type { Scope } from './judgement.ts'
import { type NameForms, shareStems } from './name-forms.ts'
import { areLikeWords, isOneSlip } from './spelling.ts'
import { shareStem } from './stem.ts'

const SHORTEST_SPELLING = 4
const SHORTEST_ACRONYM = 3
/** CBS is not always Carey Business School: another document's three letters may be anybody's. */
const SHORTEST_JOINING_ACRONYM: Readonly<Record<Scope, number>> = { document: 3, corpus: 4 }

/** Rules that may join: spelling, legal form, acronym. */
export const NAME_RULES: readonly Rule[] = [
  function sameSpelling(a, b, { scope }) {
    if (a.letters === '' || a.letters !== b.letters || a.legalForm !== b.legalForm) return null
    const isLone = a.person !== null && (a.person.given === null || b.person?.given === null)
    const isSafe = !isLone && (a.letters.length >= SHORTEST_SPELLING || a.acronym !== null)
    const joins = isSafe || scope === 'document'
    return found(
      'same-spelling',
      joins ? 0.97 : 0.4,
      joins,
      null,
      'the same letters, apart from spaces, dots, dashes and articles',
    )
  },
  function legalForm(a, b) {
    if (a.letters === '' || a.letters !== b.letters) return null
    return found('legal-form', 0.95, true, null, `the same but for ${a.legalForm ?? b.legalForm}`)
  },
  function acronymInBrackets(a, b, { context }) {
    if (besideIn(context, a, b) === undefined) return null
    const short = acronymOf(a, b)
    return short === null
      ? null
      : found('acronym-in-brackets', 0.97, true, short, 'the text gives it beside the long form')
  },
  function acronym(a, b, { scope }) {
    const short = a.kind === 'person' ? null : acronymOf(a, b)
    if (short === null) return null
    const letters = (short === 'a' ? a : b).acronym ?? ''
    const isLong = letters.length >= SHORTEST_JOINING_ACRONYM[scope]
    return found('acronym', isLong ? 0.9 : 0.5, isLong, short, `${letters} are the first letters of the other`)
  },
]

/** Rules about words, tried where no other speaks; all but the names of countries only propose. */
export const WORD_RULES: readonly Rule[] = [
  function sameCountry(a, b, { scope }) {
    if (a.country === null || a.country !== b.country) return null
    const areNames = a.isCountryName && b.isCountryName
    return found(
      'same-country',
      areNames ? 0.95 : 0.7,
      areNames && scope === 'document',
      null,
      `both stand for ${a.country}`,
    )
  },
  function introduced(a, b, { context }) {
    const beside = besideIn(context, a, b)
    if (beside === undefined || a.kind === 'measure') return null
    return found(
      'introduced',
      beside.sort === 'alias' ? 0.8 : 0.6,
      false,
      null,
      `the text says “${beside.words.slice(0, 120)}”`,
    )
  },
  function sameStem(a, b) {
    if (a.kind === 'person' || a.kind === 'measure' || !shareStems(a, b)) return null
    return found('same-stem', 0.7, false, null, 'one is the plural or the adjective of the other')
  },
  function wordOrder(a, b) {
    if (a.tokens.length < 2 || a.kind === 'measure') return null
    if (a.tokens.toSorted().join(' ') !== b.tokens.toSorted().join(' ')) return null
    return found('word-order', 0.8, false, null, 'the same words in another order')
  },
  function shorterName(a, b) {
    const short = a.tokens.length < b.tokens.length ? 'a' : 'b'
    const [few, many] = short === 'a' ? [a, b] : [b, a]
    if (few.kind === 'person' || few.kind === 'measure' || few.letters.length < 3) return null
    if (few.tokens.length === many.tokens.length || few.numbers.join() !== many.numbers.join()) return null
    if (!few.tokens.every((token) => many.tokens.includes(token))) return null
    if (few.tokens[0] !== many.tokens[0] && few.tokens.at(-1) !== many.tokens.at(-1)) return null
    const confidence = few.country === null ? 0.5 : 0.3
    return found('shorter-name', confidence, false, short, `the other begins or ends with it`)
  },
  function shorterAdjective(a, b) {
    const short = a.tokens.length < b.tokens.length ? 'a' : 'b'
    const [few, many] = short === 'a' ? [a, b] : [b, a]
    const [word = '', last = ''] = [few.tokens[0], many.tokens.at(-1)]
    if (few.kind !== 'place' || few.tokens.length !== 1 || many.tokens.length !== 2 || few.country !== null) return null
    return shareStem(word, last)
      ? found('shorter-adjective', 0.35, false, short, `${word} may come from ${last}`)
      : null
  },
  function oneSlip(a, b) {
    if (a.kind === 'measure' || !isOneSlip(a.letters, b.letters)) return null
    return found('one-slip', 0.4, false, null, 'one letter apart')
  },
  function likeWords(a, b) {
    const [few, many] = a.tokens.length <= b.tokens.length ? [a, b] : [b, a]
    if (few.kind === 'measure' || few.numbers.join() !== many.numbers.join()) return null
    if (!areLikeWords(few.tokens, many.tokens)) return null
    const short = few.kind === 'person' ? null : few === a ? 'a' : 'b'
    return found(
      'like-words',
      0.4,
      false,
      short,
      'its words are in the other, some of them shortened or spelt otherwise',
    )
  },
  function partOfAcronym(a, b) {
    const short = partOfAcronymOf(a, b)
    return short === null
      ? null
      : found('part-of-acronym', 0.35, false, short, 'the first letters of some words of the other')
  },
]

function besideIn(context: Context, a: NameForms, b: NameForms): Nearness | undefined {
  return context.nearness.get(pairOf(a.name, b.name))?.find(({ sort }) => sort !== 'contrast')
}

function acronymOf(a: NameForms, b: NameForms): 'a' | 'b' | null {
  if (a.acronym !== null && b.acronyms.includes(a.acronym)) return 'a'
  return b.acronym !== null && a.acronyms.includes(b.acronym) ? 'b' : null
}

/** An acronym that leaves out the last or the first words: `UCLH`, University College London Hospitals NHS Trust. */
function partOfAcronymOf(a: NameForms, b: NameForms): 'a' | 'b' | null {
  const isPart = ({ acronym }: NameForms, { acronyms, kind }: NameForms): boolean =>
    kind !== 'person' &&
    acronym !== null &&
    acronym.length >= SHORTEST_ACRONYM &&
    acronyms.some((whole) => whole.startsWith(acronym) || whole.endsWith(acronym))
  return isPart(a, b) ? 'a' : isPart(b, a) ? 'b' : null
}
