// Measures which names are taken for one thing, on data that says which are.
//   npm run measure:resolution -- ../shared/data
//   npm run measure:resolution -- ../shared/data --wrong
// DIR holds entity-resolution/ and relations/redocred/, or is the former; the sample and recorded replies in DIR/../sample and
// DIR/../contract/cases. What is not there is skipped, aloud; where nothing is there, exit code 1. A table at the end has
// every result beside its target; exit code 1 where one is missed.
// The annotators' clusters miss many: each automatic join that they do not have was read, see joins-judged.json. --wrong
// prints these joins with their verdicts, keys and texts, so that they can be read again.
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readVerdicts } from './joins-judged.ts'
import { measureProduct } from './product.ts'
import { compareYields, readCases, readSample, type SaidPair, type Yield } from './recorded.ts'
import { reportRedocred } from './report-redocred.ts'
import { atLeast, atMost, NONE, openResults, renderClusterings, untargeted } from './results.ts'
import { measureSample } from './sample.ts'
import { percent, precision, recall } from './scores.ts'
import { measureFebrl, measureMisheard, measureNicknames, measureSites } from './tables.ts'

const USAGE =
  'Usage: npm run measure:resolution -- DIR [--wrong]\nDIR holds entity-resolution/ and relations/redocred/, or is the former.\n'
const OWN_SAMPLE = new URL('../../fixtures/sample', import.meta.url).pathname

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const results = openResults(say)

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

if (isThere(files.redocred)) await reportRedocred(files.redocred, readVerdicts(), values.wrong, say, results)
if (isThere(files.misheard)) {
  const { all, first, amongFive } = measureMisheard(files.misheard)
  say(`\nMisheard names: ${all} against a glossary`)
  results.tell('misheard', 'the right one first', atLeast(0.78), first)
  results.tell('misheard', 'the right one among five', atLeast(0.95), amongFive)
}
if (isThere(files.febrl)) {
  const { joined } = measureFebrl(files.febrl)
  say(`\nRecords of persons (febrl): ${joined.all} pairs`)
  results.tell('febrl', 'precision of joins', atLeast(0.995), precision(joined))
  results.tell('febrl', 'recall of joins', atLeast(0.99), recall(joined))
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
  say(
    `  joined ${sample.joined}, proposed ${sample.proposed} more; ${sample.proposals} proposals in all, ${sample.rightProposals} of them right`,
  )
  say(`  neither: ${sample.missed.join('; ') || 'none'}`)
  say(`  joined wrongly: ${sample.wrongJoins.join('; ') || 'none'}`)
  say('  names in files, without those that two things of a file go by:')
  say(renderClusterings({ all: sample.clusterings }))
  results.tell('sample', 'proposals for a true one', untargeted(atMost(2.7)), sample.proposals / sample.rightProposals)
  results.tell('sample', '`distinct` pairs joined', NONE, sample.distinctJoined.length)
}
const { joined, asked, distinctJoined } = await measureProduct(OWN_SAMPLE)
say(`\nThe sample through the product, with its recorded replies, which bring many aliases themselves`)
say(`  joined: ${joined.right.length} right (${joined.right.join('; ')})`)
say(`  asked about: ${asked.right.length} right of ${asked.right.length + asked.wrong.length}`)
say(`  wrong: ${[...joined.wrong.map((pair) => `joined ${pair}`), ...asked.wrong].join('; ') || 'none'}`)
const rightJoins = joined.right.length / (joined.right.length + joined.wrong.length)
results.tell('sample, through the product', 'joins that are right', atLeast(1), rightJoins)
results.tell('sample, through the product', '`distinct` pairs joined', NONE, distinctJoined.length)
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
say(`\nResults\n${results.table()}`)
process.exitCode = results.missed() > 0 ? 1 : 0

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
