import { expect, it } from 'vitest'
import type { Engine } from '../../src/engines/engine.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStoreAtLength } from '../stores.ts'
import { CORPUS, NAMES } from './corpus.ts'
import { namingEngine } from './naming-engine.ts'
import { wholeGraph } from './whole-graph.ts'

const PATHS = Object.keys(CORPUS)
const textsOf = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, CORPUS[path] ?? '']))

/** Small chunks, so that a document has several. */
const OPTIONS = { chunkTokens: 20, concurrency: 1 }

async function ingestIn(store: Store, jobs: readonly (readonly string[])[], options = OPTIONS): Promise<void> {
  const engine: Engine = namingEngine(NAMES)
  for (const paths of jobs) await ingestTexts(store, engine, textsOf(paths), options)
}

eachStoreAtLength('names of a corpus', (open, kind) => {
  const orders: [string, string[][], typeof OPTIONS?][] = [
    ['in one job, backwards', [PATHS.toReversed()]],
    ['in three jobs', [PATHS.slice(0, 2), PATHS.slice(2, 5), PATHS.slice(5)]],
    ['in three jobs, backwards', [PATHS.slice(5), PATHS.slice(2, 5), PATHS.slice(0, 2)]],
    ['in one job, many at a time', [PATHS], { ...OPTIONS, concurrency: 8 }],
    [
      'in one job each, odd ones first',
      [...PATHS.filter((_, at) => at % 2), ...PATHS.filter((_, at) => at % 2 === 0)].map((path) => [path]),
    ],
  ]

  it('come out the same whatever the order', { timeout: 180_000 }, async () => {
    const first = (await open()).store
    await ingestIn(first, [PATHS])
    const expected = await wholeGraph(first)
    expect(expected.some((line) => line.includes('SAME_AS'))).toBe(true)
    expect(await first.unresolved(10)).toEqual([])
    for (const [, jobs, options] of kind === 'local' ? orders : orders.slice(2, 3)) {
      const { store } = await open()
      await ingestIn(store, jobs, options)
      expect(await wholeGraph(store)).toEqual(expected)
    }
  })
})
