import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Judged } from './redocred.ts'

/** What somebody made of an automatic join that the annotators do not have, having read the document. */
export type Verdict = 'one' | 'two' | 'undecidable'

/** Names the two names of a join without saying them: the texts are the work of others. */
export function keyOfJoin({ measured, document, judgement: { forms: names } }: KeyedJoin): string {
  const pair = createHash('sha256').update(names.toSorted().join('\n')).digest('hex').slice(0, 12)
  return `${measured} ${document} ${pair}`
}

type KeyedJoin = Pick<Judged, 'measured' | 'document'> & { readonly judgement: Pick<Judged['judgement'], 'forms'> }

/** Verdicts by `keyOfJoin`, of `joins-judged.json`. */
export function readVerdicts(): ReadonlyMap<string, Verdict> {
  const path = join(import.meta.dirname, 'joins-judged.json')
  const { one, two, undecidable } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly one: readonly string[]
    /** With the reason. */
    readonly two: Readonly<Record<string, string>>
    readonly undecidable: Readonly<Record<string, string>>
  }
  const all = { one, two: Object.keys(two), undecidable: Object.keys(undecidable) }
  return new Map(
    Object.entries(all).flatMap(([verdict, keys]) => keys.map((key) => [key, verdict as Verdict] as const)),
  )
}

export const verdictOf = (judged: Judged, verdicts: ReadonlyMap<string, Verdict>): Verdict | null =>
  verdicts.get(keyOfJoin(judged)) ?? null

/** Joins that are right by the annotators or by whoever read them; undecidable and unread ones are not. */
export function countRight(judged: readonly Judged[], verdicts: ReadonlyMap<string, Verdict>) {
  const joins = judged.filter(({ judgement }) => judgement.verdict === 'join')
  const lacking = joins.filter(({ right }) => !right).map((one) => verdictOf(one, verdicts))
  const count = (verdict: Verdict | null): number => lacking.filter((one) => one === verdict).length
  return {
    all: joins.length,
    right: joins.length - lacking.length + count('one'),
    two: count('two'),
    undecidable: count('undecidable'),
    unread: count(null),
  }
}
