import { RegExpParser, type AST } from '@eslint-community/regexpp'

/** What leads from one state to the next: a character that passes, the border of a word (or none), or nothing. */
type Step =
  | { readonly to: number; readonly takes: ReadonlySet<string> }
  | { readonly to: number; readonly border: boolean | null }

/** How many more of a repeated piece than it must have are tried: two borders and something between them. */
const MORE = 3

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(index + 32))

/**
 * The shortest text that a pattern matches and that has none of the signs in it, whatever its letters' case; null where
 * there is none, so that the signs do for it. What a pattern looks for around its match is left out of account, so it
 * may be a text that the pattern does not match after all.
 */
export function matchWithoutSigns(pattern: RegExp, signs: readonly string[]): string | null {
  const literal = new RegExpParser().parsePattern(pattern.source, undefined, undefined, { unicode: true })
  const alphabet = [...new Set([...PRINTABLE, '\n', 'é', ...pattern.source])]
  const steps: Step[][] = []
  const state = (): number => steps.push([]) - 1
  const join = (from: number, to: number, border: boolean | null = null): void => void steps[from]?.push({ to, border })

  const either = (alternatives: readonly AST.Alternative[], from: number): number => {
    const end = state()
    for (const { elements } of alternatives)
      join(
        elements.reduce((at, element) => add(element, at), from),
        end,
      )
    return end
  }
  const repeated = ({ min, max, element }: AST.Quantifier, from: number): number => {
    let at = from
    for (let count = 0; count < min; count++) at = add(element, at)
    const end = state()
    join(at, end)
    for (let count = min; count < Math.min(max, min + MORE); count++) {
      at = add(element, at)
      join(at, end)
    }
    return end
  }
  const taken = (element: AST.Element, from: number): number => {
    const [to, one] = [state(), new RegExp(`^(?:${element.raw})$`, 'u')]
    steps[from]?.push({ to, takes: new Set(alphabet.filter((letter) => one.test(letter))) })
    return to
  }
  const add = (element: AST.Element, from: number): number => {
    if (element.type === 'Quantifier') return repeated(element, from)
    if (element.type === 'Group' || element.type === 'CapturingGroup') return either(element.alternatives, from)
    if (element.type !== 'Assertion') return taken(element, from)
    if (element.kind !== 'word') return from
    const to = state()
    join(from, to, !element.negate)
    return to
  }
  const start = state()
  return shortest(steps, start, either(literal.alternatives, start), signs)
}

/** Where a search is; `next`: whether a letter of a word must follow, null: anything may. */
interface Place {
  readonly at: number
  readonly text: string
  readonly inWord: boolean
  readonly next: boolean | null
}

/** Breadth first, over states of the pattern together with what a sign may already have begun with. */
function shortest(
  steps: readonly (readonly Step[])[],
  start: number,
  end: number,
  signs: readonly string[],
): string | null {
  const beginnings = new Set(signs.flatMap((sign) => Array.from(sign, (_, index) => sign.slice(0, index))))
  const begun = (text: string): string => {
    for (let from = Math.max(0, text.length - LONGEST); ; from++)
      if (beginnings.has(text.slice(from)) || from >= text.length) return text.slice(from)
  }
  const LONGEST = Math.max(0, ...signs.map((sign) => sign.length))
  const seen = new Set<string>()
  const queue: Place[] = [true, false].map((inWord) => ({ at: start, text: '', inWord, next: null }))
  for (const { at, text, inWord, next } of queue) {
    const key = [at, begun(text.toLowerCase()), inWord, next].join('\t')
    if (seen.has(key)) continue
    seen.add(key)
    if (at === end) return text
    for (const step of steps[at] ?? []) {
      if ('border' in step) {
        const wanted = step.border === null ? next : step.border !== inWord
        if (next === null || wanted === next) queue.push({ at: step.to, text, inWord, next: wanted })
        continue
      }
      for (const letter of step.takes) {
        const isOfWord = /\w/.test(letter)
        if (next !== null && next !== isOfWord) continue
        const longer = text + letter
        const small = longer.toLowerCase()
        if (!signs.some((sign) => small.endsWith(sign)))
          queue.push({ at: step.to, text: longer, inWord: isOfWord, next: null })
      }
    }
  }
  return null
}
