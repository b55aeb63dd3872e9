import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkId, SAME_AS } from '../../src/model/link.ts'
import { verifyChain } from '../../src/review/verify-chain.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { sameAs } from '../same-as.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength } from '../stores.ts'
import { parseJson, whygraph } from '../whygraph.ts'

const TEXTS = {
  'a.md': 'Ana leads Kestrel.\n\nBen leads Osprey.\n\nCleo leads Merlin.\n',
  'b.md': 'Ana knows Anna.\n',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-apply-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const leads = (subject: string, object: string): string => linkId(actorId(subject), 'LEADS', actorId(object))
const [ANA, BEN, CLEO] = [leads('Ana', 'Kestrel'), leads('Ben', 'Osprey'), leads('Cleo', 'Merlin')]

eachStoreAtLength('review apply', (open) => {
  it('decides what an edited list says, in one batch, and nothing when any line is bad', async () => {
    const { store, address, environment } = await open()
    await ingestTexts(store, readingEngine(), TEXTS)
    await store.propose([await sameAs(store, 'b.md', ['Ana', 'Anna'])])
    const run = (...args: string[]) => runHere(['review', ...args, '--store', address], { cwd: folder, environment })
    const path = join(folder, 'todo.txt')
    const edit = (changes: Readonly<Record<string, string>>): void => {
      let text = readFileSync(path, 'utf8')
      for (const [id, word] of Object.entries(changes))
        text = text.replace(new RegExp(`^\\S+ ${id.slice(0, 10)}`, 'm'), `${word} ${id.slice(0, 10)}`)
      writeFileSync(path, text)
    }
    const apply = (...more: string[]) => run('apply', 'todo.txt', '--reviewer', 'rita', ...more)
    const statuses = async () => Promise.all([ANA, BEN, CLEO].map(async (id) => (await store.link(id))?.status))

    const listed = await run('list', '--format', 'todo', '--where', 'confidence>=0')
    expect(listed.stdout).toMatch(
      new RegExp(`^leave ${ANA.slice(0, 10)}@0  Ana ──LEADS──▶ Kestrel\n#   »Ana leads Kestrel.« exact, a.md`, 'm'),
    )
    expect(listed.stdout).toContain('#   not to be accepted in a list: whether two names are one thing')
    writeFileSync(path, listed.stdout)
    const whole = await snapshot(store)
    const untouched = await apply()
    expect(untouched).toMatchObject({ code: 1, stdout: '' })
    expect(untouched.stderr).toContain('nothing to decide: no line of todo.txt says accept, reject, flag or skip')
    expect(await apply('--dry-run')).toMatchObject({ code: 0, stderr: expect.stringContaining('no line of todo.txt') })
    expect(await snapshot(store)).toBe(whole)

    edit({ [ANA]: 'accept', [BEN]: 'reject:not-asserted' })
    writeFileSync(
      path,
      `${readFileSync(path, 'utf8')}\nacept ${CLEO}@0\naccept zzzzzz@0\nreject ${ANA}@0\nreject:wrnog-type ${CLEO}@0\n`,
    )
    const pair = linkId(
      ...([actorId('Ana'), actorId('Anna')].toSorted().toSpliced(1, 0, SAME_AS) as [string, string, string]),
    )
    edit({ [pair]: 'accept' })
    const bad = await apply()
    expect(bad).toMatchObject({ code: 2, stdout: '' })
    expect(bad.stderr).toMatch(/^error: todo\.txt has 5 lines that cannot be followed:(?:\n {2}line \d+: .*){5}\n/)
    for (const what of [
      "'acept' is none of",
      'by itself only: whether two names',
      'no link has an id',
      'named before, in line',
      "'wrnog-type' is none of the reasons",
    ])
      expect(bad.stderr).toContain(what)
    expect(await snapshot(store)).toBe(whole)

    writeFileSync(path, listed.stdout)
    edit({ [ANA]: 'accept', [BEN]: 'reject:not-asserted' })
    writeFileSync(path, readFileSync(path, 'utf8').replace('▶ Osprey', '▶ Osprey # he only hopes so'))
    const dry = await apply('--dry-run')
    expect(dry.stdout).toMatch(/^2 links to decide, 3 left alone; nothing was written\n/)
    expect(dry.stdout).toContain('proposed → rejected  Ben ──LEADS──▶ Osprey  (not asserted: he only hopes so)')
    expect(await snapshot(store)).toBe(whole)

    const done = await apply()
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toMatch(/^1 accepted, 1 rejected\nbatch 0\S{25} {2}saved ✓/)
    expect(await statuses()).toEqual(['accepted', 'rejected', 'proposed'])
    expect(await store.link(BEN)).toMatchObject({ reviewNote: 'not asserted: he only hopes so', reviewedBy: 'rita' })

    // Whoever has decided so would do nothing again; what somebody else has moved would be refused, and is no work left.
    const counted = async (...who: string[]): Promise<string | undefined> =>
      (await run('apply', 'todo.txt', '--dry-run', ...who)).stdout.split('\n')[0]
    expect(await counted('--reviewer', 'rita')).toBe(
      '0 links to decide, 2 decided so before, 3 left alone; nothing was written',
    )
    expect(await counted('--reviewer', 'sam')).toBe(
      '0 links to decide, 2 moved since and would be refused, 3 left alone; nothing was written',
    )

    // The same again, also from standard input, changes nothing; with one line more, only that is decided.
    const again = await whygraph(['review', 'apply', '-', '--reviewer', 'rita', '--json', '--store', address], {
      cwd: folder,
      environment,
      input: readFileSync(path, 'utf8'),
    })
    expect(parseJson(again)).toMatchObject({ decided: [], repeated: 2, skipped: [], already: 0 })
    edit({ [CLEO]: 'accept' })
    expect(parseJson(await apply('--json'))).toMatchObject({ decided: [{ id: CLEO }], repeated: 0, already: 2 })
    expect(await store.decisions()).toHaveLength(3)

    await run('undo', '--reviewer', 'rita')
    await run('undo', '--reviewer', 'rita')
    expect(await statuses()).toEqual(['proposed', 'proposed', 'proposed'])

    // Remarks are made once, whatever else is added to the list.
    edit({ [ANA]: 'flag', [BEN]: 'skip', [CLEO]: 'leave' })
    expect((await apply('--dry-run')).stdout).toMatch(/@0 {2}flagged {2}Ana/)
    expect((await apply()).stdout).toMatch(/^1 flagged, 1 skipped\nbatch /)
    expect(await store.link(ANA)).toMatchObject({ status: 'proposed', flagged: 'yes' })
    expect(await store.link(BEN)).toMatchObject({ status: 'proposed', passedBy: ['rita'] })
    const remarks = (await store.decisions()).length
    edit({ [CLEO]: 'skip' })
    expect(parseJson(await apply('--json'))).toMatchObject({ decided: [{ id: CLEO }], already: 2 })
    expect(await store.decisions()).toHaveLength(remarks + 1)
    await run('undo', '--reviewer', 'rita')
    await run('undo', '--reviewer', 'rita')
    expect(await store.link(ANA)).not.toHaveProperty('flagged')

    // Somebody else was faster.
    writeFileSync(path, (await run('list', '--format', 'todo')).stdout)
    await run('reject', ANA, '--reviewer', 'sam')
    edit({ [ANA]: 'accept', [CLEO]: 'accept' })
    expect((await apply('--dry-run')).stdout).toContain(`moved to revision 3  Ana`)
    const moved = await apply()
    expect(moved.code).toBe(4)
    expect(moved.stderr).toContain('you decided on revision 2: sam chose reject')
    expect(moved.stdout).toMatch(/^1 accepted, 1 skipped\n/)
    expect(await statuses()).toEqual(['rejected', 'proposed', 'accepted'])
    expect(verifyChain(await store.decisions(), await store.chainHead())).toEqual([])
    expect((await run('apply', 'nowhere.txt', '--reviewer', 'rita')).code).toBe(2)
  }, 240_000)
})
