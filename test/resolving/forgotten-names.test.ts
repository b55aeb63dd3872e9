import { expect, it } from 'vitest'
import { linkIdBetween, SAME_AS } from '../../src/model/link.ts'
import { resolveDocuments, resolveNames } from '../../src/resolving/resolve-names.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import type { StoredDocument } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { eachStoreAtLength } from '../stores.ts'
import { namingEngine } from './naming-engine.ts'

const WALK = { signal: new AbortController().signal, progress: () => {} }
const AT = new Date('2026-01-01T00:00:00Z')
const TEXTS = { 'one.md': 'Bartholomew Okafor was here.', 'other.md': 'B. Okafor was here.' }

async function documentAt(store: Store, path: string): Promise<StoredDocument> {
  const [document] = await store.documentsAt(path)
  if (document === undefined) throw new Error(`no ${path}`)
  return document
}

async function forget(store: Store, path: string): Promise<void> {
  const document = await documentAt(store, path)
  await store.forget(document, AT.toISOString(), async () => void (await resolveDocuments(store, [document.id])))
}

/** It is not there any more, and kept. */
async function takeAway(store: Store, path: string): Promise<void> {
  const now = AT.toISOString()
  await store.putDocument({ ...(await documentAt(store, path)), gone: now }, [], now, { onlyIfThere: true })
  await resolveNames(store, WALK.signal)
}

async function entityNamed(store: Store, name: string): Promise<string> {
  const entities = await store.database.read((reader) => reader.list('Entity'))
  const found = entities.find(({ properties }) => properties['name'] === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found.id
}

const isOne = async (store: Store, one: string, other: string): Promise<boolean> =>
  ((await store.redirect(one))?.to ?? one) === ((await store.redirect(other))?.to ?? other)
const wrong = async (store: Store) => (await store.check(WALK)).filter((one) => one.wrong > 0)

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
    ['reject', 'B. Okafor', ['one.md'], 'none'],
    ['accept', 'B. Okafor', ['one.md'], 'none'],
    // No rule says of these that they may be one.
    ['accept', 'Mina Lund', ['one.md', 'third.md'], 'none'],
    ['accept', 'Mina Lund', ['third.md', 'one.md'], 'none'],
    ['reject', 'Mina Lund', ['third.md', 'one.md'], 'none'],
    // Not only gone, but forgotten.
    ['accept', 'Mina Lund', ['one.md', 'third.md'], 'third.md'],
    ['accept', 'Mina Lund', ['one.md', 'third.md'], 'one.md'],
  ] as const)(
    'leave nothing behind with a decision to %s, beside %s (%s; %s was away)',
    { timeout: 120_000 },
    async (verdict, beside, paths, away) => {
      const { store } = await open()
      const late = paths.length > 1 ? { 'third.md': 'Bartholomew Okafor was late.' } : {}
      const texts = { 'one.md': TEXTS['one.md'], 'other.md': `${beside} was here.`, ...late }
      await ingestTexts(store, namingEngine({ Person: ['Bartholomew Okafor', beside] }), texts)
      const [one, other] = [await entityNamed(store, 'Bartholomew Okafor'), await entityNamed(store, beside)]
      await decideSame(store, await findPair(store, one, other), verdict, { reviewer: 'Ada' }, AT)
      if (away !== 'none') await takeAway(store, away)
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

  const PROJECTS = { Project: ['Osprey', 'Blue Heron', 'Kite'] }

  it.each([
    // Of the one that is away there are retired chunks and replies only.
    ['accept', { 'a.md': 'Osprey and Kite.', 'b.md': 'Blue Heron.' }, 'a.md', 'z.md'],
    ['reject', { 'a.md': 'Osprey and Kite.', 'b.md': 'Blue Heron.' }, 'a.md', 'z.md'],
    ['accept', { 'a.md': 'Osprey.', 'b.md': 'Blue Heron.' }, 'a.md', 'z.md'],
    // What is away is not what the decision quotes, and says nothing but the name.
    ['accept', { 'a.md': 'Osprey.', 'b.md': 'Blue Heron.' }, 'z.md', 'a.md'],
    ['reject', { 'a.md': 'Osprey.', 'b.md': 'Blue Heron.' }, 'z.md', 'a.md'],
  ] as const)(
    'keep a decision to %s, as they are in a document that is only away (%s: %s is away, %s is forgotten)',
    { timeout: 120_000 },
    async (verdict, texts, away, forgotten) => {
      const { store } = await open()
      await ingestTexts(store, namingEngine(PROJECTS), texts)
      const [osprey, heron] = [await entityNamed(store, 'Osprey'), await entityNamed(store, 'Blue Heron')]
      await decideSame(store, await findPair(store, osprey, heron), verdict, { reviewer: 'Ada' }, AT)
      const all = { ...texts, 'z.md': 'Osprey again.' }
      await ingestTexts(store, namingEngine(PROJECTS), all)
      await takeAway(store, away)
      const { id } = await documentAt(store, forgotten)
      const said = async () =>
        (await store.database.read((reader) => reader.find('Proposal', 'ownDocumentId', [id]))).length
      const [planned, own] = [await store.measureForgetting([id]), await said()]
      expect(planned).toMatchObject({ proposals: own, links: [] })
      await forget(store, forgotten)
      const link = linkIdBetween(osprey, SAME_AS, heron)
      const isJoined = verdict === 'accept'
      expect(await store.link(link)).toMatchObject({ status: isJoined ? 'merged' : 'rejected' })
      expect(await isOne(store, osprey, heron)).toBe(isJoined)
      const { [forgotten]: _, ...left } = all as Record<string, string>
      await ingestTexts(store, namingEngine(PROJECTS), left)
      await resolveNames(store, WALK.signal)
      expect(await store.link(link)).toMatchObject({ status: isJoined ? 'merged' : 'rejected', unsupported: false })
      expect(await isOne(store, osprey, heron)).toBe(isJoined)
      expect(await wrong(store)).toEqual([])
    },
  )

  it.each(['merge', 'split'])('keep a decision to %s one that a person added', { timeout: 120_000 }, async (verb) => {
    const { store, address, environment } = await open()
    const run = async (...args: string[]) => {
      const made = await runHere(['review', ...args, '--reviewer', 'Ada', '--store', address], { environment })
      expect(made).toMatchObject({ code: 0, stderr: '' })
    }
    const quote = 'Kite was made from Osprey.'
    const texts = { 'a.md': quote, 'b.md': 'Blue Heron.' }
    await ingestTexts(store, namingEngine({ Project: ['Blue Heron', 'Kite'] }), texts)
    await run('add', 'Kite', 'MADE_FROM', 'Osprey', '--quote', quote, '--in', 'a.md', '--object-type', 'Project')
    const [osprey, heron] = [await entityNamed(store, 'Osprey'), await entityNamed(store, 'Blue Heron')]
    await run('entity', verb, osprey, heron)
    const before = await store.link(linkIdBetween(osprey, SAME_AS, heron))
    await ingestTexts(store, namingEngine({ Project: ['Osprey'] }), { ...texts, 'z.md': 'Osprey again.' })
    await forget(store, 'z.md')
    expect(await store.link(linkIdBetween(osprey, SAME_AS, heron))).toEqual(before)
    expect(await isOne(store, osprey, heron)).toBe(verb === 'merge')
    expect(await wrong(store)).toEqual([])
  })
})
