import { expect, it } from 'vitest'
import { resolveNames } from '../../src/resolving/resolve-names.ts'
import { decideLink } from '../../src/review/decide.ts'
import { undoDecision } from '../../src/review/undo.ts'
import type { StoredLink } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStoreAtLength } from '../stores.ts'
import { CORPUS, NAMES } from './corpus.ts'
import { namingEngine } from './naming-engine.ts'

const AT = new Date('2026-01-01T00:00:00Z')
const { signal } = new AbortController()
const TEXTS = Object.fromEntries(['charter.md', 'visit.md', 'letter.md'].map((path) => [path, CORPUS[path] as string]))

/** What rules say of names, and whether it counts. */
async function said(store: Store): Promise<string[]> {
  const nodes = await store.database.read((reader) => reader.list('Proposal'))
  return nodes
    .filter(({ properties }) => properties['type'] === 'SAME_AS')
    .map(({ id, properties: { live, joins, places } }) => `${id} ${live} ${joins} ${String(places)}`)
    .toSorted()
}

eachStoreAtLength('names of a document that is gone and comes back', (open) => {
  const checks = async (store: Store): Promise<string[]> => {
    const all = await store.check({ progress: () => {}, signal })
    return all.filter(({ wrong }) => wrong > 0).map(({ check }) => check)
  }

  it.each(['accept', 'reject'] as const)(
    'are said again as they were, though a person decided to %s',
    { timeout: 180_000 },
    async (verdict) => {
      const engine = namingEngine(NAMES)
      const { store } = await open()
      await ingestTexts(store, engine, TEXTS)
      const pairs = (await store.links(['proposed'])).filter(({ type }) => type === 'SAME_AS')
      const pathsOf = ({ items }: StoredLink): Set<string> =>
        new Set(items.map(({ place }) => place.split(' ')[0] ?? ''))
      const between = pairs.find((pair) => pathsOf(pair).size > 1)
      if (between === undefined) throw new Error('no pair of names of two documents')
      const before = await said(store)
      const { supports } = between
      await decideLink(store, between.id, verdict, { reviewer: 'ada' }, AT)
      for (const path of pathsOf(between)) {
        const [document] = await store.documentsAt(path)
        if (document === undefined) throw new Error(path)
        await store.putDocument({ ...document, gone: AT.toISOString() }, [], AT.toISOString(), { onlyIfThere: true })
        await resolveNames(store, signal)
        expect(await said(store)).not.toEqual(before)
        expect(await checks(store)).toEqual([])
        await ingestTexts(store, engine, { [path]: TEXTS[path] as string })
        expect(await said(store)).toEqual(before)
      }
      await undoDecision(store, between.id, { reviewer: 'ada' }, AT)
      expect(await said(store)).toEqual(before)
      expect(await store.link(between.id)).toMatchObject({ status: 'proposed', supports })
      expect(await checks(store)).toEqual([])

      // What an earlier whygraph left so.
      const [proposal] = await store.database.read((reader) => reader.find('Proposal', 'linkId', [between.id]))
      const silenced = { id: proposal?.id ?? '', properties: { live: false } }
      await store.database.write((writer) => writer.patchNodes('Proposal', [silenced]))
      expect(await checks(store)).toContain('standing')
      await store.deriveAnew({ dryRun: false, begin: async () => {}, progress: () => {}, signal })
      expect(await said(store)).toEqual(before)
      expect(await checks(store)).toEqual([])
    },
  )
})
