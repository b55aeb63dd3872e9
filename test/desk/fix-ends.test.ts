import { expect, it, vi } from 'vitest'
import { StoreError } from '../../src/model/errors.ts'
import type { Store } from '../../src/store/store.ts'
import { graphAlone } from '../graph-alone.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { openDesk } from './sitting.ts'

const TWO = {
  'a.md': 'Ana leads Kestrel.\n\nAna knows Anna.\n',
  'b.md': 'Anna leads Kestrel.\n\nBen knows Anna.\n',
}
const THREE = { 'c.md': 'Ana leads Kestrel.\n\nAnna leads Kestrel.\n\nHanna leads Kestrel.\n\nAna knows Hanna.\n' }
const [ana, anna, hanna] = ['Ana', 'Anna', 'Hanna'].map(actorId) as [string, string, string]

eachStoreAtLength("the desk's form, about an end itself", (open) => {
  /** Ana leads Kestrel, and the form lies open. */
  const sit = async (texts: Readonly<Record<string, string>>, ...merges: readonly [string, string][]) => {
    const { store, address, environment } = await open()
    await ingestTexts(store, readingEngine(), texts)
    for (const pair of merges) {
      const merge = ['review', 'entity', 'merge', ...pair, '--reviewer', 'sam', '--store', address]
      expect(await runHere(merge, { environment })).toMatchObject({ code: 0 })
    }
    const desk = openDesk(store, 'uncertain')
    const { press, sees } = desk
    await sees('──▶')
    press('/', ...'type=LEADS', 'enter')
    await sees('type=LEADS · ')
    while (!(await sees('──LEADS──▶')).includes(merges.length > 0 ? '──LEADS' : ' Ana ──LEADS')) press('s')
    press('f')
    await sees('n  names')
    press('n')
    await sees('1  rename')
    return { store, before: await graphAlone(store), ...desk }
  }
  const standing = async (store: Store, id: string): Promise<string> => (await store.redirect(id))?.to ?? id

  it('renames one, stays where it was, and takes it back', { timeout: 240_000 }, async () => {
    const { store, before, press, sees, leave } = await sit(TWO)
    press('1', ...'Ana Ruiz', 'enter')
    await sees(
      /n {2}names {4}Ana, the subject, is called Ana Ruiz[^]*Ana would be called Ana Ruiz, also: Ana\n Enter saves/,
    )
    expect(await graphAlone(store)).toBe(before)
    press('enter')
    await sees(/ Ana Ruiz ──LEADS──▶ Kestrel[^]*called Ana Ruiz {2}saved ✓/)
    expect(await store.entities([ana])).toMatchObject([{ name: 'Ana Ruiz', aliases: ['Ana'] }])
    press('u')
    await sees(/ Ana ──LEADS──▶ Kestrel[^]*taken back {2}saved ✓/)
    expect(await graphAlone(store)).toBe(before)
    press('a')
    await sees('accepted  saved ✓')
    await leave()
  })

  it('goes on where the card cannot be looked at again, once a name is saved', { timeout: 240_000 }, async () => {
    const { store, press, sees, leave } = await sit(TWO)
    press('1', ...'Ana Ruiz', 'enter')
    await sees('Enter saves')
    vi.spyOn(store, 'standingLink').mockRejectedValueOnce(new StoreError('no-answer', 'the server does not answer'))
    press('enter')
    await sees(/ Ana ──LEADS──▶ Kestrel[^]*called Ana Ruiz {2}saved ✓ {2}but: the server does not answer/)
    expect(await store.entities([ana])).toMatchObject([{ name: 'Ana Ruiz' }])
    press('u')
    await sees('taken back  saved ✓')
    await leave()
  })

  it(
    'merges one with another, once it has shown which links fall together, and takes it back',
    { timeout: 240_000 },
    async () => {
      const { store, before, press, sees, leave } = await sit(TWO)
      press('2', ...'anna', 'enter')
      await sees(/one with Ana:\n {3}1 {2}Anna \(\S{8}\)/)
      press('1')
      const shown = await sees('Enter saves it')
      expect(shown).toMatch(/ {2}Anna {2}id \S+: (?:Ana|Anna) \(\S{8}\), (?:Ana|Anna) \(\S{8}\)/)
      expect(shown.replaceAll(/\s+/g, ' ')).toMatch(
        /fall together: .*Ana ──LEADS.*Anna ──LEADS.*leave the graph: .*──KNOWS──▶ Anna/,
      )
      expect(await graphAlone(store)).toBe(before)
      press('enter')
      expect(await sees('Ana and Anna are one  saved ✓')).toMatch(/ Anna ──LEADS──▶ Kestrel[^]*2 for · 0 against/)
      expect(await standing(store, ana)).toBe(await standing(store, anna))
      press('u')
      expect(await sees('taken back  saved ✓')).toContain('──LEADS──▶ Kestrel')
      expect(await graphAlone(store)).toBe(before)
      await leave()
    },
  )

  it(
    'splits one by each of its things, keeps the others one, and takes it back with one key',
    { timeout: 240_000 },
    async () => {
      // Only Ana holds the others together.
      const { store, before, press, sees, leave } = await sit(THREE, [ana, anna], [ana, hanna])
      press('3')
      const listed = await sees('what is to be apart')
      const [, key = ''] = / (\d) {2}stays {2}Ana \(/.exec(listed) ?? []
      expect(listed).toMatch(/stays {2}Anna \(\S{8}\) {2}c\.md l\. 3\s+»Anna leads Kestrel\.«/)
      const trial = vi.spyOn(store, 'tryOut')
      press(key)
      expect(await sees(/apart {2}Ana [^]*Enter shows it/)).not.toContain('BECOMES OF THE GRAPH')
      press('enter')
      const shown = await sees('BECOMES OF THE GRAPH')
      expect(trial).toHaveBeenCalledOnce()
      expect(shown).toContain(`apart  Ana (${ana.slice(0, 8)})`)
      expect(shown.replaceAll(/\s+/g, ' ')).toMatch(
        /links of their own again: .*LEADS.*which would come back: .*──KNOWS──▶ Hanna/,
      )
      expect(await graphAlone(store)).toBe(before)
      press('enter')
      await sees('apart now: Ana  saved ✓')
      expect(await standing(store, anna)).toBe(await standing(store, hanna))
      expect(await standing(store, ana)).toBe(ana)
      expect(await store.decisions()).toHaveLength(2 + 3)
      press('u')
      expect(await sees('taken back: 3  saved ✓')).toContain('──LEADS──▶ Kestrel')
      expect(await graphAlone(store)).toBe(before)
      press('U')
      expect(await sees('done again: 3  saved ✓')).toMatch(/^ 1\/[^]*──LEADS──▶ Kestrel/)
      press('a')
      expect(await sees('accepted  saved ✓')).toMatch(/^ 2\//)
      const last = (await store.decisions({ order: 'sequence' })).at(-1)
      expect(await store.link(last?.linkId ?? '')).toMatchObject({ type: 'LEADS', status: 'accepted' })
      expect(await leave()).toMatchObject({ decided: 2 })
    },
  )

  it('says of what is one by one name that there is nothing to split', { timeout: 240_000 }, async () => {
    const { store, before, press, sees, leave } = await sit(TWO)
    press('3')
    await sees('Ana is one thing by one name. Where a text means another by it')
    press('escape')
    await sees('f fix')
    await leave()
    expect(await graphAlone(store)).toBe(before)
  })
})
