import { dayAfter, dayBefore, type Interval } from './interval.ts'
import { readPeriod, type Period } from './read-period.ts'

type Relation = 'since' | 'from' | 'after' | 'until' | 'before' | 'at'

/** How the words before a time relate what is said to it; the first that fits. */
const RELATIONS: readonly (readonly [Relation, RegExp])[] = [
  ['since', /^since\s/],
  ['from', /^(?:from|starting|beginning|as (?:of|from)|effective(?: from| as of)?)(?: (?:in|on|with|from))?\s/],
  ['after', /^after\s/],
  ['until', /^(?:until|till|through|up to|to|by|no later than|not later than)(?: (?:in|on))?\s/],
  ['before', /^before\s/],
  ['at', /^(?:in|on|at|during|within|as at)\s/],
]

/** Words of more than this are a sentence, and no time. */
const MOST_CHARACTERS = 80

/**
 * The days on which a link holds by the source's own words for it: `since January`, `by 16 May 2025`, `2019 to 2021`.
 * English only. Null where the words do not settle it: conditions, events, seasons, dates of digits whose order nobody
 * knows, and whatever is relative to a day where the source has none.
 *
 * @param said the day on which it was said, an ISO date
 */
export function readWhen(words: string, said: string | null): Interval | null {
  const text = words
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .replace(/[.,;]+$/u, '')
  if (text === '' || text.length > MOST_CHARACTERS) return null
  if (NOW.test(text)) return said === null ? null : { from: said, to: null }
  const whole = readPeriod(text.replace(/^between (.+) and (.+)$/, '$1 to $2'), { said, side: 'near' })
  if (whole?.isRange) return intervalOf(whole)
  const found = RELATIONS.find(([, words]) => words.test(text))
  if (found === undefined) return whole === null ? null : intervalOf(whole)
  const [relation, pattern] = found
  const named = readPeriod(text.replace(pattern, ''), { said, side: SIDES[relation] })
  // `in two weeks` is a time with its preposition only.
  const period = relation === 'at' ? (named ?? whole) : named
  if (period === null) return null
  switch (relation) {
    case 'since':
    case 'from':
      return { from: period.first, to: null }
    case 'after':
      return { from: dayAfter(period.last), to: null }
    case 'until':
      return { from: null, to: period.last }
    case 'before':
      return { from: null, to: dayBefore(period.first) }
    case 'at':
      return intervalOf(period)
  }
}

/** What is so now may have been so before, and goes on until somebody says otherwise. */
const NOW = /^(?:now|currently|presently|at present|at the moment|as of (?:now|today)|from now on|henceforth)$/

/** On which side of the day on which it was said a time lies that has no year. */
const SIDES = { since: 'past', from: 'near', after: 'near', until: 'ahead', before: 'ahead', at: 'near' } as const

function intervalOf({ first, last }: Period): Interval {
  return { from: first, to: last }
}
