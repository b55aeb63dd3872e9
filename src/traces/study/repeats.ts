import { Vocabulary } from '../../extract/align/words.ts'

export interface Repeats {
  /** By position: whether a step says again what one before it has said. */
  readonly again: readonly boolean[]
  /** How many things are said three times or more, and how many steps go round in themselves. */
  readonly loops: number
}

/** Shorter steps (“OK.”, “S4, stated.”) may well be alike. In words. */
const SHORTEST = 5
const NGRAM = 3
/** Share of three-word sequences that two steps have in common, of all that either has (Jaccard). */
const ALIKE = 0.5
const LOOP = 3
/** The latest different things said of the same names with which a step is compared, so that time grows with the length. */
const MOST_COMPARED = 30
/** A step of so many words goes round in itself where less than half of its three-word sequences are different ones. */
const LONG = 40
const VARIED = 0.5

/** Names, numbers and units that a step speaks of: with others, the same words say something else. */
const POINTERS = /(?<=\s\P{L}*)\p{Lu}[\p{L}\p{N}_-]*|[\p{L}_-]*\p{N}[\p{L}\p{N}_.-]*/gu

interface Said {
  readonly sequences: ReadonlySet<string>
  times: number
}

/**
 * Finds steps that say again what was said before: by the same names, numbers and units, in which half of all three-word
 * sequences are the same. Three times or more is a loop.
 */
export function findRepeats(steps: readonly string[]): Repeats {
  const vocabulary = new Vocabulary()
  const said = new Map<string, Said[]>()
  let loops = 0
  const again = steps.map((step) => {
    const words = vocabulary.words(step)
    if (words.length < SHORTEST) return false
    const sequences = new Set<string>()
    for (let at = 0; at + NGRAM <= words.length; at += 1) sequences.add(words.slice(at, at + NGRAM).join(' '))
    if (words.length >= LONG && sequences.size < VARIED * (words.length - NGRAM + 1)) loops += 1
    const about = [...new Set(step.match(POINTERS) ?? [])].toSorted().join(' ')
    const earlier = said.get(about) ?? []
    const same = earlier.findLast((one) => isAlike(one.sequences, sequences))
    if (same === undefined) {
      said.set(about, [...earlier.slice(1 - MOST_COMPARED), { sequences, times: 1 }])
      return false
    }
    same.times += 1
    if (same.times === LOOP) loops += 1
    return true
  })
  return { again, loops }
}

function isAlike(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  let common = 0
  for (const sequence of one) if (other.has(sequence)) common += 1
  return common >= ALIKE * (one.size + other.size - common)
}
