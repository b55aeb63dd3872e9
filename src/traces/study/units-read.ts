import type { AlignUnit } from '../../extract/align/reading.ts'
import { unitFinder } from '../../extract/align/unit-mentions.ts'
import { Vocabulary } from '../../extract/align/words.ts'

/** Units of fewer telling words (“OK, thanks.”) say nothing that would have to be looked at. */
const TELLING = 3
/** A step that has so large a share of a unit's telling words, and so many of them, speaks of it. */
const SHARE = 0.5

export interface UnitsRead {
  /** Positions of units that say anything. */
  readonly telling: readonly number[]
  /** Those of them that no step names, quotes or shares words with. */
  readonly unread: readonly number[]
}

/** Which units of the source a trace has looked at. A range of more than five units (`S1 to S20`) names none of them. */
export function unitsRead(steps: readonly string[], units: readonly AlignUnit[]): UnitsRead {
  const vocabulary = new Vocabulary()
  const words = units.map(({ text }) => vocabulary.words(text))
  const stems = words.map((own) => vocabulary.stemsOf(own))
  const unitsWith = new Map<number, number[]>()
  for (const [unit, own] of stems.entries())
    for (const stem of own) {
      const list = unitsWith.get(stem)
      if (list === undefined) unitsWith.set(stem, [unit])
      else list.push(unit)
    }
  const positions = new Map(units.map(({ s }, position) => [s, position]))
  const finder = unitFinder(units, words, vocabulary)
  const seen = new Set<number>()
  for (const step of steps) {
    const { named, wide, quoted } = finder.find(step)
    for (const s of [...(wide ? [] : named), ...quoted.keys()]) seen.add(positions.get(s) ?? -1)
    const common = new Map<number, number>()
    for (const stem of vocabulary.stems(step))
      for (const unit of unitsWith.get(stem) ?? []) common.set(unit, (common.get(unit) ?? 0) + 1)
    for (const [unit, count] of common)
      if (count >= TELLING && count >= SHARE * (stems[unit]?.length ?? 0)) seen.add(unit)
  }
  const telling = stems.flatMap((own, unit) => (own.length >= TELLING ? [unit] : []))
  return { telling, unread: telling.filter((unit) => !seen.has(unit)) }
}
