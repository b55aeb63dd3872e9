import { namesOfNickname } from './nicknames.ts'

/** The parts of a person's name, folded to small letters without accents. */
export interface PersonName {
  /** Absent where only one part is given: it may be either. */
  readonly given: string | null
  readonly middle: readonly string[]
  /** With its particles: `de la rocha`. A lone part stands here. */
  readonly surname: string
  /** Stands in quotes or brackets: `Wilfried "Willi" Schneider`. */
  readonly nickname: string | null
  /** `jr`, `sr`, `ii` …: tells father from son. */
  readonly generation: string | null
  /** Whether all parts are words rather than initials, and two at least. */
  readonly isFull: boolean
}

const HONORIFIC =
  /^(?:(?:dr|prof|professor|mr|mrs|ms|miss|mx|sir|dame|lord|lady|rev|hon|herr|frau|señor|señora|sr|sra|president|senator|judge|king|queen|prince|princess|captain|general|colonel|saint|st)\.?\s+)+(?=\S)/
const GENERATION = /^(?:jr|sr|junior|senior|i{1,3}|iv|v|vi{1,3}|ix|xi{0,3}|xiv|xv|xvi|2nd|3rd|4th)$/
const DEGREE = /^(?:phd|md|msc|ba|ma|mba|esq|obe|cbe|osb|qc|kc|frs|llm|jd)$/
const PARTICLE = new Set(
  'de da do dos das del della di du la le van von der den ter ten zu bin ibn al el af av y e'.split(' '),
)
const IN_QUOTES = /["“„(‘]\s*([\p{L}.'-]{2,20})\s*["”“)’]/u

/** `folded` is a name in small letters without accents, quotes and brackets as written; null where no letter is in it. */
export function readPersonName(folded: string): PersonName | null {
  const nickname = IN_QUOTES.exec(folded)?.[1] ?? null
  const plain = turnAround(
    folded
      .replace(/["“„(‘][^"”“)’]*["”“)’]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(HONORIFIC, ''),
  )
  const parts = plain
    .replace(/['’]s$/u, '')
    .split(/[\s,]+|(?<=\.)(?=\p{L})/u)
    .map((part) => part.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter((part) => part !== '')
  let generation: string | null = null
  while (parts.length > 1 && (GENERATION.test(parts.at(-1) ?? '') || DEGREE.test(parts.at(-1) ?? ''))) {
    const last = parts.pop() ?? ''
    if (GENERATION.test(last)) generation = last.replace(/^junior$/, 'jr').replace(/^senior$/, 'sr')
  }
  if (parts.length === 0) return null
  let from = parts.length - 1
  while (from > 0 && PARTICLE.has(parts[from - 1] ?? '')) from -= 1
  const [given = null, ...middle] = parts.slice(0, from)
  const surname = parts.slice(from).join(' ')
  const isFull = given !== null && given.length > 1 && surname.length > 1
  return { given, middle, surname, nickname, generation, isFull }
}

/** `Okafor, Amara` → `Amara Okafor`; `Desmarais, Jr.` stays. */
function turnAround(name: string): string {
  const [before = '', after = '', ...more] = name.split(/\s*,\s*/)
  const suffix = after.replace(/\W/g, '')
  if (more.length > 0 || after === '' || GENERATION.test(suffix) || DEGREE.test(suffix)) return name
  return before.split(' ').length <= 2 && after.split(' ').length <= 3 ? `${after} ${before}` : name
}

/** How two given names agree: the same, an initial of the other, a nickname of it; null where they do not. */
export function sameGiven(a: string, b: string): 'same' | 'initial' | 'nickname' | null {
  if (a === b) return 'same'
  if (a.length === 1 || b.length === 1) return a.charAt(0) === b.charAt(0) ? 'initial' : null
  const names = namesOfNickname(a)
  return namesOfNickname(b).some((name) => names.includes(name)) ? 'nickname' : null
}

/** How two full names may be one person's, by their given and middle names; null where they cannot be. */
export function samePerson(a: PersonName, b: PersonName): 'same' | 'initial' | 'nickname' | null {
  if (a.given === null || b.given === null || a.surname !== b.surname) return null
  const given = sameGiven(a.given, b.given) ?? (a.nickname === b.given || b.nickname === a.given ? 'nickname' : null)
  if (given === null) return null
  const [few, many] = a.middle.length <= b.middle.length ? [a.middle, b.middle] : [b.middle, a.middle]
  return few.every((part) => many.some((other) => sameGiven(part, other) !== null)) ? given : null
}
