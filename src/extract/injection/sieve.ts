import type { Rule } from './rule.ts'

const NO_SIGN = -1

/** The rules that a text in small letters may match, in their order: those of which it has a sign, and those without. */
export type Sieve = (small: string) => readonly Rule[]

/**
 * Puts a text through many rules at once. All signs are looked for in one pass, by the automaton of Aho and Corasick
 * (https://doi.org/10.1145/360825.360855).
 */
export function sieve(rules: readonly Rule[]): Sieve {
  const signs = [...new Set(rules.flatMap((rule) => rule.signs))]
  const numbers = new Map(signs.map((sign, number) => [sign, number]))
  const signsOf = rules.map((rule) => rule.signs.map((sign) => numbers.get(sign) as number))
  const { width, classes, next, longest, within } = automaton(signs)
  return (small) => {
    const seen = new Uint8Array(signs.length)
    let state = 0
    for (let index = 0; index < small.length; index += 1) {
      state = next[state * width + (classes[small.charCodeAt(index)] as number)] as number
      // A sign that was seen before has brought those that end it along.
      for (let sign = longest[state] as number; sign !== NO_SIGN && seen[sign] === 0; sign = within[sign] as number)
        seen[sign] = 1
    }
    return rules.filter((_, rule) => {
      const own = signsOf[rule] as number[]
      return own.length === 0 || own.some((sign) => seen[sign] === 1)
    })
  }
}

interface Automaton {
  readonly width: number
  /** By UTF-16 code unit; 0: stands in no sign. */
  readonly classes: Uint8Array
  /** The state that follows one state (row) on a character of one class (column). */
  readonly next: Uint16Array
  /** The longest sign that ends where a state is reached, and the next longest that ends a sign. */
  readonly longest: Int16Array
  readonly within: Int16Array
}

function automaton(signs: readonly string[]): Automaton {
  const classes = new Uint8Array(2 ** 16)
  let width = 1
  for (const sign of signs)
    for (let index = 0; index < sign.length; index += 1) {
      const code = sign.charCodeAt(index)
      if (classes[code] === 0) classes[code] = width++
    }
  const most = 1 + signs.reduce((sum, sign) => sum + sign.length, 0)
  const next = new Uint16Array(most * width)
  const longest = new Int16Array(most).fill(NO_SIGN)
  const within = new Int16Array(signs.length).fill(NO_SIGN)
  let states = 1
  for (const [number, sign] of signs.entries()) {
    let state = 0
    for (let index = 0; index < sign.length; index += 1) {
      const at = state * width + (classes[sign.charCodeAt(index)] as number)
      if (next[at] === 0) next[at] = states++
      state = next[at] as number
    }
    longest[state] = number
  }
  // Breadth first: where a state has no way on, the state of its longest proper ending has.
  const ending = new Uint16Array(states)
  const queue = [0]
  for (const state of queue)
    for (let column = 1; column < width; column += 1) {
      const at = state * width + column
      const other = state === 0 ? 0 : (next[(ending[state] as number) * width + column] as number)
      const following = next[at] as number
      if (following === 0) {
        next[at] = other
        continue
      }
      ending[following] = other
      const inner = longest[other] as number
      if (longest[following] === NO_SIGN) longest[following] = inner
      else within[longest[following] as number] = inner
      queue.push(following)
    }
  return { width, classes, next, longest, within }
}
