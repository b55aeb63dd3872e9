import { expect, it } from 'vitest'
import { SAME_AS } from '../../src/model/link.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStore } from '../stores.ts'
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

eachStore('a name with many likely partners', (open, kind) => {
  it.each(CROWDS)('$hub: none are asked about, whatever the order', { timeout: 180_000 }, async (crowd) => {
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
    }
    for (const graph of graphs) expect(graph).toEqual(graphs[0])
  })
})
