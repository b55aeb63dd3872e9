import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runHere } from '../run-here.ts'
import { parseJson } from '../whygraph.ts'
import { HAS_TMUX, useDesks, type TestTerminal } from './tmux.ts'

const TEXT = 'Ana Ruiz leads the Billing Team.\n\nTom Reed works at Acme Inc.\n'
const { folder, sit } = useDesks()
let stores = 0

beforeAll(() => writeFileSync(join(folder(), 'note.md'), TEXT))

async function open(flags = ''): Promise<{ store: string } & TestTerminal> {
  const store = join(folder(), `store-${++stores}`)
  await runHere(['ingest', 'note.md', '--store', store], { cwd: folder() })
  return { store, ...sit(store, { rows: 40, flags: `--order uncertain ${flags}` }) }
}

const accepted = async (store: string): Promise<string[]> => {
  const listed = await runHere(['review', 'list', '--status', 'accepted', '--json', '--store', store], {
    cwd: folder(),
  })
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
    const { store, press, enter, sees } = await open()
    await sees('f fix')
    press('f')
    await sees('t  type')
    press('t')
    await sees('1  LEADS')
    press('1')
    await sees(/BECOMES OF THE GRAPH[^]*Enter saves it/)
    press('o')
    await sees('object: ▏')
    enter('ana ruiz')
    await sees('Tom Reed ──LEADS──▶ Ana Ruiz  accepted')
    press('w')
    await sees('when: ▏')
    enter('2024-03')
    await sees('when: 2024-03 (2024-03-01 to 2024-03-31)')
    expect(await accepted(store)).toEqual([])
    press('Enter')
    await sees('fixed  saved ✓')
    expect(await accepted(store)).toEqual(['Tom Reed LEADS Ana Ruiz 2024-03'])
  })

  it('makes a new thing of a name that nothing has, when told to', async () => {
    const { store, press, enter, sees } = await open()
    await sees('f fix')
    press('f')
    await sees('s  subject')
    press('s')
    await sees('subject: ▏')
    enter('Eva Reed')
    await sees(/1 {2}Tom Reed \(Person\)[^]*2 {2}a new Person: Eva Reed/)
    press('2')
    await sees('+ Eva Reed, a new Person')
    press('Enter')
    await sees('fixed  saved ✓')
    expect(await accepted(store)).toEqual(['Eva Reed WORKS_FOR Acme Inc'])
  })

  it('adds a link that nobody proposed, with words picked from the text, and stays where it was', async () => {
    const { store, press, enter, sees } = await open()
    await sees('f fix')
    press('+')
    await sees('ADD  a link that the text says')
    press('=')
    await sees('type: ▏')
    enter('KNOWS')
    await sees('type     KNOWS')
    press('o')
    await sees('object: ▏')
    enter('Ana Ruiz')
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

  it('makes a rule of a fix by one key, which the next replies are read by', async () => {
    const { store, press, sees } = await open()
    await sees('f fix')
    press('f')
    await sees('r  rule     no: this link only')
    press('t')
    await sees('1  LEADS')
    press('1')
    await sees(/BECOMES OF THE GRAPH[^]*Enter saves it/)
    press('r')
    await sees('rule for replies that come: links of type WORKS_FOR are LEADS')
    press('Enter')
    await sees('fixed  saved ✓')
    const rules = await runHere(['review', 'rules', '--store', store], { cwd: folder() })
    expect(rules.stdout).toMatch(/rita {2}links of type WORKS_FOR are LEADS\n$/)
    press('u')
    await sees('taken back  saved ✓')
    expect((await runHere(['review', 'rules', '--store', store], { cwd: folder() })).stderr).toBe('no rules\n')
  })

  it('says why something cannot be, and works line by line', async () => {
    const { store, press, enter, sees } = await open('--plain')
    await sees('f fix')
    press('f', 'Enter')
    await sees('the other way round, at once')
    press('o', 'Enter')
    await sees('object:')
    enter('Tom Reed')
    await sees('Tom Reed would be both ends of the link')
    enter('esc')
    await sees(/both ends[^]*a accept/)
    expect(await accepted(store)).toEqual([])
  })
})
