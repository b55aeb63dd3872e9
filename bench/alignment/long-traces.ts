import type { Span } from '../../src/model/trace.ts'
import { sourceOf, type JudgedCase } from './cases.ts'

/**
 * Each case with its trace amid traces of other cases, until it is `times` as long: as many before it as after it,
 * beginning with the case that follows in the list. What is said in there argues for none of the case's links.
 * `unrelated` takes cases of other sources only; those of the same source share names and even facts.
 */
export function lengthen(cases: readonly JudgedCase[], times: number, unrelated: boolean): JudgedCase[] {
  return cases.map((own, position) => {
    const others = [...cases.slice(position + 1), ...cases.slice(0, position)].filter(
      (other) => !unrelated || sourceOf(other) !== sourceOf(own),
    )
    const { reasoning } = own.input
    const before: string[] = []
    const after: string[] = []
    let length = reasoning.length
    // Where the cases do not suffice they are taken again.
    for (let next = 0; others.length > 0 && length < times * reasoning.length; next += 1) {
      const other = others[next % others.length]?.input.reasoning ?? ''
      if (next % 2 === 0) before.push(other)
      else after.push(other)
      length += other.length
    }
    const prefix = before.map((text) => `${text}\n\n`).join('')
    const shift = ([start, end]: Span): Span => [start + prefix.length, end + prefix.length]
    return {
      ...own,
      input: { ...own.input, reasoning: [prefix + reasoning, ...after].join('\n\n') },
      judged: own.judged.map((entry) => ({
        ...entry,
        for: entry.for.map(shift),
        weighing: entry.weighing.map(shift),
      })),
    }
  })
}
