const NONE = -1

/**
 * Finds out which of some signs stand in a text, however many there are, in one pass: 1 for each that does, in their
 * order. By the automaton of Aho and Corasick (https://doi.org/10.1145/360825.360855).
 */
export function signFinder(signs: readonly string[]): (text: string) => Uint8Array {
  const { width, classes, next, longest, within } = automaton(signs)
  return (text) => {
    const seen = new Uint8Array(signs.length)
    let state = 0
    for (let index = 0; index < text.length; index += 1) {
      state = next[state * width + (classes[text.charCodeAt(index)] as number)] as number
      // A sign that was seen before has brought those along that end it.
      for (let sign = longest[state] as number; sign !== NONE && seen[sign] === 0; sign = within[sign] as number)
        seen[sign] = 1
    }
    return seen
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
  const longest = new Int16Array(most).fill(NONE)
  const within = new Int16Array(signs.length).fill(NONE)
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
      if (longest[following] === NONE) longest[following] = inner
      else within[longest[following] as number] = inner
      queue.push(following)
    }
  return { width, classes, next, longest, within }
}
