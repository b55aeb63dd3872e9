import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAsExpected, type Expectation, type FormatRow } from './expectations.ts'

/**
 * `npm run measure:formats -- DIR [--json]`: reads every file of a folder's MANIFEST.json and says whether that came
 * out of it which the manifest expects. Exit code 1 where one did not.
 */
const args = process.argv.slice(2)
const folder = args.find((arg) => !arg.startsWith('--'))
if (folder === undefined) {
  process.stderr.write('Usage: npm run measure:formats -- DIR [--json]\nDIR holds files and a MANIFEST.json.\n')
  process.exit(2)
}
const manifest = JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8')) as Expectation[]
const rows: FormatRow[] = []
for (const { file, expect } of manifest)
  rows.push(await readAsExpected({ file, expect }, readFileSync(join(folder, file))))

const asExpected = rows.filter((row) => row.ok).length
if (args.includes('--json'))
  process.stdout.write(`${JSON.stringify({ files: rows.length, asExpected, rows }, null, 2)}\n`)
else {
  const width = Math.max(...rows.map((row) => row.file.length))
  for (const { file, expect, got, ok, detail, milliseconds, peak } of rows)
    process.stdout.write(
      `${ok ? 'ok ' : 'NOT'} ${file.padEnd(width)}  ${expect.slice(0, 24).padEnd(24)}  ${got.padEnd(17)} ${String(milliseconds).padStart(6)} ms ${String(Math.round(peak / 1e6)).padStart(5)} MB  ${detail.slice(0, 120)}\n`,
    )
  process.stdout.write(`${asExpected} of ${rows.length} as expected\n`)
}
process.exitCode = asExpected === rows.length ? 0 : 1
