import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../whygraph.ts'

const run = promisify(execFile)

/** An installation that takes longer is given up: the tests are skipped then. */
const MOST_MILLISECONDS = 180_000

/**
 * A Python with some packages in `.cache`, made once for a checkout; null, said aloud, where there is no Python or no
 * registry.
 */
export async function bringPython(packages: readonly string[]): Promise<string | null> {
  const name = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 8)
  const folder = join(ROOT, '.cache', `python-${name}`)
  const python = join(folder, 'bin', 'python')
  const marker = join(folder, 'complete')
  if (existsSync(marker)) return python
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(join(ROOT, '.cache'), { recursive: true })
    const timeout = { timeout: MOST_MILLISECONDS }
    await run('python3', ['-m', 'venv', folder], timeout)
    const patience = ['--retries', '1', '--timeout', '15', '--disable-pip-version-check']
    // What is read once need not be compiled for the next time.
    const quick = ['--quiet', '--no-compile', '--only-binary=:all:']
    await run(python, ['-m', 'pip', 'install', ...patience, ...quick, ...packages], timeout)
    await writeFile(marker, packages.join('\n'))
    return python
  } catch (error) {
    process.stderr.write(`No Python with ${packages.join(', ')}: ${String(error).split('\n')[0]}\n`)
    return null
  }
}
