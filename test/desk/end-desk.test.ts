import { expect, it } from 'vitest'
import { mayBeOneWith } from '../../src/desk/end-desk.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { actorId, readingEngine, scriptedEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'

/** More than are looked at of any type. */
const PROJECTS = Array.from({ length: 120 }, (_, i) => `Anna ${i}`)
const entity = (name: string, type: string, at: number) => ({ id: `e${at}`, name, type, aliases: [], mentions: [at] })
const link = (subject: string, object: string, s: number, quote: string) => ({
  subject,
  type: 'KNOWS',
  object,
  evidence: [{ s, quote }],
  support: 'stated',
  polarity: 'asserted',
  when: null,
  why: '',
  confidence: 0.9,
})

eachStoreAtLength('what an end may be one with', (open) => {
  it('is found among things of its type, however many of another have a like name', async () => {
    const { store } = await open()
    const first = 'Ana knows Anna Ruiz.'
    const texts = PROJECTS.map((name) => `Project ${name} knows Ana.`)
    const engine = scriptedEngine(() =>
      JSON.stringify({
        summary: '',
        labels: [],
        entities: [
          { ...entity('Ana', 'Actor', 1), id: 'ana' },
          { ...entity('Anna Ruiz', 'Actor', 1), id: 'ruiz' },
          ...PROJECTS.map((name, i) => entity(name, 'Project', i + 2)),
        ],
        links: [link('ana', 'ruiz', 1, first), ...texts.map((text, i) => link(`e${i + 2}`, 'ana', i + 2, text))],
        rejected: [],
      }),
    )
    await ingestTexts(store, engine, { 'a.md': [first, ...texts].join('\n\n') })
    const found = await mayBeOneWith({ store, id: actorId('Ana') }, 'anna')
    expect(found.map(({ name }) => name)).toEqual(['Anna Ruiz'])
  })

  it('is found by its id too', async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Kestrel.\n\nHanna leads Kestrel.\n' })
    const by = async (text: string) => (await mayBeOneWith({ store, id: actorId('Ana') }, text)).map(({ name }) => name)
    expect(await by(actorId('Hanna').slice(0, 12))).toEqual(['Hanna'])
    expect(await by(actorId('Ana'))).toEqual([])
    expect(await by('nobody')).toEqual([])
  })
})
