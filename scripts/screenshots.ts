/**
 * `npm run screenshots`: ingests the sample, opens the reviewer's desk over it, and writes what a terminal of 80 columns shows
 * into README.md and docs/reviewing.md, between the markers that name each screen; with `--check` it only says whether they are current (exit 1:
 * they are not).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sitDown } from '../src/desk/desk.ts'
import type { Frame, FrontEvents } from '../src/desk/front.ts'
import { layOut } from '../src/desk/screen.ts'
import { derivation } from '../src/resolve/derivation.ts'
import { openLocalDatabase } from '../src/store/local.ts'
import { Store } from '../src/store/store.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGES = ['README.md', 'docs/reviewing.md'].map((page) => join(ROOT, page))
const COLUMNS = 80

/** By name: the keys that lead from the screen before to this one. */
const SCREENS: readonly { readonly name: string; readonly keys: readonly string[] }[] = [
  { name: 'card', keys: [] },
  { name: 'decided', keys: ['a'] },
  { name: 'help', keys: ['?'] },
]

async function takeAll(store: Store): Promise<Map<string, string>> {
  const taken = new Map<string, string>()
  const left = [...SCREENS]
  let events: FrontEvents | null = null
  const draw = (frame: Frame): number => {
    if (frame.busy) return frame.top
    const screen = left.shift()
    if (screen === undefined) return frame.top
    // As high as it needs to be.
    const { rows } = layOut(frame, COLUMNS, frame.lines.length + 2)
    taken.set(screen.name, rows.map((row) => row.trimEnd()).join('\n'))
    const next = left[0]
    setImmediate(() => events?.onKeys(next?.keys ?? ['q']))
    return frame.top
  }
  await sitDown({
    store,
    order: 'entity',
    reviewer: 'rita',
    openFront: (given) => {
      events = given
      return { width: COLUMNS, draw, close: () => {} }
    },
    follow: async () => '',
    now: () => new Date(),
    // None is drawn by chance.
    random: () => 0.5,
    signal: new AbortController().signal,
  })
  return taken
}

const folder = mkdtempSync(join(tmpdir(), 'whygraph-screenshots-'))
try {
  const cli = [join(ROOT, 'src/cli.ts'), 'ingest', '--job', 'fixtures/sample/job.yaml', '--store', folder]
  execFileSync(process.execPath, cli, { cwd: ROOT, stdio: 'ignore' })
  const store = new Store(await openLocalDatabase(folder), derivation)
  const taken = await takeAll(store).finally(() => store.close())
  const drawn = PAGES.map((path) => {
    const page = readFileSync(path, 'utf8')
    const fresh = page.replaceAll(
      /(<!-- screen (\w+) -->\n)[^]*?(<!-- end -->)/g,
      (_, begin: string, name: string, end: string) => `${begin}\n\`\`\`\n${taken.get(name) ?? ''}\n\`\`\`\n\n${end}`,
    )
    return { path, page, fresh }
  })
  const isCurrent = drawn.every(({ page, fresh }) => page === fresh)
  if (process.argv.includes('--check')) {
    process.stdout.write(
      isCurrent ? 'the screens in README.md and docs/ are current\n' : "not current: 'npm run screenshots'\n",
    )
    process.exitCode = isCurrent ? 0 : 1
  } else for (const { path, fresh } of drawn) writeFileSync(path, fresh)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
