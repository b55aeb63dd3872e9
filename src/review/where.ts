import { parseGlob } from '../../ingest/job/glob.ts'
import { UsageError } from '../model/errors.ts'
import type { LinkStatus } from '../model/link.ts'
import { OBSTACLES, type Obstacle } from '../model/obstacle.ts'
import type { Grounding } from '../model/proposal.ts'

/** What is asked of links; what is null is not asked. All of it must hold. */
export interface Where {
  readonly type: string | null
  /** Types that it must not be of. */
  readonly otherThan: readonly string[]
  readonly status: LinkStatus | null
  /** Of the best quote, which lists name. */
  readonly grounding: Grounding | null
  /** What keeps it out of bulk, among others. */
  readonly obstacle: Obstacle | null
  readonly confidence: readonly ((confidence: number) => boolean)[]
  /** Of a path: one live proposal must come of such a document, of this run, with a quote of this speaker. */
  readonly doc: ((path: string) => boolean) | null
  readonly speaker: string | null
  readonly run: string | null
  /** Somebody asked that it be looked at, and no verdict has come since. */
  readonly flagged: boolean
}

type Field = Exclude<keyof Where, typeof FLAGGED | 'otherThan'>

/** A condition of one word. */
const FLAGGED = 'flagged'

export const STATUSES: readonly LinkStatus[] = ['proposed', 'held', 'accepted', 'rejected', 'gone', 'merged']
const GROUNDINGS: readonly Grounding[] = ['exact', 'normalised', 'moved', 'missing']
const FIELDS: readonly Field[] = ['type', 'confidence', 'doc', 'speaker', 'run', 'grounding', 'obstacle', 'status']

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '!=': (a, b) => a !== b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '=': (a, b) => a === b,
}

/** A name, a comparison, and a value: in double quotes where it has spaces; or a word by itself. */
const CONDITION = /(?:([a-z]+)(>=|<=|!=|=|>|<)("[^"]*"|[^\s"]+)|flagged)(?=\s|$)/y
const SPACES = /\s*/y

/**
 * Reads conditions such as `type=OWNS confidence>=0.8 doc=minutes/** speaker="Ana Ruiz"`; `type!=LABELLED` leaves some out.
 * @throws UsageError that names the condition at fault
 */
export function parseWhere(text: string): Where {
  const asked: { -readonly [field in keyof Where]: Where[field] } = {
    type: null,
    otherThan: [],
    status: null,
    grounding: null,
    obstacle: null,
    confidence: [],
    doc: null,
    speaker: null,
    run: null,
    flagged: false,
  }
  const conditions = readConditions(text)
  if (conditions.length === 0) throw wrong('it is empty')
  const seen = new Set<string>()
  for (const { field, comparison, value, words } of conditions) {
    if (field === FLAGGED) {
      asked.flagged = true
      continue
    }
    if (field === 'confidence') {
      asked.confidence = [...asked.confidence, compareWith(comparison, value, words)]
      continue
    }
    if (field === 'type' && comparison === '!=') {
      asked.otherThan = [...asked.otherThan, value]
      continue
    }
    if (comparison !== '=')
      throw wrong(`'${words}': only ${comparison === '!=' ? 'type' : 'confidence'} can be compared by ${comparison}`)
    if (seen.has(field)) throw wrong(`${field} is given twice, and all conditions must hold`)
    seen.add(field)
    if (field === 'status') asked.status = oneOf(STATUSES, value, words)
    else if (field === 'grounding') asked.grounding = oneOf(GROUNDINGS, value, words)
    else if (field === 'obstacle') asked.obstacle = oneOf(Object.keys(OBSTACLES) as Obstacle[], value, words)
    else if (field === 'doc') asked.doc = pathsLike(value, words)
    else asked[field] = value
  }
  return asked
}

interface Condition {
  readonly field: Field | typeof FLAGGED
  readonly comparison: string
  readonly value: string
  readonly words: string
}

function readConditions(text: string): Condition[] {
  const conditions: Condition[] = []
  for (let at = spacesEnd(text, 0); at < text.length; at = spacesEnd(text, CONDITION.lastIndex)) {
    CONDITION.lastIndex = at
    const match = CONDITION.exec(text)
    if (match === null) throw wrong(noCondition(text.slice(at)))
    const [words, name, comparison = '', quoted = ''] = match
    if (name === undefined) {
      conditions.push({ field: FLAGGED, comparison, value: '', words })
      continue
    }
    const field = FIELDS.find((one) => one === name)
    if (field === undefined) throw wrong(`'${name}' is nothing that it knows`)
    const value = quoted.replaceAll('"', '')
    if (value === '') throw wrong(`'${words}' has no value`)
    conditions.push({ field, comparison, value, words })
  }
  return conditions
}

function noCondition(rest: string): string {
  const isOpen = (rest.match(/"/g) ?? []).length % 2 === 1
  return isOpen ? `${rest}: a double quote is opened and not closed` : `'${rest.split(/\s/)[0] ?? ''}' is no condition`
}

function spacesEnd(text: string, from: number): number {
  SPACES.lastIndex = from
  SPACES.exec(text)
  return SPACES.lastIndex
}

function compareWith(comparison: string, value: string, words: string): (confidence: number) => boolean {
  const bound = Number(value)
  if (!(bound >= 0 && bound <= 1)) throw wrong(`'${words}': a confidence is a number from 0 to 1`)
  return (confidence) => COMPARISONS[comparison]?.(confidence, bound) === true
}

function oneOf<T extends string>(known: readonly T[], value: string, words: string): T {
  const found = known.find((one) => one === value)
  if (found === undefined) throw wrong(`'${words}': it is one of ${known.join(', ')}`)
  return found
}

function pathsLike(pattern: string, words: string): (path: string) => boolean {
  try {
    return parseGlob(pattern).matches
  } catch (error) {
    throw wrong(`'${words}': the pattern ${(error as Error).message}`)
  }
}

/** What conditions there are, with an example. */
export const CONDITIONS = `${FIELDS.join(', ')} and ${FLAGGED}, as in 'type=OWNS confidence>=0.8 doc=minutes/** speaker="Ana Ruiz"'`

function wrong(what: string): UsageError {
  return new UsageError('bad-where', `--where: ${what}`, { hint: `Conditions are ${CONDITIONS}.` })
}
