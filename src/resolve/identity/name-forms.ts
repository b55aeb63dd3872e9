import { normaliseName } from '../../model/entity.ts'
import { countryOf, isCountryName } from './demonyms.ts'
import { type Kind, kindOf } from '../../model/kind.ts'
import { type PersonName, readPersonName } from './person-name.ts'
import { stemsOf } from './stem.ts'

/** A name taken apart, once, so that pairs can be compared without doing it again. */
export interface NameForms {
  readonly name: string
  readonly type: string
  readonly kind: Kind
  /** As an entity's id folds it. */
  readonly folded: string
  /** Words in small letters without accents, article, possessive and legal form. */
  readonly tokens: readonly string[]
  /** All letters and digits of the tokens, run together: spelling without spaces, dots and dashes. */
  readonly letters: string
  /** `gmbh`, `inc` …; null where none ends the name. */
  readonly legalForm: string | null
  /** Digits, Roman numerals and number words, each as digits, in order. */
  readonly numbers: readonly string[]
  /** The letters of a name that is an acronym itself, in small letters: `U.S.` → `us`; null for other names. */
  readonly acronym: string | null
  /** The acronyms that a name of several words may have, with and without its small words. */
  readonly acronyms: readonly string[]
  /** The tokens, the last one with and without its plural or adjective endings. */
  readonly stems: readonly string[]
  readonly country: string | null
  /** Whether it is a name of the country itself rather than of its people. */
  readonly isCountryName: boolean
  /** Null for what is no person. */
  readonly person: PersonName | null
}

/** A longer name is a sentence or an attack: only its folded form is compared. In UTF-16 code units. */
const LONGEST = 160
const MOST_TOKENS = 16
const LEGAL_FORM =
  /^(?:inc|incorporated|ltd|limited|llc|llp|lp|plc|corp|corporation|co|company|gmbh|mbh|ag|kg|ohg|ug|se|sa|sas|sarl|spa|srl|bv|nv|ab|as|asa|oy|oyj|aps|pty|kk|sro|zoo|doo)$/
/** Of English only: El Salvador is not Salvador. */
const ARTICLE = 'the'
/** Words that an acronym may pass over. */
const SMALL_WORD = new Set(
  'of the and for in on to a an at by de del de la las los du des et der die das und für von y e & e.v'.split(' '),
)
const NUMBER_WORDS: readonly (readonly string[])[] = [
  ['one', 'first', 'i', '1st'],
  ['two', 'second', 'ii', '2nd'],
  ['three', 'third', 'iii', '3rd'],
  ['four', 'fourth', 'iv', '4th'],
  ['five', 'fifth', 'v', '5th'],
  ['six', 'sixth', 'vi', '6th'],
  ['seven', 'seventh', 'vii', '7th'],
  ['eight', 'eighth', 'viii', '8th'],
  ['nine', 'ninth', 'ix', '9th'],
  ['ten', 'tenth', 'x', '10th'],
  ['eleven', 'eleventh', 'xi', '11th'],
  ['twelve', 'twelfth', 'xii', '12th'],
]
const numberOfWord = new Map(NUMBER_WORDS.flatMap((words, index) => words.map((word) => [word, String(index + 1)])))
const ONE_LETTER_NUMERAL = /^[ivx]$/

/** Names that are kept taken apart, some 2 KB each: one that is judged is judged with many, and soon again. */
const MOST_KEPT = 4096
const kept = new Map<string, NameForms>()

/** Takes a name apart. The same name of the same type may give the same object again. */
export function readName(name: string, type: string): NameForms {
  const key = `${type}\u0000${name}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const forms = takeApart(name, type)
  if (name.length > LONGEST) return forms
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(key, forms)
  return forms
}

function takeApart(name: string, type: string): NameForms {
  const kind = kindOf(type)
  const folded = normaliseName(name).replace(/\p{Cf}+/gu, '')
  const isLong = name.length > LONGEST
  const plain = isLong ? '' : foldLetters(folded)
  const words = plain.match(/[\p{L}\p{N}]+(?:['.][\p{L}\p{N}]+)*\.?/gu)?.slice(0, MOST_TOKENS) ?? []
  const all = words.map(tokenOf).filter((token) => token !== '')
  const withoutArticle = all.length > 1 && all[0] === ARTICLE && kind !== 'person' ? all.slice(1) : all
  const last = withoutArticle.at(-1) ?? ''
  const isLegal = kind === 'organisation' && withoutArticle.length > 1 && LEGAL_FORM.test(last)
  const tokens = isLegal ? withoutArticle.slice(0, -1) : withoutArticle
  return {
    name,
    type,
    kind,
    folded,
    tokens,
    letters: tokens.join(''),
    legalForm: isLegal ? last : null,
    numbers: kind === 'person' ? [] : numbersOf(tokens),
    acronym: isLong ? null : acronymItself(name),
    acronyms: acronymsOf(plain),
    stems: stemsOf(tokens.at(-1) ?? '').map((stem) => [...tokens.slice(0, -1), stem].join(' ')),
    country: kind === 'place' || kind === 'other' || kind === 'organisation' ? countryOf(tokens) : null,
    isCountryName: isCountryName(tokens),
    person: kind === 'person' && !isLong ? readPersonName(foldLetters(withSigns(name))) : null,
  }
}

/** In small letters, with the quotes and brackets that a nickname stands in. */
function withSigns(name: string): string {
  return name
    .toLowerCase()
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\u2019\u02bc`´]/gu, "'")
    .trim()
}

/** Small letters of other alphabets' look, ligatures and strokes that Unicode does not take apart. */
function foldLetters(folded: string): string {
  return folded
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ı', 'i')
}

function tokenOf(word: string): string {
  return word.replace(/'s?$/, '').replace(/['.]/g, '')
}

function numbersOf(tokens: readonly string[]): string[] {
  return tokens.flatMap((token, index) => {
    if (ONE_LETTER_NUMERAL.test(token) && (index === 0 || index < tokens.length - 1)) return []
    const number = numberOfWord.get(token)
    return number === undefined
      ? (token.match(/\d+/g) ?? []).map((digits) => digits.replace(/^0+(?=\d)/, ''))
      : [number]
  })
}

/** Capitals, two at least, maybe with dots, digits and a dash between: `U.S.`, `TF-104`, `RUSNANO`, `ePBS`. */
function acronymItself(name: string): string | null {
  const bare = name
    .trim()
    .replace(/^the\s+/i, '')
    .replace(/['’]?s$/u, '')
  if (!/^\p{L}[\p{L}\p{N}.&/-]*$/u.test(bare) || bare.length > 12) return null
  const capitals = bare.match(/\p{Lu}/gu)?.length ?? 0
  const letters = bare.match(/\p{L}/gu)?.length ?? 0
  if (capitals < 2 || capitals * 2 <= letters) return null
  return bare.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function acronymsOf(plain: string): string[] {
  const words = plain.split(/[^\p{L}\p{N}']+/u).filter((word) => word !== '')
  if (words.length < 2 || words.length > MOST_TOKENS) return []
  const large = words.filter((word) => !SMALL_WORD.has(word))
  const withoutLegal = large.slice(0, large.findLastIndex((word) => !LEGAL_FORM.test(word)) + 1)
  const asCompounds = plain
    .split(/[^\p{L}\p{N}'-]+|\s-\s/u)
    .filter((word) => word !== '' && !SMALL_WORD.has(word) && !LEGAL_FORM.test(word))
  const variants = [large, words, withoutLegal, asCompounds].filter((list) => list.length > 1)
  return [...new Set(variants.map((list) => list.map((word) => word.charAt(0)).join('')))]
}

/** Whether one name may be the other's plural or adjective. */
export function shareStems(a: NameForms, b: NameForms): boolean {
  return a.stems.some((stem) => stem !== '' && b.stems.includes(stem))
}
