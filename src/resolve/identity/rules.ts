import { found, type Rule } from './finding.ts'
import type { Circumstances, Finding, ReadThing } from './judgement.ts'
import type { NameForms } from './name-forms.ts'
import { NAME_RULES, WORD_RULES } from './name-rules.ts'
import { PERSON_RULES } from './person-rules.ts'
import { likenessOf } from './signature.ts'

/** A finding and the two names in which it was found. */
export interface Match {
  readonly finding: Finding
  readonly compared: readonly [NameForms, NameForms]
}

const RULES: readonly Rule[] = [...NAME_RULES, ...PERSON_RULES, ...WORD_RULES, alikeInMeaning]

/** What a model makes of names says that they may be asked about, after all that names themselves say. */
function alikeInMeaning(...[a, b, { signatures }]: Parameters<Rule>): ReturnType<Rule> {
  // Models see no difference between Apollo 11 and Apollo 12.
  if (signatures === undefined || a.kind === 'measure' || a.numbers.join() !== b.numbers.join()) return null
  const [left, right] = [signatures.of(a.name), signatures.of(b.name)]
  if (left === null || right === null) return null
  const likeness = likenessOf(left, right)
  if (likeness < signatures.least) return null
  const why = `${signatures.model} takes them for alike: a cosine of some ${likeness.toFixed(2)}`
  return found('embedding', 0.25, false, null, why)
}

/** The strongest of what the rules find in any two names of two things, and the names in which they find it. */
export function applyRules(a: ReadThing, b: ReadThing, circumstances: Circumstances): Match | null {
  let best: Match | null = null
  for (const left of a.names)
    for (const right of b.names) {
      const found = applyToNames(left, right, circumstances)
      const finding =
        found?.joins && !areTelling(a, b, [left, right], circumstances) ? { ...found, joins: false } : found
      if (finding !== null && isBetter({ finding, compared: [left, right] }, best))
        best = { finding, compared: [left, right] }
    }
  return best
}

/**
 * Whether two names say enough to join by them. What is a further name of both (`the project`, `their Jonas`) is often said of
 * many; and what is written without a capital or a figure (`steering group`) is, beyond its document, no name.
 */
function areTelling(
  a: ReadThing,
  b: ReadThing,
  compared: readonly [NameForms, NameForms],
  { scope }: Circumstances,
): boolean {
  const isOwn = compared[0].folded === a.names[0]?.folded || compared[1].folded === b.names[0]?.folded
  return isOwn && (scope === 'document' || compared.every(({ name }) => !COMMON.test(name)))
}

/** Words of a script that has capitals, without any. */
const COMMON = /^(?=.*\p{Ll})[^\p{Lu}\p{Lt}\p{N}]*$/u

/** The first rule, in the order of trust, that takes the two names for one thing's. */
function applyToNames(a: NameForms, b: NameForms, circumstances: Circumstances): Finding | null {
  if (a.type !== b.type) return null
  for (const rule of RULES) {
    const finding = rule(a, b, circumstances)
    if (finding !== null) return finding
  }
  return null
}

/** Ties are settled by the names, so that no order of reading does it. */
function isBetter(match: Match, best: Match | null): boolean {
  if (best === null) return true
  const [x, y] = [match.finding, best.finding]
  if (x.joins !== y.joins) return x.joins
  if (x.confidence !== y.confidence) return x.confidence > y.confidence
  return match.compared.map(({ name }) => name).join('\u0000') < best.compared.map(({ name }) => name).join('\u0000')
}
