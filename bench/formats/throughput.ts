import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { watch, type Watched } from '../watch.ts'

/**
 * `npm run bench:formats -- DIR… [--python PYTHON]`: how fast each format is read, and with how much memory; beside it,
 * in the same run on the same files, markitdown (where PYTHON has it) and, for PDF, pdftotext (where it is installed).
 * Every program reads the files of a format in one process, three times over, so that its start weighs little.
 */
const args = process.argv.slice(2)
const at = args.indexOf('--python')
const python = at < 0 ? 'python3' : (args[at + 1] ?? 'python3')
const folders = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1))
if (folders.length === 0) {
  process.stderr.write('Usage: npm run bench:formats -- DIR… [--python PYTHON]\n')
  process.exit(2)
}
const FORMATS = ['pdf', 'docx', 'pptx', 'xlsx', 'epub', 'html', 'csv', 'eml', 'md', 'txt', 'vtt', 'json']
const OFFICE = new Set(['pdf', 'docx', 'pptx', 'xlsx', 'epub', 'html', 'csv'])
const ROUNDS = 3
/** Bombs and locks say nothing about speed, and not every reader survives them. */
const HOSTILE = /bomb|laughs|protected|password|truncated|zero\.|named-as|traversal|-bad|scan|ocr_test|droste/i

process.stdout.write(
  'format  files     MB │ whygraph  MB/s   peak MB  read │ other       MB/s   peak MB  read │ whygraph/other\n',
)
for (const format of FORMATS) {
  const files = folders.flatMap((folder) => find(folder, format)).filter((path) => !HOSTILE.test(path))
  if (files.length === 0) continue
  const list = Array.from({ length: ROUNDS }, () => files).flat()
  const megabytes = (files.reduce((sum, path) => sum + statSync(path).size, 0) * ROUNDS) / 1e6
  const ours = await watch(process.execPath, [join(import.meta.dirname, 'read-files.ts'), ...list])
  const own = `${format.padEnd(6)} ${pad(files.length, 6)} ${pad(megabytes / ROUNDS, 6, 2)} │ ${' '.repeat(8)} ${told(ours, megabytes)}`
  const others: [name: string, run: Watched | null][] = []
  if (OFFICE.has(format))
    others.push([
      'markitdown',
      await orNull(watch(python, [join(import.meta.dirname, 'read_with_markitdown.py'), ...list])),
    ])
  if (format === 'pdf')
    others.push([
      'pdftotext',
      await orNull(
        watch('sh', ['-c', 'n=0; for f; do pdftotext "$f" - >/dev/null && n=$((n+1)); done; echo $n', 'sh', ...list]),
      ),
    ])
  if (others.length === 0) process.stdout.write(`${own} │\n`)
  for (const [name, run] of others)
    process.stdout.write(
      run === null || run.code !== 0 || run.stdout.trim() === '0'
        ? `${own} │ ${name}: not here\n`
        : `${own} │ ${name.padEnd(10)} ${told(run, megabytes)} │ ${pad(run.seconds / ours.seconds, 5, 2)} times as fast\n`,
    )
}

function find(folder: string, format: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith(`.${format}`))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

function told(run: Watched, megabytes: number): string {
  return `${pad(megabytes / run.seconds, 6, 2)} ${pad(run.peak ?? 0, 9)} ${pad(Number(run.stdout) / ROUNDS, 5)}`
}

function pad(number: number, width: number, digits = 0): string {
  return number.toFixed(digits).padStart(width)
}

async function orNull(run: Promise<Watched>): Promise<Watched | null> {
  return run.catch(() => null)
}
