import { expect, it } from 'vitest'
import { resolveDocuments } from '../../src/resolving/resolve-names.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStoreAtLength } from '../stores.ts'
import { namingEngine } from './naming-engine.ts'

const AT = new Date('2026-01-01T00:00:00Z')
const TEXTS = { 'one.md': 'Bartholomew Okafor was here.', 'other.md': 'B. Okafor was here.' }

async function forget(store: Store, path: string): Promise<void> {
  const [document] = await store.documentsAt(path)
  if (document === undefined) throw new Error(`no ${path}`)
  await store.forget(document, AT.toISOString(), async () => void (await resolveDocuments(store, [document.id])))
}

const idsOf = async (store: Store, kind: 'Link' | 'Proposal' | 'Reply'): Promise<string[]> =>
  (await store.database.read((reader) => reader.list(kind))).map(({ id }) => id)

eachStoreAtLength('names of a document that is forgotten', (open) => {
  it.each([
    { paths: ['one.md'], isAny: false },
    { paths: ['one.md', 'third.md'], isAny: true },
  ])(
    'are counted before as they go: what the other document says of them, too ($paths)',
    { timeout: 120_000 },
    async ({ paths, isAny }) => {
      const { store } = await open()
      const texts = { ...TEXTS, 'third.md': 'Bartholomew Okafor was late.' }
      await ingestTexts(store, namingEngine({ Person: ['Bartholomew Okafor', 'B. Okafor'] }), texts)
      const look = async () => {
        const [replies, proposals, links] = [
          await idsOf(store, 'Reply'),
          await idsOf(store, 'Proposal'),
          await idsOf(store, 'Link'),
        ]
        return { replies, proposals, links }
      }
      const before = await look()
      const documents = (await Promise.all(paths.map((path) => store.documentsAt(path)))).flat()
      const planned = await store.measureForgetting(documents.map(({ id }) => id))
      for (const path of paths) await forget(store, path)
      const after = await look()
      const gone = (kind: keyof typeof before): number => before[kind].filter((id) => !after[kind].includes(id)).length
      expect(planned).toMatchObject({ replies: gone('replies'), proposals: gone('proposals') })
      expect(planned.links).toHaveLength(gone('links'))
      expect(gone('links') > 0).toBe(isAny)
    },
  )

  it.each([
    ['reject', 'B. Okafor', ['one.md']],
    ['accept', 'B. Okafor', ['one.md']],
    // No rule says of these that they may be one.
    ['accept', 'Mina Lund', ['one.md', 'third.md']],
    ['accept', 'Mina Lund', ['third.md', 'one.md']],
    ['reject', 'Mina Lund', ['third.md', 'one.md']],
  ] as const)(
    'leave nothing behind with a decision to %s, beside %s (%s)',
    { timeout: 120_000 },
    async (verdict, beside, paths) => {
      const { store } = await open()
      const late = paths.length > 1 ? { 'third.md': 'Bartholomew Okafor was late.' } : {}
      const texts = { 'one.md': TEXTS['one.md'], 'other.md': `${beside} was here.`, ...late }
      await ingestTexts(store, namingEngine({ Person: ['Bartholomew Okafor', beside] }), texts)
      const entities = await store.database.read((reader) => reader.list('Entity'))
      const [one, other] = ['Bartholomew Okafor', beside].map(
        (name) => entities.find(({ properties }) => properties['name'] === name)?.id ?? '',
      )
      await decideSame(store, await findPair(store, one ?? '', other ?? ''), verdict, { reviewer: 'Ada' }, AT)
      const documents = (await Promise.all(paths.map((path) => store.documentsAt(path)))).flat()
      const planned = await store.measureForgetting(documents.map(({ id }) => id))
      const before = await idsOf(store, 'Proposal')
      for (const path of paths) await forget(store, path)
      const after = await idsOf(store, 'Proposal')
      expect(planned.proposals).toBe(before.filter((id) => !after.includes(id)).length)
      for (const kind of ['Entity', 'Redirect', 'Link', 'Proposal', 'Chunk', 'Reply'] as const) {
        const nodes = await store.database.read((reader) => reader.list(kind))
        expect(nodes.filter(({ properties }) => JSON.stringify(properties).includes('artholomew'))).toEqual([])
      }
    },
  )
})
