// Measures how the time of an alignment grows with the trace, up to a megabyte, and what hostile traces cost.
//   node bench/alignment/growth.ts ../shared/contract/cases
// Ordinary traces are the recorded ones, repeated: every sentence is about the source, the costliest case.
import { alignTrace, type AlignInput } from '../../src/extract/align.ts'
import type { AnswerLink } from '../../src/model/answer.ts'
import { loadCases } from './cases.ts'

const KILOBYTE = 1024
const MEGABYTE = 1024 * KILOBYTE
const MANY_LINKS = 200
const ROUNDS = 3

/** Of processor time, garbage collection included, in the best of some rounds: other work on the machine only adds. */
function milliseconds(run: () => void, rounds = ROUNDS): number {
  let best = Infinity
  for (let round = 0; round < rounds; round += 1) {
    const started = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(started)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

const repeated = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length)

/** The same source with many links: each of the case's, over and over, between other pairs of entities. */
function withManyLinks(input: AlignInput): AlignInput {
  const { links, entities } = input.answer
  const many = Array.from({ length: MANY_LINKS }, (_, index): AnswerLink => {
    const link = links[index % links.length] as AnswerLink
    const object = entities[(index * 7) % entities.length]?.id ?? link.object
    return { ...link, index, object }
  })
  return { ...input, answer: { ...input.answer, links: many } }
}

const [directory] = process.argv.slice(2)
if (directory === undefined) {
  process.stderr.write('usage: node bench/alignment/growth.ts DIR   (a folder of judged cases)\n')
  process.exit(2)
}
const inputs = loadCases(directory).cases.map(({ input }) => input)
const first = inputs[0] as AlignInput
for (const input of inputs) alignTrace(input)

process.stdout.write('recorded traces, repeated           ms of processor time per 10 KB\n')
const perTen = [10 * KILOBYTE, 100 * KILOBYTE, MEGABYTE].map((length) => {
  const some = inputs.slice(0, length === MEGABYTE ? 3 : 6)
  const longer = some.map((input) => ({ ...input, reasoning: repeated(`${input.reasoning}\n\n`, length) }))
  const time = milliseconds(() => longer.forEach((input) => alignTrace(input)))
  const each = ((time / longer.length) * 10 * KILOBYTE) / length
  process.stdout.write(`  ${String(length / KILOBYTE).padStart(4)} KB${each.toFixed(1).padStart(39)}\n`)
  return each
})
const [ten = 1, , thousand = 0] = perTen
process.stdout.write(`  1 MB against 10 KB: ${(thousand / ten).toFixed(2)} times the time per 10 KB\n`)

const shapes: Record<string, AlignInput> = {
  'no stop at all': { ...first, reasoning: repeated(first.reasoning.replace(/[.?!\n]/g, ' '), MEGABYTE) },
  '“wait, ”': { ...first, reasoning: repeated('wait, ', MEGABYTE) },
  'open brackets': { ...first, reasoning: repeated('(', MEGABYTE) },
  'open quotations': { ...first, reasoning: repeated('“S1: ', MEGABYTE) },
  'shortest sentences': { ...first, reasoning: repeated('S1. ', MEGABYTE) },
  [`${MANY_LINKS} links`]: {
    ...withManyLinks(first),
    reasoning: repeated(`${first.reasoning}\n\n`, MEGABYTE),
  },
  [`${MANY_LINKS} links, shortest sentences`]: { ...withManyLinks(first), reasoning: repeated('S1. ', MEGABYTE) },
}
process.stdout.write('a megabyte of                       ms per 10 KB      s   highest memory so far\n')
for (const [name, input] of Object.entries(shapes)) {
  const time = milliseconds(() => alignTrace(input), 1)
  const memory = process.resourceUsage().maxRSS / KILOBYTE
  process.stdout.write(
    `  ${name.padEnd(30)}${((time * 10 * KILOBYTE) / MEGABYTE).toFixed(1).padStart(16)}` +
      `${(time / 1000).toFixed(1).padStart(7)}${`${memory.toFixed(0)} MB`.padStart(24)}\n`,
  )
}
