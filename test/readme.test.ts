import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLI, ROOT } from './whygraph.ts'

const run = promisify(execFile)
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
let folder: string
/** Pasted as it is, but in a folder of its own that has nothing but the fixtures in it. */
const shell = async (command: string): Promise<string> => {
  const there = command.replace('npm run', `npm --prefix '${ROOT}' run`)
  // npm has told us where it was called itself.
  const { stdout } = await run('sh', ['-c', there], { cwd: folder, env: { ...process.env, INIT_CWD: folder } })
  return stdout
}
/** The same without npm, which takes as long to start as most commands to run. */
const shellAlone = (command: string): Promise<string> =>
  shell(command.replace('npm run -s whygraph --', `'${process.execPath}' '${CLI}'`))

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-readme-'))
  symlinkSync(join(ROOT, 'fixtures'), join(folder, 'fixtures'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Of `docs/`, in the order of the README's list. */
const pages = [...readme.matchAll(/\]\((docs\/[a-z]+\.md)\): /g)].map(([, path]) => path as string)

/** Lines of the shell blocks that run whygraph, in order, in the README and then in the pages. */
const commands = [readme, ...pages.map((path) => readFileSync(join(ROOT, path), 'utf8'))]
  .flatMap((text) => [...text.matchAll(/```sh\n([^`]*)```/g)])
  .flatMap((block) => (block[1] as string).split('\n'))
  .filter((line) => line.startsWith('npm run -s whygraph'))

/** What headings are linked to by, as GitHub makes it. */
function headings(text: string): Set<string> {
  const titles = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title as string)
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9_ -]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('README.md', { timeout: 300_000 }, () => {
  it('names the commands of the tool, and all pages', () => {
    expect(commands.length).toBeGreaterThan(20)
    expect(pages.toSorted()).toEqual(
      readdirSync(join(ROOT, 'docs'))
        .map((name) => `docs/${name}`)
        .toSorted(),
    )
  })

  it('and its pages lead nowhere wrong', () => {
    const texts = ['README.md', 'CONTRIBUTING.md', 'cypher/README.md', ...pages]
    const anchors = new Map(texts.map((path) => [path, headings(readFileSync(join(ROOT, path), 'utf8'))]))
    const wrong = texts.flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)].flatMap(
        ([shown, file = '', anchor]) => {
          const target = file === '' ? path : relative(ROOT, join(ROOT, dirname(path), file))
          const isThere = existsSync(join(ROOT, target)) && (anchor === undefined || anchors.get(target)?.has(anchor))
          return isThere === true ? [] : [`${path}: ${shown}`]
        },
      ),
    )
    expect(wrong).toEqual([])
  })

  it('its commands work when pasted one after the other', async () => {
    for (const command of commands) expect(await shellAlone(command), command).not.toBe('')
  })

  it('shows what is really printed', async () => {
    const [, command, shown] = /```\n\$ (npm run -s whygraph -- show [^\n]*)\n([^`]*)```/.exec(readme) ?? []
    const printed = await shell((command as string).replace(/--store \S+/, '--store .whygraph'))
    const beginning = (shown as string).split('   …\n')[0] as string
    expect(beginning.length).toBeGreaterThan(400)
    expect(printed).toContain(beginning)
  })
})

describe('npm start', { timeout: 120_000 }, () => {
  it('shows a link in full, one that was held back, and commands that work when pasted', async () => {
    const { stdout: printed } = await run('npm', ['start'], {
      cwd: ROOT,
      env: { ...process.env, WHYGRAPH_STORE: join(folder, 'started') },
    })
    expect(printed).toMatch(/documents\s+10: 5 document, 3 transcript, 1 chat, 1 table/)
    expect(printed).toMatch(/EVIDENCE.* \d\d:\d\d:\d\d \S+.*exact/)
    expect(printed).toMatch(/TRACE {2}\d+ of \d+ steps, verbatim/)
    expect(printed).toMatch(/WHY \(written after the fact\)/)
    expect(printed).toMatch(/ held back, not in the graph: the source denies it · .*\n.* 1 against/)
    const next = printed.split('Next, for example:\n')[1] as string
    const pasted = next.split('\n').filter((line) => line.trim() !== '')
    expect(pasted).toHaveLength(3)
    for (const command of pasted) expect(await shell(command), command).not.toBe('')
  })
})
