// Aligns judged replies and has the alignment scored against the judgement.
//   node bench/alignment/measure.ts ../shared/contract/cases ../shared/sample
//   node bench/alignment/measure.ts ../shared/contract/cases --json
// A folder of five cases or more is aligned with weights refitted without the case at hand, since the committed ones
// were fitted on such a folder; --no-leave-out uses the committed weights instead.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { alignTrace, type AlignedLink } from '../../src/extract/align.ts'
import { loadCases, type CaseSet, type JudgedCase } from './cases.ts'
import { leaveOneOut } from './fit.ts'

const USAGE = `usage: node bench/alignment/measure.ts DIR... [--json] [--[no-]leave-out] [--scorer PATH]

DIR is a folder of cases (<case>/request.json, reply.json, alignment.json) or one with replies/ and alignment/.
`
const FEWEST_FOR_LEAVING_OUT = 5
const WARM_UP_ROUNDS = 3
const TIMED_ROUNDS = 5
const TEN_KILOBYTES = 10_240

const repository = fileURLToPath(new URL('../../', import.meta.url))

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      json: { type: 'boolean', default: false },
      'leave-out': { type: 'boolean' },
      scorer: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help || positionals.length === 0) {
    process.stdout.write(USAGE)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const scorer = resolve(values.scorer ?? join(repository, '../shared/contract/score-alignment.mjs'))
  if (!existsSync(scorer)) fail(`the scorer is missing: ${scorer}. Name it with --scorer PATH (score-alignment.mjs).`)

  const folder = mkdtempSync(join(tmpdir(), 'whygraph-alignment-'))
  try {
    const sets = positionals.map((directory) => loadCases(directory))
    for (const [index, set] of sets.entries()) {
      const leaveOut =
        set.layout === 'cases' && set.cases.length >= FEWEST_FOR_LEAVING_OUT && values['leave-out'] !== false
      const prefix = positionals.length > 1 ? `${basename(resolve(positionals[index] ?? ''))}-` : ''
      const how = leaveOut ? 'weights refitted without the case at hand' : 'committed weights'
      process.stdout.write(`${positionals[index]}: ${set.cases.length} cases, ${how}\n`)
      writeSet(folder, prefix, set, leaveOut)
    }
    const speed = millisecondsPerTenKilobytes(sets.flatMap((set) => set.cases))
    process.stdout.write(`${speed.toFixed(1)} ms per 10 KB of trace\n`)
    const gold = join(folder, 'gold')
    const predicted = join(folder, 'predicted')
    const flags = values.json ? ['--json'] : []
    process.stdout.write(execFileSync(process.execPath, [scorer, gold, predicted, ...flags], { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes judgement and prediction of each case in the scorer's layout. */
function writeSet(folder: string, prefix: string, set: CaseSet, leaveOut: boolean): void {
  const weights = leaveOut ? leaveOneOut(set.cases) : undefined
  for (const judgedCase of set.cases) {
    const name = `${prefix}${judgedCase.name}`
    const gold = join(folder, 'gold', name)
    mkdirSync(gold, { recursive: true })
    mkdirSync(join(folder, 'predicted'), { recursive: true })
    writeFileSync(join(gold, 'alignment.json'), JSON.stringify(judgedCase.judged))
    writeFileSync(join(gold, 'reply.json'), JSON.stringify({ model: judgedCase.model }))
    const aligned = alignTrace(judgedCase.input, weights?.get(judgedCase))
    writeFileSync(join(folder, 'predicted', `${name}.json`), JSON.stringify(aligned.map(asPrediction)))
  }
}

function asPrediction({ index, steps }: AlignedLink) {
  const spans = (stance: 'for' | 'weighing') =>
    steps.filter((step) => step.stance === stance).map(({ start, end }) => [start, end])
  return { link: index, for: spans('for'), weighing: spans('weighing') }
}

/** The best of some rounds over all cases, after warm-up: other work on the machine only ever adds. */
function millisecondsPerTenKilobytes(cases: readonly JudgedCase[]): number {
  const characters = cases.reduce((sum, { input }) => sum + input.reasoning.length, 0)
  let best = Infinity
  for (let round = 0; round < WARM_UP_ROUNDS + TIMED_ROUNDS; round += 1) {
    const started = performance.now()
    for (const { input } of cases) alignTrace(input)
    if (round >= WARM_UP_ROUNDS) best = Math.min(best, performance.now() - started)
  }
  return (best / characters) * TEN_KILOBYTES
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

main()
