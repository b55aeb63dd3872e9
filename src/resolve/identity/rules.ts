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
      const finding = applyToNames(left, right, circumstances)
      if (finding !== null && isBetter({ finding, compared: [left, right] }, best))
        best = { finding, compared: [left, right] }
    }
  return best
}

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
