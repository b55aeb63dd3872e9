import { normaliseName } from './entity.ts'
import { isRejected, type RejectionRule, type SaidWhere } from './rejection-rule.ts'

/** What a person confirmed of a fix: links that a reply calls one type are of the other. */
export interface TypeRule {
  readonly kind: 'type'
  readonly from: string
  readonly to: string
}

/** The same of what a reply calls by one name: in one document only, where the name means somebody in there. */
export interface NameRule {
  readonly kind: 'name'
  readonly from: Named
  readonly to: Named
  readonly documentId?: string
}

/** What a person confirmed of a fix or a rejection: replies that come after it are read by it. */
export type ReadingRule = TypeRule | NameRule | RejectionRule

interface Named {
  readonly name: string
  readonly type: string
}

/** A rejection that is a rule, and by which decision of whom. One that was taken back may stand again. */
export interface ConfirmedRejection extends RejectionRule {
  readonly decision: string
  readonly reviewer: string
  readonly stands: boolean
}

/** A rule, and since when it holds (ISO time). */
export type DatedRule = (TypeRule | NameRule | ConfirmedRejection) & { readonly at: string }

/** Of rules that stand, how one reply is read: by those that were there when it came, so that any later reading comes to the same. */
export function rulesFor({ at, documentId }: { at: string; documentId: string }, rules: readonly DatedRule[]) {
  const known = rules
    .filter((rule) => rule.at <= at)
    .filter((rule) => rule.kind !== 'name' || (rule.documentId ?? documentId) === documentId)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
  const types = new Map(known.flatMap((rule) => (rule.kind === 'type' ? [[rule.from, rule.to] as const] : [])))
  const names = new Map(known.flatMap((rule) => (rule.kind === 'name' ? [[keyOf(rule.from), rule.to] as const] : [])))
  const rejections = known.filter((rule) => rule.kind === 'rejection')
  return {
    typeFor: (type: string): string => follow(type, (one) => types.get(one)),
    nameFor: (named: Named): Named => follow(named, (one) => names.get(keyOf(one)), keyOf),
    /** Of which pattern that somebody rejected it is, whether that stands or was taken back. */
    rejectionsOf: (said: SaidWhere): readonly ConfirmedRejection[] =>
      rejections.filter((rule) => isRejected(said, rule)),
  }
}

/** Rules may lead to each other, and around: then to the last before one would come again. */
function follow<T>(start: T, next: (one: T) => T | undefined, keyOf: (one: T) => unknown = (one) => one): T {
  const seen = new Set([keyOf(start)])
  for (let at = start; ;) {
    const to = next(at)
    if (to === undefined || seen.has(keyOf(to))) return at
    seen.add(keyOf(to))
    at = to
  }
}

function keyOf({ name, type }: Named): string {
  return `${type} ${normaliseName(name)}`
}
