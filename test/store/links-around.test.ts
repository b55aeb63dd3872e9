import { expect, it } from 'vitest'
import { ingestTexts } from '../ingest-texts.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'

eachStoreAtLength('what is known around entities', (open) => {
  it('is read up to a limit on each side, with some of what is said', async () => {
    const { store } = await open()
    const names = ['Bo', 'Cy', 'Di', 'Ed', 'Flo']
    const texts = names.map((name) => [`${name}.txt`, `Ana leads ${name}. ${name} knows Ana.`])
    await ingestTexts(store, readingEngine(), Object.fromEntries(texts))
    await ingestTexts(store, readingEngine(), { 'again.txt': 'Ana leads Bo.', 'twice.txt': 'Ana leads Bo.' })
    const types = async (most: number) => (await store.linksAround([actorId('Ana')], most)).map(({ type }) => type)
    expect((await types(2)).toSorted()).toEqual(['KNOWS', 'KNOWS', 'LEADS', 'LEADS'])
    expect(await types(9)).toHaveLength(10)
    expect(await store.linksAround([actorId('Nobody')], 9)).toEqual([])
    const links = await store.linksAround([actorId('Bo')], 9)
    const leads = links.find(({ type }) => type === 'LEADS')
    const counts = async (most: number) => (await store.someProposals([leads?.id ?? ''], most)).get(leads?.id ?? '')
    expect(await counts(2)).toHaveLength(2)
    expect(await counts(9)).toHaveLength(3)
  })
})
