import { foldEntityType } from '../model/schema.ts'
import { ENTITY_WORDS, LINK_WORDS, SYNONYMS } from '../model/type-words.ts'

/**
 * How two names of types are near: `form`, one word in another form (`LEADS`, `LED`, `LEADER_OF`); `synonym`, a word that is used
 * for it (`HEADS`); `kin`, one that may mean it, or something beside it (`RUNS`). `turned`: the one says it from the
 * other end (`LED_BY`).
 */
export interface Nearness {
  readonly by: 'form' | 'synonym' | 'kin'
  readonly turned: boolean
}

/** Whether two names of link types may mean one; null where nothing says so. */
export function nearLinkTypes(one: string, other: string): Nearness | null {
  if (one === other) return null
  const [a, b] = [formOf(one), formOf(other)]
  if (a.stem === b.stem) return { by: 'form', turned: a.turned !== b.turned }
  for (const [by, groups] of [['synonym', CLOSE] as const, ['kin', WIDE] as const])
    for (const [group, turned] of groupsOf(b, groups)) {
      const found = groupsOf(a, groups).find(([name]) => name === group)
      if (found !== undefined) return { by, turned: found[1] !== turned }
    }
  return null
}

/** The same of entity types, which have no other end. */
export function nearEntityTypes(one: string, other: string): Nearness['by'] | null {
  if (one === other) return null
  const [a, b] = [singular(foldEntityType(one)), singular(foldEntityType(other))]
  if (a === b) return 'form'
  const folded = (words: readonly string[]): string[] => words.map((word) => singular(foldEntityType(word)))
  if (SYNONYMS.entities.map(folded).some((words) => words.includes(a) && words.includes(b))) return 'synonym'
  // Of two words for a third it is not said that they mean one thing, unless one of them is that third.
  const isKin = Object.entries<readonly string[]>(ENTITY_WORDS).some(([name, words]) => {
    const [[first], others] = [folded([name]), folded(words)]
    return (first === a && others.includes(b)) || (first === b && others.includes(a))
  })
  return isKin ? 'kin' : null
}

interface Form {
  readonly stem: string
  readonly turned: boolean
}

/** What says nothing of what a link is. Prepositions do: one works for a firm, and with a person. */
const FILLERS: ReadonlySet<string> = new Set(['IS', 'ARE', 'WAS', 'WERE', 'BE', 'BEEN', 'BEING', 'THE', 'A', 'AN'])

/** The words of a link type by their stems: `LED_BY` and `HAS_LEADER` are `LEAD` from the other end. */
function formOf(type: string): Form {
  const all = type.split('_').filter((word) => word !== '')
  const telling = all.filter((word) => !FILLERS.has(word))
  const words = telling.length > 0 ? telling : all
  const [first = '', second = ''] = words
  if (words.length > 1 && words.at(-1) === 'BY') return { stem: stemsOf(words.slice(0, -1)), turned: true }
  if (words.length === 2 && first === 'HAS') return { stem: nounStem(second), turned: true }
  if (words.length === 2 && second === 'OF') return { stem: nounStem(first), turned: false }
  return { stem: stemsOf(words), turned: false }
}

/** Of who does something (`LEADER`) what they do; of anything else (`PART`) what is had. */
function nounStem(noun: string): string {
  return /[^AEIOU](?:E|O)RS?$/.test(noun) && noun.length > 4 ? stemOf(noun) : `${stemOf(noun)} OF`
}

function stemsOf(words: readonly string[]): string {
  return words.map(stemOf).join(' ')
}

/** Past forms that no ending tells. */
const IRREGULAR: Readonly<Record<string, string>> = {
  LED: 'LEAD',
  RAN: 'RUN',
  HELD: 'HOLD',
  BOUGHT: 'BUY',
  SOLD: 'SELL',
  WROTE: 'WRITE',
  WRITTEN: 'WRITE',
  TOOK: 'TAKE',
  TAKEN: 'TAKE',
  GAVE: 'GIVE',
  GIVEN: 'GIVE',
  CHOSE: 'CHOOSE',
  CHOSEN: 'CHOOSE',
  MADE: 'MAKE',
  BUILT: 'BUILD',
  SENT: 'SEND',
  PAID: 'PAY',
  WON: 'WIN',
  KNEW: 'KNOW',
  KNOWN: 'KNOW',
  MET: 'MEET',
}

function stemOf(word: string): string {
  const own = IRREGULAR[word]
  if (own !== undefined) return stemOf(own)
  const cut = word.replace(/IES$/, 'Y').replace(/(?:INGS?|ED|ERS?|ORS?|ES|S)$/, '')
  const stem = cut.length > 2 ? cut : word
  return stem.replace(/E$/, '').replace(/([^AEIOU])\1$/, '$1')
}

function singular(folded: string): string {
  return folded.replace(/ies$/, 'y').replace(/([^s])s$/, '$1')
}

type Member = readonly [group: string, form: Form]

const WIDE: readonly Member[] = Object.entries(LINK_WORDS).flatMap(([name, { same, inverse }]) => [
  ...[name, ...same].map((word) => [name, formOf(word)] as const),
  ...inverse.map((word) => [name, { stem: formOf(word).stem, turned: !formOf(word).turned }] as const),
])

const CLOSE: readonly Member[] = SYNONYMS.links.flatMap((words) =>
  words.map((word) => [words[0] ?? '', formOf(word)] as const),
)

/** The groups of words that a form is in, and whether it says them from the other end. */
function groupsOf({ stem, turned }: Form, groups: readonly Member[]): (readonly [string, boolean])[] {
  return groups.filter(([, form]) => form.stem === stem).map(([name, form]) => [name, form.turned !== turned] as const)
}
