import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import stringWidth from 'string-width'
import { beforeAll, describe, expect, it } from 'vitest'
import { runHere } from '../run-here.ts'
import { parseJson, ROOT, whygraph } from '../whygraph.ts'
import { deskLine, HAS_TMUX, useDesks } from './tmux.ts'

const KEYS = 'a accept  x reject'
const { folder, open, sit } = useDesks()
let stores = 0

beforeAll(async () => {
  await runHere(['ingest', '--job', 'fixtures/sample/job.yaml', '--store', join(folder(), 'sample')])
}, 120_000)

/** A store of its own with the sample in it, as it was ingested. */
function sample(): string {
  const store = join(folder(), `store-${++stores}`)
  cpSync(join(folder(), 'sample'), store, { recursive: true })
  return store
}

const reviewed = async (store: string): Promise<{ verdict: string; reason: string | null; note: string | null }[]> =>
  parseJson<{ decisions: [] }>(await runHere(['review', 'log', '--json', '--store', store], { cwd: folder() }))
    .decisions

describe('the desk without a terminal', () => {
  it.each([[[]], [['--plain']]])('says which commands scripts use, and prints nothing to a pipe: %j', async (flags) => {
    const { code, stdout, stderr } = await whygraph(['review', ...flags], { cwd: folder(), input: 'a\n' })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('whygraph review next --json')
    expect(stderr).not.toContain('\x1b')
  })
})

describe('the screens of README.md and docs/', () => {
  it('are what the desk shows', { timeout: 60_000 }, () => {
    const shown = execFileSync(process.execPath, ['scripts/screenshots.ts', '--check'], { cwd: ROOT, encoding: 'utf8' })
    expect(shown).toBe('the screens in README.md and docs/ are current\n')
  })
})

describe('keys in whygraph.yaml', () => {
  it.each([
    ['accept: x', 'review.keys.accept (FILE, line 3) takes x, which is the key of reject'],
    ['skip: 2', 'review.keys.skip (FILE, line 3) must be text'],
    ["skip: '2'", 'review.keys.skip (FILE, line 3) takes 2, which rejects: wrong type'],
    ['skip: F5', 'review.keys.skip (FILE, line 3) must be one character'],
    ['acept: j', 'Unrecognized key: "acept"'],
  ])('are refused where they clash: %s', async (line, expected) => {
    const file = join(mkdtempSync(join(folder(), 'keys-')), 'whygraph.yaml')
    writeFileSync(file, `review:\n  keys:\n    ${line}\n`)
    const { code, stderr } = await runHere(['review', 'list'], { cwd: dirname(file) })
    expect(code).toBe(2)
    expect(stderr).toContain(expected.replace('FILE', file))
  })
})

describe.skipIf(!HAS_TMUX)('the desk on a terminal', { timeout: 120_000 }, () => {
  it('shows the card of README.md', async () => {
    const { sees } = sit(sample())
    const shown = (await sees(KEYS)).split('\n')
    const page = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const [, card = ''] = /<!-- screen card -->\n\n```\n([^]*?)\n[^\n]*\n[^\n]*\n```/.exec(page) ?? []
    expect(card.split('\n').length).toBeGreaterThan(10)
    expect(shown.slice(0, card.trimEnd().split('\n').length).join('\n')).toBe(card.trimEnd())
  })

  it('decides with one key, with a reason and a note, undoes and does again, and leaves the terminal as it was', async () => {
    const store = sample()
    const { press, enter, sees, bytes } = sit(store)
    await sees(/ 1\/108 [^]*a accept/)
    press('a')
    await sees(/ 2\/108 [^]*accepted {2}saved ✓/)
    press('n')
    await sees('note:')
    enter('seen it')
    await sees('NOTE OF YOURS  seen it')
    press('5')
    await sees(/ 3\/108 [^]*rejected: not in the quote {2}saved ✓/)
    press('u')
    expect(await sees('taken back  saved ✓')).toMatch(/^ 2\/108 /)
    press('U')
    expect(await sees(/rejected again: .* ──\w+──▶ .* {2}saved ✓/)).toMatch(/^ 2\/108 /)
    press('q')
    await sees(/2 decided, 0 skipped/)
    press('stty -a | grep -o ".icanon"', 'Enter')
    expect(await sees(/[ -]icanon\n/)).not.toContain('-icanon')
    expect((await reviewed(store)).map(({ verdict, reason, note }) => [verdict, reason, note])).toEqual([
      ['undo', null, null],
      ['undo', null, null],
      ['reject', 'not in the quote', 'seen it'],
      ['accept', null, null],
    ])
    expect(bytes()).toContain('\x1b[?1049l')
    expect(bytes()).not.toMatch(/\x1b\[[0-9;]*m/) // no colour
  })

  it('takes keys of your own, in the order and with the filter that are asked for', async () => {
    const store = sample()
    writeFileSync(join(folder(), 'keys.yaml'), 'review: { keys: { accept: j, reject: k, context: a } }\n')
    const { press, enter, sees } = sit(store, { flags: `--order uncertain --config '${join(folder(), 'keys.yaml')}'` })
    await sees(/ 1\/108 · uncertain[^]*j accept {2}k reject/)
    press('/')
    await sees('filter: ')
    enter('type=LEADS')
    await sees(/ 1\/\d+ · type=LEADS · uncertain\n.*──LEADS──▶/)
    press('x')
    press('j')
    await sees(/ 2\/\d+ · type=LEADS · [^]*accepted {2}saved ✓/)
    press('?')
    await sees(/j {2}accept +k {2}reject/)
    press('q')
    const [line = ''] = /To go on: .*/.exec(await sees(/1 decided, 0 skipped; what is left waits/)) ?? []
    expect(line).toBe("To go on: whygraph review --order uncertain --where 'type=LEADS'")
    // The same line shows the same links again.
    press('clear', 'Enter')
    press(deskLine(store, line.slice(line.indexOf('--order')), ''), 'Enter')
    await sees(/ 1\/\d+ · type=LEADS · uncertain\n.*──LEADS──▶/)
    press('q')
    await sees('0 decided, 0 skipped')
  })

  it('takes a key that is held down, and what is pasted, for one decision', async () => {
    const store = sample()
    const { press, sees } = sit(store)
    await sees(KEYS)
    press('a', 'a', 'a', 'a')
    await sees(/ 2\/108 [^]*accepted {2}saved ✓ {2}a (came before|is held)/)
    press('-l', 'xxaaxs')
    await sees(/ 3\/108 [^]*rejected {2}saved ✓ {2}x, a, s came before/)
    press('q')
    await sees('2 decided, 0 skipped')
    expect((await reviewed(store)).map(({ verdict }) => verdict)).toEqual(['reject', 'accept'])
  })

  it('shows what somebody else decided meanwhile, and writes nothing over it', async () => {
    const store = sample()
    const { press, sees } = sit(store)
    const [, id = ''] = / id (\w+)/.exec(await sees(KEYS)) ?? []
    await runHere(['review', 'reject', id, '--reviewer', 'tom', '--store', store], { cwd: folder() })
    press('a')
    const shown = await sees('not saved: tom chose reject meanwhile, you accept')
    expect(shown).toContain(id)
    expect(shown).toMatch(/DECISION .* tom: reject/)
    expect((await reviewed(store)).map(({ verdict }) => verdict)).toEqual(['reject'])
    press('a')
    await sees('accepted  saved ✓')
    expect((await reviewed(store)).map(({ verdict }) => verdict)).toEqual(['accept', 'reject'])
  })

  it('draws anew when the terminal is resized', async () => {
    const { sees, resize } = sit(sample())
    await sees(KEYS)
    for (const [columns, rows] of [
      [60, 20],
      [200, 60],
      [80, 24],
    ] as const) {
      resize(columns, rows)
      // What tmux shows before it is drawn anew has the keys elsewhere.
      const row = new RegExp(`^(?= 1/108 )(?=(?:.*\\n){${rows - 1}} a accept  x reject)[^]*»Vennersby Energy`)
      const lines = (await sees(row)).trimEnd().split('\n')
      expect(lines).toHaveLength(rows)
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns)
    }
  })

  it.each([
    [60, 20],
    [200, 60],
  ])('has room in a terminal of %i by %i, without colour', async (columns, rows) => {
    const { sees, bytes } = sit(sample(), { columns, rows, variables: 'NO_COLOR=1' })
    const lines = (await sees(new RegExp(`^(?= 1/108 )(?=(?:.*\\n){${rows - 1}} a accept)`))).trimEnd().split('\n')
    expect(lines).toHaveLength(rows)
    expect(lines.join('\n')).toMatch(/»Vennersby Energy[^«]*«/)
    expect(bytes()).not.toMatch(/\x1b\[[0-9;]*m/)
  })

  it('gives the terminal back when it is told to end', async () => {
    const { press, sees } = open()
    writeFileSync(join(folder(), 'desk.sh'), `echo $$ > pid; exec env ${deskLine(sample())}\n`)
    press('sh desk.sh', 'Enter')
    await sees(KEYS)
    process.kill(Number(readFileSync(join(folder(), 'pid'), 'utf8')), 'SIGTERM')
    await sees('0 decided, 0 skipped')
    press('stty -a | grep -o ".icanon"', 'Enter')
    expect(await sees(/[ -]icanon\n/)).not.toContain('-icanon')
  })

  it.each([
    ['--plain', ''],
    ['', 'TERM=dumb'],
  ])('goes line by line without an escape byte: %s %s', async (flags, variables) => {
    const store = sample()
    const { press, sees, bytes } = sit(store, { rows: 50, flags, variables })
    await sees(/ 1\/108 [^]*a accept/)
    press('z', 'Enter')
    await sees(/z is no key here: \? lists them/)
    press('a', 'Enter')
    await sees(/accepted {2}saved ✓[^]* 2\/108 /)
    press('q', 'Enter')
    await sees('1 decided, 0 skipped')
    const printed = bytes()
    expect(printed.slice(printed.indexOf(' 1/108'), printed.indexOf('1 decided'))).not.toContain('\x1b')
    expect((await reviewed(store)).map(({ verdict }) => verdict)).toEqual(['accept'])
  })

  it('lets no byte of a document act on the terminal, and follows an ingest', async () => {
    const store = join(folder(), 'hostile')
    const ingest = async (name: string, text: string): Promise<void> => {
      writeFileSync(join(folder(), name), text)
      await runHere(['ingest', name, '--store', store], { cwd: folder() })
    }
    await ingest('empty.md', 'Nothing.\n')
    const { sees, bytes } = sit(store)
    await sees('Nothing waits for a person now')
    await ingest('note.md', 'Ana Ruiz leads the Billing Team\u202e\u0007\u001b[31m\u001b]0;owned\u0007.\n')
    const shown = await sees('──LEADS──▶')
    expect(shown).toContain('‹U+202E›')
    expect(bytes()).not.toMatch(/\x1b\[31m|\x1b\]0;owned|\u202e/)
  })
})
