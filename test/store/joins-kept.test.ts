import { expect, it } from 'vitest'
import { documentId } from '../../ingest/identify.ts'
import { endsOf, linkId, formerLinkIds } from '../../src/model/link.ts'
import { entityId } from '../../src/model/entity.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { resolveNames } from '../../src/resolving/resolve-names.ts'
import { decideLink } from '../../src/review/decide.ts'
import { readProposal, type StoredDocument } from '../../src/store/records.ts'
import { proposes } from '../../src/store/replies.ts'
import { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { sameAs } from '../same-as.ts'
import { actorId, answerWith, readingEngine, scriptedEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength } from '../stores.ts'

const NOW = new Date('2026-01-01T00:00:00Z')
const REVIEWER = { reviewer: 'rita' }
const TEXTS = {
  'a.md': 'Ana leads Kestrel.\n\nAnna knows Ben.\n',
  'b.md': 'Anna leads Kestrel.\n\nBen knows Anna.\n',
}
const [E, OTHER] = [actorId('Ana'), actorId('Anna')].toSorted() as [string, string]
const WALK = { signal: new AbortController().signal, progress: () => {} }
const LEFT_OUT = ['Run', '__NameKeys__']

eachStoreAtLength('things that are one are kept', (open) => {
  const joined = async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), TEXTS)
    const proposal = await sameAs(store, 'a.md', ['Ana', 'Anna'])
    await store.propose([proposal])
    return { store, id: endsOf(proposal).id }
  }
  const wrong = async (store: Store): Promise<string[]> =>
    (await store.check(WALK)).filter(({ wrong }) => wrong > 0).map(({ check }) => check)
  const rebuild = (store: Store) => store.deriveAnew({ ...WALK, dryRun: false, begin: async () => {} })

  it('whatever is damaged of them is told, and a rebuild brings it back', { timeout: 240_000 }, async () => {
    const { store, id } = await joined()
    await decideLink(store, id, 'accept', REVIEWER, NOW)
    const whole = await snapshot(store, LEFT_OUT)
    const { database } = store
    const damages: Record<string, () => Promise<unknown>> = {
      'no redirect': () => database.write((writer) => writer.removeNodes('Redirect', [OTHER])),
      'a redirect to nothing': () =>
        database.write((writer) => writer.patchNodes('Redirect', [{ id: OTHER, properties: { to: 'nobody' } }])),
      'an entity that does not know of it': () =>
        database.write((writer) =>
          writer.patchNodes('Entity', [{ id: E, properties: { joined: null, ownName: null, ownAliases: null } }]),
        ),
      'a bond that is not': () =>
        database.write((writer) =>
          writer.patchNodes('Link', [
            { id, properties: { bond: null, bondRank: null, bondOne: null, bondOther: null } },
          ]),
        ),
      'forms of nobody in particular': () =>
        database.write(async (writer) => {
          const [line] = await writer.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', [E])
          if (line !== undefined) await writer.putRelationships([{ ...line, properties: { names: ['Ana'] } }])
        }),
    }
    for (const [name, damage] of Object.entries(damages)) {
      await damage()
      expect(await wrong(store), name).not.toEqual([])
      await rebuild(store)
      await resolveNames(store, new AbortController().signal)
      expect(await wrong(store), name).toEqual([])
      expect(await snapshot(store, LEFT_OUT), name).toBe(whole)
    }
  })

  it('a transaction that fails in the midst of it leaves the graph as it was', async () => {
    const { store, id } = await joined()
    const before = await snapshot(store, LEFT_OUT)
    const failing = new Store(store.database, {
      ...derivation,
      nameTogether: () => {
        throw new Error('power cut')
      },
    })
    await expect(decideLink(failing, id, 'accept', REVIEWER, NOW)).rejects.toThrow('power cut')
    expect(await snapshot(store, LEFT_OUT)).toBe(before)
  })

  it('forgetting a document parts what only it joined, and leaves none of its names', async () => {
    const { store, id } = await joined()
    await decideLink(store, id, 'accept', REVIEWER, NOW)
    const document = (await store.document(documentId('test', 'a.md'))) as StoredDocument
    await store.forget(document, NOW.toISOString())
    const text = await snapshot(store, LEFT_OUT)
    expect(text).not.toContain('"Ana"')
    expect(text).toContain('"Anna"')
    expect(text).not.toContain('Redirect')
    expect(await wrong(store)).toEqual([])
    // The decision counts again should somebody say the same.
    await ingestTexts(store, readingEngine(), TEXTS)
    await store.propose([await sameAs(store, 'a.md', ['Ana', 'Anna'])])
    expect(await store.redirect(OTHER)).toMatchObject({ to: E })
    expect(await wrong(store)).toEqual([])
  })

  it('links of before that a lone name stood in are brought to their documents, with what was decided', async () => {
    const { store } = await open()
    const engine = scriptedEngine(({ question }) => {
      const text = question.units[0]?.text ?? ''
      return answerWith([{ subject: 'Jonas', type: 'KNOWS', object: 'Ada Byron', quote: text }]).replaceAll(
        '"Actor"',
        '"Person"',
      )
    })
    await ingestTexts(store, engine, { 'a.md': 'Jonas knows Ada Byron.\n', 'b.md': 'Jonas has known Ada Byron.\n' })
    const ids = ['a.md', 'b.md'].map((path) => {
      const scope = documentId('test', path)
      return linkId(entityId('Person', 'Jonas', scope), 'KNOWS', entityId('Person', 'Ada Byron', scope))
    }) as [string, string]
    const whole = await snapshot(store, LEFT_OUT)
    // As an older whygraph had it: one link for both.
    const former = await asBefore(store, ids)
    await rebuild(store)
    expect(await snapshot(store, LEFT_OUT)).toBe(whole)
    expect(await store.link(former)).toBeNull()
    expect(await wrong(store)).toEqual([])
  })

  it('what was decided about a name with a sign that nobody sees is found under the id without it', async () => {
    const { store } = await open()
    const name = 'Ad\u200ba Byron'
    const engine = scriptedEngine(({ question }) =>
      answerWith([{ subject: name, type: 'KNOWS', object: 'Bo Lind', quote: question.units[0]?.text ?? '' }]),
    )
    await ingestTexts(store, engine, { 'a.md': `${name} knows Bo Lind.\n` })
    const [now] = (await store.links(['proposed'])).map(({ id }) => id) as [string]
    await decideLink(store, now, 'accept', REVIEWER, NOW)
    const former = await asBefore(store, [now])
    await store.database.write(async (writer) => {
      const [decision] = await writer.find('Decision', 'linkId', [now])
      const id = decision?.id ?? ''
      await writer.patchNodes('Decision', [{ id, properties: { linkId: former } }])
    })
    await rebuild(store)
    expect(await store.link(now)).toMatchObject({ status: 'accepted', reviewedBy: REVIEWER.reviewer })
    expect(await store.link(former)).toBeNull()
    await ingestTexts(store, engine, { 'a.md': `${name} knows Bo Lind.\n`, 'b.md': `${name} also knows Bo Lind.\n` })
    expect(await store.link(now)).toMatchObject({ status: 'accepted', supports: 2 })
  })
})

/** Puts what is said of some links under the id that the first proposal's link had in an older whygraph. */
function asBefore(store: Store, ids: readonly string[]): Promise<string> {
  return store.database.write(async (writer) => {
    const proposals = (await writer.find('Proposal', 'linkId', ids)).map(readProposal)
    const [link] = await writer.get('Link', ids)
    const id = formerLinkIds(proposals[0]?.proposal as never)[0] as string
    await writer.removeNodes('Link', ids)
    await writer.removeRelationships(
      ids.map(
        (one) =>
          ({ type: 'KNOWS', id: one, from: { kind: 'Entity', id: '' }, to: { kind: 'Entity', id: '' } }) as const,
      ),
    )
    await writer.putNodes([{ kind: 'Link', id, properties: { ...link?.properties, id, status: 'held' } }])
    await writer.patchNodes(
      'Proposal',
      proposals.map(({ proposal }) => ({ id: proposal.id, properties: { linkId: id } })),
    )
    await writer.putRelationships(proposals.map((stored) => proposes({ ...stored, linkId: id })))
    return id
  })
}
