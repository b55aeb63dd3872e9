import { expect, it } from 'vitest'
import { SAME_AS } from '../../src/model/link.ts'
import { MOST_IN_POSTING } from '../../src/model/name-index.ts'
import { resolveNames } from '../../src/resolving/resolve-names.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
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

eachStoreAtLength('a key that too many names bear', (open) => {
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
})
