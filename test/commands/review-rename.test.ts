import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { graphAlone } from '../graph-alone.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength, type StoreUnderTest } from '../stores.ts'
import { parseJson } from '../whygraph.ts'

const TEXTS = { 'a.md': 'Ana leads Kestrel.\n', 'b.md': 'Ben knows Ana.\n' }
const [ana, ben] = [actorId('Ana'), actorId('Ben')]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-rename-'))
  writeFileSync(join(folder, 'whygraph.yaml'), 'reviewer: rita\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

eachStoreAtLength('review entity rename', (open) => {
  const run = ({ address, environment }: StoreUnderTest, ...args: string[]) =>
    runHere([...args, '--store', address], { cwd: folder, environment })
  const graph = ({ store }: StoreUnderTest) => graphAlone(store)
  const nameOf = async ({ store }: StoreUnderTest, id: string): Promise<string | undefined> =>
    (await store.entities([(await store.redirect(id))?.to ?? id]))[0]?.name

  it('is shown everywhere, keeps what it was called, and is undone to the letter', { timeout: 240_000 }, async () => {
    const under = await open()
    const { store } = under
    await ingestTexts(store, readingEngine(), TEXTS)
    const before = await graph(under)
    const whole = await snapshot(store)
    const dry = await run(under, 'review', 'entity', 'rename', ana.slice(0, 10), 'Dr. Ana Ruiz', '--dry-run')
    expect(dry).toMatchObject({ code: 0, stderr: '' })
    expect(dry.stdout).toContain('Ana would be called Dr. Ana Ruiz, also: Ana; nothing was written')
    expect(await snapshot(store)).toBe(whole)

    const rename = await run(under, 'review', 'entity', 'rename', ana, ' Dr. Ana  Ruiz ', '--request-id', 'r')
    expect(rename).toMatchObject({ code: 0, stderr: '' })
    expect(rename.stdout).toContain(`Dr. Ana Ruiz (${ana.slice(0, 8)}), also: Ana  saved ✓`)
    expect(await run(under, 'review', 'entity', 'rename', ana, 'Dr. Ana Ruiz', '--request-id', 'r')).toMatchObject({
      code: 0,
    })
    expect(await store.decisions()).toMatchObject([{ verdict: 'accept', called: 'Dr. Ana Ruiz', reviewer: 'rita' }])
    expect((await run(under, 'show', ana)).stdout).toMatch(/^Dr\. Ana Ruiz \(Actor\) {2}id \S+\n also: Ana\n/)
    for (const words of ['Ruiz', 'ana']) {
      const { hits } = parseJson<{ hits: { id: string }[] }>(await run(under, 'search', words, '--json'))
      expect(hits.map(({ id }) => id)).toContain(ana)
    }
    expect((await run(under, 'review', 'list')).stdout).not.toContain('DISPLAYED_AS')
    const log = await run(under, 'review', 'log')
    expect(log.stdout).toContain('(renamed: Dr. Ana Ruiz)')
    expect((await run(under, 'review', 'log', '--verify')).stdout).toContain('1 decision, 0 problems')
    expect((await run(under, 'doctor', '--deep')).code).toBe(0)
    expect((await run(under, 'rebuild', '--dry-run')).stdout).toContain('0 would be changed')

    await run(under, 'review', 'entity', 'rename', ana, 'Ana R.')
    expect(await nameOf(under, ana)).toBe('Ana R.')
    await run(under, 'review', 'undo')
    expect(await nameOf(under, ana)).toBe('Dr. Ana Ruiz')
    const undo = await run(under, 'review', 'undo')
    expect(undo).toMatchObject({ code: 0, stderr: '' })
    expect(undo.stdout).toContain('called as the texts do')
    expect(await graph(under)).toBe(before)
    expect((await run(under, 'doctor', '--deep')).code).toBe(0)
  })

  it(
    'outlives what is read again, merged, split, rebuilt, and goes with all that names it',
    { timeout: 600_000 },
    async () => {
      const under = await open()
      const { store } = under
      await ingestTexts(store, readingEngine(), TEXTS)
      await run(under, 'review', 'entity', 'rename', ana, 'Ruiz')
      const stands = async (name = 'Ruiz'): Promise<void> => expect(await nameOf(under, ana)).toBe(name)
      await ingestTexts(store, readingEngine(), { ...TEXTS, 'c.md': 'Ana met Cid.\n' })
      await stands()
      await run(under, 'review', 'entity', 'merge', ana, ben)
      await stands()
      await run(under, 'review', 'entity', 'rename', ben, 'Benedict Ruiz')
      await stands('Benedict Ruiz')
      await ingestTexts(store, readingEngine(), { ...TEXTS, 'd.md': 'Ana met Dan.\n' })
      await stands('Benedict Ruiz')
      expect((await run(under, 'doctor', '--deep')).code).toBe(0)
      await run(under, 'review', 'entity', 'split', ana, ben)
      await stands()
      expect(await nameOf(under, ben)).toBe('Benedict Ruiz')
      expect((await run(under, 'doctor', '--deep')).code).toBe(0)
      // Nothing mentions it for a while.
      await ingestTexts(store, readingEngine(), {
        'a.md': 'Eva leads Kestrel.\n',
        'b.md': 'Ben knows Eva.\n',
        'c.md': 'Eva.\n',
        'd.md': 'Eva.\n',
      })
      expect(await nameOf(under, ana)).toBeUndefined()
      await ingestTexts(store, readingEngine(), TEXTS)
      await stands()
      for (const from of [[], ['--from', 'replies']]) {
        expect(await run(under, 'rebuild', ...from)).toMatchObject({ code: 0 })
        await stands()
      }
      await run(under, 'forget', 'b.md', '--yes')
      await stands()
      for (const path of ['a.md', 'c.md', 'd.md']) await run(under, 'forget', path, '--yes')
      expect(await nameOf(under, ana)).toBeUndefined()
      expect(await snapshot(store, ['Decision'])).not.toContain('Ruiz')
      expect((await run(under, 'doctor', '--deep')).code).toBe(0)
    },
  )

  it('refuses what is no name, or the name that it has', async () => {
    const under = await open()
    await ingestTexts(under.store, readingEngine(), TEXTS)
    expect(await run(under, 'review', 'entity', 'rename', ana, ' ')).toMatchObject({ code: 2 })
    expect(await run(under, 'review', 'entity', 'rename', ana, 'a\u0007b')).toMatchObject({ code: 2 })
    expect(await run(under, 'review', 'entity', 'rename', ana, 'Ana')).toMatchObject({ code: 5 })
  })
})
