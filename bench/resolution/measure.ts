// Measures which names are taken for one thing, on data that says which are.
//   npm run measure:resolution -- ../shared/data
//   npm run measure:resolution -- ../shared/data --wrong
// DIR holds entity-resolution/ and relations/redocred/, or is the former; the sample and recorded replies in DIR/../sample and
// DIR/../contract/cases. What is not there is
// skipped, aloud; where nothing is there, exit code 1. --wrong prints each automatic join that the annotators do not have, with its text, to be read: their
// clusters miss many. Exit code 1 where a target is missed.
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Half, type HalfResult, type Judged, measureAcross, measureWithin, readRows } from './redocred.ts'
import { measureProduct } from './product.ts'
import { compareYields, readCases, readSample, type SaidPair, type Yield } from './recorded.ts'
import { measureSample } from './sample.ts'
import { percent, precision, recall } from './scores.ts'
import { measureFebrl, measureMisheard, measureNicknames, measureSites } from './tables.ts'

const USAGE =
  'Usage: npm run measure:resolution -- DIR [--wrong]\nDIR holds entity-resolution/ and relations/redocred/, or is the former.\n'
const OWN_SAMPLE = new URL('../../fixtures/sample', import.meta.url).pathname
const TEXT_AROUND = 70
const MOST_FOR_A_TRUE_ONE = 2.7
const HALVES = ['seen', 'held-out'] as const

const say = (line: string): void => void process.stdout.write(`${line}\n`)
let missed = 0

function target(what: string, value: number, least: number): void {
  tell(value >= least, `${what}: ${percent(value)}, wanted ${percent(least)}`)
}

function tell(isMet: boolean, what: string): void {
  if (!isMet) missed += 1
  say(`  ${isMet ? 'met   ' : 'MISSED'} ${what}`)
}

/** Of all documents, and beside that of each half by itself: the rules were written looking at one. */
function targetOfAll(what: string, result: Record<Half, HalfResult>, { of, isMet, shown, wanted }: Target): void {
  const all = of(HALVES.map((half) => result[half]))
  const each = HALVES.map((half) => {
    const own = of([result[half]])
    return `${half} ${shown(own)}${isMet(own) ? '' : ', which misses it by itself'}`
  })
  tell(isMet(all), `${what}: ${shown(all)} of all, wanted ${wanted}; ${each.join('; ')}`)
}

interface Target {
  readonly of: (halves: readonly HalfResult[]) => number
  readonly isMet: (value: number) => boolean
  readonly shown: (value: number) => string
  readonly wanted: string
}

function atLeast(least: number, of: Target['of']): Target {
  return { of, isMet: (value) => value >= least, shown: percent, wanted: percent(least) }
}

const sumOf = (halves: readonly HalfResult[], one: (half: HalfResult) => number): number =>
  halves.reduce((sum, half) => sum + one(half), 0)
const shareRight =
  (verdict: 'join' | 'propose'): Target['of'] =>
  (halves) =>
    sumOf(halves, ({ judged }) => counted(judged, verdict).right) /
    sumOf(halves, ({ judged }) => counted(judged, verdict).all)
const shareFound: Target['of'] = (halves) => sumOf(halves, ({ found }) => found) / sumOf(halves, ({ pairs }) => pairs)
/** How many are asked about for one that is right. */
const FEW_PROPOSALS: Target = {
  of: (halves) => 1 / shareRight('propose')(halves),
  isMet: (value) => value <= MOST_FOR_A_TRUE_ONE,
  shown: (value) => value.toFixed(2),
  wanted: `at most ${MOST_FOR_A_TRUE_ONE}`,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { wrong: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
})
const [given] = positionals
if (given === undefined || values.help) {
  ;(values.help ? process.stdout : process.stderr).write(USAGE)
  process.exit(values.help ? 0 : 2)
}
// Both are named as the place of the data.
const folder = basename(resolve(given)) === 'entity-resolution' ? dirname(resolve(given)) : given
const files = {
  redocred: join(folder, 'relations/redocred/dev.jsonl'),
  misheard: join(folder, 'entity-resolution/asr-variants.jsonl'),
  febrl: join(folder, 'entity-resolution/febrl/dataset1.csv'),
  sites: join(folder, 'entity-resolution/early-childhood-sites/input_with_true_ids.csv'),
  nicknames: join(folder, 'entity-resolution/nicknames/names.csv'),
  sample: join(folder, '../sample/gold.json'),
  cases: join(folder, '../contract/cases'),
}

if (!Object.values(files).some((path) => existsSync(path))) {
  process.stderr.write(`Nothing was measured: ${given} holds none of the data.\n${USAGE}`)
  process.exit(1)
}

const isThere = (path: string): boolean => {
  if (!existsSync(path)) say(`\nSKIPPED: ${path} is not there`)
  return existsSync(path)
}

if (isThere(files.redocred)) {
  const rows = readRows(files.redocred)
  say(`\nWithin documents: ${rows.length} documents of Re-DocRED, every name a thing of its own`)
  const within = measureWithin(rows)
  reportHalves(within)
  for (const half of HALVES) {
    const { precision: right, recall: whole } = within[half].bCubed
    say(`  ${half}: B-cubed of automatic joins: precision ${percent(right)}, recall ${percent(whole)}`)
  }
  targetOfAll('automatic joins that the annotators have too', within, atLeast(0.78, shareRight('join')))
  targetOfAll('pairs found by joins and proposals', within, atLeast(0.65, shareFound))
  targetOfAll('proposals for a true one', within, FEW_PROPOSALS)
  if (values.wrong) printWrong(within)
  say('\nAcross documents: each further name, alone, against the main names of all documents')
  const across = await measureAcross(rows)
  reportHalves(across)
  targetOfAll('names found by joins and proposals', across, atLeast(0.6, shareFound))
  if (values.wrong) printWrong(across)
}
if (isThere(files.misheard)) {
  const { all, first, amongFive } = measureMisheard(files.misheard)
  say(`\nMisheard names: ${all} against a glossary`)
  target('the right one first', first, 0.78)
  target('the right one among five', amongFive, 0.95)
}
if (isThere(files.febrl)) {
  const { joined } = measureFebrl(files.febrl)
  say(`\nRecords of persons (febrl): ${joined.all} pairs`)
  target('precision of joins', precision(joined), 0.995)
  target('recall of joins', recall(joined), 0.99)
}
if (isThere(files.sites)) {
  const { joined, found } = measureSites(files.sites)
  say(`\nRecords of sites (early childhood): ${joined.all} pairs, no target`)
  say(`  joins: precision ${percent(precision(joined))}, recall ${percent(recall(joined))}`)
  say(`  with proposals: precision ${percent(precision(found))}, recall ${percent(recall(found))}`)
}
if (isThere(files.nicknames)) {
  const { all, known } = measureNicknames(files.nicknames)
  say(`\nNicknames: our own table knows ${known} of ${all} pairs (${percent(known / all)}), no target`)
}
if (isThere(files.sample)) {
  const sample = await measureSample(join(folder, '../sample'))
  say(`\nThe sample: ${sample.pairs} pairs of names of one thing in its files`)
  say(`  joined ${sample.joined}, proposed ${sample.proposed} more; ${sample.proposals} proposals in all`)
  say(`  neither: ${sample.missed.join('; ') || 'none'}`)
  say(`  joined wrongly: ${sample.wrongJoins.join('; ') || 'none'}`)
  target('pairs to be kept apart that are', sample.distinctJoined.length === 0 ? 1 : 0, 1)
}
const { joined, asked, distinctJoined } = await measureProduct(OWN_SAMPLE)
say(`\nThe sample through the product, with its recorded replies, which bring many aliases themselves`)
say(`  joined: ${joined.right.length} right (${joined.right.join('; ')})`)
say(`  asked about: ${asked.right.length} right of ${asked.right.length + asked.wrong.length}`)
say(`  wrong: ${[...joined.wrong.map((pair) => `joined ${pair}`), ...asked.wrong].join('; ') || 'none'}`)
target('joins that are right', joined.right.length / (joined.right.length + joined.wrong.length), 1)
target('pairs to be kept apart that are', distinctJoined.length === 0 ? 1 : 0, 1)
if (isThere(files.cases))
  reportRecorded(
    'the cases beside the contract; shares are of the pairs that either takes for one, as nobody knows the others',
    readCases(files.cases),
  )
if (isThere(files.sample)) reportRecorded('the sample, by its gold', readSample(join(folder, '../sample')))
say(
  '\n  Not shown: no recorded reply was asked about a pair. These say in passing which names one entity has, within one',
)
say(
  '  text. What an engine that is asked with both sources gains, across documents too, waits for replies to that question.',
)
process.exitCode = missed > 0 ? 1 : 0

/** Rules alone, and with what models said of the same names in replies that were asked for links. */
function reportRecorded(what: string, said: ReadonlyMap<string, readonly SaidPair[]>): void {
  say(`\nRecorded replies: ${what}`)
  for (const [model, pairs] of said) {
    const { rules, withReplies, ones, unread } = compareYields(pairs)
    const line = ({ asked, askedRight, found, joinedWrong }: Yield): string => {
      const each = askedRight === 0 ? 'none right' : `${(asked / askedRight).toFixed(2)} for a true one`
      return `found ${found} of ${ones} (${percent(found / ones)}); ${askedRight} of ${asked} proposals right (${each}); ${joinedWrong} joins wrong`
    }
    say(`  ${model}${unread > 0 ? `, ${unread} pairs that nobody has read left out` : ''}`)
    say(`    rules alone:      ${line(rules)}`)
    say(`    with the replies: ${line(withReplies)}`)
    const proposed = pairs.filter(({ verdict, isOne }) => verdict === 'propose' && isOne !== null)
    const judged = (['one', 'two', 'silent'] as const).map((reply) => {
      const own = proposed.filter((pair) => pair.reply === reply)
      return `${own.filter(({ isOne }) => isOne).length} of ${own.length} right that they have as ${reply}`
    })
    say(`    of the rules' proposals ${judged.join(', ').replace('have as silent', 'do not name both of')}`)
    const claimed = pairs.filter(({ reply, isOne }) => reply === 'one' && isOne !== null)
    const right = claimed.filter(({ isOne }) => isOne).length
    const weighed = claimed.filter(({ isWeighed }) => isWeighed).length
    say(
      `    they have ${claimed.length} pairs as one, ${right} of them right; ${weighed} are named together in a sentence of the trace`,
    )
  }
}

function reportHalves(result: Record<Half, HalfResult>): void {
  for (const half of HALVES) {
    const { judged, pairs, found, things, foundThings } = result[half]
    const [joins, proposals] = [counted(judged, 'join'), counted(judged, 'propose')]
    say(`  ${half}: ${joins.right} of ${joins.all} joins right, ${proposals.right} of ${proposals.all} proposals;`)
    say(
      `    found ${found} of ${pairs} (${percent(found / pairs)}); times and numbers aside ${percent(foundThings / things)}`,
    )
    say(`    by rule: ${byRule(judged)}`)
  }
}

function byRule(judged: readonly Judged[]): string {
  const rules = Map.groupBy(
    judged.filter(({ judgement }) => judgement.verdict !== null),
    ({ judgement }) => `${judgement.verdict} ${judgement.rule}`,
  )
  const rows = [...rules].map(([rule, all]) => `${rule} ${all.filter(({ right }) => right).length}/${all.length}`)
  return rows.toSorted().join(', ')
}

function counted(judged: readonly Judged[], verdict: string): { right: number; all: number } {
  const chosen = judged.filter(({ judgement }) => judgement.verdict === verdict)
  return { right: chosen.filter(({ right }) => right).length, all: chosen.length }
}

function printWrong(result: Record<Half, HalfResult>): void {
  const judged = HALVES.flatMap((half) => result[half].judged)
  const wrong = judged.filter(({ judgement, right }) => judgement.verdict === 'join' && !right)
  say(`\n${wrong.length} automatic joins that the annotators do not have:`)
  for (const { document, text, judgement } of wrong) {
    say(`${document} ${judgement.rule}: ${judgement.forms.join(' = ')}`)
    for (const name of judgement.forms.toSorted((x, y) => y.length - x.length)) {
      const at = text.indexOf(name)
      if (at < 0) continue // of another document
      const last = text.lastIndexOf(name)
      for (const start of at === last ? [at] : [at, last])
        say(
          `    … ${text.slice(Math.max(0, start - TEXT_AROUND), start + name.length + TEXT_AROUND).replaceAll('\n', ' ')}`,
        )
    }
  }
}
