import { FIRST_STAGE } from './features.ts'
import { positions } from './logistic.ts'
import { offer, topTwo, type TopTwo } from './top-two.ts'

const at = positions(FIRST_STAGE)

/** A thing counts as named from here on. */
export const NAMED = 0.5
/** Both ends are as good as named. */
const PAIR = 0.8

/** What a sentence has in common with all candidates together, so that one need not be compared with every other. */
export interface Overview {
  /** By strength; one row each. */
  readonly links: TopTwo
  readonly rejected: TopTwo
  /** How many candidates are named by subject, type and object; by both ends; by type and one end; by one end. */
  readonly triples: number
  readonly pairs: number
  readonly relations: number
  readonly subjects: number
  readonly objects: number
}

export const isPair = (row: Float64Array): boolean => (row[at.both] ?? 0) >= PAIR
export const isRelation = (row: Float64Array): boolean =>
  (row[at.typeWord] ?? 0) > 0 && (hasSubject(row) || hasObject(row))
const hasSubject = (row: Float64Array): boolean => (row[at.subject] ?? 0) > NAMED
const hasObject = (row: Float64Array): boolean => (row[at.object] ?? 0) > NAMED

export function overlook(rows: readonly Float64Array[], linkCount: number): Overview {
  const count = (test: (row: Float64Array) => boolean): number => {
    let found = 0
    for (const row of rows) if (test(row)) found += 1
    return found
  }
  return {
    links: strongest(rows, 0, linkCount),
    rejected: strongest(rows, linkCount, rows.length),
    triples: count((row) => row[at.triple] === 1),
    pairs: count(isPair),
    relations: count(isRelation),
    subjects: count(hasSubject),
    objects: count(hasObject),
  }
}

function strongest(rows: readonly Float64Array[], from: number, to: number): TopTwo {
  const top = topTwo(1)
  for (let position = from; position < to; position += 1) offer(top, 0, position, rows[position]?.[at.strength] ?? 0)
  return top
}
