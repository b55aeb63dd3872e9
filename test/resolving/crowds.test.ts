import { expect, it } from 'vitest'
import { SAME_AS } from '../../src/model/link.ts'
import { MOST_IN_POSTING } from '../../src/model/name-index.ts'
import { resolveNames } from '../../src/resolving/resolve-names.ts'
import { undoDecision } from '../../src/review/undo.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { scriptedEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { namingEngine } from './naming-engine.ts'
import { wholeGraph } from './whole-graph.ts'

/** Six that a name may mean are asked about, seven are not; `hub` leans on the others, or all are alike. */
const CROWDS = [
  {
    type: 'Person',
    hub: 'B. Okafor',
    others: ['Bartholomew', 'Beatrice', 'Bernard', 'Bridget', 'Bruno', 'Byron', 'Barnaby'].map(
      (given) => `${given} Okafor`,
    ),
    most: 6,
  },
  {
    type: 'System',
    hub: 'Melvarox',
    others: ['b', 'c', 'd', 'f', 'g', 'h', 'j'].map((letter) => `Melvaro${letter}`),
    most: 21,
  },
]

async function asked(store: Store): Promise<number> {
  const links = await store.database.read((reader) => reader.list('Link'))
  return links.filter(({ properties }) => properties['type'] === SAME_AS).length
}

const textsOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`${name.replaceAll(/\W/g, '')}.md`, `${name} was here.`]))

async function forget(store: Store, name: string): Promise<void> {
  const [document] = await store.documentsAt(Object.keys(textsOf([name]))[0] ?? '')
  if (document === undefined) throw new Error(`no document of ${name}`)
  await store.forget(document, '2026-01-01', async () => void (await resolveNames(store, new AbortController().signal)))
}

eachStoreAtLength('a name with many likely partners', (open, kind) => {
  it.each(CROWDS)(
    '$hub: none are asked about, whatever the order, until they are fewer',
    { timeout: 180_000 },
    async (crowd) => {
      const { type, hub, others, most } = crowd
      const all = [hub, ...others]
      const orders = [all, all.toReversed(), [...others.slice(3), hub, ...others.slice(0, 3)]]
      const graphs: string[][] = []
      for (const order of kind === 'local' ? orders : orders.slice(0, 1)) {
        const { store } = await open()
        const engine = namingEngine({ [type]: all })
        await ingestTexts(store, engine, textsOf(order.slice(0, 7)))
        expect(await asked(store)).toBe(order.slice(0, 7).includes(hub) || type === 'System' ? most : 0)
        const { names } = await ingestTexts(store, engine, textsOf(order.slice(7)))
        expect(names.crowded).toBe(type === 'System' ? all.length : 1)
        expect(await asked(store)).toBe(0)
        graphs.push(await wholeGraph(store))
        await forget(store, others[6] ?? '')
        expect(await asked(store)).toBe(most)
      }
      for (const graph of graphs) expect(graph).toEqual(graphs[0])
    },
  )
})

/** Alike by a key that all of them bear, and by no other. */
const PAIR = ['Northern Telecom', 'Northern Grand Telecommunications']
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const BEARERS = Array.from({ length: MOST_IN_POSTING - 1 }, (_, at) => {
  return `Northern ${LETTERS.charAt(at % 26).toUpperCase()}${'oeiu'.charAt(at % 4)}${LETTERS.charAt((at * 7) % 26)}${LETTERS.charAt(Math.floor(at / 26))}ax`
})

const resolve = (store: Store) => resolveNames(store, new AbortController().signal)

eachStoreAtLength('a key that too many names bear', (open, kind) => {
  it('leads to names again once it has fewer bearers', { timeout: 180_000 }, async () => {
    const { store } = await open()
    const all = [...PAIR, ...BEARERS]
    const engine = namingEngine({ Organization: all })
    await ingestTexts(store, engine, textsOf(all))
    expect(await asked(store)).toBe(0)
    await forget(store, BEARERS[0] ?? '')
    expect(await asked(store)).toBe(1)
    expect(await store.unresolved(10)).toEqual([])
    await ingestTexts(store, engine, textsOf(BEARERS.slice(0, 1)))
    expect(await asked(store)).toBe(0)
  })

  it('leads to names again once two of its bearers are one, whichever came last', { timeout: 300_000 }, async () => {
    const others = BEARERS.slice(0, -1)
    const same = `${others[0]} Ltd`
    const all = [...PAIR, ...others, same]
    const orders = [all, [same, ...others, ...PAIR], [PAIR[0] ?? '', ...others, same, PAIR[1] ?? '']]
    const graphs: string[][] = []
    for (const order of kind === 'local' ? orders : orders.slice(0, 1)) {
      const { store } = await open()
      const engine = namingEngine({ Organization: all })
      await ingestTexts(store, engine, textsOf(order.slice(0, -1)))
      await ingestTexts(store, engine, textsOf(order.slice(-1)))
      // The two that are one, and the pair.
      expect(await asked(store)).toBe(2)
      expect(await store.unresolved(10)).toEqual([])
      graphs.push(await wholeGraph(store))
      // Of the two that were one, one is left: there are as many as before.
      await forget(store, same)
      expect(await asked(store)).toBe(1)
      await forget(store, PAIR[1] ?? '')
      expect(await asked(store)).toBe(0)
    }
    for (const graph of graphs) expect(graph).toEqual(graphs[0])
  })

  it('leads to names for as long as people take two of its bearers for one', { timeout: 180_000 }, async () => {
    const { store } = await open()
    const all = [...PAIR, ...BEARERS]
    await ingestTexts(store, namingEngine({ Organization: all }), textsOf(all))
    expect(await asked(store)).toBe(0)
    const before = await wholeGraph(store)
    const entities = await store.database.read((reader) => reader.list('Entity'))
    const idOf = (name = ''): string => entities.find(({ properties }) => properties['name'] === name)?.id ?? ''
    const [reviewer, at] = [{ reviewer: 'Ada' }, new Date('2026-01-01T00:00:00Z')]
    await decideSame(store, await findPair(store, idOf(BEARERS[0]), idOf(BEARERS[1])), 'accept', reviewer, at)
    await resolve(store)
    expect(await asked(store)).toBe(2)
    await undoDecision(store, undefined, reviewer, at)
    await resolve(store)
    expect((await wholeGraph(store)).filter((line) => before.includes(line)).length).toBe(before.length)
    expect(await store.unresolved(10)).toEqual([])
  })
})

/** Known by its letters too, which many others may mean; what joins it with the first of them is found by its other name. */
const SHORT = { name: 'ABCD', other: 'Alder Birch', long: 'Alder Birch Cedar Dogwood' }

eachStoreAtLength('a join that brings rivals into sight, which undo it', (open) => {
  it('comes to an end', { timeout: 180_000 }, async () => {
    const { store } = await open()
    const words = (at: number): string =>
      'eiou'.charAt(at % 4) + 'lmnr'.charAt(Math.floor(at / 4) % 4) + 'aeo'.charAt(Math.floor(at / 16))
    const rivals = Array.from(
      { length: MOST_IN_POSTING - 1 },
      (_, at) => `A${words(at)}th B${words(at)}sk C${words(at)}pt D${words(at)}ng`,
    )
    const named = namingEngine({ Organization: [SHORT.name, SHORT.other, SHORT.long, ...rivals] })
    const entities = [{ id: 'e1', name: SHORT.name, type: 'Organization', aliases: [SHORT.other], mentions: [1] }]
    const short = scriptedEngine(() => JSON.stringify({ summary: '', labels: [], entities, links: [], rejected: [] }))
    await ingestTexts(store, named, textsOf([SHORT.long, ...rivals]))
    await ingestTexts(store, short, { 'short.md': `${SHORT.name}, also ${SHORT.other}, was here.` })
    expect(await store.unresolved(10)).toEqual([])
    const graph = await wholeGraph(store)
    await resolve(store)
    expect(await wholeGraph(store)).toEqual(graph)
  })
})
