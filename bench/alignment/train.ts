// Fits the weights of the alignment on judged cases and writes src/extract/align/weights.json.
//   node bench/alignment/train.ts ../shared/contract/cases
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadCases } from './cases.ts'
import { fitWeights, prepareLesson } from './fit.ts'

const [directory] = process.argv.slice(2)
if (directory === undefined) {
  process.stderr.write('usage: node bench/alignment/train.ts DIR   (a folder of judged cases)\n')
  process.exit(2)
}
const { cases } = loadCases(directory)
const weights = fitWeights(cases.map(prepareLesson))
const rounded = JSON.stringify(
  weights,
  (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(3)) : value),
  2,
)
const target = fileURLToPath(new URL('../../src/extract/align/weights.json', import.meta.url))
writeFileSync(target, `${rounded}\n`)
const count = Object.values(weights).reduce((sum, part) => sum + Object.keys(part).length, 0)
process.stdout.write(`${count} weights from ${cases.length} cases written to src/extract/align/weights.json\n`)
