import { expect, it } from 'vitest'
import { planSame } from '../../src/review/plan-same.ts'
import { quoteAny } from '../../src/review/same-proposals.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import type { StoredDocument } from '../../src/store/records.ts'
import { Store } from '../../src/store/store.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, answerWith, scriptedEngine } from '../scripted-engine.ts'
import { withMethods } from '../store/with-methods.ts'
import { eachStore } from '../stores.ts'

const AT = '2026-01-01T00:00:00Z'
const RITA = { reviewer: 'rita' }
const WALK = { signal: new AbortController().signal, progress: () => {} }

/** Whatever a text says, the model names the decision there, and where it speaks of a bird, the falcon. */
const naming = scriptedEngine(({ question: { units } }) => {
  const said = units.find(({ text }) => text.includes('Ben'))
  if (said === undefined) return answerWith([])
  const subject = said.text.includes('bird') ? 'Falcon Nine' : 'Steering decision'
  return answerWith([{ subject, type: 'NAMES', object: 'Ben', quote: said.text, s: said.s }])
})

const planOf = async (store: Store, one: string, other: string) => {
  const pair = await findPair(store, actorId(one), actorId(other))
  const { notes, proposals } = await planSame(store, [{ pair, verdict: 'accept' }], RITA)
  const quotes = proposals.flatMap(({ evidence }) => evidence.map(({ grounding, quote }) => `${grounding} ${quote}`))
  return { notes, quotes: quotes.toSorted(), proposals }
}

eachStore('texts in which a person finds the names of two things', (open, kind) => {
  it('are looked through until one has the name', { timeout: 240_000 }, async () => {
    const { store } = await open()
    const paths = Array.from({ length: 60 }, (_, i) => `t${i}.md`)
    const plain = Object.fromEntries(paths.map((path, i) => [path, `Ben wrote the steering\u00a0Decision down ${i}.`]))
    await ingestTexts(store, naming, { ...plain, 'bird.md': 'Ben: the bird Falcon Nine.' })
    const pair = await planOf(store, 'Steering decision', 'Falcon Nine')
    expect(pair).toMatchObject({
      notes: [],
      quotes: ['exact Falcon Nine', 'normalised steering\u00a0Decision'],
    })
    expect(pair.proposals.map(({ confidence }) => confidence)).toEqual([1, 1])

    const mentions = await store.mentionsOf(actorId('Steering decision'))
    const last = await store.chunk(
      mentions
        .map(({ chunkId }) => chunkId)
        .toSorted()
        .at(-1) ?? '',
    )
    const path = (await store.document(last?.documentId ?? ''))?.path ?? ''
    const other = await open()
    const coined = Object.fromEntries(paths.map((one, i) => [one, `Ben wrote it down ${i}.`]))
    // The id of a chunk comes of its words: those of the last are as they were.
    const texts = { ...coined, [path]: plain[path] ?? '', 'bird.md': 'Ben: the bird Falcon Nine.' }
    await ingestTexts(other.store, naming, texts)
    const all = (await other.store.mentionsOf(actorId('Steering decision'))).map(({ chunkId }) => chunkId).toSorted()
    expect(all.indexOf(last?.id ?? '')).toBeGreaterThanOrEqual(40)
    expect(await planOf(other.store, 'Steering decision', 'Falcon Nine')).toMatchObject({
      notes: [],
      quotes: ['exact Falcon Nine', 'normalised steering\u00a0Decision'],
    })
  })

  if (kind !== 'local') return

  it('are counted where not all are looked through', { timeout: 240_000 }, async () => {
    const { store } = await open()
    const long = Array.from({ length: 1010 }, (_, i) => `Ben wrote it down ${i}.`).join('\n\n')
    const texts = { 'long.md': long, 'bird.md': 'Ben: the bird Falcon Nine.' }
    await ingestTexts(store, naming, texts, { chunkTokens: 8 })
    expect(await planOf(store, 'Steering decision', 'Falcon Nine')).toMatchObject({
      notes: ['none of the 1000 texts looked through has “Steering decision”: as evidence it is missing'],
    })
  })

  it('have a coined name as a whole, wherever they are moved', { timeout: 120_000 }, async () => {
    const { store } = await open()
    const texts = { 'a.md': 'Fine weather.\n\nLunch.\n\nBen wrote it down.', 'b.md': 'Hot.\n\nBen: the bird.' }
    await ingestTexts(store, naming, texts)
    const { proposals } = await planOf(store, 'Steering decision', 'Falcon Nine')
    const places = proposals.map(({ evidence }) => evidence.map(({ placeText, place, s }) => ({ placeText, place, s })))
    const [a, b] = ['a.md', 'b.md'].map((placeText) => ({ placeText, place: {}, s: 0 }))
    expect(places.toSorted()).toEqual([
      [a, a],
      [b, b],
    ])
    expect(proposals.map(({ confidence }) => confidence)).toEqual([0.3, 0.3])
    const pair = await findPair(store, actorId('Steering decision'), actorId('Falcon Nine'))
    const { link } = await decideSame(store, pair, 'accept', RITA, new Date(AT))
    const [document] = await store.documentsAt('a.md')
    const moved = { ...(document as StoredDocument), path: 'new/a.md' }
    await store.putDocument(moved, await store.chunks(moved.id), AT)
    const now = (await store.proposalsFor(link.id)).flatMap(({ proposal }) => proposal.evidence[0]?.placeText ?? [])
    expect(now.toSorted()).toEqual(['b.md', 'new/a.md'])
    expect((await store.check(WALK)).filter((one) => one.wrong > 0)).toEqual([])
  })

  it('are found by few looks, however many links the other has', { timeout: 240_000 }, async () => {
    const { store } = await open()
    const hub = scriptedEngine(({ question: { units } }) =>
      answerWith(units.map(({ s, text }) => ({ subject: 'Hub', type: 'NAMES', object: text, quote: text, s }))),
    )
    const lines = Array.from({ length: 200 }, (_, i) => `Thing number ${i}.`).join('\n\n')
    const lone = scriptedEngine(() =>
      answerWith([{ subject: 'Lone name', type: 'NAMES', object: 'Other name', quote: 'It is so.' }]),
    )
    await ingestTexts(store, hub, { 'hub.md': lines })
    await ingestTexts(store, lone, { 'hub.md': lines, 'lone.md': 'It is so.' })
    await decideSame(store, await findPair(store, actorId('Hub'), actorId('Lone name')), 'accept', RITA, new Date(AT))
    const [document] = await store.documentsAt('lone.md')
    await store.putDocument({ ...(document as StoredDocument), gone: AT }, [], AT, { onlyIfThere: true })
    let looks = 0
    const counted = withMethods(store.database, {
      read: (work) => {
        looks++
        return store.database.read(work)
      },
    })
    const other = actorId('Thing number 5.')
    const pair = await findPair(store, actorId('Lone name'), other)
    await planSame(new Store(counted, derivation), [{ pair, verdict: 'reject' }], RITA)
    expect(looks).toBeLessThan(20)
  })

  it('leave the graph with no link that is not in it', { timeout: 120_000 }, async () => {
    const { store, address, environment } = await open()
    await ingestTexts(store, naming, {
      'a.md': 'Ben took the Steering decision.',
      'b.md': 'Ben: the bird Falcon Nine.',
    })
    const [one, other] = [actorId('Steering decision'), actorId('Falcon Nine')]
    const dry = async () => {
      const args = ['review', 'entity', 'merge', one, other, '--dry-run', '--reviewer', 'rita', '--store', address]
      return (await runHere(args, { environment })).stdout
    }
    expect(await dry()).toContain('would be one')
    await decideSame(store, await findPair(store, one, other), 'reject', RITA, new Date(AT))
    expect(await dry()).not.toContain('would leave the graph')
  })
})

it.each([
  ['O’Brien’s plan', "The O'Brien's Plan of May.", "O'Brien's Plan"],
  ['Ana', 'A matter of management.', null],
  ['Ana', 'A matter of management, says ANA.', 'ANA'],
  ['Q', 'Q leads.', 'Q'],
])('of %s in “%s”: %s', (name, text, quote) => {
  const unit = { s: 1, kind: 'sentence', start: 0, end: text.length, place: { line: 1 }, text } as const
  const chunk = { id: 'c', documentId: 'd', index: 0, start: 0, end: text.length, text, units: [unit] }
  expect(quoteAny({ chunk, document: { path: 'a.md' } as StoredDocument }, [name])?.quote ?? null).toBe(quote)
})
