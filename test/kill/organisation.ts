import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../whygraph.ts'

const SAMPLE = join(ROOT, 'fixtures/sample/repository')
/** Files of a real organisation, beside the project; those that are read in a moment. */
const ORGANISATION = join(ROOT, '../shared/data/organisation')
const LARGEST = 5_000

/**
 * Writes an organisation's documents into a folder: the sample repository so many times, each copy in other words, but
 * the second, whose requests are the first one's; and, if wished, files of a real organisation where they are at hand.
 * Returns how many files there are.
 */
export function writeOrganisation(folder: string, copies: number, withReal: boolean): number {
  for (let copy = 0; copy < copies; copy++) writeCopy(join(folder, `sample-${copy}`), copy === 1 ? 0 : copy)
  if (withReal && existsSync(ORGANISATION)) writeReal(join(folder, 'real'))
  return filesIn(folder).length
}

/** Words that stand in speech and prose, and in no time code, tag or table of the sample. */
function writeCopy(folder: string, copy: number): void {
  for (const name of filesIn(SAMPLE)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    const text = readFileSync(join(SAMPLE, name), 'utf8')
    writeFileSync(path, copy === 0 ? text : text.replaceAll(/\b(the|we|is|to)\b/g, `$1 no. ${copy}`))
  }
}

function writeReal(folder: string): void {
  for (const name of filesIn(ORGANISATION))
    if (statSync(join(ORGANISATION, name)).size <= LARGEST) cpSync(join(ORGANISATION, name), join(folder, name))
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => statSync(join(folder, name)).isFile()).toSorted()
}
