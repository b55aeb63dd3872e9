import { expect, it } from 'vitest'
import { entityId } from '../../src/model/entity.ts'
import { linkIdBetween, SAME_AS } from '../../src/model/link.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import { undoDecision } from '../../src/review/undo.ts'
import type { Store } from '../../src/store/store.ts'
import { graphAlone } from '../graph-alone.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStoreAtLength } from '../stores.ts'
import { namingEngine } from './naming-engine.ts'
import { wholeGraph } from './whole-graph.ts'

/** In each of two documents the short name is safe; together it is not. */
const CASES = [
  {
    type: 'Person',
    short: 'R. Tanaka',
    fulls: ['Robert Tanaka', 'Roberta Tanaka'],
    texts: {
      'one.md': 'Robert Tanaka chairs the board.\n\nR. Tanaka signed it.\n',
      'two.md': 'Roberta Tanaka leads the council.\n\nR. Tanaka signed it too.\n',
    },
  },
  {
    type: 'Organization',
    short: 'CPC',
    fulls: ['Cross Project Council', 'Chorley Parish Council'],
    texts: {
      'one.md': 'The Cross Project Council (CPC) met.\n\nCPC decided.\n',
      'two.md': 'The Chorley Parish Council (CPC) met too.\n\nCPC went home.\n',
    },
  },
  {
    type: 'Organization',
    short: 'ACME',
    fulls: ['Acme Inc.', 'Acme Ltd.'],
    texts: { 'one.md': 'Acme Inc. builds.\n', 'two.md': 'Acme Ltd. sells.\n', 'three.md': 'ACME was sued.\n' },
  },
]

const standing = async (store: Store, id: string): Promise<string> => (await store.redirect(id))?.to ?? id

eachStoreAtLength('a short name that documents have for two things', (open, kind) => {
  it.each(CASES)('$short is joined with neither until a person says so', { timeout: 180_000 }, async (one) => {
    const { type, short, fulls, texts } = one
    const ids = [short, ...fulls].map((name) => entityId(type, name, '')) as [string, string, string]
    const standingFor = (store: Store) => Promise.all(ids.map((id) => standing(store, id)))
    const pairs = ids.slice(1).map((full) => linkIdBetween(ids[0], SAME_AS, full))
    const engine = namingEngine({ [type]: [short, ...fulls] })
    const graphs: unknown[] = []
    const orders = [Object.entries(texts), Object.entries(texts).toReversed()]
    for (const order of kind === 'local' ? orders : orders.slice(0, 1)) {
      const { store } = await open()
      for (const [path, text] of order) await ingestTexts(store, engine, { [path]: text })
      expect(await standingFor(store)).toEqual(ids)
      expect((await store.linksById(pairs)).map(({ status }) => status)).toEqual(['proposed', 'proposed'])
      graphs.push(await wholeGraph(store))
      const before = await graphAlone(store)
      const { decision } = await decideSame(
        store,
        await findPair(store, ids[0], ids[1]),
        'accept',
        { reviewer: 'rita' },
        new Date(),
      )
      const [shorter, first, second] = await standingFor(store)
      expect(shorter).toBe(first)
      expect(second).toBe(ids[2])
      await undoDecision(store, decision?.id, { reviewer: 'rita' }, new Date())
      expect(await graphAlone(store)).toBe(before)
      // What is left once the other is rejected is what it was in its own document.
      await decideSame(store, await findPair(store, ids[0], ids[2]), 'reject', { reviewer: 'rita' }, new Date())
      expect((await standingFor(store))[0]).toBe((await standingFor(store))[1])
      const wrong = await store.check({ signal: new AbortController().signal, progress: () => {} })
      expect(wrong.filter((check) => check.wrong > 0)).toEqual([])
    }
    expect(graphs.at(-1)).toEqual(graphs[0])
  })
})
