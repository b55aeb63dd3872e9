// Aligns judged replies and has the alignment scored against the judgement.
//   node bench/alignment/measure.ts ../shared/contract/cases ../shared/sample
//   node bench/alignment/measure.ts ../shared/contract/cases --json
//   node bench/alignment/measure.ts ../shared/contract/cases --by-source --long 10
// A folder of five cases or more is aligned with weights and a threshold refitted without the case at hand, since the
// committed ones were fitted on such a folder: --by-source leaves out all cases of its source, --no-leave-out uses the
// committed weights instead. --long 10 aligns each trace once more amid other cases' traces, at ten times its length.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { alignTrace, type AlignedLink } from '../../src/extract/align.ts'
import { loadCases, sourceOf, type CaseSet, type JudgedCase } from './cases.ts'
import { leaveOut } from './fit.ts'
import { lengthen } from './long-traces.ts'
import type { AlignWeights } from '../../src/extract/align/weights.ts'

const USAGE = `usage: node bench/alignment/measure.ts DIR... [--json] [--[no-]leave-out] [--by-source] [--long TIMES]
                                        [--scorer PATH]

DIR is a folder of cases (<case>/request.json, reply.json, alignment.json) or one with replies/ and alignment/.
`
const FEWEST_FOR_LEAVING_OUT = 5
/** Which cases' traces stand around. Those of one source share names, and now and then a fact. */
const LONG = { unrelated: 'amid traces about other sources', any: 'amid traces about the same source too' }
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
      'by-source': { type: 'boolean', default: false },
      long: { type: 'string' },
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

  const times = values.long === undefined ? undefined : Number(values.long)
  if (times !== undefined && !(times > 1)) fail(`--long ${values.long}: say how many times as long, as in --long 10.`)

  const folder = mkdtempSync(join(tmpdir(), 'whygraph-alignment-'))
  try {
    const sets = positionals.map((directory) => loadCases(directory))
    for (const [index, set] of sets.entries()) {
      const leaveOutCases =
        set.layout === 'cases' && set.cases.length >= FEWEST_FOR_LEAVING_OUT && values['leave-out'] !== false
      const prefix = positionals.length > 1 ? `${basename(resolve(positionals[index] ?? ''))}-` : ''
      const left = values['by-source'] ? 'the case’s source' : 'the case'
      const how = leaveOutCases ? `weights and threshold refitted without ${left}` : 'committed weights'
      process.stdout.write(`${positionals[index]}: ${set.cases.length} cases, ${how}\n`)
      const weights = leaveOutCases ? leaveOut(set.cases, values['by-source'] ? sourceOf : undefined) : undefined
      writeSet(join(folder, 'plain'), prefix, set, set.cases, weights)
      if (times === undefined) continue
      writeSet(join(folder, LONG.unrelated), prefix, set, lengthen(set.cases, times, true), weights)
      writeSet(join(folder, LONG.any), prefix, set, lengthen(set.cases, times, false), weights)
    }
    const speed = millisecondsPerTenKilobytes(sets.flatMap((set) => set.cases))
    process.stdout.write(`${speed.toFixed(1)} ms per 10 KB of trace\n`)
    for (const name of times === undefined ? ['plain'] : ['plain', LONG.unrelated, LONG.any]) {
      if (name !== 'plain') process.stdout.write(`\n${times} times as long, ${name}\n`)
      const flags = values.json ? ['--json'] : []
      const parts = [join(folder, name, 'gold'), join(folder, name, 'predicted')]
      process.stdout.write(execFileSync(process.execPath, [scorer, ...parts, ...flags], { encoding: 'utf8' }))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes judgement and prediction of each case in the scorer's layout; `cases` are those of `set`, maybe lengthened. */
function writeSet(
  folder: string,
  prefix: string,
  set: CaseSet,
  cases: readonly JudgedCase[],
  weights: ReadonlyMap<JudgedCase, AlignWeights> | undefined,
): void {
  for (const [position, judgedCase] of cases.entries()) {
    const name = `${prefix}${judgedCase.name}`
    const gold = join(folder, 'gold', name)
    mkdirSync(gold, { recursive: true })
    mkdirSync(join(folder, 'predicted'), { recursive: true })
    writeFileSync(join(gold, 'alignment.json'), JSON.stringify(judgedCase.judged))
    writeFileSync(join(gold, 'reply.json'), JSON.stringify({ model: judgedCase.model }))
    const aligned = alignTrace(judgedCase.input, weights?.get(set.cases[position] as JudgedCase))
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
