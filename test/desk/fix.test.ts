import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseJson, whygraph } from '../whygraph.ts'
import { deskLine, HAS_TMUX, openTerminal, type TestTerminal } from './tmux.ts'

const TEXT = 'Ana Ruiz leads the Billing Team.\n\nTom Reed works at Acme Inc.\n'
let folder: string
let terminal: TestTerminal | null = null
let stores = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-desk-fix-'))
  writeFileSync(join(folder, 'note.md'), TEXT)
})
afterEach(() => {
  terminal?.close()
  terminal = null
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function open(flags = '', variables = ''): Promise<{ store: string } & TestTerminal> {
  const store = join(folder, `store-${++stores}`)
  await whygraph(['ingest', 'note.md', '--store', store], { cwd: folder })
  terminal = openTerminal(80, 40, folder)
  terminal.press(deskLine(store, `--order uncertain ${flags}`, variables), 'Enter')
  return { store, ...terminal }
}

const accepted = async (store: string): Promise<string[]> => {
  const listed = await whygraph(['review', 'list', '--status', 'accepted', '--json', '--store', store], { cwd: folder })
  const { links } = parseJson<{ links: { subject: string; type: string; object: string; when?: string | null }[] }>(
    listed,
  )
  return links.map(({ subject, type, object, when }) => [subject, type, object, ...(when ? [when] : [])].join(' '))
}

describe.skipIf(!HAS_TMUX)('the form of the desk', { timeout: 120_000 }, () => {
  it('flips by two keys, once it was shown, and u takes back the whole', async () => {
    const { store, press, sees } = await open()
    const first = await sees('f fix')
    const [, subject = '', object = ''] = /^ (.*) ──WORKS_FOR──▶ (.*)$/m.exec(first) ?? []
    expect([subject, object]).toEqual(['Tom Reed', 'Acme Inc'])
    press('f')
    await sees(
      / {2}- \S{8} {2}Tom Reed ──WORKS_FOR──▶ Acme Inc {2}proposed → rejected[^]* {2}\+ \S{8} {2}Acme Inc ──WORKS_FOR──▶ Tom Reed {2}accepted/,
    )
    press('Escape')
    await sees('f fix')
    expect(await accepted(store)).toEqual([])
    press('f')
    await sees('the other way round, at once')
    press('i')
    await sees('fixed  saved ✓')
    expect(await accepted(store)).toEqual(['Acme Inc WORKS_FOR Tom Reed'])
    press('u')
    await sees('taken back  saved ✓')
    expect(await accepted(store)).toEqual([])
  })

  it('changes the type by four keys, ends by their names, and shows what becomes of the graph before', async () => {
    const { store, press, sees } = await open()
    await sees('f fix')
    press('f')
    await sees('t  type')
    press('t')
    await sees('1  LEADS')
    press('1')
    await sees(/BECOMES OF THE GRAPH[^]*Enter saves it/)
    press('o')
    await sees('object: ▏')
    press('-l', 'ana ruiz')
    press('Enter')
    await sees('Tom Reed ──LEADS──▶ Ana Ruiz  accepted')
    press('w')
    await sees('when: ▏')
    press('-l', '2024-03')
    press('Enter')
    await sees('when: 2024-03 (2024-03-01 to 2024-03-31)')
    expect(await accepted(store)).toEqual([])
    press('Enter')
    await sees('fixed  saved ✓')
    expect(await accepted(store)).toEqual(['Tom Reed LEADS Ana Ruiz 2024-03'])
  })

  it('makes a new thing of a name that nothing has, when told to', async () => {
    const { store, press, sees } = await open()
    await sees('f fix')
    press('f')
    await sees('s  subject')
    press('s')
    await sees('subject: ▏')
    press('-l', 'Eva Reed')
    press('Enter')
    await sees(/1 {2}Tom Reed \(Person\)[^]*2 {2}a new Person: Eva Reed/)
    press('2')
    await sees('+ Eva Reed, a new Person')
    press('Enter')
    await sees('fixed  saved ✓')
    expect(await accepted(store)).toEqual(['Eva Reed WORKS_FOR Acme Inc'])
  })

  it('adds a link that nobody proposed, with words picked from the text, and stays where it was', async () => {
    const { store, press, sees } = await open()
    await sees('f fix')
    press('+')
    await sees('ADD  a link that the text says')
    press('=')
    await sees('type: ▏')
    press('-l', 'KNOWS')
    press('Enter')
    await sees('type     KNOWS')
    press('o')
    await sees('object: ▏')
    press('-l', 'Ana Ruiz')
    press('Enter')
    await sees('object   Ana Ruiz')
    press('e')
    await sees('2  Tom Reed works at Acme Inc.')
    press('2')
    await sees(/\+ \S{8} {2}Tom Reed ──KNOWS──▶ Ana Ruiz {2}accepted[^]*»Tom Reed works at Acme Inc\.«/)
    press('Enter')
    await sees(/Tom Reed ──WORKS_FOR──▶ Acme Inc[^]*added {2}saved ✓/)
    expect(await accepted(store)).toEqual(['Tom Reed KNOWS Ana Ruiz'])
    press('u')
    await sees('taken back  saved ✓')
    expect(await accepted(store)).toEqual([])
  })

  it('says why something cannot be, and works line by line', async () => {
    const { store, press, sees } = await open('--plain')
    await sees('f fix')
    press('f', 'Enter')
    await sees('the other way round, at once')
    press('o', 'Enter')
    await sees('object:')
    press('-l', 'Tom Reed')
    press('Enter')
    await sees('Tom Reed would be both ends of the link')
    press('-l', 'esc')
    press('Enter')
    await sees(/both ends[^]*a accept/)
    expect(await accepted(store)).toEqual([])
  })
})
